"""Moving sessions: into free half-days, two changing places, back again, and the ways out of a clash."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training.actions import moving
from keyuan.training.actions.moving import Place
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import slots
from tests import factories
from tests.factories import Academy


@pytest.fixture
def held(academy: Academy) -> tuple[TrainingClass, Session, Session]:
    """A class with a session on its first morning and another, shorter, on its first afternoon."""
    klass = factories.published(academy)
    first = factories.session(academy, klass)
    second = factories.session(
        academy,
        klass,
        title="演示讨论",
        half="pm",
        starts=time(14, 30),
        ends=time(16),
        teacher=None,
        place="",
    )
    return klass, first, second


def test_a_session_moves_to_the_first_free_time_of_a_half_day_at_its_length(
    academy: Academy, held: Any
) -> None:
    klass, first, _second = held
    tomorrow = klass.starts + timedelta(days=1)
    moved = moving.move_session(academy.registrar, session=first, day=tomorrow, half="am")
    assert (moved.date, moved.starts, moved.ends) == (tomorrow, time(9), time(11, 30))


def test_a_half_day_that_is_full_is_refused_with_what_stands_there(academy: Academy, held: Any) -> None:
    klass, first, second = held
    with pytest.raises(Conflict, match="演示讨论"):
        moving.move_session(academy.registrar, session=first, day=klass.starts, half="pm")
    tomorrow = klass.starts + timedelta(days=1)
    other = factories.published(academy, title="演示另一班")
    factories.session(academy, other, date=tomorrow, place="演示二号厅", ends=time(12))
    with pytest.raises(Conflict, match="另有安排"):
        moving.move_session(academy.registrar, session=first, day=tomorrow, half="am")
    second.refresh_from_db()
    assert second.starts == time(14, 30)


def test_two_sessions_change_places_and_back(academy: Academy, held: Any) -> None:
    _klass, first, second = held
    before = Place.of(first), Place.of(second)
    moving.swap_sessions(academy.registrar, first=first, second=second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (Place.of(second), Place.of(first)) == before
    assert (second.ends, first.ends) == (time(10, 30), time(17)), "each keeps its length"
    moving.swap_sessions(
        academy.registrar, first=first, second=second, first_at=before[1], second_at=before[0]
    )
    first.refresh_from_db()
    assert Place.of(first) == before[0]


def test_taking_back_is_refused_once_somebody_has_moved_it_on(academy: Academy, held: Any) -> None:
    klass, first, _second = held
    was = Place.of(first)
    moved = moving.move_session(academy.registrar, session=first, day=klass.starts, half="ev")
    now = Place.of(moved)
    moving.move_session(academy.registrar, session=first, day=klass.starts + timedelta(days=1), half="am")
    with pytest.raises(Conflict, match="别人"):
        moving.move_session(
            academy.registrar, session=first, day=was.date, half=was.half, starts=was.starts, expected=now
        )


def test_a_session_people_have_signed_in_to_keeps_its_time(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), trainees=1, final=False)
    first, second = klass.sessions.order_by("date", "starts")
    factories.attend(academy, klass, away={0: [1]})
    with pytest.raises(Fault, match="签到记录"):
        moving.move_session(academy.registrar, session=first, day=klass.starts, half="ev")
    with pytest.raises(Fault, match="签到记录"):
        moving.swap_sessions(academy.registrar, first=second, second=first)


def test_who_may_not_place_sessions_moves_none(academy: Academy, held: Any) -> None:
    klass, first, _second = held
    with pytest.raises(Forbidden):
        moving.move_session(academy.actor("liaison"), session=first, day=klass.starts, half="ev")


def test_what_is_offered_in_a_clash_can_be_taken(academy: Academy, held: Any) -> None:
    klass, _first, _second = held
    other = factories.published(academy, title="演示另一班")
    wanted = Session(
        training_class=other, school=academy.school, date=klass.starts, half="am", starts=time(9), ends=time(11, 30),
        teacher=academy.seats["teacher2"].person, place="演示一号厅", title="演示撞车",
    )  # fmt: skip
    factories.session(
        academy,
        other,
        date=other.starts,
        half="ev",
        starts=time(19),
        ends=time(20),
        teacher=None,
        place="演示五号厅",
    )
    found = slots.explained(academy.registrar, wanted)
    assert [one.link for one in found["obstacles"]] == [f"/classes/{klass.pk}/timetable/"]
    assert len(found["offers"]) == 3
    assert any(offer.facts == {"place": "演示五号厅"} for offer in found["offers"])
    for offer in found["offers"]:
        for name, value in offer.facts.items():
            setattr(wanted, name, Session._meta.get_field(name).to_python(value))
        assert slots.obstacles(academy.registrar, wanted) == []


def test_the_page_says_what_clashes_and_one_button_mends_it_with_all_that_was_typed(
    academy: Academy, held: Any, client_for: Callable[[Any], Client]
) -> None:
    klass, _first, _second = held
    other = factories.published(academy, title="演示另一班")
    client = client_for(academy.seats["registrar"])
    typed = {
        "date": klass.starts.isoformat(), "half": "am", "kind": "lecture", "title": "演示撞车的课", "place": "演示一号厅",
        "teacher": academy.seats["teacher2"].person_id, "starts": "09:00", "ends": "11:30", "hours": "4",
    }  # fmt: skip
    refused = client.post(f"/classes/{other.pk}/timetable/add/", typed)
    assert refused.status_code == 422
    text = refused.content.decode()
    assert klass.title in text
    assert 'name="use"' in text
    assert "演示撞车的课" in text
    offer = text.split('name="use" value="')[1].split('"')[0]
    taken = client.post(f"/classes/{other.pk}/timetable/add/", {**typed, "use": offer})
    assert taken.status_code == 302
    made = Session.objects.get(title="演示撞车的课")
    assert made.place == "演示一号厅"
    assert (made.date, made.half) != (klass.starts, "am")


def test_trainees_of_two_classes_at_once_are_told_to_the_office(academy: Academy) -> None:
    klass, other = (
        factories.published(academy, (2, 0)),
        factories.published(academy, (2, 0), title="演示另一班"),
    )
    nomination = factories.admitted(academy, klass, 1)[0]
    twin = factories.admitted(academy, other, 1)[0]
    type(twin).objects.filter(pk=twin.pk).update(person_id=nomination.person_id)
    session = factories.session(academy, klass)
    factories.session(
        academy,
        other,
        teacher=academy.seats["teacher2"].person,
        place="演示二号厅",
        starts=time(10),
        ends=time(11),
    )
    ((found, names),) = slots.also_elsewhere(session)
    assert found.training_class == other
    assert names == [nomination.person.name]


def test_moving_by_page_and_back_by_its_button(
    academy: Academy, held: Any, client_for: Callable[[Any], Client]
) -> None:
    klass, first, _second = held
    client = client_for(academy.seats["registrar"])
    assert client.get(f"/sessions/{first.pk}/move/").status_code == 200
    told = client.get(f"/sessions/{first.pk}/slots/").json()
    assert told[f"{klass.starts}.pm"]["free"] is False
    gone = client.post(f"/sessions/{first.pk}/move/", {"to": f"{klass.starts}.ev"})
    shown = client.get(gone["Location"]).content.decode()
    assert "撤销" in shown
    assert "已从" in shown
    first.refresh_from_db()
    assert first.half == "ev"
    client.post(
        f"/sessions/{first.pk}/move/",
        {"to": f"{klass.starts}.am.09:00", "exact": "1", "expected": str(Place.of(first))},
    )
    first.refresh_from_db()
    assert (first.half, first.starts) == ("am", time(9))
    assert client.post(f"/sessions/{first.pk}/move/", {"to": "nothing"}).status_code == 422
