"""What differs between two states of a timetable, in figures and in words; pure."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel.calendar import with_weekday
from keyuan.training.models import ReleasedSession, Session

TIMES = ("date", "half", "starts", "ends")
# In the order one asks: when, who, where, what.
FIELDS = (*TIMES, "teacher", "place", "title", "kind", "hours")
KINDS, HALVES = dict(Session.Kind.choices), dict(Session.Half.choices)


Moment = tuple[date, time, int]


@dataclass(frozen=True)
class Line:
    """One session as a version keeps it (课次记录): the teacher by number, never by name."""

    session: int
    kind: str
    title: str
    date: date
    half: str
    starts: time
    ends: time
    teacher: int | None
    place: str
    hours: Decimal

    def as_facts(self) -> dict[str, Any]:
        """As JSON holds it; `read` gives the same line back."""
        told = {
            "date": self.date.isoformat(),
            "starts": self.starts.isoformat(),
            "ends": self.ends.isoformat(),
        }
        return asdict(self) | told | {"hours": f"{self.hours.normalize():f}"}

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Line":
        """What `as_facts` wrote."""
        return cls(
            **{name: facts[name] for name in ("session", "kind", "title", "half", "teacher", "place")},
            date=date.fromisoformat(facts["date"]), starts=time.fromisoformat(facts["starts"]),
            ends=time.fromisoformat(facts["ends"]), hours=Decimal(facts["hours"]),
        )  # fmt: skip

    @property
    def moment(self) -> Moment:
        """Its place in the timetable."""
        return self.date, self.starts, self.session

    @property
    def ends_at(self) -> datetime:
        """When it is over, on the clock of the place."""
        return datetime.combine(self.date, self.ends)


def line_of(row: Session | ReleasedSession) -> Line:
    """A session as it is worked on, or as it was released."""
    return Line(
        row.number if isinstance(row, ReleasedSession) else row.pk, row.kind, row.title, row.date, row.half,
        row.starts, row.ends, row.teacher_id, row.place, row.hours,
    )  # fmt: skip


@dataclass(frozen=True)
class Change:
    """What became of one session (一处改动): `was` is missing where it is new, `now` where it is gone."""

    was: Line | None
    now: Line | None

    @property
    def line(self) -> Line:
        """The session as it is, or as it was where it is gone."""
        found = self.now or self.was
        assert found is not None  # noqa: S101 - a change has one of the two
        return found

    @property
    def fields(self) -> tuple[str, ...]:
        """Which facts differ; all of them for a session that is new or gone."""
        if self.was is None or self.now is None:
            return FIELDS
        return tuple(name for name in FIELDS if getattr(self.was, name) != getattr(self.now, name))

    @property
    def teachers(self) -> tuple[int, ...]:
        """Who gave it and who gives it."""
        found = [line.teacher for line in (self.was, self.now) if line is not None and line.teacher]
        return tuple(dict.fromkeys(found))

    def concerns_trainees(self, now: datetime) -> bool:
        """Whether it changes when, where or what they attend; hours alone do not, nor does what is over."""
        last = max(line.ends_at for line in (self.was, self.now) if line is not None)
        return last > now and set(self.fields) != {"hours"}


@dataclass(frozen=True)
class Difference:
    """All that differs between two states of a timetable (差异), in the order of the timetable."""

    changes: tuple[Change, ...] = ()

    def __len__(self) -> int:
        """How many sessions differ."""
        return len(self.changes)

    def of_teacher(self, person_id: int) -> list[Change]:
        """What concerns somebody's own sessions, those lost included."""
        return [change for change in self.changes if person_id in change.teachers]


def difference(was: Iterable[Line], now: Iterable[Line]) -> Difference:
    """What happened to each session between two states."""
    before, after = {line.session: line for line in was}, {line.session: line for line in now}
    found = [
        Change(before.get(key), after.get(key))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]
    return Difference(tuple(sorted(found, key=lambda change: change.line.moment)))


def applied(was: Iterable[Line], found: Difference) -> list[Line]:
    """The state after a difference: applied to what it was taken from it gives what it was taken to."""
    lines = {line.session: line for line in was}
    for change in found.changes:
        if change.now is None:
            lines.pop(change.line.session, None)
        else:
            lines[change.line.session] = change.now
    return sorted(lines.values(), key=lambda line: line.moment)


