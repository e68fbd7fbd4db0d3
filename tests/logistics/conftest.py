"""A class of eight with both sexes from both units, ready to be looked after."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from keyuan.logistics.actions import grouping, lodging
from keyuan.logistics.actions.lodging import RoomFacts
from keyuan.logistics.models import Room
from keyuan.people.models import Account, Person, Seat
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy

ASK_ALL = {"asks_diet": True, "asks_room": True, "asks_branch": True, "asks_phone": True}
# What the handbook of an arranged class tells of.
CHAPTERS = (
    "开班通知", "课程表", "班委和分组", "授课教师", "学员守则", "住宿安排", "用车安排", "联系方式", "笔记",
)  # fmt: skip


@dataclass
class Ground:
    """The academy, its class, and the trainees in the order of units."""

    academy: Academy
    klass: TrainingClass
    rows: list[Nomination]

    def again(self) -> list[Nomination]:
        """The trainees as stored now."""
        found = Nomination.objects.in_bulk([row.pk for row in self.rows])
        return [found[row.pk] for row in self.rows]

    def ids(self, *places: int) -> list[int]:
        return [self.rows[place].pk for place in places]


def grouped(ground: Ground, count: int = 2) -> list[int | None]:
    grouping.propose_groups(ground.academy.registrar, training_class=ground.klass, count=count)
    return [row.group for row in ground.again()]


def room(ground: Ground, number: str = "301", capacity: int = 2, sex: str = "") -> Room:
    lodging.add_rooms(
        ground.academy.registrar, training_class=ground.klass, rooms=[RoomFacts(number, capacity, sex)]
    )
    return Room.objects.get(number=number)


def of_sex(ground: Ground, sex: str) -> list[int]:
    return [row.pk for row in ground.rows if row.person.sex == sex]


def trainee(academy: Academy, klass: TrainingClass, unit: int, sex: str, name: str = "") -> Nomination:
    """One admitted, needing a bed."""
    who = factories.person(academy, name, academy.units[unit], sex=sex)
    row = factories.move(academy, factories.nominee(academy, klass, unit, who), "admit")
    Nomination.objects.filter(pk=row.pk).update(lodging=True)
    return row


@pytest.fixture
def academy(db: None) -> Academy:
    return factories.build()


@pytest.fixture
def ground(academy: Academy) -> Ground:
    klass = factories.published(academy, (5, 3), places=8)
    for number in range(8):
        trainee(academy, klass, 0 if number < 5 else 1, "女" if number % 3 == 0 else "男")
    rows = Nomination.objects.filter(training_class=klass).select_related("person", "organisation")
    return Ground(academy, klass, list(rows.order_by("organisation__order", "person__pinyin", "pk")))


@pytest.fixture
def own_seat() -> Callable[[Person], Seat]:
    """The trainee's own account and seat."""

    def make(person: Person) -> Seat:
        if not Account.objects.filter(person=person).exists():
            Account.objects.create(person=person, email=f"own{person.pk}@example.com")
        return Seat.objects.get(person=person, role="trainee")

    return make
