"""A school with its starting organisations, and seats in it."""

from typing import Any

import pytest

from keyuan.orgs.actions import load_starting_organisations
from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Account, Person, Seat
from keyuan.people.roles import Role


@pytest.fixture
def school(db: Any) -> School:
    made = School.objects.create(code="demo", name="演示党校")
    load_starting_organisations(made)
    return made


@pytest.fixture
def registrar(school: School) -> Seat:
    return seat_in(school, Role.REGISTRAR)


def seat_in(school: School, role: Role, unit: Organisation | None = None) -> Seat:
    """A fictional person with an account, seated in the role."""
    person = Person.objects.create(school=school, name=f"演示{role.label}", demo=True)
    Account.objects.create(person=person, email=f"{role.value}@example.invalid")
    return Seat.objects.create(person=person, school=school, role=role, organisation=unit)
