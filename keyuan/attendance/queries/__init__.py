"""Reads of presence: boards, standings, what a person may do next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.models import CheckIn, Claim, Expected, Leave, LeaveSitting, Policy, Sitting
from keyuan.attendance.rules.codes import personal_letters
from keyuan.attendance.rules.standing import RANK, Limits, Mark, Standing, mark_of, may_decide
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person

# What the rooms above may name of the rules besides the reads themselves.
__all__ = ("Limits", "Mark", "Standing", "mark_of")

# So long a return that nobody reported is asked after.
RETURN_DAYS = 60
GRANTED = (Leave.State.APPROVED, Leave.State.ENDED)


def limits_on(school_id: int, day: date) -> Limits:
    """The attendance rules of a school in force on a day; the built-in ones where none is set."""
    policy = Policy.objects.filter(school_id=school_id, starts__lte=day).prefetch_related("tiers").first()
    if policy is None:
        return Limits()
    tiers = tuple((tier.up_to, tier.role) for tier in policy.tiers.all())
    return Limits(
        policy.opens_before,
        policy.late_after,
        policy.leave_limit,
        policy.leave_warning,
        tiers or Limits().tiers,
        policy.closes_after,
        policy.online_share,
        policy.claim_days,
        policy.absent_flag,
    )


def granted() -> Exists:
    """Whether an expected person has a granted leave for that sitting; for annotations."""
    return Exists(LeaveSitting.objects.filter(expected=OuterRef("pk"), live=True, leave__state__in=GRANTED))


def standings(
    owner_label: str, owner_id: int, *, person_id: int | None = None, moment: datetime | None = None
) -> dict[int, Standing]:
    """Where each person of an owner stands, by person id, in two queries whatever their number.

    The school's rules are those in force on the first sitting, so that a class keeps the rules it began under.
    """
    moment = moment or timezone.now()
    rows = Expected.objects.filter(
        sitting__owner_label=owner_label, sitting__owner_id=owner_id, sitting__state=Sitting.State.PLANNED
    )
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    found = list(
        rows.annotate(on_leave=granted()).values_list(
            "person_id", "sitting__school_id", "sitting__starts", "sitting__ends", "sitting__hours",
            "checkin__verdict", "on_leave",
        )
    )  # fmt: skip
    if not found:
        return {}
    first = min(found, key=lambda row: row[2])
    limits = limits_on(first[1], timezone.localdate(first[2]))
    result: dict[int, Standing] = {}
    for person, _school, _starts, ends, hours, verdict, on_leave in found:
        standing = result.setdefault(person, Standing(person, limits))
        standing.add(mark_of(verdict, on_leave=on_leave, ended=ends <= moment), hours)
    return result


def standing(owner_label: str, owner_id: int, person_id: int) -> Standing:
    """Where one person stands; an empty standing where they are expected nowhere."""
    return standings(owner_label, owner_id, person_id=person_id).get(person_id, Standing(person_id))


def present_ids(sitting: Sitting) -> list[int]:
    """Who came, late or not: those whom the evaluation of the sitting is open to."""
    return list(
        CheckIn.objects.filter(expected__sitting=sitting, verdict__in=("present", "late"))
        .order_by("expected__person_id")
        .values_list("expected__person_id", flat=True)
    )


def sitting_of(owner_label: str, owner_id: int, key: str) -> Sitting | None:
    """The sitting an owner planned under a key."""
    return Sitting.objects.filter(owner_label=owner_label, owner_id=owner_id, key=key).first()


def sittings_of(actor: Actor, owner_label: str, owner_id: int) -> QuerySet[Sitting]:
    """The sittings of an owner that this actor sees, in order of time."""
    return visible(actor, Sitting).filter(owner_label=owner_label, owner_id=owner_id).select_related("school")


@dataclass(frozen=True)
class Line:
    """One person on the live board (看板)."""

    expected_id: int
    person_id: int
    name: str
    unit: str
    mark: Mark
    at: datetime | None
    how: str
    code: str
    pinyin: str = ""
    how_key: str = ""
    claim: Claim | None = None

    @property
    def name_key(self) -> tuple[str, int]:
        """The order of a list by name."""
        return (self.pinyin, self.person_id)

    def fits(self, text: str) -> bool:
        """Whether this is who somebody at the door asks for: by name, pinyin, unit or own code."""
        word = "".join(text.split())
        if (
            not word
            or word in self.name
            or word in self.unit
            or word.upper().removeprefix("KEYUAN:") == self.code
        ):
            return True
        return word.isascii() and any(part.startswith(word.lower()) for part in self.pinyin.split())


@dataclass
class Board:
    """The live board of one sitting (签到看板): who is here, late, on leave, or not yet."""

    sitting: Sitting
    lines: list[Line] = field(default_factory=list)

    def count(self, *marks: Mark) -> int:
        """How many carry one of these marks."""
        return sum(line.mark in marks for line in self.lines)

    @property
    def here(self) -> int:
        """How many came."""
        return self.count("present", "late")

    @property
    def missing(self) -> list[Line]:
        """Who is expected, not on leave, and not here."""
        return [line for line in self.lines if line.mark in {"waiting", "absent"}]


def board(actor: Actor, sitting: Sitting, *, moment: datetime | None = None) -> Board:
    """The board in two queries; people by pinyin, those not yet here first."""
    moment = moment or timezone.now()
    rows = (
        visible(actor, Expected)
        .filter(sitting=sitting)
        .annotate(on_leave=granted())
        .select_related("person__organisation", "checkin")
        .order_by("person__pinyin", "person_id")
    )
    claims = {
        claim.expected_id: claim
        for claim in Claim.objects.filter(expected__sitting=sitting, state="submitted")
    }
    lines = [_line(sitting, row, claims.get(row.pk), moment) for row in rows]
    order = {"waiting": 0, "absent": 0, "leave": 1, "late": 2, "present": 2}
    lines.sort(key=lambda line: order[line.mark])
    return Board(sitting, lines)


def _line(sitting: Sitting, row: Expected, claim: Claim | None, moment: datetime) -> Line:
    checkin: CheckIn | None = getattr(row, "checkin", None)
    on_leave = bool(row.on_leave)  # type: ignore[attr-defined] # annotated by the query above
    mark = mark_of(checkin.verdict if checkin else None, on_leave=on_leave, ended=sitting.ends <= moment)
    came = checkin is not None and mark in {"present", "late"}
    return Line(
        row.pk,
        row.person_id,
        row.person.name,
        row.person.unit,
        mark,
        checkin.at if checkin and came else None,
        checkin.get_how_display() if checkin else "",
        personal_letters(sitting.owner_label, sitting.owner_id, row.person_id),
        row.person.pinyin,
        checkin.how if checkin else "",
        claim,
    )


def person_by_code(sitting: Sitting, typed: str) -> int | None:
    """The expected person whose own letters were typed or scanned; None when nobody's, or two people's."""
    ids = Expected.objects.filter(sitting=sitting).values_list("person_id", flat=True)
    found = [pk for pk in ids if personal_letters(sitting.owner_label, sitting.owner_id, pk) == typed]
    return found[0] if len(found) == 1 else None


def matching_people(sitting: Sitting, name: str) -> list[int]:
    """Expected persons of exactly this name."""
    return list(
        Expected.objects.filter(sitting=sitting, person__name=name).values_list("person_id", flat=True)
    )


def upcoming(actor: Actor, *, days: int = 1) -> list[Expected]:
    """The actor's own sittings from today on, today's first."""
    today = timezone.localdate()
    return list(
        visible(actor, Expected)
        .filter(
            person_id=actor.person_id or 0,
            sitting__state=Sitting.State.PLANNED,
            sitting__date__range=(today, today + timedelta(days=days)),
        )
        .annotate(on_leave=granted())
        .select_related("sitting", "checkin")
        .order_by("sitting__starts")
    )


def _window_on(school_id: int, day: date) -> Limits:
    """When check-ins open and close on a day; the rule alone, without its tiers."""
    names = ("opens_before", "closes_after")
    row = Policy.objects.filter(school_id=school_id, starts__lte=day).values(*names).first()
    return Limits(**row) if row else Limits()


def open_now(sittings: Iterable[Sitting]) -> set[int]:
    """Which of some sittings of one school take check-ins at this moment."""
    now = timezone.now()
    limits: dict[tuple[int, date], Limits] = {}
    found: set[int] = set()
    for sitting in sittings:
        key = (sitting.school_id, sitting.date)
        if key not in limits:
            limits[key] = _window_on(*key)
        if (
            sitting.starts - timedelta(minutes=limits[key].opens_before)
            <= now
            <= limits[key].closes(sitting.starts, sitting.ends)
        ):
            found.add(sitting.pk)
    return found


def today_sittings(actor: Actor) -> QuerySet[Sitting]:
    """Today's sittings that this actor keeps or sees."""
    return visible(actor, Sitting).filter(date=timezone.localdate())


