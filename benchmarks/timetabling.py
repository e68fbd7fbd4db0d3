"""Public timetabling instances (.ctt, ITC-2007 track 3) through the scheduler's engine: cost, bound, ratio to the best known.

Periods first, with teachers and curricula never twice at once and rooms counted by size; then rooms, given the periods.
The bound of the first step holds for whole timetables, since moving between rooms only adds to the cost.
"""

import argparse
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from udine import ALONE, BEST, DAYS_SHORT, Timetable, Week, broken, cost, read

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from keyuan.duty.rules.programme import Outcome, Programme, Term

Place = tuple[str, int]  # (course, period)
HEAD = (
    "name    courses rooms  columns  bound   cost (capacity days alone rooms)  best   ratio  gap      wall-s"
)


class Periods:
    """The first step: which course in which period (排课到时段); one column a place."""

    def __init__(self, week: Week, kept: Iterable[Place] = (), free: Iterable[str] | None = None) -> None:
        self.week, self.programme = week, Programme()
        self.costs: list[int] = []
        held, movable = set(kept), set(week.courses if free is None else free)
        places = [(key, period) for key in week.courses for period in week.open(key)]
        self.places = [one for one in places if one[0] in movable or one in held]
        self.column: dict[Place, int] = {one: self._new(0) for one in self.places}
        self.extra: list[tuple[int, list[Term], int]] = []  # how a column follows from the places
        for key, course in week.courses.items():
            mine = [self.column[one] for one in self.places if one[0] == key]
            least = course.lectures if free is not None else 0
            self.programme.row([(one, 1) for one in mine], least=least, most=course.lectures)
        self._never_twice()

    def _new(self, points: int, most: int = 1) -> int:
        self.costs.append(points)
        return self.programme.column(most=most)

    def _never_twice(self) -> None:
        """A teacher's and a curriculum's courses one at a time, and no more at a time than there are rooms."""
        groups: dict[str, list[str]] = defaultdict(list)
        for key, course in self.week.courses.items():
            groups[course.teacher].append(key)
        sets = {frozenset(keys) for keys in [*groups.values(), *self.week.curricula.values()]}
        for period in self.week.periods:
            for keys in sorted(map(sorted, sets)):
                self._at_most(self._there(keys, period), 1)
            self._at_most(self._there(self.week.courses, period), len(self.week.rooms))

    def _at_most(self, columns: list[int], most: int) -> None:
        if len(columns) > most:
            self.programme.row([(one, 1) for one in columns], most=most)

    def _there(self, keys: Iterable[str], period: int) -> list[int]:
        return [self.column[key, period] for key in keys if (key, period) in self.column]

    def whole(self) -> None:
        """Every lecture must stand somewhere."""
        for key, course in self.week.courses.items():
            mine = [self.column[one] for one in self.places if one[0] == key]
            self.programme.row([(one, 1) for one in mine], least=course.lectures)

    def soft(self) -> None:
        """The costs that periods alone decide: days too few, lectures alone, rooms too small."""
        self._days()
        self._alone()
        self._sizes()

    def _days(self) -> None:
        for key, course in self.week.courses.items():
            used = []
            for day in range(self.week.days):
                span = range(day * self.week.a_day, (day + 1) * self.week.a_day)
                if there := [self.column[key, one] for one in span if (key, one) in self.column]:
                    used.append(self._new(0))
                    self.extra.append((used[-1], [(one, 1) for one in there], 0))
                    self.programme.row([(used[-1], 1), *((one, -1) for one in there)], most=0)
            short = self._new(-DAYS_SHORT, most=course.days)
            self.programme.row([(short, 1), *((one, 1) for one in used)], least=course.days)
            self.extra.append((short, [(one, -1) for one in used], course.days))

    def _alone(self) -> None:
        for members in self.week.curricula.values():
            for period in self.week.periods:
                here = self._there(members, period)
                beside = [one for other in self.week.beside(period) for one in self._there(members, other)]
                if here:
                    alone = self._new(-ALONE)
                    terms = [*((one, 1) for one in here), *((one, -1) for one in beside)]
                    self.programme.row([*terms, (alone, -1)], most=0)
                    self.extra.append((alone, terms, 0))

    def _sizes(self) -> None:
        """Per period and size: who needs a larger room than is left pays for the students left standing."""
        sizes = sorted(set(self.week.rooms.values()))
        for size, following in zip(sizes, [*sizes[1:], None], strict=True):
            large = [key for key, one in self.week.courses.items() if one.students > size]
            fitting = sum(room > size for room in self.week.rooms.values())
            for period in self.week.periods:
                there = [key for key in large if (key, period) in self.column]
                if len(there) <= fitting:
                    continue
                row: list[Term] = []
                for key in there:
                    students = self.week.courses[key].students
                    over = self._new(size - min(students, following or students))
                    row += [(self.column[key, period], 1), (over, -1)]
                    self.programme.row([(over, 1), (self.column[key, period], -1)], most=0)
                self.programme.row(row, most=fitting)
                self.crowd(row, fitting)

    def crowd(self, row: list[Term], fitting: int) -> None:
        """How the columns of a crowded period follow: the cheapest of those there stand in the smaller room."""
        pairs = [(row[n][0], row[n + 1][0]) for n in range(0, len(row), 2)]
        pairs.sort(key=lambda pair: -self.costs[pair[1]])
        self.extra.append((-1, [term for pair in pairs for term in ((pair[0], 0), (pair[1], 0))], fitting))

    def start(self, kept: set[Place]) -> list[int]:
        """The values of every column that a timetable by periods brings about."""
        values = [int(one in kept) for one in self.places] + [0] * (len(self.costs) - len(self.places))
        for column, terms, most in self.extra:
            if column >= 0:
                raw = most + sum(worth * values[other] for other, worth in terms)
                values[column] = max(0, min(raw, self.programme.most[column]))
                continue
            pairs = [(terms[n][0], terms[n + 1][0]) for n in range(0, len(terms), 2)]
            there = [pair for pair in pairs if values[pair[0]]]
            for _place, over in there[: max(0, len(there) - most)]:
                values[over] = 1
        return values

    def run(self, kept: set[Place], seconds: float) -> tuple[set[Place], Outcome]:
        """The best places found, never worse than those kept."""
        found = self.programme.maximise(self.costs, seconds=seconds, start=self.start(kept), ceiling=0)
        return {one for one, value in zip(self.places, found.values, strict=False) if value}, found


