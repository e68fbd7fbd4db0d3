"""A school whose forty trainees evaluate one session."""

from dataclasses import dataclass

import pytest

from keyuan.evaluation import actions
from keyuan.evaluation.models import Form
from keyuan.kernel.access import Actor
from keyuan.orgs.models import School
from keyuan.people.models import Person

GRADES = {"relevance": "4", "theory": "3", "substance": "4", "delivery": "2", "manner": "4"}


@dataclass
class World:
    school: School
    people: list[Person]
    registrar: Actor
    stranger: Actor
    form: Form

    def trainee(self, number: int) -> Actor:
        return Actor(self.people[number].pk, self.school.pk, None, frozenset({"trainee"}))

    def open(self, count: int = 40) -> Form:
        self.form = actions.open_for(
            self.registrar, form=self.form, person_ids=[person.pk for person in self.people[:count]]
        )
        return self.form


def build() -> World:
    school = School.objects.create(code="gd", name="省科协党校")
    other = School.objects.create(code="sz", name="深圳分校")
    people = Person.objects.bulk_create(
        [Person(school=school, name=f"演示学员{n}", demo=True) for n in range(40)]
    )
    office = Person.objects.create(school=school, name="演示教务", demo=True)
    registrar = Actor(office.pk, school.pk, None, frozenset({"registrar"}))
    form = actions.draft(
        registrar, school_id=school.pk, owner_label="test.session", owner_id=1, title="形势与任务（演示）"
    )
    return World(school, people, registrar, Actor(office.pk, other.pk, None, frozenset({"registrar"})), form)


@pytest.fixture
def world(db, settings, tmp_path):
    settings.VAR = tmp_path
    return build()


@pytest.fixture
def lasting_world(transactional_db, settings, tmp_path):
    settings.VAR = tmp_path
    return build()
