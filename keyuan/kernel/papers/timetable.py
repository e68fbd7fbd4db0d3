"""The timetable (课程表) as one A4 landscape page: days across, half-days down."""

from dataclasses import asdict, dataclass
from datetime import date

from keyuan.kernel.papers import press

WEEKDAYS = "一二三四五六日"
HALVES = ("上午", "下午", "晚上")


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


def timetable_pdf(facts: TimetableFacts) -> bytes:
    """The timetable as PDF; what does not fit one page flows to the next under the same head."""
    entries = sorted(facts.entries, key=lambda entry: (entry.day, entry.time))
    days = sorted({entry.day for entry in entries})
    halves = [half for half in HALVES if any(entry.half == half for entry in facts.entries)]
    rows = []
    for half in halves or list(HALVES[:2]):
        cells = [
            [_words(entry) for entry in entries if (entry.day, entry.half) == (day, half)] for day in days
        ]
        rows.append({"half": half, "cells": cells})
    said = {name: value for name, value in asdict(facts).items() if name != "entries"}
    said |= {"days": [day_words(day) for day in days], "rows": rows}
    return press.pdf("timetable", said)


def _words(entry: Entry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in ("title", "time", "kind", "people", "place")}


def day_words(day: date) -> str:
    """The head of a day's column: 11月23日（周一）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"
