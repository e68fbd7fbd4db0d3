"""An academy with its fee figures, a leader, and a class whose timetable has lectures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from keyuan.fees.actions import standards
from keyuan.fees.actions.lectures import set_rank
from keyuan.fees.models import FeeStandard
from keyuan.kernel.access import system_of
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training.actions import timetable
from keyuan.training.models import Session, TrainingClass
from tests import factories
from tests.factories import Academy


@dataclass
class Office:
    """The academy, its class, its standard."""

    academy: Academy
    klass: TrainingClass
    standard: FeeStandard

    def actor(self, key: str):
        return self.academy.actor(key)

    @property
    def teacher(self) -> Person:
        return self.academy.seats["teacher"].person


@pytest.fixture
def office(db) -> Office:
    academy = factories.build()
    factories.seat(academy, "leader", Role.LEADER)
    factories.seat(academy, "auditor", Role.AUDITOR)
    standards.load_defaults(system_of(academy.school.pk), school=academy.school)
    klass = factories.published(academy)
    return Office(academy, klass, FeeStandard.objects.get(school=academy.school))


@pytest.fixture
def teach(office: Office) -> Callable[..., Session]:
    """Places a session of a teacher in the class (or another)."""

    def place(
        hours: str = "4", day: int = 0, half: str = "am", who: Person | None = None, klass=None
    ) -> Session:
        into = klass or office.klass
        starts = {"am": time(9), "pm": time(14, 30)}[half]
        ends = {"am": time(12), "pm": time(17, 30)}[half]
        return timetable.place_session(
            office.academy.registrar, training_class=into,
            facts={
                "kind": "lecture", "title": f"演示课{day}{half}", "date": into.starts + timedelta(days=day), "half": half,
                "starts": starts, "ends": ends, "hours": Decimal(hours), "teacher": who or office.teacher,
                "place": f"演示室{into.pk}",
            },
        )  # fmt: skip

    return place


@pytest.fixture
def ranked(office: Office) -> None:
    set_rank(office.academy.registrar, person=office.teacher, rank="正高级")


@pytest.fixture
def month(office: Office) -> date:
    return timezone.localdate().replace(day=1)
