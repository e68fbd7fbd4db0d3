"""Lines of a proposal become plans, all or some, in one transaction; an acceptance can be taken back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.duty.actions.planning import CLASSES, outside_term
from keyuan.duty.actions.writing import told
from keyuan.duty.models import Acceptance, AcceptedLine, Duty, DutyPlan, Exemption, Proof, Proposal, Season
from keyuan.duty.queries.drafting import days_of, place_of
from keyuan.duty.rules.instance import ATTEND
from keyuan.duty.rules.plain import key_of, leader_id
from keyuan.kernel import audit, bulk
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.models import Session, TrainingClass

audit.sentence("duty.proposal_accepted", "采纳了{thing}，安排 {n} 项，取消 {gone} 项")
audit.sentence("duty.acceptance_undone", "撤销了对{thing}的采纳，{n} 项")
There = dict[str, tuple[int, date]]  # a place to its class and the day on which the duty would be done
Wanted = dict[tuple[int, str], str]  # (term, kind) to a place; empty where the arrangement falls away


@dataclass
class Taken:
    """What an acceptance did (采纳结果): plans made, plans taken away, lines left and why."""

    made: list[AcceptedLine] = field(default_factory=list)
    gone: list[AcceptedLine] = field(default_factory=list)
    same: int = 0
    left: list[str] = field(default_factory=list)


def line_key(leader: str, kind: str) -> str:
    """A line of a proposal as a form names it."""
    return f"{leader}-{kind}"


@transaction.atomic
def accept(actor: Actor, *, proposal: Proposal, keys: Iterable[str] | None = None) -> Taken:
    """Plan all lines of a proposal, or those named; what was arranged by hand or done meanwhile stays as it is.

    Of a re-planned proposal the arrangements that fall away are cancelled, those that move are replaced.
    """
    season = Season.objects.select_for_update().get(pk=proposal.season_id)
    require(actor, "duty.schedule", season)
    if proposal.result is None or proposal.faults:
        raise Fault(_("方案还没有算完，或复核有误，不能采纳。"))
    newer = season.proposals.filter(
        acceptances__undone_at=None, acceptances__isnull=False, pk__gt=proposal.pk
    )
    if newer.exists():
        raise Conflict(_("这次排期已采纳了更新的方案，请采纳更新的，或先撤销那次采纳。"))
    wanted = _wanted(proposal, None if keys is None else set(keys))
    if not wanted:
        raise Fault(_("请先勾选要采纳的行。"))
    taken = _sorted(season, wanted)
    if taken.made or taken.gone:
        _write(actor, proposal, taken)
    return taken


def _wanted(proposal: Proposal, keys: set[str] | None) -> Wanted:
    result = proposal.result or {}
    rows = [(one["leader"], one["kind"], one["at"]) for one in result.get("assignments", ())]
    rows += [(one["leader"], one["kind"], "") for one in result.get("changes", ()) if not one["now"]]
    return {
        (key_of(leader), kind): at
        for leader, kind, at in rows
        if keys is None or line_key(leader, kind) in keys
    }  # fmt: skip


def _sorted(season: Season, wanted: Wanted) -> Taken:
    """Which lines can be planned, and which not and why."""
    rows = Duty.objects.select_for_update(of=("self",)).filter(
        school_id=season.school_id, term__in={term for term, _kind in wanted}
    )
    duties = {(one.term_id, one.kind): one for one in rows.select_related("term__holder")}
    plans = {one.duty_id: one for one in _standing(duties.values())}
    accepted = AcceptedLine.objects.filter(
        acceptance__proposal__season=season, acceptance__undone_at=None, plan__in=list(plans.values())
    )
    mine, over, there = (
        set(accepted.values_list("plan_id", flat=True)),
        _over(duties.values()),
        _there(wanted),
    )
    taken = Taken()
    for key, at in wanted.items():
        duty = duties.get(key)
        if duty is None or duty.pk in over:
            who = duty.term.holder if duty else key[0]
            taken.left.append(_("已完成、已免除或任期已不在：%(who)s") % {"who": who})
            continue
        plan = plans.get(duty.pk)
        if plan is not None and place_of(duty, plan) == at:
            taken.same += 1
        elif plan is not None and plan.pk not in mine:
            told = {"who": duty.term.holder, "what": plan}
            taken.left.append(_("已另有安排：%(who)s“%(what)s”") % told)
        elif at and at not in there:
            taken.left.append(_("班次或课次已取消或已过去：%(who)s") % {"who": duty.term.holder})
        elif at and (outside := outside_term(duty, there[at][1])):
            taken.left.append(_("%(who)s：%(why)s") % {"who": duty.term.holder, "why": outside})
        else:
            _take(taken, AcceptedLine(duty=duty, replaced=plan), at, there)
    return taken


def _take(taken: Taken, line: AcceptedLine, at: str, there: There) -> None:
    """One line that does something: a plan made, or one taken away."""
    attends = line.duty.kind == ATTEND
    if at:
        line.plan = DutyPlan(
            duty=line.duty, training_class_id=there[at][0], session_id=None if attends else key_of(at)
        )  # fmt: skip
        taken.made.append(line)
    elif line.replaced is not None:
        taken.gone.append(line)


def _standing(duties: Iterable[Duty]) -> list[DutyPlan]:
    rows = DutyPlan.objects.filter(duty__in=[one.pk for one in duties], cancelled_at=None)
    return list(rows.select_related("training_class", "session"))


def _over(duties: Iterable[Duty]) -> set[int]:
    """Duties that are proven or waived meanwhile."""
    keys = [one.pk for one in duties]
    proven = Proof.objects.filter(duty__in=keys, standing=True).values_list("duty", flat=True)
    waived = Exemption.objects.filter(duty__in=keys, revoked_at=None).values_list("duty", flat=True)
    return {*proven, *waived}


def _there(wanted: Wanted) -> There:
    """The places that still are and lie ahead, with their classes and the days on which they end."""
    places = set(wanted.values())
    classes = {key_of(at) for at in places if at.startswith("C")}
    sessions = {key_of(at) for at in places if at.startswith("S")}
    today = timezone.localdate()
    open_classes = TrainingClass.objects.filter(pk__in=classes, state__in=CLASSES, ends__gte=today)
    open_sessions = Session.objects.filter(
        pk__in=sessions, training_class__state__in=CLASSES, date__gte=today
    )
    found = {f"C{pk}": (pk, ends) for pk, ends in open_classes.values_list("pk", "ends")}
    lessons = open_sessions.values_list("pk", "training_class_id", "date")
    return found | {f"S{pk}": (klass, day) for pk, klass, day in lessons}


def _write(actor: Actor, proposal: Proposal, taken: Taken) -> None:
    acceptance = Acceptance.objects.create(proposal=proposal, accepted_by_id=actor.person_id)
    _cancel(
        actor, [line.replaced for line in (*taken.made, *taken.gone) if line.replaced],
        _("按排期方案 %(n)s 调整") % {"n": proposal.number},
    )  # fmt: skip
    plans = [line.plan for line in taken.made if line.plan]
    for plan in plans:
        plan.note, plan.by_id = _("排期方案 %(n)s") % {"n": proposal.number}, actor.person_id
    bulk.insert(plans)
    for line in (*taken.made, *taken.gone):
        line.acceptance, line.plan = acceptance, line.plan
    bulk.insert([*taken.made, *taken.gone])
    _tell(taken)
    audit.record(
        actor, "duty.proposal_accepted", proposal, n=len(taken.made), gone=len(taken.gone),
        duties=[line.duty_id for line in (*taken.made, *taken.gone)],
    )  # fmt: skip


def _cancel(actor: Actor, plans: list[DutyPlan], reason: str) -> None:
    DutyPlan.objects.filter(pk__in=[one.pk for one in plans], cancelled_at=None).update(
        cancelled_at=timezone.now(), cancelled_by=actor.person_id, cancel_reason=reason
    )


def _tell(taken: Taken) -> None:
    """Everybody hears of a new arrangement, as of one made by hand."""
    keys = [line.plan.pk for line in taken.made if line.plan]
    plans = DutyPlan.objects.filter(pk__in=keys).select_related(
        "duty__term__organisation", "training_class", "session"
    )
    for plan in plans:
        span = days_of(plan)
        told(plan.duty, "duty.planned", title=str(plan), day=span[0] if span else None)


@transaction.atomic
def undo(actor: Actor, *, acceptance: Acceptance) -> int:
    """Take an acceptance back: its plans that still stand are cancelled, those it replaced stand again; how many."""
    held = Acceptance.objects.select_for_update().select_related("proposal__season").get(pk=acceptance.pk)
    require(actor, "duty.schedule", held)
    if held.undone_at is not None:
        raise Conflict(_("这次采纳已经撤销，请刷新后再看。"))
    later = Acceptance.objects.filter(
        proposal__season=held.proposal.season_id, undone_at=None, pk__gt=held.pk
    )
    if later.exists():
        raise Conflict(_("之后还采纳过别的方案，请先撤销后来的那次。"))
    lines = list(held.lines.select_related("duty", "plan", "replaced__training_class", "replaced__session"))
    over = _over(line.duty for line in lines)
    back = [
        line
        for line in lines
        if line.duty_id not in over and (line.plan is None or line.plan.cancelled_at is None)
    ]
    _cancel(
        actor,
        [line.plan for line in back if line.plan],
        _("撤销采纳排期方案 %(n)s") % {"n": held.proposal.number},
    )
    free = {line.duty_id for line in back} - {one.duty_id for one in _standing(line.duty for line in back)}
    bulk.insert(
        [
            DutyPlan(
                duty=line.duty, training_class_id=line.replaced.training_class_id, session_id=line.replaced.session_id,
                title=line.replaced.title, day=line.replaced.day, note=line.replaced.note, by_id=actor.person_id,
            )
            for line in back
            if line.replaced and line.duty_id in free
        ]
    )  # fmt: skip
    held.undone_at, held.undone_by_id = timezone.now(), actor.person_id
    held.save(update_fields=["undone_at", "undone_by"])
    audit.record(actor, "duty.acceptance_undone", held.proposal, n=len(back))
    return len(back)


def key_for(duty: Duty) -> str:
    """The line of a duty in any proposal."""
    return line_key(leader_id(duty.term_id), duty.kind)
