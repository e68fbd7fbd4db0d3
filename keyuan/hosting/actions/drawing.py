"""Turns of a year, and who hosts them: drawn by the order, skipped, replaced at short notice, helped with."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.hosting import flows
from keyuan.hosting.actions.hosting import equip
from keyuan.hosting.actions.writing import freed, in_state, locked, locked_turn, log
from keyuan.hosting.models import CoHost, Member, Passing, Rota, Turn
from keyuan.hosting.queries.standing import next_choice, passed_over, replayed, rule_on
from keyuan.hosting.rules.explaining import CODES
from keyuan.kernel import audit
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation


@transaction.atomic
def add_turns(actor: Actor, *, rota: Rota, days: Sequence[date]) -> list[Turn]:
    """Turns on these days, numbered on within their year; a day that has one is refused."""
    one = locked(actor, rota)
    if not days:
        raise Fault(_("请至少填写一个日期。"), "days")
    if len(set(days)) != len(days) or Turn.objects.filter(rota=one, planned_on__in=days).exists():
        raise Fault(_("同一天已有一期，请换一个日期。"), "days")
    made = []
    for day in sorted(days):
        last = Turn.objects.filter(rota=one, year=day.year).order_by("-number").first()
        number = last.number + 1 if last else 1
        made.append(Turn.objects.create(rota=one, year=day.year, number=number, planned_on=day))
    audit.record(actor, "hosting.turns_added", one, n=len(made))
    return made


def even_days(year: int, count: int, taken: Sequence[date] = ()) -> list[date]:
    """So many days spread over a year, a Wednesday each, for the form to begin with."""
    found = []
    for n in range(count):
        month = 1 + (n * 12 + 6) // count
        day = date(year, min(month, 12), 15)
        day = date.fromordinal(day.toordinal() - (day.weekday() - 2))
        found.append(day)
    return [day for day in dict.fromkeys(found) if day not in taken]


@transaction.atomic
def record_past(actor: Actor, *, rota: Rota, unit: Organisation, day: date, title: str = "") -> Turn:
    """A turn hosted before the rota was kept here: it counts as one and stands in the history."""
    one = locked(actor, rota)
    if day > timezone.localdate():
        raise Fault(_("这一天还没有到，请用“增加期次”。"), "day")
    if not Member.objects.filter(rota=one, organisation=unit).exists():
        raise Fault(_("这个单位不在轮值中。"), "unit")
    if Turn.objects.filter(rota=one, planned_on=day).exists():
        raise Conflict(_("同一天已有一期，请核对是否已经补录。"))
    last = Turn.objects.filter(rota=one, year=day.year).order_by("-number").first()
    made = Turn.objects.create(
        rota=one, year=day.year, number=last.number + 1 if last else 1, planned_on=day, held_on=day, host=unit,
        state=Turn.State.DONE, title=title.strip()[:120],
    )  # fmt: skip
    log(actor, one, "past", turn=made.pk, society=unit.pk, day=day.isoformat(), weight="1")
    audit.record(actor, "hosting.past_recorded", made)
    return made


@transaction.atomic
def propose(actor: Actor, *, turn: Turn) -> Turn:
    """Draw the next host by the order. Who was passed over and why is frozen in the log with the outcome.

    Raises Fault where nobody can be asked, Conflict where an earlier turn still waits: turns are drawn in their order.
    """
    one = locked_turn(actor, turn, "hosting.keep")
    in_state(one, Turn.State.OPEN)
    earlier = Turn.objects.filter(rota=one.rota, state="open", planned_on__lt=one.planned_on)
    if earlier.exists():
        raise Conflict(_("前面还有待排出的期次，请按先后依次排出。"))
    found = next_choice(one.rota, one.planned_on, timezone.localdate(), replayed(one.rota).state, one)
    chosen = found.choice.society
    if chosen is None:
        raise Fault(_("现在没有可以承办的单位：都已免排、换届或谢绝本期。请核对免排，或取消这一期。"))
    rule = rule_on(one.rota, one.planned_on)
    entry = log(
        actor, one.rota, "draw", turn=one.pk, day=one.planned_on.isoformat(), weight="1", society=chosen,
        passed={str(unit): code for unit, code in sorted(found.passed.items())}, window=rule.window,
        tolerance=rule.tolerance,
    )  # fmt: skip
    _host(one, chosen, entry.seq)
    flows.TURN.move(one, "propose", actor=actor, unit=chosen)
    return one


def _host(turn: Turn, unit: int, seq: int, *, jumped: bool = False) -> None:
    Turn.objects.filter(pk=turn.pk).update(host_id=unit, drawn_seq=seq, jumped_in=jumped)
    turn.host_id, turn.drawn_seq, turn.jumped_in = unit, seq, jumped
    turn.host = Organisation.objects.get(pk=unit)


@transaction.atomic
def skip(actor: Actor, *, turn: Turn, reason: str) -> Turn:
    """The office does not take the unit for this turn, with the reason; its place stays and it is told."""
    one = locked_turn(actor, turn, "hosting.keep")
    in_state(one, Turn.State.PROPOSED, Turn.State.INVITED)
    unit, invited = one.host_id, one.state == Turn.State.INVITED
    flows.TURN.move(one, "skip", actor=actor, note=reason)
    freed(actor, one, Passing.How.SKIPPED, reason, unit=unit)
    if invited:
        flows.tell_unit(one, unit, "hosting.moved", what=_("本期不再由贵单位承办，位次保留"), reason=reason)
    return one


@transaction.atomic
def replace(actor: Actor, *, turn: Turn, unit: Organisation, reason: str) -> Turn:
    """At short notice another unit stands in: the first host's turn goes back, who jumps in is credited more.

    Raises Fault for a unit that is not in the rota or cannot be asked.
    """
    one = locked_turn(actor, turn, "hosting.keep")
    in_state(one, Turn.State.ACCEPTED)
    before = one.host_id
    passed = passed_over(one.rota, one.planned_on, timezone.localdate(), one)
    if (
        unit.pk == before
        or not Member.objects.filter(rota=one.rota, organisation=unit, left_on=None).exists()
    ):
        raise Fault(_("请选择轮值中的另一个单位。"), "unit")
    # Who is exempt may still offer to stand in; who said no to this turn, or helps with it, may not.
    if passed.get(unit.pk) in {"asked", "helps", "inactive"}:
        raise Fault(_("这个单位不能顶替：%(why)s。") % {"why": CODES[passed[unit.pk]]}, "unit")
    flows.TURN.move(one, "release", actor=actor, note=reason)
    freed(actor, one, Passing.How.REPLACED, reason, unit=before)
    weight = rule_on(one.rota, one.planned_on).jump_in
    entry = log(
        actor,
        one.rota,
        "jump",
        turn=one.pk,
        day=one.planned_on.isoformat(),
        society=unit.pk,
        weight=str(weight),
    )
    _host(one, unit.pk, entry.seq, jumped=True)
    flows.TURN.move(one, "step_in", actor=actor, unit=unit.pk)
    equip(one)
    flows.tell_unit(one, before, "hosting.moved", what=_("已由其他单位顶替，贵单位位次保留"), reason=reason)
    flows.tell_unit(one, unit.pk, "hosting.confirmed", day=one.held_on or one.planned_on)
    return one


@transaction.atomic
def add_co_host(actor: Actor, *, turn: Turn, unit: Organisation) -> CoHost:
    """A unit of the rota hosts together with the host; how much that counts is what holds on the turn's day."""
    one = locked_turn(actor, turn, "hosting.keep")
    in_state(one, Turn.State.PROPOSED, Turn.State.INVITED, Turn.State.ACCEPTED)
    if unit.pk == one.host_id or CoHost.objects.filter(turn=one, organisation=unit).exists():
        raise Fault(_("这个单位已经承办本期。"), "unit")
    if not Member.objects.filter(rota=one.rota, organisation=unit, left_on=None).exists():
        raise Fault(_("这个单位不在轮值中。"), "unit")
    weight = rule_on(one.rota, one.planned_on).co_host
    made = CoHost.objects.create(turn=one, organisation=unit, weight=weight)
    day = one.planned_on.isoformat()
    log(actor, one.rota, "help", turn=one.pk, day=day, society=unit.pk, weight=str(weight))
    audit.record(actor, "hosting.co_hosted", one, unit=unit.pk)
    flows.tell_unit(one, unit.pk, "hosting.moved", what=_("由贵单位联合承办"), reason=None)
    return made


@transaction.atomic
def drop_co_host(actor: Actor, *, co_host: CoHost) -> None:
    """A unit helps no more; what it counted goes back."""
    one = locked_turn(actor, co_host.turn, "hosting.keep")
    in_state(one, Turn.State.OPEN, Turn.State.PROPOSED, Turn.State.INVITED, Turn.State.ACCEPTED)
    if CoHost.objects.filter(pk=co_host.pk).delete()[0]:
        log(actor, one.rota, "unhelp", turn=one.pk, society=co_host.organisation_id)
        audit.record(actor, "hosting.co_host_dropped", one, unit=co_host.organisation_id)
