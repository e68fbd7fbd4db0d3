"""The trainee's own pages: my group, room, vehicle and seat; what I need; the class's contacts."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, public, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.kernel.views.files import download
from keyuan.logistics.actions import answering
from keyuan.logistics.forms import AnswerForm
from keyuan.logistics.queries import mine as reads
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass
from keyuan.training.queries.policy import contacts_open


@navigation.entry("会务", "logistics:mine", roles=(Role.TRAINEE,), order=45, icon="org", phone=False)
@public
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """How one is looked after, class by class."""
    actor = actor_of(request)
    return page(
        request,
        "logistics/mine.html",
        classes=reads.mine(actor),
        form=None,
        known=actor.person_id is not None,
    )


@public
@never_cache
def mine_in(request: HttpRequest, pk: int) -> HttpResponse:
    """One class, with the questions it asks."""
    actor = actor_of(request)
    row = get_object_or_404(reads.own_nominations(actor), training_class_id=pk)
    found = reads.mine_in(actor, row)
    form = AnswerForm(
        found.arrangement, request.POST or None, initial=AnswerForm.begun(found.needs, found.wish)
    )
    if request.method == "POST" and form.is_valid():
        try:
            answering.answer(actor, nomination=row, facts=form.facts())
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已收到，谢谢。截止前可以再改。"))
            return redirect("logistics:mine-in", pk)
    return page(
        request, "logistics/mine.html", classes=[found], form=form if found.may_answer else None, known=True,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@public
@never_cache
def book(request: HttpRequest, pk: int) -> FileResponse:
    """The handbook of one's own class, once it is told and until it expires; also without an account."""
    found = reads.own_in(
        actor_of(request), get_object_or_404(visible(actor_of(request), TrainingClass), pk=pk)
    )
    if found is None or found.arrangement.handbook_id is None:
        raise Http404
    return download(request, found.arrangement.handbook_id)


@public
@never_cache
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The class's contacts, for its trainees and those who look after it, until thirty days after closing."""
    actor = actor_of(request)
    klass = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    staff = can(actor, "logistics.see", klass)
    own = reads.own_in(actor, klass)
    if (own is None or not own.arrangement.is_told("groups")) and not (
        staff and contacts_open(klass, timezone.localdate())
    ):
        raise Fault(_("通讯录还没有公布，或已在结班 30 天后关闭。"))
    return page(
        request, "logistics/contacts.html", klass=klass, contacts=reads.contacts_of(klass),
        until=own.contacts_until if own else None,
    )  # fmt: skip
