"""Where in a half-day a session can stand; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from keyuan.training.models import Session

# Between which times a session of a half-day begins, and when it is over at the latest.
HALVES = {"am": (time(6), time(13)), "pm": (time(12), time(18, 30)), "ev": (time(18), time(22, 30))}
# When a half-day begins as long as nothing else is said.
USUAL = {"am": time(9), "pm": time(14, 30), "ev": time(19, 30)}
ORDER = {"am": 0, "pm": 1, "ev": 2}
# Five minutes to change places, as the next lesson of a half-day begins after the one before.
PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, order=True)
class Slot:
    """A time on one day (时段)."""

    date: date
    starts: time
    ends: time
    half: str = "am"

    def meets(self, other: "Slot") -> bool:
        """Whether the two overlap; one may begin the minute the other ends."""
        return self.date == other.date and self.starts < other.ends and self.ends > other.starts


def slot_of(session: Session) -> Slot:
    """When a session is."""
    return Slot(session.date, session.starts, session.ends, session.half)


def length(slot: Slot) -> timedelta:
    """How long it lasts."""
    return datetime.combine(slot.date, slot.ends) - datetime.combine(slot.date, slot.starts)


def placed(day: date, half: str, starts: time, lasting: timedelta) -> Slot | None:
    """The slot of that length from a time on; None when it leaves the half-day."""
    first, last = HALVES[half]
    begins = datetime.combine(day, starts)
    ends = begins + lasting
    if not first <= starts <= last or ends.date() != day or ends.time() > last:
        return None
    return Slot(day, starts, ends.time(), half)


def free_in(
    day: date, half: str, lasting: timedelta, busy: Sequence[Slot], wanted: time | None = None
) -> Slot | None:
    """The first free slot of that length in a half-day.

    Tried are the time one wants, the half-day's usual beginning, and a pause after each thing that stands there.
    """
    begins = [wanted] if wanted else []
    begins.append(USUAL[half])
    later = (datetime.combine(day, each.ends) + PAUSE for each in sorted(busy) if each.date == day)
    begins.extend(each.time() for each in later if each.date() == day)
    for starts in begins:
        found = placed(day, half, starts, lasting)
        if found and not any(found.meets(other) for other in busy):
            return found
    return None


def nearest_first(around: Slot, cells: Iterable[tuple[date, str]]) -> list[tuple[date, str]]:
    """Half-days by their distance from a slot; of two equally far the later one first, since preparing takes time."""
    here = around.date.toordinal() * 3 + ORDER[around.half]

    def far(cell: tuple[date, str]) -> tuple[int, bool]:
        there = cell[0].toordinal() * 3 + ORDER[cell[1]]
        return abs(there - here), there < here

    return sorted(cells, key=far)
