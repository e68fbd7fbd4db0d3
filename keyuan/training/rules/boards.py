"""The boards over all classes: what is asked for, what clashes, and which row each session stands in; pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import combinations
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from keyuan.training.models import Session, Stop, TrainingClass
from keyuan.training.rules.slots import ORDER, slot_of
from keyuan.training.rules.travel import normal

WEEK, TEACHERS, ROOMS = "week", "teachers", "rooms"
FILTERS = ("klass", "kind", "department", "teacher", "room", "mark")
MARKS = ("clash", "warned", "unreleased")
DAYS = 7
# Years a typed date may name; beyond them no calendar is known and no class is held.
YEARS = range(2000, 2100)
NONE = "-"
NOON, EVENING = time(12), time(18)


@dataclass(frozen=True)
class Asked:
    """What a board is asked to show (查看条件): the view, the day, how rows are made, and what narrows it."""

    view: str
    day: date
    by_half: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return self.day - timedelta(days=self.day.weekday())

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def is_narrowed(self) -> bool:
        """Whether something is left out."""
        return any(self.chosen.values())

    def link(self, *, days: int = 0, day: date | None = None, **changes: str) -> str:
        """`?…` for this board so many days on or on another day, the rest kept."""
        values = {
            "date": str((day or self.day) + timedelta(days=days)),
            "rows": "half" if self.by_half else "",
        }
        values |= {**self.chosen, **changes}
        return "?" + urlencode({name: value for name, value in values.items() if value})

    @property
    def plain(self) -> str:
        """The same week with nothing left out."""
        return replace(self, chosen={}).link()


def asked(view: str, typed: Mapping[str, str], today: date) -> Asked:
    """What an address asks for; a date nobody can read means today."""
    chosen = {name: typed.get(name, "").strip()[:100] for name in FILTERS}
    return Asked(view, _day(typed.get("date", ""), today), typed.get("rows") == "half", chosen)


def _day(text: str, today: date) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return today
    return found if found.year in YEARS else today


@dataclass
class Entry:
    """One session on a board (总览课次), with what is provisional or amiss about it in words.

    A stop of a journey stands there as a session that is never stored: without teacher, hours and clashes.
    """

    session: Session
    state: str = ""
    clashes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    is_stop: bool = False

    @property
    def klass(self) -> TrainingClass:
        """Its class."""
        return self.session.training_class


@dataclass
class Line:
    """One row of a board (总览行): a class, a half-day, a teacher or a room, with its entries by day."""

    key: str
    title: str
    note: str = ""
    klass: TrainingClass | None = None
    cells: dict[date, list[Entry]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many sessions stand in it."""
        return sum(not entry.is_stop for entries in self.cells.values() for entry in entries)

    @property
    def stops(self) -> int:
        """How many stops stand in it."""
        return sum(map(len, self.cells.values())) - self.count


def stop_entry(stop: Stop, state: str) -> Entry:
    """A stop of a journey at its place and hours; its key is below nought, so that it is no session's."""
    half = "am" if stop.arrives < NOON else "pm" if stop.arrives < EVENING else "ev"
    city = stop.city.strip()
    place = stop.place if not city or city in stop.place else f"{city} {stop.place}"
    session = Session(
        pk=-stop.pk, training_class=stop.training_class, school_id=stop.training_class.school_id,
        kind=Session.Kind.FIELD, title=stop.purpose, date=stop.date, half=half, starts=stop.arrives, ends=stop.leaves,
        place=place, hours=0, released=True,
    )  # fmt: skip
    return Entry(session, state, is_stop=True)


def room_key(session: Session) -> str:
    """One room however it is written; a dash while none is named."""
    return normal(session.place) or NONE


def teacher_key(session: Session) -> str:
    """The teacher's number; a dash while none is named."""
    return str(session.teacher_id or NONE)


