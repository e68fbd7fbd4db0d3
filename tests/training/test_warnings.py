"""Warnings about a session: travel, answers, hours, holidays and lunch, in a fixed number of queries."""

from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from keyuan.people.models import Seat
from keyuan.training.models import Session, Stop
from keyuan.training.queries.warnings import warnings_for, warnings_of
from keyuan.training.rules import travel
from keyuan.training.rules.travel import Visit
from tests import factories
from tests.factories import Academy

visits = st.builds(
    lambda a, b, place: Visit(min(a, b), max(a, b), place), st.times(), st.times(), st.sampled_from("甲乙 ")
)


@given(st.lists(visits, max_size=6), st.integers(0, 180))
def test_short_gaps_lie_between_different_places_and_grow_with_the_minutes(
    found: list[Visit], minutes: int
) -> None:
    short = travel.too_short(found, minutes)
    assert all(one.place != two.place and 0 <= gap < minutes for one, two, gap in short)
    assert set(short) <= set(travel.too_short(found, minutes + 30))


@given(st.lists(visits, max_size=6), st.integers(0, 180))
def test_the_order_in_which_visits_are_told_does_not_matter(found: list[Visit], minutes: int) -> None:
    assert travel.too_short(found, minutes) == travel.too_short(found[::-1], minutes)


def test_one_room_written_in_two_ways_is_one_room() -> None:
    assert travel.normal("３号 教室") == travel.normal("3号教室")


def test_the_teacher_and_the_class_need_time_to_change_places(academy: Academy) -> None:
    klass = factories.published(academy)
    factories.session(academy, klass, ends=time(10), hours=Decimal(2))
    second = factories.session(
        academy, klass, starts=time(10, 10), ends=time(11), hours=Decimal(1), place="演示基地"
    )
    told = [words for words in warnings_of(second) if "只有 10 分钟" in words]
    assert [words[:2] for words in told] == ["主讲", "本班"]
    Session.objects.filter(pk=second.pk).update(starts=time(10, 30))
    assert not [words for words in warnings_of(second) if "换地点" in words]


def test_a_stop_of_the_journey_is_a_place_too(academy: Academy) -> None:
    klass = factories.published(academy)
    first = factories.session(academy, klass)
    Stop.objects.create(
        training_class=klass, date=klass.starts, arrives=time(11, 40), leaves=time(15), place="演示园区", purpose="考察"
    )  # fmt: skip
    assert any(words.startswith("本班") and "只有 10 分钟" in words for words in warnings_of(first))


def test_unanswered_and_declined_invitations_are_told_and_an_accepted_one_is_not(academy: Academy) -> None:
    row = factories.session(academy, factories.published(academy))
    for answer, said in (("", "还没有答复"), ("no", "已婉拒"), ("yes", "")):
        Session.objects.filter(pk=row.pk).update(teacher_answer=answer)
        words = "".join(warnings_of(row))
        assert said in words if said else "答复" not in words


def test_more_than_four_hours_a_half_day_and_a_lunch_crossed_are_told(academy: Academy) -> None:
    klass = factories.published(academy)
    factories.session(academy, klass, ends=time(10), hours=Decimal(2))
    long = factories.session(academy, klass, starts=time(10), ends=time(13, 30), hours=Decimal(3))
    words = "".join(warnings_of(long))
    assert "共讲 5 学时" in words
    assert "午餐" in words


def test_a_holiday_and_a_make_up_day_are_told_and_a_plain_day_is_not(academy: Academy) -> None:
    row = factories.session(academy, factories.published(academy))
    for day, said in ((date(2025, 10, 1), "节假日"), (date(2025, 10, 11), "调休"), (date(2025, 10, 15), "")):
        Session.objects.filter(pk=row.pk).update(date=day)
        row.refresh_from_db()
        words = "".join(warnings_of(row))
        assert said in words if said else "节假日" not in words and "调休" not in words


def test_a_whole_timetable_asks_as_often_as_one_session(academy: Academy) -> None:
    klass = factories.published(academy)
    days = (klass.ends - klass.starts).days + 1
    rows = [
        factories.session(academy, klass, date=klass.starts + timedelta(days=n % days), starts=start, ends=end, half=half)
        for n in range(days)
        for half, start, end in (("am", time(9), time(11)), ("pm", time(14, 30), time(17)))
    ]  # fmt: skip

    def asked(some: list[Session]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as told:
            warnings_for(some)
        return len(told)

    assert asked(rows) == asked(rows[:1]) == 4


def test_the_form_tells_the_warnings_after_saving_and_keeps_the_session(
    academy: Academy, client_for: Callable[[Seat], Client]
) -> None:
    klass = factories.published(academy)
    row = factories.session(academy, klass)
    typed = {
        "date": row.date, "half": "am", "kind": "lecture", "title": row.title, "place": row.place, "starts": "10:00",
        "ends": "13:30", "hours": "3", "teacher": row.teacher_id,
    }  # fmt: skip
    answer = client_for(academy.seats["registrar"]).post(f"/sessions/{row.pk}/change/", typed, follow=True)
    assert answer.status_code == 200
    assert "请留出午餐时间" in answer.content.decode()
    row.refresh_from_db()
    assert row.ends == time(13, 30)