def next_today(actor: Actor, sitting: Sitting) -> Sitting | None:
    """What follows a sitting that is over, in the same series on the same day; nothing while it lasts."""
    now = timezone.now()
    if sitting.ends > now:
        return None
    rows = sittings_of(actor, sitting.owner_label, sitting.owner_id)
    rows = rows.filter(date=sitting.date, state=Sitting.State.PLANNED, ends__gt=now)
    return rows.order_by("starts").first()


def leaves_for(actor: Actor, owner_label: str = "", owner_id: int = 0) -> QuerySet[Leave]:
    """Leaves this actor sees, waiting ones first by the caller's filter."""
    rows = visible(actor, Leave).select_related("person__organisation")
    return rows.filter(owner_label=owner_label, owner_id=owner_id) if owner_label else rows


def unreturned(rows: QuerySet[Leave]) -> QuerySet[Leave]:
    """Granted leaves of these two months whose last sitting is over and of which nobody has reported back."""
    ahead = LeaveSitting.objects.filter(
        leave=OuterRef("pk"), live=True, expected__sitting__ends__gt=timezone.now()
    )
    since = timezone.now() - timedelta(days=RETURN_DAYS)
    return rows.filter(~Exists(ahead), state=Leave.State.APPROVED, requested_at__gte=since)