def mark(found: Difference) -> str:
    """A short mark of a difference: it is another as soon as anything differs."""
    told = [[line.as_facts() if line else None for line in (each.was, each.now)] for each in found.changes]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def undone(found: Difference) -> Difference:
    """The way back."""
    changes = [Change(change.now, change.was) for change in found.changes]
    return Difference(tuple(sorted(changes, key=lambda change: change.line.moment)))


Names = Mapping[int, str]


def when_words(line: Line) -> str:
    """10月8日（星期四）上午 09:00—11:30."""
    return f"{with_weekday(line.date)}{_half_words(line)}"


def _half_words(line: Line) -> str:
    return f"{HALVES[line.half]} {line.starts:%H:%M}—{line.ends:%H:%M}"


def words(change: Change, names: Names | None = None) -> str:
    """One change as a sentence. Without `names` no teacher is named, as in what is sent out."""
    title = {"title": change.line.title}
    if change.was is None:
        return _("新增“%(title)s”：%(facts)s") % (title | {"facts": _facts_words(change.line, names)})
    if change.now is None:
        return _("取消“%(title)s”（原定%(when)s）") % (title | {"when": when_words(change.line)})
    said = [write(change.was, change.now, names) for keys, write in _SAID if keys.intersection(change.fields)]
    return _("“%(title)s”%(what)s") % {"title": change.was.title, "what": _("；").join(said)}


def own_words(change: Change, person_id: int) -> str:
    """One change as the teacher whom it concerns reads it."""
    had = change.was is not None and change.was.teacher == person_id
    gives = change.now is not None and change.now.teacher == person_id
    told = {"title": change.line.title, "facts": _facts_words(change.line, None)}
    if gives and not had:
        return _("“%(title)s”由您主讲：%(facts)s") % told
    if had and not gives and change.now is not None:
        return _("“%(title)s”不再由您主讲") % told
    return words(change)


def few_words(said: Sequence[str], most: int = 3) -> str:
    """The first few sentences in one line, and how many there are where there are more."""
    line = _("。").join(said[:most])
    return line if len(said) <= most else _("%(line)s，等 %(n)s 处") % {"line": line, "n": len(said)}


def _facts_words(line: Line, names: Names | None) -> str:
    teacher = _("主讲%(name)s") % {"name": names.get(line.teacher, "")} if names and line.teacher else ""
    return _("，").join(part for part in (when_words(line), line.place, teacher) if part)


def _none(text: str) -> str:
    return text or _("未定")


def _moved(was: Line, now: Line, names: Names | None) -> str:
    later = when_words(now) if was.date != now.date else _half_words(now)
    return _("时间由%(was)s改到%(now)s") % {"was": when_words(was), "now": later}


def _teacher(was: Line, now: Line, names: Names | None) -> str:
    if names is None:
        return _("主讲有调整")
    told = {key: _none(names.get(line.teacher or 0, "")) for key, line in (("was", was), ("now", now))}
    return _("主讲由%(was)s改为%(now)s") % told


def _place(was: Line, now: Line, names: Names | None) -> str:
    return _("地点由%(was)s改为%(now)s") % {"was": _none(was.place), "now": _none(now.place)}


def _title(was: Line, now: Line, names: Names | None) -> str:
    return _("内容改为“%(now)s”") % {"now": now.title}


def _kind(was: Line, now: Line, names: Names | None) -> str:
    return _("形式由%(was)s改为%(now)s") % {"was": KINDS[was.kind], "now": KINDS[now.kind]}


def _hours(was: Line, now: Line, names: Names | None) -> str:
    return _("学时由%(was)s改为%(now)s") % {
        "was": f"{was.hours.normalize():f}",
        "now": f"{now.hours.normalize():f}",
    }


_SAID: tuple[tuple[frozenset[str], Callable[[Line, Line, Names | None], str]], ...] = (
    (frozenset(TIMES), _moved), (frozenset({"teacher"}), _teacher), (frozenset({"place"}), _place),
    (frozenset({"title"}), _title), (frozenset({"kind"}), _kind), (frozenset({"hours"}), _hours),
)  # fmt: skip
