"""A class with a released timetable, changed and released again."""

from collections.abc import Callable
from typing import Any

from django.test import Client
from icalendar import Calendar

from keyuan.kernel.access import Actor
from keyuan.kernel.models import Outbox
from keyuan.people.models import Person
from keyuan.training import feeds
from keyuan.training.actions import timetable, versions
from keyuan.training.models import (
    Session,
    TrainingClass,
)
from tests.factories import Academy

SignIn = Callable[[Any], Client]


def named(klass: TrainingClass, title: str) -> Session:
    return Session.objects.get(training_class=klass, title=title)


def change(academy: Academy, klass: TrainingClass, which: str, **facts: Any) -> Session:
    session = named(klass, which)
    timetable.change_session(academy.registrar, session=session, facts=facts)
    return session


def release(academy: Academy, klass: TrainingClass, **more: Any) -> int:
    return versions.release_timetable(academy.registrar, training_class=klass, **more)


def take_out(academy: Academy, klass: TrainingClass, title: str) -> int:
    session = named(klass, title)
    number = session.pk
    timetable.remove_session(academy.registrar, session=session)
    return number


def trainee(klass: TrainingClass) -> Person:
    row = klass.nominations.filter(state="admitted").select_related("person").first()
    assert row is not None
    return row.person


def as_trainee(klass: TrainingClass) -> Actor:
    return Actor(trainee(klass).pk, klass.school_id, None, frozenset({"trainee"}))


def events(person: Person) -> dict[str, Any]:
    book: Any = Calendar.from_ical(feeds.calendar_of(person))
    return {str(event["uid"]).split("@")[0].removeprefix("session-"): event for event in book.walk("VEVENT")}


def told() -> dict[int, str]:
    """Who is told, and of what."""
    return {
        pk: str(row.facts.get("changes", ""))
        for row in Outbox.objects.filter(kind="training.timetable_changed")
        for pk in row.person_ids
    }
