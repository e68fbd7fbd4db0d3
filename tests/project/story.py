"""Who plays in the story of the first class, on the starting data alone, and a clock that can be moved on."""

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from keyuan.desk import starting
from keyuan.kernel import search
from keyuan.kernel.access import system_of
from keyuan.kernel.calendar import is_workday, next_workday
from keyuan.orgs.models import Organisation, School
from keyuan.people import actions as people
from keyuan.people.actions import PersonFacts
from keyuan.people.models import Person, Seat
from keyuan.plan.models import KeyActivity
from tests.kernel.sheet_files import resident_number

FIGURES = "零一二三四五六七八九"


class Clock:
    """The time as the programme reads it: it runs on, from wherever a step of the story has put it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        now, seconds = timezone.now, time.time
        monkeypatch.setattr(timezone, "now", lambda: now() + self.ahead)
        monkeypatch.setattr(time, "time", lambda: seconds() + self.ahead.total_seconds())

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """It is now this hour of that day; only forwards."""
        wanted = datetime(day.year, day.month, day.day, hour, minute, tzinfo=timezone.get_current_timezone())
        step = wanted - timezone.now()
        assert step >= -timedelta(minutes=1)
        self.ahead += step


@dataclass
class Players:
    """The academy as it starts, with one person a role and a unit that has eight people of its own."""

    school: School
    activity: KeyActivity
    unit: Organisation
    registrar: Seat
    head: Seat
    liaison: Seat
    keeper: Seat
    teachers: list[Seat]
    own: list[Person]
    deadline: date
    day: date


def _joined(school: School, number: int, unit: Organisation, name: str = "") -> Person:
    """Somebody registered by the real action, with an account to sign in to."""
    system = system_of(school.pk)
    facts = PersonFacts(
        name or f"演示学员{FIGURES[number // 10]}{FIGURES[number % 10]}", organisation=unit, email=f"p{number}@example.com",
        id_number=resident_number(number, "19800607"), demo=True,
    )  # fmt: skip
    person = people.add_person(system, facts=facts)
    people.invite(system, person=person)
    return person


def _seat(person: Person, role: str, unit: Organisation | None = None) -> Seat:
    people.grant_seat(system_of(person.school_id), person=person, role=role, organisation=unit)
    return Seat.objects.get(person=person, role=role)


@transaction.atomic
def players() -> Players:
    """Everybody the story needs; every row by the actions that an office would use."""
    school = starting.start().school
    activity = KeyActivity.objects.get(plan__school=school, plan__year=2020, number=5)
    lead = activity.leads.first()
    assert lead is not None
    unit = Organisation.objects.filter(school=school, kind="city_association").order_by("order")[0]
    office = Organisation.objects.filter(school=school, kind="department").order_by("order")[0]
    today = timezone.localdate()
    deadline = today if is_workday(today) else next_workday(today)
    made: dict[str, Any] = {
        "registrar": _seat(_joined(school, 40, office, "演示教务"), "registrar"),
        "head": _seat(_joined(school, 41, lead.organisation, "演示负责人"), "department_head", lead.organisation),
        "liaison": _seat(_joined(school, 42, unit, "演示联络"), "liaison", unit),
        "keeper": _seat(_joined(school, 43, office, "演示班主任"), "head_teacher"),
        "teachers": [_seat(_joined(school, 44 + n, office, f"演示师资{FIGURES[n]}"), "teacher") for n in (0, 1)],
        "own": [_joined(school, n, unit) for n in range(8)],
    }  # fmt: skip
    search.refresh(*made["own"])
    return Players(school, activity, unit, deadline=deadline, day=deadline + timedelta(days=1), **made)


def class_typed(cast: Players, places: int = 6) -> dict[str, Any]:
    """The form of a class as the registrar fills it in: two days, the deadline a working day before."""
    lead = cast.activity.leads.first()
    assert lead is not None
    return {
        "title": "演示干部培训班", "department": lead.organisation_id, "starts": f"{cast.day}",
        "ends": f"{cast.day + timedelta(days=1)}", "nominate_by": f"{cast.deadline}", "venue": "演示厅",
        "head_teacher": cast.keeper.person_id, "places": places, "hours": "7.5", "audience": "各地市科协干部",
        "content": "", "attendance_share": "0.8", "contact": "", "notice_number": "",
        "kind": "training", "entry": "quota", "lodging": "on", "certificate": "on",
    }  # fmt: skip


def lesson_typed(day: date, half: str, starts: str, ends: str, teacher: Seat, **more: Any) -> dict[str, Any]:
    """The form of a session."""
    return {
        "date": f"{day}", "half": half, "kind": "lecture", "title": "演示课", "teacher": teacher.person_id,
        "place": "演示厅", "starts": starts, "ends": ends, "hours": "3", **more,
    }  # fmt: skip
