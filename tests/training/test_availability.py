"""Stated times at the timetable: a warning that keeps the session, and offers that prefer what suits the teacher."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from keyuan.kernel.calendar import with_weekday
from keyuan.people.actions import availability
from keyuan.people.actions.availability import AvailabilityFacts
from keyuan.people.models import Availability
from keyuan.people.queries import availability as reads
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import slots
from keyuan.training.queries.warnings import warnings_of
from tests import factories
from tests.factories import Academy


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    return factories.published(academy)


def say(
    academy: Academy, kind: str, day: Any, half: str = "", *, note: str = "", key: str = "teacher"
) -> None:
    facts = AvailabilityFacts(kind, day, day, half=half, note=note)
    availability.state(academy.registrar, person=academy.seats[key].person, facts=facts)


def told(session: Session) -> list[str]:
    return [words for words in warnings_of(session) if "不便" in words]


def test_a_session_in_an_inconvenient_half_day_is_warned_of_with_what_to_do(
    academy: Academy, klass: TrainingClass
) -> None:
    row = factories.session(academy, klass)
    say(academy, "cannot", klass.starts, "pm")
    say(academy, "cannot", klass.starts, "am", key="teacher2")
    say(academy, "prefers", klass.starts, "am")
    assert told(row) == []
    say(academy, "cannot", klass.starts, "am", note="演示外出")
    (words,) = told(row)
    assert words.startswith(f"{row.teacher}于{with_weekday(klass.starts)}上午不便（演示外出）")
    assert "请换半天、换主讲" in words
    Session.objects.filter(pk=row.pk).update(teacher=None)
    row.refresh_from_db()
    assert told(row) == []


def test_placing_there_is_not_refused_and_the_form_tells_it_before_and_after(
    academy: Academy, klass: TrainingClass, client_for: Callable[[Any], Client]
) -> None:
    say(academy, "cannot", klass.starts, "am", note="演示外出")
    client = client_for(academy.seats["headteacher"])
    form = client.get(f"/classes/{klass.pk}/timetable/add/").content.decode()
    assert "班期内师资登记的时间（1 条）" in form
    assert "演示外出" in form
    typed = {
        "date": klass.starts, "half": "am", "kind": "lecture", "title": "演示专题", "place": "演示厅", "starts": "09:00",
        "ends": "11:30", "hours": "3", "teacher": academy.seats["teacher"].person_id,
    }  # fmt: skip
    answer = client.post(f"/classes/{klass.pk}/timetable/add/", typed, follow=True)
    assert "上午不便（演示外出）" in answer.content.decode()
    assert Session.objects.filter(training_class=klass).count() == 1


def test_the_page_and_the_answer_for_dragging_say_it_before_one_drops(
    academy: Academy, klass: TrainingClass, client_for: Callable[[Any], Client]
) -> None:
    row = factories.session(academy, klass)
    tomorrow = klass.starts + timedelta(days=1)
    say(academy, "cannot", tomorrow, "am")
    say(academy, "prefers", tomorrow, "pm")
    client = client_for(academy.seats["registrar"])
    page = client.get(f"/sessions/{row.pk}/move/").content.decode()
    assert "主讲不便" in page
    assert "主讲方便" in page
    cells = client.get(f"/sessions/{row.pk}/slots/").json()
    assert cells[f"{tomorrow}.am"]["free"] is True
    assert "主讲不便" in cells[f"{tomorrow}.am"]["words"]
    assert "主讲方便" in cells[f"{tomorrow}.pm"]["words"]
    assert [cells[f"{tomorrow}.{half}"]["said"] for half in ("am", "pm", "ev")] == ["cannot", "prefers", ""]
    assert "主讲" not in cells[f"{tomorrow}.ev"]["words"]


def test_offers_begin_where_the_teacher_would_rather_and_end_where_the_teacher_cannot(
    academy: Academy, klass: TrainingClass
) -> None:
    row = factories.session(academy, klass)
    tomorrow = klass.starts + timedelta(days=1)
    assert slots.offers(row)[0].facts["date"] == klass.starts.isoformat()
    say(academy, "prefers", tomorrow, "pm")
    say(academy, "cannot", klass.starts, "pm")
    offered = [each for each in slots.offers(row) if each.facts.get("date")]
    assert (offered[0].facts["date"], offered[0].facts["half"]) == (tomorrow.isoformat(), "pm")
    assert offered[0].label.endswith("（主讲方便）")
    assert all("不便" not in each.label for each in offered[:2])


def test_a_session_without_a_teacher_asks_nothing_more_and_many_statements_cost_no_more(
    academy: Academy, klass: TrainingClass
) -> None:
    row = factories.session(academy, klass)

    def asked(session: Session) -> int:
        with CaptureQueriesContext(connection) as seen:
            slots.cells(session)
        return len(seen)

    before = asked(row)
    for n in range(12):
        say(academy, "cannot", klass.starts + timedelta(days=n))
    assert Availability.objects.count() == 12
    assert asked(row) == before == 2
    free = factories.session(
        academy, klass, teacher=None, half="pm", starts=time(14, 30), ends=time(16), place=""
    )
    assert asked(free) == 1


def test_who_gives_lessons_without_a_teachers_seat_is_on_the_offices_list_too(
    academy: Academy, klass: TrainingClass
) -> None:
    guest = factories.person(academy, "演示外请")
    assert guest not in reads.teachers(academy.registrar)
    factories.session(academy, klass, teacher=guest)
    assert guest in reads.teachers(academy.registrar)
