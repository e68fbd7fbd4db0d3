"""Placing sessions: clashes named and refused, by the action and by the database; release and who is expected."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from keyuan.attendance.models import Expected, Sitting
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.training import feeds
from keyuan.training.actions import timetable, versions
from keyuan.training.models import Session, TrainingClass
from tests import factories
from tests.factories import Academy

RAW = """INSERT INTO training_session (training_class_id, school_id, kind, title, date, half, starts, ends, teacher_id,
place, hours, teacher_answer, released) VALUES (%s, %s, 'lecture', '演示', %s, 'am', %s, %s, %s, %s, 4, '', false)"""


@pytest.fixture
def two(academy: Academy) -> tuple[TrainingClass, TrainingClass]:
    """Two classes in the same days, the first with a session from nine to half past eleven."""
    first, second = factories.published(academy), factories.published(academy, title="演示另一班")
    factories.session(academy, first)
    return first, second


@pytest.mark.parametrize(
    ("changed", "named"),
    [({"place": "演示二号厅"}, "主讲"), ({"teacher": None}, "场地"), ({"teacher": None, "place": " 演示一号厅".strip()}, "场地")],
)  # fmt: skip
def test_a_teacher_or_a_room_in_two_places_is_refused_with_the_clash_named(
    academy: Academy, two: Any, changed: dict[str, Any], named: str
) -> None:
    with pytest.raises(Conflict, match=named) as clash:
        factories.session(academy, two[1], starts=time(11), ends=time(12), **changed)
    assert two[0].title in clash.value.message
    assert Session.objects.count() == 1


def test_a_class_is_not_in_two_sessions_at_once(academy: Academy, two: Any) -> None:
    with pytest.raises(Conflict, match="本班"):
        factories.session(
            academy,
            two[0],
            teacher=academy.seats["teacher2"].person,
            place="演示二号厅",
            starts=time(11),
            ends=time(12),
        )


def test_one_session_may_begin_the_minute_another_ends(academy: Academy, two: Any) -> None:
    factories.session(academy, two[1], starts=time(11, 30), ends=time(12))
    assert Session.objects.count() == 2


def test_a_cancelled_class_holds_no_room(academy: Academy, two: Any) -> None:
    TrainingClass.objects.filter(pk=two[0].pk).update(state="cancelled")
    factories.session(academy, two[1])
    assert Session.objects.count() == 2


@pytest.mark.parametrize("shared", ["class", "teacher", "room"])
def test_the_database_refuses_a_clash_written_past_the_application(
    academy: Academy, two: Any, shared: str
) -> None:
    first, second = two
    klass = first if shared == "class" else second
    teacher = academy.seats["teacher" if shared == "teacher" else "teacher2"].person_id
    place = "演示一号厅" if shared == "room" else "演示三号厅"
    values = [klass.pk, academy.school.pk, klass.starts, "11:00", "12:00", teacher, place]
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RAW, values)
    free = [second.pk, academy.school.pk, klass.starts, "12:30", "13:00", teacher, "演示三号厅"]
    with connection.cursor() as cursor:
        cursor.execute(RAW, free)
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(
                "UPDATE training_session SET starts = '09:30', place = '演示一号厅' WHERE starts = '12:30'"
            )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"starts": time(14), "ends": time(15)}, "不在上午"),
        ({"ends": time(8)}, "晚于开始"),
        ({"days": 9}, "班期"),
    ],
)
def test_times_outside_their_half_day_or_class_are_refused(
    academy: Academy, changed: dict[str, Any], words: str
) -> None:
    klass = factories.published(academy)
    if "days" in changed:
        changed = {"date": klass.starts + timedelta(days=changed["days"])}
    with pytest.raises(Fault, match=words):
        factories.session(academy, klass, **changed)


def test_an_empty_timetable_is_not_released(academy: Academy) -> None:
    with pytest.raises(Fault, match="还是空的"):
        versions.release_timetable(academy.registrar, training_class=factories.published(academy))


def test_release_expects_exactly_the_admitted_and_follows_who_comes_and_goes(academy: Academy) -> None:
    klass = factories.published(academy, (3, 1))
    first, second = factories.admitted(academy, klass, 2)
    factories.nominee(academy, klass)
    factories.session(academy, klass)
    factories.session(
        academy,
        klass,
        kind="self_study",
        half="ev",
        starts=time(19),
        ends=time(20),
        hours=Decimal(0),
        teacher=None,
    )
    assert versions.release_timetable(academy.registrar, training_class=klass) == 1
    assert Sitting.objects.count() == 1, "self-study is not signed for"
    expected = Expected.objects.values_list("person_id", flat=True)
    assert set(expected) == {first.person_id, second.person_id}
    factories.move(academy, first, "remove")
    third = factories.admitted(academy, klass, 1, unit=1)[0]
    assert set(expected.all()) == {second.person_id, third.person_id}
    with pytest.raises(Fault, match="与已发布的第 1 版相同"):
        versions.release_timetable(academy.registrar, training_class=klass)
    assert Sitting.objects.count() == 1


def test_a_changed_session_is_unreleased_and_its_new_teacher_is_asked_anew(academy: Academy) -> None:
    klass = factories.published(academy)
    session = factories.session(academy, klass)
    versions.release_timetable(academy.registrar, training_class=klass)
    teacher, other = academy.seats["teacher"].person, academy.seats["teacher2"].person
    timetable.answer_invitation(session=session, person_id=teacher.pk, answer="yes")
    with pytest.raises(Fault, match="已经调整"):
        timetable.answer_invitation(session=session, person_id=other.pk, answer="yes")
    assert timetable.change_session(academy.registrar, session=session, facts={"teacher": other}) == [
        "teacher"
    ]
    stored = Session.objects.get()
    assert (stored.teacher_answer, stored.released) == ("", False)


def test_a_session_that_people_signed_in_to_is_not_taken_out(academy: Academy) -> None:
    klass = factories.taught(academy, final=False)
    factories.attend(academy, klass)
    with pytest.raises(Fault, match="签到记录"):
        timetable.remove_session(academy.registrar, session=klass.sessions.all()[0])


def test_only_the_registrar_and_the_head_teacher_of_the_class_place_sessions(academy: Academy) -> None:
    klass = factories.published(academy)
    for key in ("liaison", "teacher", "head"):
        with pytest.raises(Forbidden):
            timetable.place_session(academy.actor(key), training_class=klass, facts={})


def test_the_calendar_feed_holds_what_is_released_and_nothing_else(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.admitted(academy, klass)[0]
    factories.session(academy, klass)
    assert b"BEGIN:VEVENT" not in feeds.calendar_of(row.person)
    versions.release_timetable(academy.registrar, training_class=klass)
    for person in (row.person, academy.seats["teacher"].person):
        assert feeds.calendar_of(person).count(b"BEGIN:VEVENT") == 1
    assert feeds.calendar_of(academy.seats["teacher2"].person).count(b"BEGIN:VEVENT") == 0
