"""The timetable (课程表) to be hung up: A4 on its side, days across, half-days and times down, at most five days a page."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from keyuan.kernel.papers import press

WEEKDAYS = "一二三四五六日"
HALVES = ("上午", "下午", "晚上")
# More columns than these leave a day less than 4.5 cm of an A4 page on its side.
DAYS_A_PAGE = 5
# A half-day of more different times than these has its times in the cells, not in rows of their own.
TIMES_A_HALF = 3


@dataclass(frozen=True)
class Entry:
    """One session in the grid (课次): words as they are to stand there; `half` is 上午, 下午 or 晚上."""

    day: date
    half: str
    title: str
    time: str = ""
    kind: str = ""
    people: str = ""
    place: str = ""


@dataclass(frozen=True)
class TimetableFacts:
    """A class's timetable (课程表). Days without an entry have no column."""

    title: str
    entries: tuple[Entry, ...]
    subtitle: str = ""
    notes: tuple[str, ...] = ()
    remark: str = ""
    foot: str = ""
    draft: bool = False


@dataclass(frozen=True)
class Line:
    """One row of the wall form (行): a half-day, or one of its times; `span` rows belong to the half-day it opens."""

    half: str
    time: str
    span: int
    cells: tuple[tuple[Entry, ...], ...]


@dataclass(frozen=True)
class Leaf:
    """One page of it (页): some days, and every row with a cell for each of them."""

    days: tuple[date, ...]
    lines: tuple[Line, ...]


def leaves(facts: TimetableFacts) -> list[Leaf]:
    """The pages: days shared out evenly, each page with the half-days and times that its days have."""
    entries = sorted(facts.entries, key=lambda entry: (entry.day, entry.time))
    days = sorted({entry.day for entry in entries})
    count = max(1, -(-len(days) // DAYS_A_PAGE))
    # As even as can be, the fuller pages first: 7 days are 4 and 3.
    size, more = divmod(len(days), count)
    found, at = [], 0
    for number in range(count):
        width = size + (number < more)
        shown = tuple(days[at : at + width])
        at += width
        found.append(Leaf(shown, tuple(_lines(shown, [each for each in entries if each.day in shown]))))
    return found


def _lines(days: Sequence[date], entries: Sequence[Entry]) -> list[Line]:
    halves = [half for half in HALVES if any(entry.half == half for entry in entries)]
    found = []
    for half in halves or list(HALVES[:2]):
        own = [entry for entry in entries if entry.half == half]
        times = sorted({entry.time for entry in own})
        split = 1 < len(times) <= TIMES_A_HALF or (len(times) == 1 and bool(times[0]))
        for number, time in enumerate(times if split else [""]):
            of_row = [entry for entry in own if not split or entry.time == time]
            cells = tuple(tuple(entry for entry in of_row if entry.day == day) for day in days)
            span = (len(times) if split else 1) if number == 0 else 0
            found.append(Line(half, time, span, cells))
    return found


def timetable_pdf(facts: TimetableFacts) -> bytes:
    """The timetable as PDF, one page or more for each five days; an overlong page goes on under the same head."""
    pages = [
        {
            "days": [day_words(day) for day in leaf.days],
            "rows": [
                {
                    "half": line.half, "time": line.time, "span": line.span,
                    "cells": [[_words(entry, line) for entry in cell] for cell in line.cells],
                }
                for line in leaf.lines
            ],
        }
        for leaf in leaves(facts)
    ]  # fmt: skip
    said = {name: value for name, value in asdict(facts).items() if name != "entries"}
    return press.pdf("timetable", said | {"pages": pages})


def _words(entry: Entry, line: Line) -> dict[str, str]:
    """The words of a cell; a time that heads the row is not said again."""
    said = {name: getattr(entry, name) for name in ("title", "time", "kind", "people", "place")}
    return said | {"time": ""} if line.time else said


def cell_words(entry: Entry, line: Line) -> list[str]:
    """The lines of a cell as plain text: time and kind, title, people, place."""
    said = _words(entry, line)
    first = "　".join(word for word in (said["time"], said["kind"]) if word)
    return [word for word in (first, said["title"], said["people"], said["place"]) if word]


def day_words(day: date) -> str:
    """The head of a day's column: 11月23日（周一）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
