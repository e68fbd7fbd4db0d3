"""Versions taken back, compared, kept as a file, and never changed."""

from datetime import time
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError, connection, transaction

from keyuan.kernel import audit
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.actions import merging
from keyuan.people.models import Merge, Person
from keyuan.training.actions import moving, timetable, versions
from keyuan.training.models import (
    ReleasedSession,
    Session,
    TimetableFinal,
    TimetableVersion,
    TrainingClass,
)
from keyuan.training.queries import versions as queries
from tests import factories
from tests.factories import Academy
from tests.training.released_classes import SignIn, change, named, release, take_out


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
