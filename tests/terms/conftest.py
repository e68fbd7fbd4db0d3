"""A school with the usual posts, two societies and a few people in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from keyuan.kernel.access import Actor
from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.terms import actions
from keyuan.terms.actions import TermFacts
from keyuan.terms.models import Post, Term
from tests import factories
from tests.factories import Academy

# Days long past, so that no test depends on when it runs.
START = date(2011, 5, 20)


@dataclass
class Ground:
    """The school and its societies."""

    academy: Academy
    societies: list[Organisation]
    people: list[Person]

    @property
    def office(self) -> Actor:
        return self.academy.registrar

    def post(self, duty: str = "president", kind: str = "society") -> Post:
        return Post.objects.get(school=self.academy.school, kind=kind, duty=duty)

    def elect(
        self, who: int = 0, starts: date = START, at: int = 0, duty: str = "president", **facts: Any
    ) -> Term:
        return actions.elect(
            self.office, organisation=self.societies[at], post=self.post(duty), holder=self.people[who],
            facts=TermFacts(starts, **facts),
        )  # fmt: skip


def again(term: Term) -> Term:
    return Term.objects.select_related("organisation", "post", "holder").get(pk=term.pk)


def build(code: str = "gd") -> Ground:
    academy = factories.build(code)
    societies = [
        Organisation.objects.create(
            school=academy.school, kind="society", name=f"演示省{name}学会", order=n, field_or_region="理科"
        )
        for n, name in enumerate(("数学", "物理"), 1)
    ]
    actions.load_defaults(academy.registrar, school=academy.school)
    people = [
        factories.person(academy, name, societies[0]) for name in ("演示甲", "演示乙", "演示丙", "演示丁")
    ]
    return Ground(academy, societies, people)


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    return build()
