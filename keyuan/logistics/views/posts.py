"""Posts of the class and of its temporary branch."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from keyuan.kernel.access import actor_of, visible
from keyuan.kernel.faults import Fault
from keyuan.logistics.actions import posts as actions
from keyuan.logistics.models import Post
from keyuan.logistics.queries import boards
from keyuan.logistics.queries import needs as reads
from keyuan.logistics.views import frame


def posts(request: HttpRequest, pk: int) -> HttpResponse:
    """Who holds which post; one form gives, one button takes."""
    klass, actor, fault = frame.kept(request, pk), actor_of(request), ""
    if request.method == "POST":
        try:
            _act(request, pk)
        except Fault as refused:
            fault = refused.message
        else:
            return frame.back(request, klass, "posts")
    rows = visible(actor, Post).filter(training_class=klass)
    answers = reads.needs_of(actor, klass)
    people = boards.trainees(klass)
    return frame.show(
        request, klass, "posts", fault=fault, status=422 if fault else 200, people=people,
        held=list(rows.select_related("nomination__person", "nomination__organisation")), kinds=Post.Kind, branch=Post.BRANCH,
        members=[row for row in people if row.pk in answers and answers[row.pk].joins],
        typed=request.POST, groups=boards.groups_of(actor, klass),
    )  # fmt: skip


def _act(request: HttpRequest, pk: int) -> None:
    klass, actor = frame.kept(request, pk, "logistics.arrange"), actor_of(request)
    if request.POST.get("act") == "dismiss":
        actions.dismiss(actor, training_class=klass, post_id=frame.number(request, "post") or 0)
        messages.success(request, _("已免去。"))
        return
    kind, chosen = request.POST.get("kind", ""), frame.number(request, "nomination")
    if chosen is None:
        raise Fault(_("请选择学员。"), "nomination")
    made = actions.appoint(actor, training_class=klass, kind=kind, nomination_id=chosen)
    messages.success(request, _("已任命：%(post)s。") % {"post": made})