def leave_effect(leave: Leave) -> tuple[Standing, Decimal]:
    """The person's standing and the hours this leave covers, for who decides it."""
    hours = sum(
        (row.expected.sitting.hours for row in leave.sittings.select_related("expected__sitting")),
        start=Decimal(0),
    )
    return standing(leave.owner_label, leave.owner_id, leave.person_id), hours


def leave_choices(actor: Actor, owner_label: str, owner_id: int, person_id: int) -> QuerySet[Expected]:
    """Sittings still to come for which a person may ask leave: not begun, none asked yet."""
    return (
        visible(actor, Expected)
        .filter(
            person_id=person_id,
            sitting__owner_label=owner_label,
            sitting__owner_id=owner_id,
            sitting__state=Sitting.State.PLANNED,
            sitting__ends__gt=timezone.now(),
        )
        .exclude(leaves__live=True)
        .exclude(checkin__isnull=False)
        .select_related("sitting")
        .order_by("sitting__starts")
    )


def owners_of(person_id: int, school_id: int) -> list[tuple[str, int]]:
    """The owners whose sittings a person is expected at, the latest first."""
    rows = Expected.objects.filter(person_id=person_id, sitting__school_id=school_id).order_by(
        "-sitting__starts"
    )
    return list(dict.fromkeys(rows.values_list("sitting__owner_label", "sitting__owner_id")[:400]))


def person_in_school(person_id: int) -> Person | None:
    """The person behind a personal link."""
    return Person.objects.filter(pk=person_id, erased_at=None).select_related("school").first()


def expected_ids(sittings: Iterable[Sitting], person_id: int) -> list[int]:
    """The person's lines at some sittings."""
    return list(
        Expected.objects.filter(sitting__in=list(sittings), person_id=person_id).values_list("pk", flat=True)
    )


def named_standings(owner_label: str, owner_id: int) -> list[tuple[Person, Standing]]:
    """Standings with their people, those with the least within reach first; three queries with the people."""
    found = standings(owner_label, owner_id)
    people = Person.objects.filter(pk__in=found).select_related("organisation").in_bulk()
    rows = [(people[pk], standing) for pk, standing in found.items()]
    return sorted(rows, key=lambda row: (row[1].best_share, row[0].pinyin, row[0].pk))


def _leaves_to_see_to(actor: Actor, *, keeps: bool) -> list[todos.ToDo]:
    """Leaves to decide and, for those who keep attendance, leaves that ran out; one query for both."""
    rows = visible(actor, Leave)
    wanted = Q(state=Leave.State.REQUESTED)
    if keeps:
        wanted |= Q(pk__in=unreturned(rows).order_by().values("pk"))
    states = list(rows.filter(wanted).values_list("state", "approver_role"))
    asked = sum(state == Leave.State.REQUESTED and may_decide(actor.roles, role) for state, role in states)
    due = sum(state == Leave.State.APPROVED for state, _role in states)
    place, found = reverse("attendance:leaves"), []
    if asked:
        found.append(todos.ToDo(_("请假待审批"), f"{place}?state=requested", count=asked, urgent=True))
    if due:
        found.append(todos.ToDo(_("请假已到期，未销假"), f"{place}?due=1", count=due))
    return found


@todos.source
def waiting_leaves(actor: Actor) -> list[todos.ToDo]:
    """Leaves this actor may decide and claims to judge, as one line each."""
    keeps = bool(actor.roles.intersection({"registrar", "head_teacher"}))
    found = _leaves_to_see_to(actor, keeps=keeps) if actor.roles.intersection(RANK) else []
    if keeps:
        claims = visible(actor, Claim).filter(state=Claim.State.SUBMITTED).select_related("expected__sitting")
        for sitting in {claim.expected.sitting for claim in claims[:50]}:
            title = _("补签申报待核实：%(title)s") % {"title": sitting.title}
            found.append(todos.ToDo(title, reverse("attendance:board", args=(sitting.pk,))))
    return found
