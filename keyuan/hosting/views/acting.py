"""What is done with a turn itself: drawn, invited, answered, exchanged, replaced, closed, called off."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keyuan.hosting import actions
from keyuan.hosting.forms import DoneForm
from keyuan.hosting.models import CoHost, Swap, Turn
from keyuan.hosting.queries.board import turns_of
from keyuan.hosting.views.frame import turn_of
from keyuan.hosting.views.turn import show
from keyuan.kernel.access import Actor, actor_of, require, visible
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import Organisation

Act = Callable[[Actor, Turn, Any], Any]


def _day(said: Any, name: str) -> date | None:
    try:
        return date.fromisoformat(said.get(name, ""))
    except ValueError:
        return None


def _unit(actor: Actor, said: Any) -> Organisation:
    asked = str(said.get("unit", ""))
    number = int(asked) if asked.isdecimal() and len(asked) < 19 else 0
    unit = visible(actor, Organisation).filter(pk=number).first()
    if unit is None:
        raise Fault(_("请选择单位。"), "unit")
    return unit


def _defer(actor: Actor, turn: Turn, said: Any) -> Any:
    until = _day(said, "until")
    if until is None:
        raise Fault(_("请填写延后到哪一天。"), "until")
    return actions.defer(actor, turn=turn, until=until, reason=said.get("reason", ""))


ACTS: dict[str, Act] = {
    "propose": lambda actor, turn, _said: actions.propose(actor, turn=turn),
    "invite": lambda actor, turn, said: actions.invite(actor, turn=turn, answer_by=_day(said, "answer_by")),
    "accept": lambda actor, turn, _said: actions.accept(actor, turn=turn),
    "decline": lambda actor, turn, said: actions.decline(actor, turn=turn, reason=said.get("reason", "")),
    "defer": _defer,
    "skip": lambda actor, turn, said: actions.skip(actor, turn=turn, reason=said.get("reason", "")),
    "replace": lambda actor, turn, said: actions.replace(
        actor, turn=turn, unit=_unit(actor, said), reason=said.get("reason", "")
    ),
    "cancel": lambda actor, turn, said: actions.cancel(actor, turn=turn, reason=said.get("reason", "")),
}


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """One step by its name."""
    turn, chosen = turn_of(request, pk), ACTS.get(request.POST.get("act", ""))
    if chosen is None:
        raise Fault(_("没有这一步，请刷新页面再办。"))
    chosen(actor_of(request), turn, request.POST)
    messages.success(request, _("已办理。"))
    seen = turns_of(actor_of(request)).filter(pk=pk).exists()
    return redirect("hosting:turn", pk) if seen else redirect("hosting:mine")


@require_POST
def co_host(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit hosts together with the host."""
    turn, actor = turn_of(request, pk, "hosting.keep"), actor_of(request)
    actions.add_co_host(actor, turn=turn, unit=_unit(actor, request.POST))
    messages.success(request, _("已登记联合承办。"))
    return redirect("hosting:turn", pk)


@require_POST
def co_host_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """A unit helps no more."""
    found = get_object_or_404(visible(actor_of(request), CoHost).select_related("turn__rota"), pk=pk)
    actions.drop_co_host(actor_of(request), co_host=found)
    messages.success(request, _("已取消联合承办。"))
    return redirect("hosting:turn", found.turn_id)


@require_POST
def swap(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose an exchange."""
    turn, said = turn_of(request, pk, "hosting.answer"), request.POST
    asked = said.get("other", "")
    other = (
        turns_of(actor_of(request))
        .filter(pk=int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
        .first()
    )
    if other is None:
        raise Fault(_("请选择要对调的期次。"), "other")
    actions.ask_swap(actor_of(request), turn=turn, other=other, reason=said.get("reason", ""))
    messages.success(request, _("已提出对调，对方同意并经教务确认后生效。"))
    return redirect("hosting:turn", pk)


@require_POST
def swap_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to an exchange, refuse, confirm or withdraw it."""
    actor, said = actor_of(request), request.POST
    found = get_object_or_404(visible(actor, Swap).select_related("turn__rota", "other__rota"), pk=pk)
    step, note = said.get("act", ""), said.get("note", "")
    if step in {"agree", "refuse"}:
        actions.answer_swap(actor, swap=found, yes=step == "agree", note=note)
    elif step in {"confirm", "reject"}:
        actions.confirm_swap(actor, swap=found, yes=step == "confirm", note=note)
    else:
        require(actor, "hosting.answer", found)
        actions.withdraw_swap(actor, swap=found)
    messages.success(request, _("已办理。"))
    return redirect("hosting:turn", found.turn_id if said.get("at") == "turn" else found.other_id)


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    """The event took place."""
    turn, form = turn_of(request, pk, "hosting.keep"), DoneForm({}, request.POST)
    if form.is_valid():
        try:
            actions.complete(
                actor_of(request), turn=turn, held_on=form.cleaned_data["held_on"], actual=form.actual()
            )
        except Fault as fault:
            form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        else:
            messages.success(request, _("已登记举办；授课人的讲一课随之认定。"))
            return redirect("hosting:turn", pk)
    return show(request, turn, 422, closing=form)
