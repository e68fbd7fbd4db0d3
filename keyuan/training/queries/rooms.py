"""Free rooms: which rooms of the school nothing is held in at a time, and what holds the others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.utils import timezone

from keyuan.kernel.access import Actor, can, visible
from keyuan.kernel.calendar import half_of
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries.slots import ROOM_YEARS
from keyuan.training.rules.travel import normal

# What is held elsewhere than in a room: a place met only there is none.
OUTSIDE = (Session.Kind.FIELD, Session.Kind.STUDY, Session.Kind.VISIT, Session.Kind.ONLINE)
ALL_DAY = "day"


@dataclass(frozen=True)
class Wanted:
    """When a room is looked for (找空教室): days, and a half-day, the whole day, or from when to when."""

    first: date
    last: date
    half: str
    starts: time | None = None
    ends: time | None = None

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Holding:
    """What a room is taken by (占用); a session the actor may not see is not named."""

    session: Session
    seen: bool


@dataclass
class Room:
    """One place lessons are held in (教室), as it is mostly written."""

    name: str
    uses: int
    held: list[Holding] = field(default_factory=list)

    @property
    def days(self) -> int:
        """On how many days something stands in the way."""
        return len({each.session.date for each in self.held})


@dataclass(frozen=True)
class Found:
    """What a search found (查找结果)."""

    wanted: Wanted
    free: list[Room]
    taken: list[Room]
    klass: TrainingClass | None = None

    def place_link(self, room: Room) -> str:
        """The prefilled form that puts a session of the chosen class there."""
        if self.klass is None:
            return ""
        wanted = self.wanted
        half = str(half_of(wanted.starts)) if wanted.starts else wanted.half
        facts = {
            "date": max(wanted.first, self.klass.starts).isoformat(),
            "half": "am" if half == ALL_DAY else half, "place": room.name,
        }  # fmt: skip
        if wanted.starts and wanted.ends:
            facts |= {"starts": f"{wanted.starts:%H:%M}", "ends": f"{wanted.ends:%H:%M}"}
        return f"/classes/{self.klass.pk}/timetable/add/?{urlencode(facts)}"


def found(actor: Actor, wanted: Wanted, klass: TrainingClass | None = None) -> Found:
    """Every room of the school, free or taken, in three queries however many there are."""
    rooms = _rooms(actor.school_id or 0, wanted.last)
    rows = list(_held(actor.school_id or 0, wanted))
    ids = {row.training_class_id for row in rows}
    seen = set(visible(actor, TrainingClass).filter(pk__in=ids).values_list("pk", flat=True)) if ids else ()
    for row in rows:
        if (room := rooms.get(normal(row.place))) is not None:
            room.held.append(Holding(row, row.training_class_id in seen))
    free = [room for room in rooms.values() if not room.held]
    taken = sorted((room for room in rooms.values() if room.held), key=lambda room: (room.days, room.name))
    return Found(wanted, sorted(free, key=lambda room: (-room.uses, room.name)), taken, klass)


def _held(school_id: int, wanted: Wanted) -> QuerySet[Session]:
    rows = Session.objects.filter(school_id=school_id, date__range=(wanted.first, wanted.last))
    rows = rows.exclude(place="").exclude(training_class__state="cancelled")
    if wanted.starts and wanted.ends:
        rows = rows.filter(starts__lt=wanted.ends, ends__gt=wanted.starts)
    elif wanted.half != ALL_DAY:
        rows = rows.filter(half=wanted.half)
    return rows.select_related("training_class", "teacher").order_by("date", "starts", "pk")


def _rooms(school_id: int, until: date) -> dict[str, Room]:
    """The rooms lessons were held in these years, by how they are written without blanks and widths."""
    since = until - timedelta(days=365 * ROOM_YEARS)
    rows = Session.objects.filter(school_id=school_id, date__gte=since).exclude(place="")
    rows = rows.exclude(kind__in=OUTSIDE).exclude(training_class__state="cancelled")
    counted = rows.order_by().values("place").annotate(n=Count("pk")).values_list("place", "n")
    written: dict[str, Counter[str]] = {}
    for place, uses in counted:
        written.setdefault(normal(place), Counter())[place.strip()] += uses
    return {
        key: Room(names.most_common(1)[0][0], names.total()) for key, names in sorted(written.items()) if key
    }


def plannable(actor: Actor, day: date) -> list[TrainingClass]:
    """The classes a session could still be placed in from a day or from today on, by those who keep their timetables."""
    since = min(day, timezone.localdate())
    rows = visible(actor, TrainingClass).filter(ends__gte=since).exclude(state__in=("closed", "cancelled"))
    return [klass for klass in rows.order_by("starts", "title") if can(actor, "training.timetable", klass)]


def choices_of(classes: Iterable[TrainingClass]) -> list[tuple[str, str]]:
    """Classes as options of a form."""
    return [(str(klass.pk), klass.title) for klass in classes]


def wanted_of(facts: Mapping[str, Any]) -> Wanted:
    """What a form asks for."""
    return Wanted(
        facts["date"], facts["until"] or facts["date"], facts["half"], facts["starts"], facts["ends"]
    )
