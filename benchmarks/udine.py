"""The public format of curriculum-based course timetabling (ITC-2007, track 3): reads it, and judges a timetable by it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Published best known costs of the competition's instances (formulation UD2).
BEST = {
    "comp01": 5, "comp02": 24, "comp03": 64, "comp04": 35, "comp05": 284, "comp06": 27, "comp07": 6,
    "comp08": 37, "comp09": 96, "comp10": 4, "comp11": 0, "comp12": 294, "comp13": 59, "comp14": 51,
    "comp15": 62, "comp16": 18, "comp17": 56, "comp18": 61, "comp19": 57, "comp20": 4, "comp21": 74,
}  # fmt: skip
DAYS_SHORT, ALONE = 5, 2  # points for a working day too few, and for a lecture alone in its day
Timetable = dict[tuple[str, int], str]  # (course, period) to room


@dataclass(frozen=True)
class Course:
    """One course: who teaches it, how many lectures it has, over how many days at least, for how many students."""

    id: str
    teacher: str
    lectures: int
    days: int
    students: int


@dataclass(frozen=True)
class Week:
    """One instance: a week of days of periods; periods are numbered through the week."""

    name: str
    days: int
    a_day: int
    courses: dict[str, Course]
    rooms: dict[str, int]
    curricula: dict[str, list[str]]
    closed: frozenset[tuple[str, int]]

    @property
    def periods(self) -> range:
        """All periods of the week."""
        return range(self.days * self.a_day)

    def open(self, course: str) -> list[int]:
        """The periods a course may stand in."""
        return [period for period in self.periods if (course, period) not in self.closed]

    def beside(self, period: int) -> list[int]:
        """The periods next to one, within its day."""
        return [
            other
            for other in (period - 1, period + 1)
            if other in self.periods and other // self.a_day == period // self.a_day
        ]


def read(path: Path) -> Week:
    """The instance in a .ctt file; ValueError where the counts at its head are not what follows."""
    head: dict[str, str] = {}
    parts: dict[str, list[list[str]]] = defaultdict(list)
    part = ""
    for line in path.read_text("utf-8").splitlines():
        words = line.split()
        if not words or words == ["END."]:
            continue
        if len(words) == 1 and words[0].endswith(":"):
            part = words[0][:-1]
        elif part:
            parts[part].append(words)
        else:
            head[words[0].rstrip(":")] = words[-1]
    a_day = int(head["Periods_per_day"])
    week = Week(
        name=head["Name"],
        days=int(head["Days"]),
        a_day=a_day,
        courses={
            row[0]: Course(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in parts["COURSES"]
        },
        rooms={row[0]: int(row[1]) for row in parts["ROOMS"]},
        curricula={row[0]: row[2:] for row in parts["CURRICULA"]},
        closed=frozenset(
            (row[0], int(row[1]) * a_day + int(row[2])) for row in parts["UNAVAILABILITY_CONSTRAINTS"]
        ),
    )
    told = [int(head[key]) for key in ("Courses", "Rooms", "Curricula", "Constraints")]
    if told != [len(week.courses), len(week.rooms), len(week.curricula), len(week.closed)]:
        raise ValueError(f"{path}: the head counts {told}, the sections hold something else")
    return week


def broken(week: Week, table: Timetable) -> Iterator[str]:
    """Every hard rule a timetable breaks; knows nothing of how it was made."""
    given = Counter(course for course, _period in table)
    for key, course in week.courses.items():
        if given[key] != course.lectures:
            yield f"{key}: {given[key]} lectures of {course.lectures}"
    at: dict[int, list[str]] = defaultdict(list)
    for (key, period), room in table.items():
        at[period].append(key)
        if (key, period) in week.closed or period not in week.periods or room not in week.rooms:
            yield f"{key}: not allowed in period {period}, room {room}"
    for room_period, count in Counter((room, period) for (_key, period), room in table.items()).items():
        if count > 1:
            yield f"{room_period}: {count} lectures in one room"
    yield from _twice(week, at)


def _twice(week: Week, at: dict[int, list[str]]) -> Iterator[str]:
    for period, keys in at.items():
        for teacher, count in Counter(week.courses[key].teacher for key in keys).items():
            if count > 1:
                yield f"{teacher}: {count} lectures in period {period}"
        for name, members in week.curricula.items():
            if len(set(members) & set(keys)) > 1:
                yield f"{name}: more than one lecture in period {period}"


def cost(week: Week, table: Timetable) -> dict[str, int]:
    """The four soft costs of the published formulation UD2, and their sum."""
    rooms: dict[str, set[str]] = defaultdict(set)
    days: dict[str, set[int]] = defaultdict(set)
    crowded = 0
    for (key, period), room in table.items():
        rooms[key].add(room)
        days[key].add(period // week.a_day)
        crowded += max(0, week.courses[key].students - week.rooms[room])
    alone = 0
    for members in week.curricula.values():
        busy = {period for key, period in table if key in members}
        alone += sum(not any(other in busy for other in week.beside(period)) for period in busy)
    found = {
        "capacity": crowded,
        "days": DAYS_SHORT * sum(max(0, one.days - len(days[key])) for key, one in week.courses.items()),
        "alone": ALONE * alone,
        "rooms": sum(len(used) - 1 for used in rooms.values()),
    }
    return found | {"cost": sum(found.values())}
