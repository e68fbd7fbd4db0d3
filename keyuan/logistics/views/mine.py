"""The trainee's own pages: my group, room, vehicle and seat; what I need; the class's contacts."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import page
from keyuan.logistics.actions import answering
from keyuan.logistics.forms import AnswerForm
from keyuan.logistics.queries import mine as reads
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass


@navigation.entry("会务", "logistics:mine", roles=(Role.TRAINEE,), order=45, icon="org", phone=False)
def mine(request: HttpRequest) -> HttpResponse:
    """How one is looked after, class by class."""
    return page(request, "logistics/mine.html", classes=reads.mine(actor_of(request)), form=None)


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
        request, "logistics/mine.html", classes=[found], form=form if found.may_answer else None,
        status=422 if form.is_bound else 200,
    )  # fmt: skip


def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """The class's contacts, for its trainees and those who look after it, until thirty days after closing."""
    actor = actor_of(request)
    klass = get_object_or_404(visible(actor, TrainingClass), pk=pk)
    staff = can(actor, "logistics.see", klass)
    own = reads.own_in(actor, klass)
    if (own is None or not own.arrangement.is_told("groups")) and not (staff and reads.contacts_open(klass)):
        raise Fault(_("通讯录还没有公布，或已在结班 30 天后关闭。"))
    return page(
        request, "logistics/contacts.html", klass=klass, contacts=reads.contacts_of(klass),
        until=own.contacts_until if own else None,
    )  # fmt: skip