def all_placed(week: Week, seconds: float) -> set[Place]:
    """Some timetable by periods that keeps every hard rule; ValueError when none was found."""
    desk = Periods(week)
    ones = [1] * len(desk.places)
    wanted = sum(course.lectures for course in week.courses.values())
    found = desk.programme.maximise(ones, seconds=seconds, start=[0] * len(ones), ceiling=wanted)
    if found.value < wanted:
        raise ValueError(f"{week.name}: only {found.value} of {wanted} lectures placed")
    return {one for one, value in zip(desk.places, found.values, strict=True) if value}


def improved(week: Week, kept: set[Place], until: float, bound: int) -> set[Place]:
    """Some courses free, the others where they stand, solved again and again until the time or the bound is reached."""
    draw = random.Random(1)  # noqa: S311 - a benchmark's repeatable draw, no secret
    names, share = sorted(week.courses), 0.3
    value = -(10**9)
    while time.monotonic() < until and value < bound:
        seed = set(draw.choice(list(week.curricula.values())))
        free = seed | set(draw.sample(names, max(2, round(share * len(names)))))
        desk = Periods(week, kept, free)
        desk.soft()
        kept, found = desk.run(kept, min(10.0, max(0.1, until - time.monotonic())))
        share = min(1.0, share * 1.05) if found.proven and found.value == value else max(0.1, share * 0.95)
        value = found.value
    return kept


