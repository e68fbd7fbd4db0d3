"""When teachers said they can teach: the teachers with their statements, and what is said of one half-day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.kernel.access import Actor, require, visible
from keyuan.people.models import Availability, Person, Seat
from keyuan.people.roles import Role
from keyuan.people.rules import availability as rules

# How many statements a page beside a timetable shows; the rest stand in the list.
SHOWN = 30
# Rooms above say who teaches without a teacher's seat: conditions on a person.
TEACHING: list[Callable[[], Exists]] = []


@dataclass(frozen=True)
class Stated:
    """What some people said of some days (已登记的时间), by person."""

    rows: dict[int, list[Availability]] = field(default_factory=dict)

    def at(self, person_id: int | None, day: date, half: str) -> Availability | None:
        """What a person said of a half-day; that they cannot outweighs that they would rather."""
        found = [row for row in self.rows.get(person_id or 0, ()) if rules.covers(row, day, half)]
        return min(found, key=lambda row: row.kind != Availability.Kind.CANNOT, default=None)

    def cannot(self, person_id: int | None, day: date, half: str) -> Availability | None:
        """The statement by which a person cannot teach then."""
        found = self.at(person_id, day, half)
        return found if found is not None and found.kind == Availability.Kind.CANNOT else None


def stated_of(person_ids: Iterable[int], first: date, last: date) -> Stated:
    """What these people said of these days, in one query, or none without people."""
    wanted = set(person_ids)
    if not wanted:
        return Stated()
    rows = Availability.objects.filter(person__in=wanted, starts__lte=last, ends__gte=first)
    found: dict[int, list[Availability]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(row)
    return Stated(found)


def stated_in(actor: Actor, first: date, last: date) -> list[Availability]:
    """What teachers said of these days, by name, for whoever places sessions; one query."""
    rows = visible(actor, Availability).filter(starts__lte=last, ends__gte=first, person__erased_at=None)
    return list(rows.select_related("person").order_by("person__pinyin", "person", "starts", "pk")[:SHOWN])


def span_words(row: rules.Span) -> str:
    """When a statement holds, in words."""
    return rules.span_said(row)


def teachers(actor: Actor) -> QuerySet[Person]:
    """The school's teachers by seat or by lessons, and whoever else stated a time, for whoever places sessions."""
    require(actor, "people.availabilities")
    rows = Person.objects.filter(school_id=actor.school_id or 0, erased_at=None, merged_into=None)
    seated = Exists(Seat.objects.filter(person=OuterRef("pk"), role=Role.TEACHER))
    spoke = Exists(Availability.objects.filter(person=OuterRef("pk")))
    meant = Q(seated) | Q(spoke)
    for condition in TEACHING:
        meant |= Q(condition())
    return rows.filter(meant).select_related("organisation").order_by("pinyin", "id")


def who_said(rows: QuerySet[Person], kind: str) -> QuerySet[Person]:
    """Of some persons those who stated a kind of time from today on; `none` are those who stated nothing."""
    ahead = Availability.objects.filter(person=OuterRef("pk"), ends__gte=timezone.localdate())
    if kind == "none":
        return rows.exclude(Exists(ahead))
    return rows.filter(Exists(ahead.filter(kind=kind)))


def ahead_of(actor: Actor, people: Iterable[Person]) -> dict[int, dict[str, list[Availability]]]:
    """What people stated from today on, by person and kind, in one query."""
    rows = visible(actor, Availability).filter(
        person__in=[person.pk for person in people], ends__gte=timezone.localdate()
    )
    found: dict[int, dict[str, list[Availability]]] = {}
    for row in rows:
        found.setdefault(row.person_id, {}).setdefault(row.kind, []).append(row)
    return found


def statements_of(actor: Actor, person: Person) -> list[Availability]:
    """All that one person stated, the coming first, then the past."""
    rows = visible(actor, Availability).filter(person=person).select_related("entered_by")
    today = timezone.localdate()
    return sorted(rows, key=lambda row: (row.ends < today, row.starts, row.pk))


def statements_of_many(actor: Actor, person_ids: Iterable[int]) -> QuerySet[Availability]:
    """All that some people stated, by name and time."""
    rows = visible(actor, Availability).filter(person__in=list(person_ids))
    return rows.select_related("person__organisation").order_by("person__pinyin", "person", "starts", "pk")


def held_of(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """What is held of a person, for the person's own export (PIPL art. 45)."""
    require(actor, "people.self", person)
    return [
        {
            "类别": str(row.get_kind_display()), "时间": rules.span_said(row), "备注": row.note,
            "登记时间": row.entered_at.isoformat(), "登记人": "本人" if row.entered_by_id == person.pk else "教务",
        }
        for row in Availability.objects.filter(person=person)
    ]  # fmt: skip
