"""Which activities of a year want the same people or the same week, told in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

from django.utils.translation import gettext as _

# Months; what lasts longer is no event that asks for somebody's whole time.
SHORT = 3


@dataclass(frozen=True)
class Span:
    """An activity's months in its year (时间段), with whom it asks: who answers for it, which people it is for."""

    activity_id: int
    name: str
    first: int
    last: int
    owner: str = ""
    owner_id: int | None = None
    audience: str = ""


@dataclass(frozen=True)
class Run:
    """Something held under an activity on certain days (场次), such as a class."""

    activity_id: int
    title: str
    link: str
    starts: date
    ends: date


@dataclass(frozen=True)
class Conflict:
    """Two activities that get in each other's way (冲突), with the sentence that says how."""

    kind: str
    activities: tuple[int, int]
    words: str


def overlap(one: Span, other: Span) -> tuple[int, int] | None:
    """The months both run in, first and last; None where there is none."""
    first, last = max(one.first, other.first), min(one.last, other.last)
    return (first, last) if first <= last else None


def months_words(first: int, last: int) -> str:
    """3月, 3—5月."""
    return _("%(a)s月") % {"a": first} if first == last else _("%(a)s—%(b)s月") % {"a": first, "b": last}


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def conflicts(spans: Sequence[Span], runs: Iterable[Run]) -> list[Conflict]:
    """Every pair that shares an owner or an audience in the same months, or holds something in the same week.

    What goes on for long leaves room beside it: only activities of three months at most are compared by month.
    """
    return [*_same_people(spans), *_same_week(list(runs), {span.activity_id: span.name for span in spans})]


def _same_people(spans: Sequence[Span]) -> list[Conflict]:
    found = []
    for one, other in combinations(spans, 2):
        both = overlap(one, other)
        if both is None or max(_length(one), _length(other)) > SHORT:
            continue
        told = {
            "a": one.name,
            "b": other.name,
            "when": months_words(*both),
            "who": one.owner,
            "people": one.audience,
        }
        pair = (one.activity_id, other.activity_id)
        if one.owner_id is not None and one.owner_id == other.owner_id:
            words = _("“%(a)s”与“%(b)s”同由%(who)s负责，%(when)s重叠。")
            found.append(Conflict("owner", pair, words % told))
        if one.audience and one.audience == other.audience:
            words = _("“%(a)s”与“%(b)s”都面向%(people)s，%(when)s重叠。")
            found.append(Conflict("audience", pair, words % told))
    return found


def _length(span: Span) -> int:
    return span.last - span.first + 1


def _same_week(runs: Sequence[Run], names: dict[int, str]) -> list[Conflict]:
    found: dict[tuple[date, int, int], Conflict] = {}
    for one, other in combinations(sorted(runs, key=lambda run: (run.starts, run.title)), 2):
        if one.activity_id == other.activity_id or not {one.activity_id, other.activity_id} <= names.keys():
            continue
        shared = max(week_of(one.starts), week_of(other.starts))
        if shared > min(week_of(one.ends), week_of(other.ends)):
            continue
        key = (shared, one.activity_id, other.activity_id)
        words = _("“%(a)s”与“%(b)s”都在 %(day)s 起的一周举办。")
        told = {"a": one.title, "b": other.title, "day": shared.isoformat()}
        found.setdefault(key, Conflict("week", key[1:], words % told))
    return [found[key] for key in sorted(found)]