def roomed(week: Week, kept: set[Place], seconds: float) -> Timetable:
    """Rooms for places: fewest students standing, then courses staying in one room."""
    programme, costs = Programme(), list[int]()
    ordered, rooms = sorted(kept), sorted(week.rooms, key=lambda room: -week.rooms[room])

    def new(points: int) -> int:
        costs.append(points)
        return programme.column()

    stands = {
        (key, period, room): new(-max(0, week.courses[key].students - week.rooms[room]))
        for key, period in ordered
        for room in rooms
    }
    keys = sorted({key for key, _period in ordered})
    uses = {(key, room): new(-1) for key in keys for room in rooms}
    for key, period in ordered:
        programme.row([(stands[key, period, room], 1) for room in rooms], least=1, most=1)
    times = {period for _key, period in ordered}
    for room in rooms:
        for period in sorted(times):
            there = [stands[key, other, room] for key, other in ordered if other == period]
            programme.row([(one, 1) for one in there], most=1)
        for key in keys:
            mine = [(stands[key, period, room], 1) for other, period in ordered if other == key]
            programme.row([*mine, (uses[key, room], -len(mine))], most=0)
            for column, _one in mine:
                programme.row([(column, 1), (uses[key, room], -1)], most=0)
    start = largest_first(week, ordered, rooms)
    first = [int(start[key, period] == room) for key, period, room in stands]
    first += [int(any(start[one] == room for one in ordered if one[0] == key)) for key, room in uses]
    found = programme.maximise(costs, seconds=seconds, start=first, ceiling=0)
    return {
        (key, period): room
        for (key, period, room), value in zip(stands, found.values, strict=False)
        if value
    }  # fmt: skip


class Corner:
    """Some courses free in period and room at once, all others where they stand (邻域重排)."""

    def __init__(self, week: Week, table: Timetable, free: set[str]) -> None:
        self.week, self.free = week, sorted(free)
        self.rest = {one: room for one, room in table.items() if one[0] not in free}
        self.programme, self.costs = Programme(), list[int]()
        self.follows: list[tuple[int, list[Term], int]] = []
        taken = {(period, room) for (_key, period), room in self.rest.items()}
        self.at: dict[tuple[str, int, str], int] = {
            (key, period, room): self._new(-max(0, week.courses[key].students - week.rooms[room]))
            for key in self.free
            for period in self._open(key)
            for room in week.rooms
            if (period, room) not in taken
        }
        self.start = [int(table.get((key, period)) == room) for key, period, room in self.at]
        self.columns: dict[Place, list[int]] = defaultdict(list)
        for (key, period, _room), column in self.at.items():
            self.columns[key, period].append(column)
        self._hard()
        self._days_and_rooms()
        self._alone()
        for column, terms, base in self.follows:
            value = base + sum(worth * self.start[other] for other, worth in terms)
            self.start.append(max(0, min(value, self.programme.most[column])))

    def _new(self, points: int, most: int = 1) -> int:
        self.costs.append(points)
        return self.programme.column(most=most)

    def _follow(self, points: int, terms: list[Term], base: int, most: int = 1) -> int:
        """A column that is at least what its terms come to."""
        column = self._new(points, most)
        self.follows.append((column, terms, base))
        self.programme.row([*terms, (column, -1)], most=-base)
        return column

    def _open(self, key: str) -> list[int]:
        """Periods in which neither teacher nor curriculum is busy with a course that stays."""
        mine = self.week.courses[key].teacher
        others = {other for other, one in self.week.courses.items() if one.teacher == mine}
        others |= {other for members in self.week.curricula.values() if key in members for other in members}
        busy = {period for other, period in self.rest if other in others}
        return [period for period in self.week.open(key) if period not in busy]

    def _ones(self, keys: Iterable[str], period: int) -> list[Term]:
        return [(column, 1) for key in keys for column in self.columns.get((key, period), ())]

    def _hard(self) -> None:
        groups: dict[str, list[str]] = defaultdict(list)
        for key in self.free:
            groups[self.week.courses[key].teacher].append(key)
            count = self.week.courses[key].lectures
            mine = [term for period in self.week.periods for term in self._ones([key], period)]
            self.programme.row(mine, least=count, most=count)
        sets = {frozenset(keys) for keys in groups.values()}
        sets |= {frozenset(set(keys) & set(self.free)) for keys in self.week.curricula.values()}
        for period in self.week.periods:
            for keys in sorted(map(sorted, sets)):
                self.programme.row(self._ones(keys, period), most=1)
            for room in self.week.rooms:
                here = [self.at[key, period, room] for key in self.free if (key, period, room) in self.at]
                self.programme.row([(one, 1) for one in here], most=1)

    def _days_and_rooms(self) -> None:
        for key in self.free:
            course, used = self.week.courses[key], []
            for day in range(self.week.days):
                span = range(day * self.week.a_day, (day + 1) * self.week.a_day)
                there = [term for period in span for term in self._ones([key], period)]
                used.append(self._new(0))
                self.follows.append((used[-1], there, 0))
                self.programme.row([(used[-1], 1), *((one, -1) for one, _worth in there)], most=0)
            self._follow(-DAYS_SHORT, [(one, -1) for one in used], course.days, course.days)
            for room in self.week.rooms:
                mine = [column for (k, _p, r), column in self.at.items() if (k, r) == (key, room)]
                within = self._new(-1)
                self.follows.append((within, [(one, 1) for one in mine], 0))
                for column in mine:
                    self.programme.row([(column, 1), (within, -1)], most=0)

    def _alone(self) -> None:
        for members in self.week.curricula.values():
            if not set(members) & set(self.free):
                continue
            held = {period for key, period in self.rest if key in members}
            for period in self.week.periods:
                beside = self.week.beside(period)
                terms = self._ones(members, period)
                terms += [(one, -1) for other in beside for one, _worth in self._ones(members, other)]
                base = int(period in held) - sum(other in held for other in beside)
                if terms and len(beside) + base > 0:
                    self._follow(-ALONE, terms, base)

    def run(self, seconds: float) -> tuple[Timetable, Outcome]:
        """The whole timetable with the free courses where they cost least, never worse than before."""
        found = self.programme.maximise(self.costs, seconds=seconds, start=self.start, ceiling=0)
        moved = {
            (key, period): room
            for (key, period, room), value in zip(self.at, found.values, strict=False)
            if value
        }  # fmt: skip
        return self.rest | moved, found


