"""Getting from one place to the next on one day; pure."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

# A session that runs through this hour leaves no time to eat.
NOON = (time(12), time(13))


@dataclass(frozen=True, order=True)
class Visit:
    """Being at a place for a while on one day (到场); `key` says for which session, nought for a stop."""

    starts: time
    ends: time
    place: str
    key: int = 0


def normal(place: str) -> str:
    """A place's name without blanks and widths, so that ３号 教室 and 3号教室 are one."""
    return "".join(unicodedata.normalize("NFKC", place).split()).casefold()


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def too_short(visits: Iterable[Visit], minutes: int) -> list[tuple[Visit, Visit, int]]:
    """Each two visits in a row at different places with less than `minutes` between; the minutes there are.

    Visits without a place say nothing, and those that overlap are a clash or a session held at a stop.
    """
    found = []
    for one, two in pairwise(sorted(each for each in visits if normal(each.place))):
        gap = _minutes(two.starts) - _minutes(one.ends)
        if 0 <= gap < minutes and normal(one.place) != normal(two.place):
            found.append((one, two, gap))
    return found


def crosses_lunch(starts: time, ends: time) -> bool:
    """Whether the whole hour from noon is taken."""
    return starts <= NOON[0] and ends >= NOON[1]