KEYS: Mapping[str, Callable[[Session], str]] = {
    "klass": lambda session: str(session.training_class_id),
    "kind": lambda session: session.training_class.kind,
    "department": lambda session: str(session.training_class.department_id),
    "teacher": teacher_key,
    "room": room_key,
}
_MARKED: Mapping[str, Callable[[Entry], bool]] = {
    "clash": lambda entry: bool(entry.clashes),
    "warned": lambda entry: bool(entry.clashes or entry.warnings),
    "unreleased": lambda entry: bool(entry.state),
}


def narrowed(entries: Iterable[Entry], chosen: Mapping[str, str]) -> list[Entry]:
    """The entries that everything chosen leaves; a mark nobody knows leaves none."""
    keys = [(KEYS[name], value) for name, value in chosen.items() if value and name in KEYS]
    found = [entry for entry in entries if all(key(entry.session) == value for key, value in keys)]
    mark = chosen.get("mark", "")
    if not mark:
        return found
    marked = _MARKED.get(mark)
    return [entry for entry in found if marked and marked(entry)]


def clashes(sessions: Sequence[Session]) -> dict[int, list[str]]:
    """Which sessions overlap with the same class, teacher or room, in words, by key.

    The database refuses what is written alike; two spellings of one room it takes for two.
    """
    found: dict[int, list[str]] = {}
    for one, two in overlapping(sessions):
        if reason := _reason(one, two):
            found.setdefault(one.pk, []).append(_clash(reason, two))
            found.setdefault(two.pk, []).append(_clash(reason, one))
    return found


def overlapping(sessions: Iterable[Session]) -> list[tuple[Session, Session]]:
    """Each two sessions that are held at one time."""
    days: dict[date, list[Session]] = {}
    for session in sessions:
        days.setdefault(session.date, []).append(session)
    pairs = (pair for rows in days.values() for pair in combinations(rows, 2))
    return [(one, two) for one, two in pairs if slot_of(one).meets(slot_of(two))]


def _reason(one: Session, two: Session) -> str:
    if one.training_class_id == two.training_class_id:
        return _("本班冲突")
    if one.teacher_id and one.teacher_id == two.teacher_id:
        return _("主讲冲突")
    return _("场地冲突") if normal(one.place) and room_key(one) == room_key(two) else ""


def _clash(reason: str, other: Session) -> str:
    words = _("%(why)s：同时有“%(klass)s”的“%(title)s”（%(a)s—%(b)s）")
    return words % {
        "why": reason, "klass": other.training_class.title, "title": other.title,
        "a": f"{other.starts:%H:%M}", "b": f"{other.ends:%H:%M}",
    }  # fmt: skip


def lines(entries: Iterable[Entry], asked_for: Asked) -> list[Line]:
    """The rows of a board with their entries, each in order of time."""
    make = {TEACHERS: _teacher_line, ROOMS: _room_line}.get(asked_for.view)
    make = make or (_half_line if asked_for.by_half else _class_line)
    found: dict[tuple[object, ...], Line] = {}
    for entry in sorted(entries, key=lambda each: (each.session.date, each.session.starts, each.session.pk)):
        order, line = make(entry.session)
        found.setdefault(order, line).cells.setdefault(entry.session.date, []).append(entry)
    return [found[order] for order in sorted(found, key=repr_key)]


def repr_key(order: tuple[object, ...]) -> tuple[object, ...]:
    """What has no name comes last; the rest in the order given."""
    return (order[-1] == NONE, *order)


Made = tuple[tuple[object, ...], Line]


def _class_line(session: Session) -> Made:
    klass = session.training_class
    key = str(klass.pk)
    return (klass.starts, klass.title, key), Line(key, klass.title, str(klass.department), klass)


def _half_line(session: Session) -> Made:
    title = str(dict(Session.Half.choices)[session.half])
    return (ORDER[session.half], session.half), Line(session.half, title)


def _teacher_line(session: Session) -> Made:
    key, who = teacher_key(session), session.teacher
    if who is None:
        return ("", key), Line(key, _("未定主讲"))
    return (who.pinyin, who.name, key), Line(key, who.name, str(who.unit or ""))


def _room_line(session: Session) -> Made:
    key = room_key(session)
    return (key,), Line(key, session.place.strip() or _("未定地点"))
