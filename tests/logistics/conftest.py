"""A class of eight with both sexes from both units, ready to be looked after."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from keyuan.people.models import Account, Person, Seat
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.factories import Academy


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
