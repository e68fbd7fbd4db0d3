"""The invitation and its answer; exchanges between two hosts."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.hosting import flows
from keyuan.hosting.actions.hosting import equip
from keyuan.hosting.actions.writing import freed, in_state, locked_turn, log
from keyuan.hosting.models import Passing, Swap, Turn
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault

HELD = (Turn.State.INVITED, Turn.State.ACCEPTED)


@transaction.atomic
def invite(actor: Actor, *, turn: Turn, answer_by: date | None = None) -> Turn:
    """Ask the host, with a day to answer by; its liaisons are told."""
    one = locked_turn(actor, turn, "hosting.keep")
    today = timezone.localdate()
    by = answer_by or today + timedelta(days=one.rota.answer_days)
    if by < today:
        raise Fault(_("答复期限已过，请换一个日期。"), "answer_by")
    flows.TURN.move(one, "invite", actor=actor)
    Turn.objects.filter(pk=one.pk).update(answer_by=by, invited_at=timezone.now())
    one.answer_by = by
    flows.tell_unit(one, one.host_id, "hosting.invited", day=one.planned_on, by=by)
    return one


@transaction.atomic
def accept(actor: Actor, *, turn: Turn) -> Turn:
    """The host takes the turn and gets its list of tasks."""
    one = locked_turn(actor, turn, "hosting.answer")
    flows.TURN.move(one, "accept", actor=actor)
    equip(one)
    flows.tell_office(one, "hosting.answered", unit=str(one.host), answer=_("同意承办"), reason=None)
    return one


@transaction.atomic
def decline(actor: Actor, *, turn: Turn, reason: str) -> Turn:
    """The host says no to this turn with a reason; its place stays, and it is asked again for the next."""
    one = locked_turn(actor, turn, "hosting.answer")
    in_state(one, Turn.State.INVITED)
    unit, name = one.host_id, str(one.host)
    flows.TURN.move(one, "decline", actor=actor, note=reason)
    freed(actor, one, Passing.How.DECLINED, reason, unit=unit)
    flows.tell_office(one, "hosting.answered", unit=name, answer=_("谢绝本期"), reason=reason)
    return one


@transaction.atomic
def defer(actor: Actor, *, turn: Turn, until: date, reason: str) -> Turn:
    """The host asks not to be taken before a day; its place stays meanwhile."""
    one = locked_turn(actor, turn, "hosting.answer")
    in_state(one, Turn.State.INVITED)
    if until <= one.planned_on:
        raise Fault(_("延后的日期要晚于本期计划日期。"), "until")
    if until > one.planned_on + timedelta(days=730):
        raise Fault(_("最多延后两年；更久请由教务登记免排。"), "until")
    unit, name = one.host_id, str(one.host)
    flows.TURN.move(one, "defer", actor=actor, note=reason)
    freed(actor, one, Passing.How.DEFERRED, reason, unit=unit, until=until)
    flows.tell_office(
        one, "hosting.answered", unit=name, reason=reason,
        answer=_("申请延后到 %(day)s") % {"day": until.isoformat()},
    )  # fmt: skip
    return one


@transaction.atomic
def ask_swap(actor: Actor, *, turn: Turn, other: Turn, reason: str) -> Swap:
    """A host proposes to exchange its turn with another's; the other's liaisons are asked."""
    one = locked_turn(actor, turn, "hosting.answer")
    two = Turn.objects.select_related("rota", "host").get(pk=other.pk)
    if two.rota_id != one.rota_id or two.pk == one.pk or two.host_id == one.host_id:
        raise Fault(_("请选择同一轮值中其他单位的期次。"), "other")
    in_state(one, *HELD)
    in_state(two, *HELD)
    if not reason.strip():
        raise Fault(_("请写明对调的理由。"), "reason")
    if Swap.objects.filter(turn=one, state__in=("asked", "agreed")).exists():
        raise Conflict(_("这一期已有对调在办理，请等结果或先撤回。"))
    made = Swap.objects.create(
        turn=one, other=two, host_id=one.host_id or 0, other_host_id=two.host_id or 0, reason=reason.strip()[:200],
        asked_by_id=actor.person_id,
    )  # fmt: skip
    audit.record(actor, "hosting.swap_asked", one, other=two.pk)
    flows.tell_unit(
        two, two.host_id, "hosting.swap", other=str(one), what=_("%(unit)s提出对调，请答复") % {"unit": one.host},
        reason=reason,
    )  # fmt: skip
    return made


def _open(swap: Swap, *states: str) -> Swap:
    rows = Swap.objects.select_for_update(of=("self",)).select_related("turn__rota", "other__rota")
    one = rows.get(pk=swap.pk)
    if one.state not in states:
        raise Conflict(_("这项对调刚刚已处理，请刷新页面再看。"))
    return one


def _settle(swap: Swap, state: str, note: str = "") -> None:
    swap.state, swap.note = state, note.strip()[:200]
    swap.save(update_fields=["state", "note"])


@transaction.atomic
def answer_swap(actor: Actor, *, swap: Swap, yes: bool, note: str = "") -> Swap:
    """The other host agrees, and the office is asked to confirm; or it does not, and all stays."""
    one = _open(swap, Swap.State.ASKED)
    require(actor, "hosting.agree", one)
    _settle(one, Swap.State.AGREED if yes else Swap.State.REFUSED, note)
    audit.record(actor, "hosting.swap_answered", one.turn, yes=yes)
    what = _("对方已同意，待教务确认") if yes else _("对方未同意")
    flows.tell_unit(
        one.turn, one.host_id, "hosting.swap", other=str(one.other), what=what, reason=note or None
    )
    if yes:
        flows.tell_office(
            one.turn, "hosting.swap", other=str(one.other), what=_("双方已同意，请确认"), reason=None
        )
    return one


@transaction.atomic
def withdraw_swap(actor: Actor, *, swap: Swap) -> Swap:
    """Who asked takes it back before it is confirmed."""
    one = _open(swap, Swap.State.ASKED, Swap.State.AGREED)
    require(actor, "hosting.answer", one)
    _settle(one, Swap.State.WITHDRAWN)
    audit.record(actor, "hosting.swap_answered", one.turn, yes=False)
    return one


@transaction.atomic
def confirm_swap(actor: Actor, *, swap: Swap, yes: bool = True, note: str = "") -> Swap:
    """The office confirms: the two turns exchange hosts, each with what it counts; nobody else is moved.

    Raises Conflict where either turn changed hands or moved on since.
    """
    first = locked_turn(actor, swap.turn, "hosting.keep")
    one = _open(swap, Swap.State.AGREED)
    if not yes:
        _settle(one, Swap.State.REFUSED, note)
        return one
    second = Turn.objects.select_for_update(of=("self",)).select_related("rota", "host").get(pk=one.other_id)
    in_state(first, *HELD)
    in_state(second, *HELD)
    if (first.host_id, second.host_id) != (one.host_id, one.other_host_id):
        raise Conflict(_("其中一期的承办单位已经变动，不能再对调。"))
    _settle(one, Swap.State.CONFIRMED, note)
    log(actor, first.rota, "swap", turn=first.pk, other=second.pk)
    for turn, got in ((first, second), (second, first)):
        Turn.objects.filter(pk=turn.pk).update(
            host_id=got.host_id, jumped_in=got.jumped_in, drawn_seq=got.drawn_seq
        )
    audit.record(actor, "hosting.swapped", first, other=second.pk)
    for turn, unit in ((first, one.other_host_id), (second, one.host_id)):
        flows.tell_unit(turn, unit, "hosting.moved", what=_("对调后由贵单位承办"), reason=None)
    return one