def settled(week: Week, table: Timetable, until: float, bound: int) -> Timetable:
    """Corner after corner solved again, periods and rooms together, until the time or the bound is reached."""
    draw = random.Random(2)  # noqa: S311 - a benchmark's repeatable draw, no secret
    size = 5
    while time.monotonic() < until and (now := cost(week, table)["cost"]) > bound:
        free = set(draw.choice(list(week.curricula.values())))
        free |= set(draw.sample(sorted(week.courses), min(len(week.courses), size)))
        table, found = Corner(week, table, free).run(min(8.0, max(0.1, until - time.monotonic())))
        if not found.proven:
            size = max(2, size - 1)
        elif cost(week, table)["cost"] == now:
            size = min(len(week.courses), size + 1)
    return table


def largest_first(week: Week, ordered: Sequence[Place], rooms: Sequence[str]) -> Timetable:
    """The largest course of each period in the largest room, and so on."""
    table: Timetable = {}
    taken: Counter[int] = Counter()
    for key, period in sorted(ordered, key=lambda one: -week.courses[one[0]].students):
        table[key, period] = rooms[taken[period]]
        taken[period] += 1
    return table


def solved(week: Week, limit: float) -> tuple[Timetable, int, int]:
    """A timetable within about so many seconds, the bound no timetable goes below, and the size of the programme."""
    began = time.monotonic()
    kept = all_placed(week, limit)
    desk = Periods(week)
    desk.whole()
    desk.soft()
    kept, found = desk.run(kept, limit / 2)
    if not found.proven:
        kept = improved(week, kept, began + limit * 0.65, found.bound)
    table = roomed(week, kept, max(5.0, limit / 10))
    return settled(week, table, began + limit, -found.bound), -found.bound, len(desk.costs)


def main() -> None:
    """Solve, judge and print every file given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, help="instances, for example comp01.ctt")
    parser.add_argument("--limit", type=float, default=60, help="seconds an instance")
    options = parser.parse_args()
    print(f"{HEAD}\nload {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, {options.limit:g} s each")
    for path in options.files:
        week, began = read(path), time.monotonic()
        table, bound, columns = solved(week, options.limit)
        faults, told = list(broken(week, table)), cost(week, table)
        assert not faults, faults  # noqa: S101 - a measured timetable must be right
        parts = " ".join(f"{told[key]:5}" for key in ("capacity", "days", "alone", "rooms"))
        best = BEST.get(path.stem)
        ratio = f"{told['cost'] / best:6.2f}" if best else f"{'':6}"
        gap = (told["cost"] - bound) / told["cost"] if told["cost"] else 0
        print(
            f"{path.stem:8}{len(week.courses):7} {len(week.rooms):5} {columns:8} {bound:6} {told['cost']:6} "
            f"({parts})  {'' if best is None else best!s:>5}  {ratio} {gap:6.1%} {time.monotonic() - began:8.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
