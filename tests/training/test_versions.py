"""Versions: what is released holds for everybody until the next release, and only those concerned are told."""

from datetime import time, timedelta

import pytest

from keyuan.attendance.models import Sitting
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Outbox
from keyuan.training.actions import life
from keyuan.training.models import (
    TimetableVersion,
    TrainingClass,
)
from keyuan.training.queries import released
from keyuan.training.queries import versions as queries
from tests import factories
from tests.factories import Academy
from tests.training.released_classes import (
    SignIn,
    as_trainee,
    change,
    events,
    named,
    release,
    take_out,
    told,
    trainee,
)


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
