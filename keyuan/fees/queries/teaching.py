"""Who teaches a class for how many paid hours, at which rank and rate."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from keyuan.fees.models import FIXED, FeeStandard, LectureFee, TeacherRank
from keyuan.fees.queries import standards
from keyuan.fees.rules.lectures import Taught, counted, suggested_rank
from keyuan.fees.rules.money import cents, short
from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass

ZERO = Decimal(0)


@dataclass
class Share:
    """One teacher's part in a class (师资课酬): sessions, hours, rank, and what it comes to after tax."""

    person: Person
    rank: str = ""
    suggested: str = ""
    rate: Decimal = ZERO
    known: bool = False
    sessions: list[tuple[Session, Decimal, str]] = field(default_factory=list)

    @property
    def hours(self) -> Decimal:
        """The paid hours."""
        return sum((hours for _session, hours, _note in self.sessions), ZERO)

    @property
    def net(self) -> Decimal:
        """Hours by rate, after tax."""
        return cents(self.hours * self.rate)


def standard_for(training_class: TrainingClass) -> FeeStandard | None:
    """The standard of the class's budget, or the first that holds on its first day."""
    budget = getattr(training_class, "budget", None)
    if budget is not None:
        found: FeeStandard = budget.standard
        return found
    held = standards.standards_on(training_class.school_id, training_class.starts)
    return held[0] if held else None


def shares(training_class: TrainingClass, standard: FeeStandard | None) -> list[Share]:
    """Every teacher of the class with the paid hours, counted over all classes of those days."""
    own = training_class.sessions.filter(teacher__isnull=False).select_related("teacher__organisation")
    found: dict[int, Share] = {}
    paid = _counted_hours(training_class, standard.half_day_hours if standard else Decimal(4))
    for session in own.order_by("date", "starts", "pk"):
        assert session.teacher is not None  # noqa: S101 - the filter above
        share = found.setdefault(session.teacher.pk, Share(session.teacher))
        hours, note = paid[session.pk]
        if session.hours:
            share.sessions.append((session, hours, note))
    _with_ranks(found, standards.lecture_rates(standard) if standard else {})
    return [share for share in found.values() if share.sessions]


def _counted_hours(training_class: TrainingClass, half_day: Decimal) -> dict[int, tuple[Decimal, str]]:
    """Paid hours and remark of each session of the class's teachers, joint lectures once."""
    own = training_class.sessions.filter(teacher__isnull=False)
    rows = Session.objects.filter(
        teacher__in=own.values("teacher_id"), date__in=own.values("date"), school_id=training_class.school_id
    ).exclude(training_class__state="cancelled")
    by_teacher: dict[int, list[Taught]] = {}
    for row in rows:
        taught = Taught(row.pk, row.training_class_id, row.date, row.half, row.starts, row.ends, row.hours)
        by_teacher.setdefault(row.teacher_id or 0, []).append(taught)
    return {
        session_id: (one.hours, one.note)
        for sessions in by_teacher.values()
        for session_id, one in counted(sessions, half_day).items()
    }


def _with_ranks(found: dict[int, Share], rates: dict[str, Decimal]) -> None:
    ranks = TeacherRank.objects.filter(person_id__in=found)
    known = dict(ranks.values_list("person_id", "rank"))
    for person_id, share in found.items():
        share.suggested = suggested_rank(share.person.post_title, rates)
        share.known = person_id in known
        share.rank = known.get(person_id, share.suggested)
        share.rate = rates.get(share.rank, ZERO)


@dataclass(frozen=True)
class LectureCost:
    """What the lectures of a class will cost (讲课费测算): before tax, in words how, and who has no rank yet."""

    gross: Decimal
    basis: str
    unranked: int


def lecture_budget(training_class: TrainingClass, standard: FeeStandard) -> LectureCost:
    """The lecture fees by the timetable, each teacher's taxed as a month of its own."""
    found = shares(training_class, standard)
    held = standards.withholding_on(training_class.school_id, training_class.ends)
    table = standards.table_of(held) if held else None
    total = sum((table.gross(one.net) if table else one.net for one in found), ZERO)
    hours = sum((one.hours for one in found), ZERO)
    basis = f"{len(found)} 位老师，{short(hours)} 学时，按税后标准折算税前" if found else ""
    return LectureCost(cents(total), basis, sum(not one.rate for one in found))


def month_so_far(person_id: int, school_id: int, month: date, *, besides: int = 0) -> tuple[Decimal, Decimal]:
    """What a payee's other fixed slips of the month come to, after and before tax."""
    rows = LectureFee.objects.filter(person_id=person_id, school_id=school_id, month=month, state__in=FIXED)
    pairs = list(rows.exclude(pk=besides).values_list("net", "gross"))
    return sum((net for net, _gross in pairs), ZERO), sum((gross for _net, gross in pairs), ZERO)
