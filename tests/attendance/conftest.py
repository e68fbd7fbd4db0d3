"""A class of a few trainees with sittings around now, its head teacher and its office."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from keyuan.attendance import actions
from keyuan.attendance.actions.planning import Plan
from keyuan.attendance.models import Expected, Sitting
from keyuan.attendance.rules import access
from keyuan.kernel.access import Actor
from keyuan.orgs.models import School
from keyuan.people.models import Account, Person, Seat

LABEL = "test.class"
OWNER = 12


@dataclass
class World:
    school: School
    people: list[Person]
    registrar: Actor
    head: Actor
    leader: Actor
    stranger: Actor
    other_head: Actor
    sittings: list[Sitting] = field(default_factory=list)

    def trainee(self, number: int) -> Actor:
        return Actor(
            self.people[number].pk, self.school.pk, None, frozenset({"trainee"}), label="演示学员 · 学员"
        )

    def sitting(self, starts: datetime, *, hours: str = "4", length: int = 180, key: str = "") -> Sitting:
        plan = Plan(
            f"专题{len(self.sittings) + 1}",
            starts,
            starts + timedelta(minutes=length),
            Decimal(hours),
            "报告厅",
        )
        made = actions.plan_sitting(
            self.registrar,
            school_id=self.school.pk,
            owner_label=LABEL,
            owner_id=OWNER,
            key=key or f"s{len(self.sittings)}",
            plan=plan,
        )
        actions.expect(self.registrar, sittings=[made], person_ids=[person.pk for person in self.people])
        self.sittings.append(made)
        return made

    def now(self) -> Sitting:
        """A sitting that began a minute ago."""
        return self.sitting(timezone.now() - timedelta(minutes=1))

    def expected(self, sitting: Sitting, number: int) -> Expected:
        return Expected.objects.get(sitting=sitting, person=self.people[number])


@pytest.fixture
def world(db):
    school = School.objects.create(code="gd", name="省科协党校")
    other = School.objects.create(code="sz", name="深圳分校")
    people = Person.objects.bulk_create(
        [Person(school=school, name=f"演示学员{n}", pinyin=f"yan{n}", demo=True) for n in range(5)]
    )
    staff = Person.objects.bulk_create(
        [Person(school=school, name=f"演示教工{n}", demo=True) for n in range(4)]
    )

    def actor(number: int, role: str, school_id: int = school.pk) -> Actor:
        return Actor(staff[number].pk, school_id, None, frozenset({role}), label=f"演示教工{number}")

    before = dict(access.STAFF), dict(access.TITLES)
    access.staff_of(LABEL)(lambda asking: [OWNER] if asking.person_id == staff[1].pk else [])
    access.title_of(LABEL)(lambda _owner: "科协系统干部培训班（演示）")
    yield World(
        school,
        people,
        registrar=actor(0, "registrar"),
        head=actor(1, "head_teacher"),
        leader=actor(2, "leader"),
        stranger=actor(0, "registrar", other.pk),
        other_head=actor(3, "head_teacher"),
    )
    access.STAFF.clear()
    access.TITLES.clear()
    access.STAFF.update(before[0])
    access.TITLES.update(before[1])


@pytest.fixture
def office(world):
    person = Person.objects.get(pk=world.head.person_id)
    account = Account.objects.create_user(email="head@demo.invalid", password="x", person=person)
    Seat.objects.create(person=person, school=world.school, role="head_teacher")
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
