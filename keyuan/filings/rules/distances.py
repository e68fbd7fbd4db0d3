"""On which days whoever owes a filing is reminded, reckoned from its deadline."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

# Past the deadline: the day after it, then every week for three weeks; afterwards people telephone.
AFTER = (1, 8, 15, 22)
MOST, LONGEST = 8, 90


def read_distances(text: str) -> list[int]:
    """“14、7、3、1” as days before the deadline, the longest first. Raises ValueError for anything else."""
    words = [word for word in re.split(r"[\s,，、;；]+", text.strip()) if word]
    found = sorted({int(word) for word in words}, reverse=True)
    if len(found) > MOST or any(not 0 <= days <= LONGEST for days in found):
        raise ValueError(text)
    return found


def last_mark(deadline: date, distances: Sequence[int], today: date) -> date | None:
    """The last day up to today on which a reminder was due; None before the first.

    A unit is reminded unless it was since that day: a server that stood still makes up for the last only.
    """
    marks = [deadline - timedelta(days=days) for days in distances]
    marks += [deadline + timedelta(days=days) for days in AFTER]
    return max((mark for mark in marks if mark <= today), default=None)
