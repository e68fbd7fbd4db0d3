"""A school with its registrar, a liaison and some people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from keyuan.credits.actions import AwardFacts
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person


@dataclass
class World:
    school: School
    other_school: School
    society: Organisation
    people: list[Person]
    registrar: Actor
    stranger: Actor
    liaison: Actor
    trainee: Actor

    def facts(self, number: int = 0, source: str = "test.completion:1", **changes: object) -> AwardFacts:
        """An earning of one of the people."""
        values: dict[str, object] = {
            "person_id": self.people[number].pk,
            "source": source,
            "earned_on": date(2020, 10, 30),
            "title": "科协系统干部培训班",
            "minutes": 1080,
            "half_days": 6,
            "hours": Decimal(24),
        }
        return AwardFacts(**(values | changes))  # type: ignore[arg-type]


def build(people: int = 5) -> World:
    """Two schools, a society, and people of whom the first is the trainee."""
    school = School.objects.create(code="gd", name="省科协党校")
    other = School.objects.create(code="sz", name="深圳分校")
    society = Organisation.objects.create(school=school, kind="society", name="演示学会")
    persons = Person.objects.bulk_create(
        [
            Person(
                school=school, name=f"演示学员{n}", organisation=society if n % 2 == 0 else None, demo=True
            )
            for n in range(people)
        ]
    )
    office = Person.objects.create(school=school, name="演示教务", demo=True)
    return World(
        school,
        other,
        society,
        persons,
        registrar=Actor(office.pk, school.pk, None, frozenset({"registrar"})),
        stranger=Actor(office.pk, other.pk, None, frozenset({"registrar"})),
        liaison=Actor(persons[2].pk, school.pk, society.pk, frozenset({"liaison"})),
        trainee=Actor(persons[0].pk, school.pk, None, frozenset({"trainee"})),
    )


@pytest.fixture
def world(db: None) -> World:
    return build()
