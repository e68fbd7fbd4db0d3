"""Inviting by name, answering an invitation, and asking to join a class open to all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.kernel import navigation
from keyuan.kernel.access import actor_of, can, require, visible
from keyuan.kernel.faults import Fault
from keyuan.kernel.pages import listing, page
from keyuan.people.guests import link_for
from keyuan.people.models import Person
from keyuan.training import flows
from keyuan.training.actions import inviting
from keyuan.training.models import Nomination, TrainingClass
from keyuan.training.queries import inviting as queries
from keyuan.training.queries import places
from keyuan.training.queries.classes import tabs_for


def _class(request: HttpRequest, pk: int) -> TrainingClass:
    rows = visible(actor_of(request), TrainingClass).select_related("activity", "department", "head_teacher")
    return get_object_or_404(rows, pk=pk)


def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the class has invited, what they answered, and whom else it may invite."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    require(actor, "training.admit", training_class)
    asked = request.GET.get("who", "").strip()
    found = listing(
        request, queries.invited(actor, training_class), filters={"state": "state"},
        search=lambda rows, text: rows.filter(person__name__icontains=text), sorts={}, default="state",
    )  # fmt: skip
    return page(
        request, "training/invite.html", klass=training_class, tabs=tabs_for(actor, training_class, "invite/"),
        found=found, asked=asked, candidates=queries.candidates(actor, training_class, asked),
        states=Nomination.State.choices, board=places.board_of(training_class),
        address=lambda row: link_for(row.person_id, f"/classes/{pk}/answer/"),
    )  # fmt: skip


@require_POST
def invite_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the ticked people."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    chosen = [key for key in request.POST.getlist("person") if key.isdecimal()]
    persons = list(visible(actor, Person).filter(pk__in=chosen).select_related("organisation"))
    if not persons:
        raise Fault(_("请先勾选要邀请的人。"))
    count = inviting.invite(actor, training_class=training_class, persons=persons)
    messages.success(request, _("已邀请 %(n)s 人，等待答复。") % {"n": count})
    return redirect("training:invite", pk)


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """The invited person's own page: what, when, where, and the answer; also by a personal link."""
    actor = actor_of(request)
    training_class = get_object_or_404(visible(actor, TrainingClass).select_related("head_teacher"), pk=pk)
    own = queries.own_invitation(actor, training_class)
    if own is None or not can(actor, "training.answer", own):
        return redirect("training:detail", pk)
    if request.method == "POST":
        move = request.POST.get("move", "")
        inviting.answer(actor, nomination=own, move=move, note=request.POST.get("note", "")[:200])
        messages.success(
            request, _("已接受，期待您的参加。") if move == "accept" else _("已婉拒，谢谢您的答复。")
        )
        return redirect("training:answer", pk)
    moves = [m.name for m in flows.NOMINATION.open_moves(own, actor)]
    return page(request, "training/answer.html", klass=training_class, own=own, moves=moves)


@navigation.entry("公开报名", "training:open-classes", order=45, icon="add")
def open_classes(request: HttpRequest) -> HttpResponse:
    """Classes anybody of the school may ask to join, with one's own request."""
    actor = actor_of(request)
    return page(request, "training/open.html", rows=queries.open_classes(actor))


@require_POST
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a place."""
    actor = actor_of(request)
    training_class = _class(request, pk)
    inviting.register(actor, training_class=training_class, note=request.POST.get("note", ""))
    messages.success(request, _("已报名，等待审核；结果会通知您。"))
    return redirect("training:open-classes")
