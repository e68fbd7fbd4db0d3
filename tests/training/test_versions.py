"""Versions: what is released holds for everybody until the next release, and only those concerned are told."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from keyuan.attendance.models import Sitting
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, Forbidden
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person
from keyuan.training import doctor, feeds, papers, todos
from keyuan.training.actions import closing, life, moving, timetable, versions
from keyuan.training.models import (
    Nomination,
    ReleasedSession,
    Session,
    TimetableFinal,
    TimetableVersion,
    TrainingClass,
)
from keyuan.training.queries import closing as checks
from keyuan.training.queries import released
from keyuan.training.queries import versions as queries
from tests import factories
from tests.factories import Academy

SignIn = Callable[[Any], Client]


@pytest.fixture
def klass(academy: Academy) -> TrainingClass:
    """Two sessions of two teachers on two days, one trainee, released and everybody told."""
    made = factories.published(academy, ends=factories.facts_of(academy)["ends"] + timedelta(days=1))
    factories.admitted(academy, made)
    factories.session(academy, made, title="演示党性")
    factories.session(
        academy, made, title="演示业务", date=made.starts + timedelta(days=1), place="演示二号厅",
        teacher=academy.seats["teacher2"].person,
    )  # fmt: skip
    versions.release_timetable(academy.registrar, training_class=made)
    Outbox.objects.all().delete()
    return TrainingClass.objects.get(pk=made.pk)


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


# ---- released, and seen ---------------------------------------------------------------------


def test_a_version_is_a_snapshot_of_ids_without_names(academy: Academy, klass: TrainingClass) -> None:
    version = TimetableVersion.objects.get()
    assert (version.number, version.released_by_id) == (1, academy.registrar.person_id)
    assert [line.title for line in queries.lines_of(version)] == ["演示党性", "演示业务"]
    assert {line["teacher"] for line in version.facts} == {
        academy.seats["teacher"].person_id,
        academy.seats["teacher2"].person_id,
    }
    assert academy.seats["teacher"].person.name not in str(version.facts)


def test_an_unchanged_timetable_is_not_released_again(academy: Academy, klass: TrainingClass) -> None:
    with pytest.raises(Fault, match="与已发布的第 1 版相同"):
        release(academy, klass)
    was = named(klass, "演示党性").place
    change(academy, klass, "演示党性", place="演示三号厅")
    change(academy, klass, "演示党性", place=was)
    assert named(klass, "演示党性").released, "put back by hand it stands as released"
    with pytest.raises(Fault, match="相同"):
        release(academy, klass)


def test_nobody_but_the_office_sees_what_is_not_released(academy: Academy, klass: TrainingClass) -> None:
    session = change(academy, klass, "演示党性", place="演示三号厅", teacher=academy.seats["teacher2"].person)
    gone = take_out(academy, klass, "演示业务")
    factories.session(
        academy, klass, title="演示新课", half="pm", starts=time(15), ends=time(17), teacher=None, place=""
    )
    actor = as_trainee(klass)
    seen = released.released_of(actor, klass)
    assert [(row.pk, row.title, row.place) for row in seen] == [
        (session.pk, "演示党性", "演示一号厅"),
        (gone, "演示业务", "演示二号厅"),
    ]
    assert [row.pk for row in released.coming(actor, days=60)] == [session.pk, gone]
    assert [row.pk for row in released.coming(academy.actor("teacher"), days=60)] == [session.pk]
    assert [row.pk for row in released.coming(academy.actor("teacher2"), days=60)] == [gone]
    assert set(events(trainee(klass))) == {str(session.pk), str(gone)}
    release(academy, klass)
    assert [row.title for row in released.released_of(actor, klass)] == ["演示党性", "演示新课"]
    assert [row.pk for row in released.coming(academy.actor("teacher2"), days=60)] == [session.pk]
    assert released.coming(academy.actor("teacher"), days=60) == []


def test_sittings_follow_the_release_and_not_the_draft(academy: Academy, klass: TrainingClass) -> None:
    gone = named(klass, "演示业务").sitting_id
    take_out(academy, klass, "演示业务")
    assert Sitting.objects.get(pk=gone).state == "planned"
    release(academy, klass)
    assert Sitting.objects.get(pk=gone).state == "cancelled"


def test_the_pages_of_trainee_teacher_and_home_show_what_was_released(
    academy: Academy, klass: TrainingClass, client_for: SignIn
) -> None:
    change(academy, klass, "演示党性", title="演示改过的题目")
    teacher, office = client_for(academy.seats["teacher"]), client_for(academy.seats["registrar"])
    session = named(klass, "演示改过的题目")
    for path in (f"/classes/{klass.pk}/timetable/", "/my/teaching/", f"/my/teaching/{session.pk}/"):
        text = teacher.get(path).content.decode()
        assert "演示党性" in text, path
        assert "演示改过的题目" not in text, path
    text = office.get(f"/classes/{klass.pk}/timetable/").content.decode()
    assert "有 1 处改动未发布" in text
    assert "内容改为“演示改过的题目”" in text
    release(academy, klass)
    assert "演示改过的题目" in teacher.get("/my/teaching/").content.decode()
    assert "这一版有 1 处调整" in teacher.get(f"/classes/{klass.pk}/timetable/").content.decode()


def test_a_session_not_yet_released_is_found_by_no_teacher(academy: Academy, client_for: SignIn) -> None:
    klass = factories.published(academy)
    session = factories.session(academy, klass)
    teacher = client_for(academy.seats["teacher"])
    assert teacher.get(f"/my/teaching/{session.pk}/").status_code == 404
    assert session.title not in teacher.get(f"/classes/{klass.pk}/timetable/").content.decode()
    release(academy, klass)
    assert teacher.get(f"/my/teaching/{session.pk}/").status_code == 200


# ---- who is told ----------------------------------------------------------------------------


def test_the_first_release_tells_everybody_with_the_note(academy: Academy) -> None:
    klass = factories.published(academy)
    row = factories.admitted(academy, klass)[0]
    factories.session(academy, klass)
    release(academy, klass, note=" 请提前到场 ")
    sent = Outbox.objects.get(kind="training.timetable")
    assert set(sent.person_ids) == {row.person_id, academy.seats["teacher"].person_id}
    assert sent.facts["note"] == "说明：请提前到场"


def test_a_change_tells_trainees_and_only_the_teacher_whose_session_it_is(
    academy: Academy, klass: TrainingClass
) -> None:
    change(academy, klass, "演示党性", place="演示三号厅")
    release(academy, klass)
    found = told()
    assert set(found) == {trainee(klass).pk, academy.seats["teacher"].person_id}
    assert set(found.values()) == {"“演示党性”地点由演示一号厅改为演示三号厅"}


def test_hours_alone_concern_the_teacher_and_no_trainee(academy: Academy, klass: TrainingClass) -> None:
    change(academy, klass, "演示党性", hours=3)
    release(academy, klass)
    assert set(told()) == {academy.seats["teacher"].person_id}


def test_who_loses_a_session_is_told_and_who_gets_it(academy: Academy, klass: TrainingClass) -> None:
    lost, got = (academy.seats[key].person_id for key in ("teacher", "teacher2"))
    change(academy, klass, "演示党性", teacher=academy.seats["teacher2"].person)
    release(academy, klass)
    found = told()
    assert found[lost] == "“演示党性”不再由您主讲"
    assert found[got].startswith("“演示党性”由您主讲")
    assert found[trainee(klass).pk] == "“演示党性”主讲有调整"


def test_a_session_taken_out_is_told_to_those_who_had_it(academy: Academy, klass: TrainingClass) -> None:
    take_out(academy, klass, "演示业务")
    release(academy, klass)
    found = told()
    assert set(found) == {trainee(klass).pk, academy.seats["teacher2"].person_id}
    assert all(words.startswith("取消“演示业务”") for words in found.values())


def test_postponing_tells_once_and_makes_one_version(academy: Academy, klass: TrainingClass) -> None:
    life.postpone(
        academy.registrar, training_class=klass, starts=klass.starts + timedelta(days=1),
        nominate_by=klass.nominate_by, reason="演示原因",
    )  # fmt: skip
    assert told() == {}
    assert Outbox.objects.filter(kind="training.postponed").exists()
    assert TimetableVersion.objects.count() == 2
    assert {event["sequence"] for event in events(trainee(klass)).values()} == {1}


def test_another_deadline_alone_releases_nothing(academy: Academy, klass: TrainingClass) -> None:
    life.postpone(
        academy.registrar, training_class=klass, starts=klass.starts, reason="演示原因",
        nominate_by=klass.nominate_by - timedelta(days=1),
    )  # fmt: skip
    assert TimetableVersion.objects.count() == 1


def test_what_was_looked_at_is_what_is_released(academy: Academy, klass: TrainingClass) -> None:
    change(academy, klass, "演示党性", place="演示三号厅")
    seen = queries.preview(klass).seen
    change(academy, klass, "演示业务", place="演示四号厅")
    with pytest.raises(Conflict, match="再核对一遍"):
        release(academy, klass, seen=seen)
    assert release(academy, klass, seen=queries.preview(klass).seen) == 2


def test_the_release_page_says_what_changed_and_who_will_be_told(
    academy: Academy, klass: TrainingClass, client_for: SignIn
) -> None:
    office, path = client_for(academy.seats["registrar"]), f"/classes/{klass.pk}/timetable/release/"
    assert "没有要发布的改动" in office.get(path).content.decode()
    change(academy, klass, "演示党性", place="演示三号厅")
    text = office.get(path).content.decode()
    for words in (
        "发布课程表第 2 版",
        "地点由演示一号厅改为演示三号厅",
        "发布并通知 2 人",
        academy.seats["teacher"].person.name,
    ):
        assert words in text
    back = office.post(path, {"note": "演示附言", "seen": "别的"})
    assert back.status_code == 422
    assert "演示附言" in back.content.decode()
    assert office.post(path, {"note": "演示附言"}).status_code == 302
    assert {row.facts["note"] for row in Outbox.objects.all()} == {"说明：演示附言"}


# ---- the calendar ---------------------------------------------------------------------------


def test_the_sequence_rises_only_for_what_changed(academy: Academy, klass: TrainingClass) -> None:
    moved, other = named(klass, "演示党性"), named(klass, "演示业务")
    change(academy, klass, "演示党性", starts=time(9, 30))
    release(academy, klass)
    found = events(trainee(klass))
    assert (found[str(moved.pk)]["sequence"], found[str(other.pk)]["sequence"]) == (1, 0)
    assert found[str(moved.pk)]["dtstart"].dt.time() == time(9, 30)
    assert {event["status"] for event in found.values()} == {"CONFIRMED"}


def test_a_session_taken_out_is_cancelled_in_the_calendar(academy: Academy, klass: TrainingClass) -> None:
    gone = take_out(academy, klass, "演示业务")
    release(academy, klass)
    for person in (trainee(klass), academy.seats["teacher2"].person):
        event = events(person)[str(gone)]
        assert (event["status"], event["sequence"]) == ("CANCELLED", 1)


def test_the_teacher_who_lost_a_session_finds_it_cancelled_and_nobody_else(
    academy: Academy, klass: TrainingClass
) -> None:
    one, two = academy.seats["teacher"].person, academy.seats["teacher2"].person
    session = change(academy, klass, "演示党性", teacher=two)
    release(academy, klass)
    key = str(session.pk)
    assert [events(who)[key]["status"] for who in (one, two, trainee(klass))] == [
        "CANCELLED", "CONFIRMED", "CONFIRMED",
    ]  # fmt: skip
    change(academy, klass, "演示党性", teacher=one)
    release(academy, klass)
    assert [(events(who)[key]["status"], events(who)[key]["sequence"]) for who in (one, two)] == [
        ("CONFIRMED", 2), ("CANCELLED", 2),
    ]  # fmt: skip


def test_a_class_called_off_is_cancelled_in_every_calendar(academy: Academy, klass: TrainingClass) -> None:
    person = trainee(klass)
    life.call_off(academy.registrar, training_class=klass, reason="台风")
    for who in (person, academy.seats["teacher"].person):
        found = events(who).values()
        assert found
        assert {(event["status"], event["sequence"]) for event in found} == {("CANCELLED", 1)}


def test_who_was_only_put_forward_gets_nothing_of_a_class_called_off(
    academy: Academy, klass: TrainingClass
) -> None:
    row = factories.nominee(academy, klass)
    life.call_off(academy.registrar, training_class=klass, reason="台风")
    assert events(row.person) == {}


# ---- taken back -----------------------------------------------------------------------------


def test_taking_back_restores_what_was_released(academy: Academy, klass: TrainingClass) -> None:
    one, two = named(klass, "演示党性"), named(klass, "演示业务")
    was = queries.lines_of(TimetableVersion.objects.get())
    here, there = {"date": one.date, "place": ""}, {"date": two.date, "place": ""}
    timetable.change_session(
        academy.registrar, session=one, facts=there | {"starts": time(12), "ends": time(12, 45)}
    )
    timetable.change_session(academy.registrar, session=two, facts=here)
    factories.session(
        academy, klass, title="演示新课", half="pm", starts=time(15), ends=time(17), teacher=None, place=""
    )
    take_out(academy, klass, "演示业务")
    assert versions.take_back(academy.registrar, training_class=klass) == (3, [])
    assert not queries.pending(klass)
    assert queries.lines_of(TimetableVersion.objects.get()) == was
    assert not Session.objects.filter(released=False).exists()
    back = named(klass, "演示业务")
    assert back.pk == two.pk
    assert back.sitting_id == two.sitting_id
    assert ReleasedSession.objects.get(number=two.pk).session == back
    with pytest.raises(Fault, match="没有未发布的改动"):
        versions.take_back(academy.registrar, training_class=klass)
    assert audit.verify() is None


def test_sessions_that_changed_places_change_back(academy: Academy, klass: TrainingClass) -> None:
    moving.swap_sessions(academy.registrar, first=named(klass, "演示党性"), second=named(klass, "演示业务"))
    assert len(queries.pending(klass)) == 2
    versions.take_back(academy.registrar, training_class=klass)
    assert not queries.pending(klass)


def test_a_place_taken_meanwhile_keeps_everything_as_it_is(academy: Academy, klass: TrainingClass) -> None:
    session = named(klass, "演示党性")
    change(academy, klass, "演示党性", place="演示三号厅")
    change(academy, klass, "演示业务", place="演示四号厅")
    other = factories.published(academy, title="演示另一班")
    factories.session(academy, other, teacher=None, place="演示一号厅")
    with pytest.raises(Conflict, match="演示另一班"):
        versions.take_back(academy.registrar, training_class=klass)
    session.refresh_from_db()
    assert (session.place, named(klass, "演示业务").place) == ("演示三号厅", "演示四号厅")


def test_of_a_session_signed_in_to_only_the_time_goes_back(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), final=False)
    one, two = klass.sessions.order_by("date", "starts")
    timetable.change_session(
        academy.registrar, session=one, facts={"starts": time(9, 30), "place": "演示三号厅"}
    )
    timetable.change_session(academy.registrar, session=two, facts={"place": "演示四号厅"})
    factories.attend(academy, klass)
    with pytest.raises(Fault, match="已有签到记录"):
        release(academy, klass)
    count, stayed = versions.take_back(academy.registrar, training_class=klass)
    assert (count, stayed) == (1, [one.title, two.title])
    one.refresh_from_db()
    assert (one.starts, one.place) == (time(9), "演示三号厅")
    with pytest.raises(Fault, match="不能撤回"):
        versions.take_back(academy.registrar, training_class=klass)
    assert release(academy, klass) == 2


def test_a_session_taken_out_that_people_signed_in_to_meanwhile_comes_back(academy: Academy) -> None:
    klass = factories.taught(academy, ("4", "4"), final=False)
    one = klass.sessions.order_by("date", "starts")[0]
    number = one.pk
    timetable.remove_session(academy.registrar, session=one)
    factories.attend(academy, klass)
    with pytest.raises(Fault, match="已有签到记录"):
        release(academy, klass)
    versions.take_back(academy.registrar, training_class=klass)
    assert Session.objects.get(pk=number).title == "演示专题1"


# ---- versions, compared and as a file -------------------------------------------------------


def test_two_versions_are_compared_and_each_is_a_sheet(
    academy: Academy, klass: TrainingClass, client_for: SignIn, tmp_path: Any
) -> None:
    change(academy, klass, "演示党性", place="演示三号厅")
    release(academy, klass)
    take_out(academy, klass, "演示业务")
    release(academy, klass)
    office, base = client_for(academy.seats["registrar"]), f"/classes/{klass.pk}/timetable/versions/"
    rows = queries.rows_of(academy.registrar, klass)
    assert [(row.version.number, row.sessions, row.changes) for row in rows] == [
        (3, 1, 1),
        (2, 2, 1),
        (1, 2, 0),
    ]
    text = office.get(f"{base}?a=3&b=1").content.decode()
    assert "地点由演示一号厅改为演示三号厅" in text
    assert "取消“演示业务”" in text
    assert "两个版本相同" not in text
    answer = office.get(f"{base}1/")
    kept = tmp_path / "v1.xlsx"
    kept.write_bytes(answer.content)
    cells = [
        str(cell) for row in openpyxl.load_workbook(kept).active.iter_rows(values_only=True) for cell in row
    ]
    assert {"演示党性", "演示业务", "演示一号厅", academy.seats["teacher"].person.name} <= set(cells)
    assert any("第 1 版" in cell for cell in cells)
    assert office.get(f"{base}9/").status_code == 404
    for key in ("teacher", "liaison"):
        assert client_for(academy.seats[key]).get(base).status_code in {403, 404}


def test_a_version_is_never_changed_nor_taken_out(academy: Academy, klass: TrainingClass) -> None:
    versions.declare_final(academy.registrar, training_class=klass)
    for table in ("training_timetableversion", "training_timetablefinal"):
        for statement in ("UPDATE %s SET id = id + 100", "DELETE FROM %s"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement % table)
    with pytest.raises(DatabaseError), transaction.atomic():
        TimetableVersion.objects.create(training_class=klass, number=1, facts=[])
    with pytest.raises(DatabaseError), transaction.atomic():
        TimetableFinal.objects.create(training_class=klass, turn=2, version=None, reason="")


def test_merging_two_records_of_a_teacher_changes_no_timetable(
    academy: Academy, klass: TrainingClass
) -> None:
    gone, kept = academy.seats["teacher"].person, factories.person(academy, "演示并入", academy.units[0])
    Merge.objects.all().delete()
    merging._carry(academy.registrar, gone, kept)
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    assert not queries.pending(klass)
    assert queries.lines_of(TimetableVersion.objects.get())[0].teacher == kept.pk


# ---- final ----------------------------------------------------------------------------------


def test_a_final_version_wants_everything_released(academy: Academy, klass: TrainingClass) -> None:
    with pytest.raises(Fault, match="还没有发布"):
        versions.declare_final(academy.registrar, training_class=factories.published(academy, title="演示空"))
    change(academy, klass, "演示党性", place="演示三号厅")
    with pytest.raises(Fault, match="还有 1 处改动未发布"):
        versions.declare_final(academy.registrar, training_class=klass)
    release(academy, klass)
    for key in ("head", "teacher", "liaison"):
        with pytest.raises(Forbidden):
            versions.declare_final(academy.actor(key), training_class=klass)
    assert versions.declare_final(academy.actor("headteacher"), training_class=klass).number == 2
    versions.declare_final(academy.actor("headteacher"), training_class=klass)
    assert TimetableFinal.objects.count() == 1, "declaring it again changes nothing"


def test_a_final_timetable_is_changed_only_after_it_is_final_no_more(
    academy: Academy, klass: TrainingClass
) -> None:
    versions.declare_final(academy.registrar, training_class=klass)
    with pytest.raises(Fault, match="已定为终版"):
        change(academy, klass, "演示党性", place="演示三号厅")
    with pytest.raises(Fault, match="已定为终版"):
        take_out(academy, klass, "演示业务")
    with pytest.raises(Fault, match="已定为终版"):
        factories.session(academy, klass, half="pm", starts=time(15), ends=time(16))
    with pytest.raises(Fault, match="已定为终版"):
        life.postpone(
            academy.registrar, training_class=klass, starts=klass.starts + timedelta(days=1),
            nominate_by=klass.nominate_by, reason="演示",
        )  # fmt: skip
    klass.refresh_from_db()
    with pytest.raises(Fault, match="理由"):
        versions.revoke_final(academy.registrar, training_class=klass, reason=" ")
    versions.revoke_final(academy.registrar, training_class=klass, reason="主讲更正")
    with pytest.raises(Fault, match="没有终版"):
        versions.revoke_final(academy.registrar, training_class=klass, reason="再来")
    change(academy, klass, "演示党性", place="演示三号厅")
    assert release(academy, klass) == 2
    assert queries.final_of(klass) is None
    assert list(TimetableFinal.objects.values_list("turn", "version__number", "reason")) == [
        (2, None, "主讲更正"),
        (1, 1, ""),
    ]


def test_closing_wants_the_final_version_and_its_papers_are_of_it(academy: Academy) -> None:
    klass = factories.taught(academy, final=False)
    factories.attend(academy, klass)
    line = next(check for check in checks.checklist(klass) if "终版" in check.title)
    assert (line.ok, line.link) == (False, f"/classes/{klass.pk}/timetable/")
    with pytest.raises(Fault, match="课程表已定为终版"):
        closing.close_class(academy.registrar, training_class=klass)
    assert queries.standing_words(klass) == "第 1 版，尚未定为终版"
    versions.declare_final(academy.registrar, training_class=klass)
    assert closing.close_class(academy.registrar, training_class=klass) == 2
    with pytest.raises(Forbidden):
        versions.revoke_final(academy.registrar, training_class=klass, reason="结班以后")
    Session.objects.filter(training_class=klass).update(title="绕过程序改的")
    assert queries.standing_words(klass) == "第 1 版（终版）"
    assert {row.title for row in queries.standing(klass)} == {"演示专题1", "演示专题2"}
    sheet = papers.make(klass, "timetable").content
    assert sheet[:2] == b"PK"


def test_a_session_taken_out_keeps_a_class_from_closing_and_waits_on_the_desk(academy: Academy) -> None:
    klass = factories.taught(academy, final=False)
    TrainingClass.objects.filter(pk=klass.pk).update(ends=timezone.localdate())
    timetable.remove_session(academy.registrar, session=klass.sessions.all()[0])
    line = next(check for check in checks.checklist(klass) if "未发布的改动" in check.title)
    assert (line.ok, line.note) == (False, "还有 1 处改动未发布")
    waits = [todo.title for todo in todos.classes_to_bring_on(academy.registrar)]
    assert f"课程表有未发布的改动：{klass.title}" in waits


def test_the_buttons_of_the_page_do_what_they_say(
    academy: Academy, klass: TrainingClass, client_for: SignIn
) -> None:
    keeper, base = client_for(academy.seats["headteacher"]), f"/classes/{klass.pk}/timetable/"
    assert "定为终版" in keeper.get(base).content.decode()
    assert keeper.post(f"{base}final/").status_code == 302
    text = keeper.get(base).content.decode()
    assert "取消终版" in text
    assert "核对并发布" not in text
    assert keeper.post(f"{base}final/", {"undo": "1", "reason": ""}).status_code == 422
    assert keeper.post(f"{base}final/", {"undo": "1", "reason": "演示"}).status_code == 302
    change(academy, klass, "演示党性", place="演示三号厅")
    assert "撤回到已发布版本" in keeper.get(base).content.decode()
    assert keeper.post(f"{base}take-back/").status_code == 302
    assert not queries.pending(klass)


def test_the_draft_is_printed_only_while_nothing_is_released(academy: Academy, klass: TrainingClass) -> None:
    change(academy, klass, "演示党性", place="演示三号厅")
    assert {row.place for row in queries.standing(klass)} == {"演示一号厅", "演示二号厅"}
    fresh = factories.published(academy, title="演示未发布")
    factories.session(academy, fresh, place="演示五号厅", teacher=None)
    assert [row.place for row in queries.standing(fresh)] == ["演示五号厅"]
    assert queries.standing_words(fresh) == "草稿，尚未发布"
    assert Nomination.objects.filter(training_class=fresh).count() == 0


def test_the_doctor_finds_what_is_seen_to_differ_from_the_newest_version(
    academy: Academy, klass: TrainingClass
) -> None:
    assert list(doctor.timetables_agree()) == []
    ReleasedSession.objects.filter(title="演示党性").update(place="绕过程序改的")
    assert [klass.title in words for words in doctor.timetables_agree()] == [True]
