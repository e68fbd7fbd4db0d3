"""A school with the usual requirements, two departments' people, a society with a secretary-general, labels."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from keyuan.credits.actions import award
from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.rotation import actions
from keyuan.rotation.models import CohortLabel, Requirement
from keyuan.rotation.queries.coverage import Line, coverage
from keyuan.training.models import Completion, Nomination, TrainingClass
from tests import factories
from tests.factories import Academy


@dataclass
class Ground:
    """The school, its society and its people."""

    academy: Academy
    society: Organisation
    people: list[Person] = field(default_factory=list)

    @property
    def office(self) -> Actor:
        return self.academy.registrar

    @property
    def today(self) -> date:
        return timezone.localdate()

    def requirement(self, title: str) -> Requirement:
        return Requirement.objects.get(school=self.academy.school, title=title)

    def label(self, name: str) -> CohortLabel:
        return CohortLabel.objects.get(school=self.academy.school, name=name)

    def person(self, name: str = "", unit: Organisation | None = None) -> Person:
        return factories.person(self.academy, name, unit)

    def lines(self, requirement: Requirement, actor: Actor | None = None) -> dict[str, Line]:
        found = coverage(actor or self.office, requirement, self.today)
        return {line.member.name: line for line in found.lines}

    def hours(
        self, person: Person, amount: int, on: date, source: str = "", klass: int | None = None
    ) -> None:
        award(
            self.office, person_id=person.pk, school_id=self.academy.school.pk,
            source=source or f"test:{person.pk}:{on}:{amount}", earned_on=on, title="演示学时", hours=Decimal(amount),
            evidence={"class": klass} if klass else {},
        )  # fmt: skip

    def completed(self, person: Person, ends: date, **facts: object) -> TrainingClass:
        """A closed class in which the person completed."""
        klass = self.klass(ends, state="closed", closings=1, **facts)
        row = Nomination.objects.create(
            training_class=klass, person=person, organisation=self.academy.units[0], state="admitted"
        )
        Completion.objects.create(
            nomination=row, closing=1, completed=True, hours=klass.hours, attended_share=1, leave_share=0
        )
        return klass

    def klass(self, ends: date, **facts: object) -> TrainingClass:
        """A class that ends on a day, as stored."""
        values = factories.facts_of(self.academy, starts=ends) | {
            "ends": ends,
            "title": "演示轮训班",
            **facts,
        }
        values.setdefault("activity", self.academy.activity)
        values["school"] = self.academy.school
        return TrainingClass.objects.create(**values)


def build() -> Ground:
    academy = factories.build()
    society = Organisation.objects.create(
        school=academy.school, kind="society", name="演示省数学会", order=1, field_or_region="理科"
    )
    actions.load_defaults(academy.registrar, school=academy.school)
    return Ground(academy, society)


@pytest.fixture
def ground(db: None) -> Ground:
    """The school of these tests."""
    return build()


def days_ago(ground: Ground, days: int) -> date:
    return ground.today - timedelta(days=days)
