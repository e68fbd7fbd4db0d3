"""Who eats at which table (桌次), which meals a class has, and what the kitchen is told; pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from keyuan.logistics.rules import grouping, riding

ORDER = ("breakfast", "lunch", "dinner")
# Diet is said in free words; the kitchen is told how many of each kind, in the order looked for.
MARKS = (
    ("清真", ("清真", "回民", "回族", "穆斯林", "halal")),
    ("素食", ("素食", "吃素", "全素", "纯素", "蛋奶素", "vegetarian", "vegan")),
    ("过敏", ("过敏", "不耐受", "allerg")),
    ("低糖", ("糖尿", "低糖", "无糖", "控糖")),
    ("低盐低脂", ("低盐", "少盐", "清淡", "低脂", "少油", "高血压", "痛风")),
    ("忌辣", ("忌辣", "不吃辣", "不辣", "不能吃辣", "少辣")),
)
OTHER = "其他忌口"
# What says that there is nothing to say.
NONE = frozenset({"无", "没有", "无忌口", "无特殊", "无要求", "正常", "都可以", "不忌口"})


def tables_needed(people: int, size: int) -> int:
    """How many tables of a size people fill."""
    return -(-people // size) if people > 0 else 0


def propose(
    people: Sequence[grouping.Member],
    tables: Sequence[tuple[int, int]],
    locked: Mapping[int, int],
    *,
    together: bool,
) -> dict[int, int]:
    """A table (by key) for everybody as far as seats go; `tables` are (key, seats), `locked` person → table.

    `together` keeps groups at one table, the field of a member being the group; otherwise units and groups are
    mixed evenly over tables of like size. Whoever finds no seat is left out.
    """
    if together:
        riders = [riding.Rider(one.key, int(one.field or 0)) for one in people]
        return riding.propose(riders, tables, locked)
    if not tables:
        return dict(locked)
    numbers = {key: at for at, (key, _seats) in enumerate(tables, 1)}
    held = {key: numbers[table] for key, table in locked.items()}
    keys = {at: key for key, at in numbers.items()}
    dealt = {key: keys[at] for key, at in grouping.propose(people, len(tables), held).items()}
    return _within(dealt, dict(tables), locked)


def _within(dealt: Mapping[int, int], seats: dict[int, int], locked: Mapping[int, int]) -> dict[int, int]:
    """What was dealt, as far as seats go; whoever is over goes where a seat is left."""
    placed: dict[int, int] = {}
    for key, table in locked.items():
        placed[key] = table
        seats[table] -= 1
    over = []
    for key, table in dealt.items():
        if key in placed:
            continue
        if seats[table] > 0:
            placed[key] = table
            seats[table] -= 1
        else:
            over.append(key)
    for key in over:
        free = next((table for table, left in seats.items() if left > 0), None)
        if free is None:
            break
        placed[key] = free
        seats[free] -= 1
    return placed


def marks_of(diet: str) -> tuple[str, ...]:
    """The kinds of need that some words say; 其他忌口 where they say something else, nothing where they say none."""
    words = diet.strip().casefold()
    if not words or words.strip("。.！! ") in NONE:
        return ()
    found = tuple(title for title, keys in MARKS if any(key in words for key in keys))
    return found or (OTHER,)


def meals_between(starts: date, ends: date, first: str, last: str) -> list[tuple[date, str]]:
    """The meals of a class: from the first day's `first` to the last day's `last`."""
    found = []
    for at in range((ends - starts).days + 1):
        day = starts + timedelta(days=at)
        for meal in ORDER:
            late = day > starts or ORDER.index(meal) >= ORDER.index(first)
            early = day < ends or ORDER.index(meal) <= ORDER.index(last)
            if late and early:
                found.append((day, meal))
    return found


@dataclass(frozen=True)
class Eater:
    """One person as the kitchen counts (就餐人): a bed in the house, kinds of need, half-days away as (day, half)."""

    lodging: bool = False
    marks: tuple[str, ...] = ()
    away: frozenset[tuple[date, str]] = frozenset()

    def eats(self, day: date, meal: str) -> bool:
        """Breakfast is for those who slept here; lunch goes with the morning, dinner with the afternoon."""
        if meal == "breakfast":
            return self.lodging and (day, "am") not in self.away
        return (day, "am" if meal == "lunch" else "pm") not in self.away


@dataclass(frozen=True)
class Serving:
    """One meal in numbers (一餐人数); never in names."""

    day: date
    meal: str
    people: int
    marks: dict[str, int] = field(default_factory=dict)


def servings(eaters: Iterable[Eater], meals: Sequence[tuple[date, str]]) -> list[Serving]:
    """How many eat each meal, and how many of them have each kind of need."""
    everybody, found = list(eaters), []
    for day, meal in meals:
        here = [one for one in everybody if one.eats(day, meal)]
        counted = Counter(mark for one in here for mark in one.marks)
        found.append(Serving(day, meal, len(here), dict(counted)))
    return found


def titles(found: Iterable[Serving]) -> list[str]:
    """The kinds of need that occur, in the order they are known."""
    there = {mark for one in found for mark in one.marks}
    return [title for title in (*(title for title, _keys in MARKS), OTHER) if title in there]
