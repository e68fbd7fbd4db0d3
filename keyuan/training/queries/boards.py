"""The boards over all classes read: a week by class, teacher or room, as far as the actor sees it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import calendar
from keyuan.kernel.access import Actor, visible
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.people.roles import OFFICE
from keyuan.training.models import Nomination, ReleasedSession, Session, Stop, TrainingClass
from keyuan.training.queries import released
from keyuan.training.queries.warnings import warnings_for
from keyuan.training.rules import boards
from keyuan.training.rules.boards import Asked, Entry, Line

PROVISIONAL = ("draft", "submitted", "approved")
Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Day:
    """One column of a board (总览日): the day, what it is called, how many sessions and stops it holds."""

    date: date
    name: str
    count: int
    stops: int = 0


@dataclass(frozen=True)
class Board:
    """A week of all classes as one actor asked for it (课表总览)."""

    asked: Asked
    days: list[Day]
    lines: list[Line]
    entries: list[Entry]
    stops: list[Entry]
    total: int
    options: Mapping[str, Options]
    office: bool
    unknown: bool

    @property
    def clashing(self) -> int:
        """How many of the sessions shown clash."""
        return sum(1 for entry in self.entries if entry.clashes)

    @property
    def warned(self) -> int:
        """How many of the sessions shown have something to be thought of."""
        return sum(1 for entry in self.entries if entry.warnings)

    @property
    def unreleased(self) -> int:
        """How many of the sessions shown are provisional."""
        return sum(1 for entry in self.entries if entry.state)

    @property
    def today(self) -> Day:
        """The day the phone shows."""
        return next(day for day in self.days if day.date == self.asked.day)


def asked_for(view: str, typed: Mapping[str, str]) -> Asked:
    """What an address asks of a board."""
    return boards.asked(view, typed, timezone.localdate())


def board(actor: Actor, asked: Asked) -> Board:
    """One week; the number of queries does not grow with its sessions."""
    entries = _entries(actor, asked)
    legs = _stops(actor, asked)
    shown = boards.narrowed(entries, asked.chosen)
    stops = [] if asked.chosen.get("teacher") else boards.narrowed(legs, asked.chosen)
    names = calendar.names(asked.monday, asked.sunday)
    week = [asked.monday + timedelta(days=n) for n in range(boards.DAYS)]
    days = [Day(day, names.get(day, ""), _on(shown, day), _on(stops, day)) for day in week]
    return Board(
        asked, days, boards.lines([*shown, *stops], asked), shown, stops, len(entries),
        _options(actor, asked, [*entries, *legs]),
        office=bool(actor.roles.intersection(OFFICE)),
        unknown=not all(calendar.is_published(day.year) for day in (asked.monday, asked.sunday)),
    )  # fmt: skip


def _on(entries: Iterable[Entry], day: date) -> int:
    return sum(entry.session.date == day for entry in entries)


def _stops(actor: Actor, asked: Asked) -> list[Entry]:
    """Where journeys lead in the week, for rows of classes, half-days and rooms: a stop has no teacher.

    Of classes that somebody else keeps, once they are published.
    """
    if asked.view == boards.TEACHERS:
        return []
    rows = visible(actor, Stop).filter(date__range=(asked.monday, asked.sunday))
    rows = rows.exclude(training_class__state=TrainingClass.State.CANCELLED)
    if not actor.roles.intersection(OFFICE):
        own = Q(training_class__head_teacher_id=actor.person_id or 0)
        rows = rows.filter(own | ~Q(training_class__state__in=PROVISIONAL))
    found = rows.select_related("training_class__department")
    return [boards.stop_entry(stop, _provisional(stop.training_class)) for stop in found]


def _provisional(klass: TrainingClass) -> str:
    if klass.state not in PROVISIONAL:
        return ""
    return _("未发布（班次%(state)s）") % {"state": klass.get_state_display()}


def _entries(actor: Actor, asked: Asked) -> list[Entry]:
    """Every session of the week that the actor sees, with what is to be said of it."""
    working, told = _sessions(actor, asked.monday, asked.sunday)
    rows = [*working, *told]
    clashes, shared = boards.clashes(rows), _shared(actor, rows)
    warnings = warnings_for(working)
    new = [row.pk for row in working if not row.released]
    known = ReleasedSession.objects.filter(number__in=new, cancelled_at=None) if new else None
    changed = set(known.values_list("number", flat=True)) if known is not None else set()
    return [
        Entry(
            row, _state(row, changed=row.pk in changed), clashes.get(row.pk, []),
            [*shared.get(row.pk, []), *warnings.get(row.pk, [])],
        )
        for row in rows
    ]  # fmt: skip


def _sessions(actor: Actor, first: date, last: date) -> tuple[list[Session], list[Session]]:
    """Sessions as they are worked on, for those who keep them, and as they were released, of all other classes."""
    rows = visible(actor, Session).filter(date__range=(first, last))
    rows = rows.exclude(training_class__state="cancelled").select_related(
        "training_class__department", "teacher__organisation"
    )
    if actor.roles.intersection(OFFICE):
        return list(rows), []
    mine = rows.filter(training_class__head_teacher_id=actor.person_id or 0)
    others = released.holding(actor).filter(date__range=(first, last)).exclude(
        training_class__head_teacher_id=actor.person_id or 0
    ).exclude(training_class__state="cancelled")  # fmt: skip
    return list(mine), released.shown(others.select_related("training_class__department"))


def _state(session: Session, *, changed: bool) -> str:
    if said := _provisional(session.training_class):
        return said
    if session.released:
        return ""
    return _("改动未发布") if changed else _("未发布")


def _shared(actor: Actor, sessions: Sequence[Session]) -> dict[int, list[str]]:
    """Sessions of two classes at one time that some trainees are admitted to both of, in one query."""
    pairs = [
        pair
        for pair in boards.overlapping(sessions)
        if pair[0].training_class_id != pair[1].training_class_id
    ]
    classes = {each.training_class_id for pair in pairs for each in pair}
    if not classes:
        return {}
    rows = visible(actor, Nomination).filter(training_class__in=classes, state="admitted").order_by()
    twice = rows.values("person_id").annotate(n=Count("pk")).filter(n__gt=1).values("person_id")
    people: dict[int, set[int]] = {}
    for klass, person in rows.filter(person_id__in=twice).values_list("training_class_id", "person_id"):
        people.setdefault(klass, set()).add(person)
    found: dict[int, list[str]] = {}
    words = _("有 %(n)s 名学员同时在“%(klass)s”上课，请错开或告知。")
    for one, two in pairs:
        both = people.get(one.training_class_id, set()) & people.get(two.training_class_id, set())
        for here, there in ((one, two), (two, one)) if both else ():
            found.setdefault(here.pk, []).append(
                words % {"n": len(both), "klass": there.training_class.title}
            )
    return found


def _options(actor: Actor, asked: Asked, entries: Sequence[Entry]) -> dict[str, Options]:
    """What a board can be narrowed by: what the week holds, and what is chosen though this week has none of it."""
    legs = {entry.session.pk for entry in entries if entry.is_stop}
    rows = [entry.session for entry in entries]
    kinds = {row.training_class.kind for row in rows} | {asked.chosen.get("kind", "")}
    found: dict[str, dict[str, str]] = {name: {} for name in boards.KEYS}
    for row in rows:
        found["klass"][boards.KEYS["klass"](row)] = row.training_class.title
        found["department"][boards.KEYS["department"](row)] = str(row.training_class.department)
        if row.pk not in legs:
            found["teacher"][boards.teacher_key(row)] = str(row.teacher or _("未定主讲"))
        found["room"].setdefault(boards.room_key(row), row.place.strip() or _("未定地点"))
    for name, read in _ELSEWHERE.items():
        value = asked.chosen.get(name, "")
        if value and value not in found[name]:
            found[name] |= read(actor, value)
    listed = {name: sorted(options.items(), key=lambda each: each[1]) for name, options in found.items()}
    listed["kind"] = [(key, str(words)) for key, words in TrainingClass.Kind.choices if key in kinds]
    marks = (_("有冲突"), _("有冲突或提醒"), _("未发布"))
    return {**listed, "mark": list(zip(boards.MARKS, marks, strict=True))}


def _named(model: type[Any]) -> Callable[[Actor, str], dict[str, str]]:
    """How a chosen thing that this week knows nothing of is called, if the actor may see it."""

    def read(actor: Actor, value: str) -> dict[str, str]:
        rows = visible(actor, model).filter(pk=value) if value.isdecimal() else ()
        return {str(row.pk): str(row) for row in rows}

    return read


def _no_teacher_or(actor: Actor, value: str) -> dict[str, str]:
    return {value: _("未定主讲")} if value == boards.NONE else _named(Person)(actor, value)


def _room(_actor: Actor, value: str) -> dict[str, str]:
    return {value: _("未定地点") if value == boards.NONE else value}


_ELSEWHERE: Mapping[str, Callable[[Actor, str], dict[str, str]]] = {
    "klass": _named(TrainingClass), "department": _named(Organisation), "teacher": _no_teacher_or, "room": _room,
}  # fmt: skip
