"""Attendance of a whole series as a grid of trainee and half-day, and what each may still ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, F, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.models import Expected, LeaveSitting, Policy, Sitting
from keyuan.attendance.queries import granted, limits_on
from keyuan.attendance.rules.access import owner_title
from keyuan.attendance.rules.standing import Limits, Mark, Standing, half_days_left, half_mark, mark_of
from keyuan.kernel import todos
from keyuan.kernel.access import Actor, visible
from keyuan.people.models import Person

HalfDay = tuple[date, str]
ORDER = {"am": 0, "pm": 1, "ev": 2}
# How far back missed half-days are still put before the registrar: a class that is over is judged at its closing.
FLAG_DAYS = 14


@dataclass(frozen=True)
class Cell:
    """One trainee on one half-day (半天考勤); `expected_id` leads to the sitting the mark comes from."""

    mark: Mark
    expected_id: int


@dataclass
class GridRow:
    """One trainee's line in the grid (学员考勤行)."""

    person: Person
    standing: Standing
    cells: dict[HalfDay, Cell] = field(default_factory=dict)
    left: int = 0
    flagged: bool = False

    def count(self, mark: Mark) -> int:
        """How many half-days carry a mark."""
        return sum(cell.mark == mark for cell in self.cells.values())


@dataclass
class Grid:
    """The attendance of a series (全班考勤表): half-days across, trainees down."""

    halves: list[HalfDay] = field(default_factory=list)
    rows: list[GridRow] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    def came(self, half: HalfDay) -> int:
        """How many came on a half-day."""
        return sum(cell.mark in {"present", "late"} for row in self.rows if (cell := row.cells.get(half)))

    @property
    def days(self) -> list[tuple[date, int]]:
        """Each day with how many half-days it has."""
        return [
            (day, sum(each == day for each, _half in self.halves))
            for day in dict.fromkeys(d for d, _h in self.halves)
        ]

    def narrowed(self, only: str, q: str) -> list[GridRow]:
        """The rows a filter and a search leave."""
        test = ONLY.get(only)
        rows = [row for row in self.rows if test is None or test(row)]
        word = q.strip()
        return [row for row in rows if not word or _found(row.person, word)]


ONLY: Mapping[str, Callable[[GridRow], bool]] = {
    "absent": lambda row: row.count("absent") > 0,
    "leave": lambda row: row.count("leave") > 0,
    "late": lambda row: row.count("late") > 0,
    "line": lambda row: row.standing.light != "ok",
    "flagged": lambda row: row.flagged,
}


def _found(person: Person, word: str) -> bool:
    if word in person.name or word in person.unit:
        return True
    return word.isascii() and any(part.startswith(word.lower()) for part in person.pinyin.split())


@dataclass
class _Line:
    """One expected line as read."""

    pk: int
    person_id: int
    half: HalfDay
    hours: Decimal
    mark: Mark
    ahead: bool


def grid(owner_label: str, owner_id: int, *, moment: datetime | None = None) -> Grid:
    """The whole grid in a fixed number of queries; people by unit as tables are ordered by name within."""
    moment = moment or timezone.now()
    lines, first = _lines(owner_label, owner_id, moment)
    if first is None:
        return Grid()
    limits = limits_on(*first)
    people = Person.objects.filter(pk__in={line.person_id for line in lines}).select_related("organisation")
    rows = {person.pk: GridRow(person, Standing(person.pk, limits)) for person in people}
    by_person: dict[int, list[_Line]] = {}
    for line in lines:
        by_person.setdefault(line.person_id, []).append(line)
    for person_id, row in rows.items():
        _fill(row, by_person[person_id])
    halves = sorted({line.half for line in lines}, key=lambda half: (half[0], ORDER[half[1]]))
    return Grid(halves, sorted(rows.values(), key=lambda row: (row.person.pinyin, row.person.pk)), limits)


def _lines(
    owner_label: str, owner_id: int, moment: datetime, **narrow: Any
) -> tuple[list[_Line], tuple[int, date] | None]:
    found = list(
        Expected.objects.filter(
            sitting__owner_label=owner_label, sitting__owner_id=owner_id, sitting__state=Sitting.State.PLANNED, **narrow
        )
        .annotate(on_leave=granted())
        .order_by("sitting__starts", "sitting__order", "pk")
        .values_list(
            "pk", "person_id", "sitting__date", "sitting__half", "sitting__hours", "sitting__starts", "sitting__ends",
            "sitting__school_id", "checkin__verdict", "on_leave",
        )
    )  # fmt: skip
    lines = [
        _Line(pk, person, (day, half), hours, mark_of(verdict, on_leave=on_leave, ended=ends <= moment), starts > moment and verdict is None and not on_leave)
        for pk, person, day, half, hours, starts, ends, _school, verdict, on_leave in found
    ]  # fmt: skip
    return lines, (found[0][7], found[0][2]) if found else None


