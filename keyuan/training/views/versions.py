"""Versions of the timetable: looked over before release, released or taken back, listed, compared, the final one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.downloads import attachment
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.training import sheets
from keyuan.training.actions import versions as actions
from keyuan.training.models import TrainingClass
from keyuan.training.queries import versions as queries
from keyuan.training.queries.classes import tabs_for


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    rows = visible(actor_of(request), TrainingClass).select_related("activity", "department", "head_teacher")
    return get_object_or_404(rows, pk=pk)


def release(request: HttpRequest, pk: int) -> HttpResponse:
    """What would be released and who would be told; POST releases and tells."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.timetable", training_class)
    note, refused = request.POST.get("note", "")[:200], ""
    if request.method == "POST":
        try:
            number = actions.release_timetable(
                actor, training_class=training_class, note=note, seen=request.POST.get("seen", "")
            )
        except Fault as fault:
            refused = fault.message
        else:
            messages.success(request, _("课程表第 %(n)s 版已发布，已通知有关的人。") % {"n": number})
            return redirect("training:timetable", pk)
    return page(
        request, "training/release.html", klass=training_class, tabs=tabs_for(actor, training_class, "timetable/"),
        preview=queries.preview(training_class), final=queries.final_of(training_class), note=note, refused=refused,
        status=422 if refused else 200,
    )  # fmt: skip


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to what was released."""
    count, stayed = actions.take_back(actor_of(request), training_class=_class(request, pk))
    messages.success(request, _("已撤回 %(n)s 处改动。") % {"n": count})
    if stayed:
        words = _("已有签到的课次没有撤回：%(titles)s。")
        messages.warning(request, words % {"titles": "、".join(stayed)})
    return redirect("training:timetable", pk)


@require_POST
def final(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare the final version, or take that back."""
    actor, training_class = actor_of(request), _class(request, pk)
    if "undo" in request.POST:
        actions.revoke_final(actor, training_class=training_class, reason=request.POST.get("reason", ""))
        messages.success(request, _("已取消终版，可以改动课程表。改好并发布后，请重新定为终版。"))
    else:
        version = actions.declare_final(actor, training_class=training_class)
        messages.success(request, _("课程表第 %(n)s 版已定为终版。") % {"n": version.number})
    return redirect("training:timetable", pk)


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version; two of them compared when asked for."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    rows = queries.rows_of(actor, training_class)
    pair = queries.pair_of([row.version for row in rows], request.GET.get("a", ""), request.GET.get("b", ""))
    return page(
        request, "training/versions.html", klass=training_class, tabs=tabs_for(actor, training_class, "timetable/"),
        rows=rows, pair=pair, changes=queries.compared(*pair) if pair else [],
        may_final=can(actor, "training.final", training_class), finals=queries.finals_seen(actor, training_class),
    )  # fmt: skip


@require_safe
def version_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version as a sheet."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.dossier", training_class)
    version = get_object_or_404(queries.versions_seen(actor, training_class), number=number)
    name = _("%(title)s课程表第%(n)s版.xlsx") % {"title": training_class.title, "n": number}
    return attachment(sheets.version_file(version), name)