def _fill(row: GridRow, lines: list[_Line]) -> None:
    halves: dict[HalfDay, list[_Line]] = {}
    for line in lines:
        row.standing.add(line.mark, line.hours)
        halves.setdefault(line.half, []).append(line)
    for half, some in halves.items():
        mark = half_mark(line.mark for line in some)
        row.cells[half] = Cell(mark, next(line.pk for line in some if line.mark == mark))
    row.left = half_days_left(row.standing.leave, row.standing.total, _ahead(lines), row.standing.limits)
    row.flagged = row.count("absent") >= row.standing.limits.absent_flag


def _ahead(lines: list[_Line]) -> list[Decimal]:
    hours: dict[HalfDay, Decimal] = {}
    for line in lines:
        if line.ahead:
            hours[line.half] = hours.get(line.half, Decimal(0)) + line.hours
    return list(hours.values())


def left_of(owner_label: str, owner_id: int, person_id: int, *, also: Decimal = Decimal(0)) -> int:
    """How many further half-days one person may still ask leave for; `also` counts hours as if already granted.

    Half-days with a request that waits are not offered again.
    """
    return standing_and_left(owner_label, owner_id, person_id, also=also)[1]


def standing_and_left(
    owner_label: str, owner_id: int, person_id: int, *, also: Decimal = Decimal(0)
) -> tuple[Standing, int]:
    """Where one person stands, and how many further half-days of leave are left, from one reading of the lines."""
    now = timezone.now()
    lines, first = _lines(owner_label, owner_id, now, person_id=person_id)
    if first is None:
        return Standing(person_id), 0
    asked = set(
        LeaveSitting.objects.filter(expected__in=[line.pk for line in lines], live=True).values_list(
            "expected_id", flat=True
        )
    )
    standing = Standing(person_id, limits_on(*first))
    for line in lines:
        standing.add(line.mark, line.hours)
        line.ahead = line.ahead and line.pk not in asked
    left = half_days_left(standing.leave + also, standing.total, _ahead(lines), standing.limits)
    return standing, left


@todos.source
def often_absent(actor: Actor) -> list[todos.ToDo]:
    """For the registrar: series in which somebody missed so many half-days without leave, one line each."""
    if "registrar" not in actor.roles or actor.school_id is None:
        return []
    today = timezone.localdate()
    half = Concat(
        Cast("sitting__date", CharField()), Value("/"), F("sitting__half"), output_field=CharField()
    )
    rows = (
        visible(actor, Expected)
        .filter(
            sitting__state=Sitting.State.PLANNED,
            sitting__date__range=(today - timedelta(days=FLAG_DAYS), today),
        )
        .filter(Q(checkin__verdict="absent") | Q(checkin__isnull=True, sitting__ends__lte=timezone.now()))
        .exclude(granted())
        .order_by()
        .values("sitting__owner_label", "sitting__owner_id", "person_id")
        .annotate(missed=Count(half, distinct=True), least=_flag_from(actor.school_id, today))
        .filter(missed__gte=F("least"))
    )
    found: dict[tuple[str, int], int] = {}
    least = 0
    for row in rows:
        least = row["least"]
        owner = (row["sitting__owner_label"], row["sitting__owner_id"])
        found[owner] = found.get(owner, 0) + 1
    return [_todo(owner, count, least) for owner, count in found.items()]


def _flag_from(school_id: int, day: date) -> Coalesce:
    """From how many half-days on, as part of another query; the rule alone, without its tiers."""
    rows = Policy.objects.filter(school_id=school_id, starts__lte=day).values("absent_flag")
    return Coalesce(Subquery(rows[:1]), Limits().absent_flag)


def _todo(owner: tuple[str, int], count: int, halves: int) -> todos.ToDo:
    facts = {"title": owner_title(*owner), "n": halves}
    place = f"{reverse('attendance:standings', args=owner)}?only=flagged"
    return todos.ToDo(_("%(title)s：有学员无故缺勤达 %(n)s 个半天") % facts, place, count=count)
