"""A timetable's sheet on the screen, and taken back together."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from keyuan.attendance import actions as attendance
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import AuditEntry, Batch
from keyuan.people.roles import Role
from keyuan.training.actions import importing, versions
from keyuan.training.queries import importing as queries
from tests import factories
from tests.factories import Academy
from tests.training.timetable_files import (
    FIRST,
    confirm,
    imported,
    line,
    open_class,
)


def test_one_import_is_taken_back_together_and_nothing_else(academy: Academy, tmp_path: Path) -> None:
    klass, batch = imported(academy, tmp_path)
    kept = factories.session(academy, klass, title="演示另排", date=FIRST + timedelta(days=5))
    found = queries.import_of(academy.registrar, klass, batch)
    assert found is not None
    assert found.made == len(found.sessions) == 3
    count = importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)
    assert count == 3
    assert list(klass.sessions.all()) == [kept]
    with pytest.raises(Conflict):
        importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)


def test_an_import_whose_sessions_were_held_or_changed_since_stays(academy: Academy, tmp_path: Path) -> None:
    klass, batch = imported(academy, tmp_path)
    factories.admitted(academy, klass, 1)
    versions.release_timetable(academy.registrar, training_class=klass)
    found = queries.import_of(academy.registrar, klass, batch)
    assert found is not None
    who = klass.nominations.get().person_id
    attendance.mark(
        academy.registrar, sitting=factories.sittings(klass)[0], person_ids=[who], tick="present", paper=True
    )
    with pytest.raises(Fault, match="演示专题0"):
        importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)
    assert klass.sessions.count() == 3
    klass.sessions.filter(title="演示专题2").delete()
    with pytest.raises(Conflict):
        importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)
    assert klass.sessions.count() == 2


def test_the_page_gives_the_template_takes_a_sheet_and_takes_it_back(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass = open_class(academy)
    client = client_for(academy.seats["registrar"])
    page = f"/classes/{klass.pk}/timetable/import/"
    template = tmp_path / "t.xlsx"
    template.write_bytes(client.get(f"/classes/{klass.pk}/timetable/template/").content)
    book = openpyxl.load_workbook(template)
    assert book.active is not None
    for row in (line(0), line(1)):
        for place, value in enumerate(row, 1):
            book.active.cell(4 + row[5].endswith("1"), place).value = value
    book.save(template)
    assert client.post(page).status_code == 422
    wrong = client.post(page, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})
    assert wrong.status_code == 422
    answer = client.post(page, {"file": SimpleUploadedFile("课程表.xlsx", template.read_bytes())})
    batch = Batch.objects.get()
    assert answer.headers["location"] == f"/batches/{batch.pk}/"
    assert "演示专题1" in client.get(answer.headers["location"]).content.decode()
    part = client.get(f"/batches/{batch.pk}/", headers={"hx-request": "true"})
    assert part.status_code == 200, "an answer given in place brings the preview alone"
    assert "演示专题1" in part.content.decode()
    confirm(academy, batch)
    assert klass.sessions.count() == 2
    undo = f"/timetable-imports/{batch.pk}/undo/"
    assert undo in client.get(page).content.decode()
    shown = client.get(undo)
    seen = shown.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(undo, {"seen": "1"}).status_code == 422
    assert klass.sessions.count() == 2
    assert client.post(undo, {"seen": seen}).status_code == 302
    assert not klass.sessions.exists()


def test_others_neither_send_nor_see_nor_take_back(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass, batch = imported(academy, tmp_path)
    for key in ("liaison", "teacher", "leader"):
        if key not in academy.seats:
            continue
        client = client_for(academy.seats[key])
        for path in (
            f"/classes/{klass.pk}/timetable/import/",
            f"/classes/{klass.pk}/timetable/template/",
            f"/timetable-imports/{batch.pk}/undo/",
        ):
            assert client.get(path).status_code in {403, 404}
    there = client_for(factories.build("sz").seats["registrar"])
    assert there.get(f"/timetable-imports/{batch.pk}/undo/").status_code == 404
    factories.seat(academy, "other", Role.HEAD_TEACHER)
    stranger = client_for(academy.seats["other"])
    for answer in (stranger.get, stranger.post):
        assert answer(f"/timetable-imports/{batch.pk}/undo/").status_code in {403, 404}
    assert klass.sessions.count() == 3


def test_the_keeper_of_a_class_takes_back_what_another_sent_and_reads_nothing_of_the_sheet(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass, batch = imported(academy, tmp_path)
    keeper = client_for(academy.seats["headteacher"])
    page = keeper.get(f"/classes/{klass.pk}/timetable/import/").content.decode()
    undo = f"/timetable-imports/{batch.pk}/undo/"
    assert undo in page
    assert academy.seats["registrar"].person.name in page
    assert f"/batches/{batch.pk}/" not in page, "the sheet itself stays with its sender"
    assert keeper.get(f"/batches/{batch.pk}/").status_code == 404
    seen = keeper.get(undo).content.decode().split('name="seen" value="')[1].split('"')[0]
    assert keeper.post(undo, {"seen": seen}).status_code == 302
    assert not klass.sessions.exists()
    entry = AuditEntry.objects.get(action="training.import_removed")
    assert entry.person_id == academy.seats["headteacher"].person_id
    assert entry.facts["sender"] == academy.registrar.person_id


def test_the_grid_says_in_words_what_to_think_of(
    academy: Academy, client_for: Callable[[Any], Client]
) -> None:
    klass = open_class(academy)
    factories.session(academy, klass, starts=time(10), ends=time(13))
    said = client_for(academy.seats["registrar"]).get(f"/classes/{klass.pk}/timetable/").content.decode()
    assert "1 个课次有提醒" in said
    assert "请留出午餐时间" in said
    versions.release_timetable(academy.registrar, training_class=klass)
    factories.admitted(academy, klass, 1)
    assert (
        "提醒"
        not in client_for(academy.seats["teacher"]).get(f"/classes/{klass.pk}/timetable/").content.decode()
    )


def test_the_template_brings_the_days_of_the_class_and_rows_left_free_are_no_faults(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass = open_class(academy)
    client = client_for(academy.seats["registrar"])
    place = tmp_path / "课程表.xlsx"
    place.write_bytes(client.get(f"/classes/{klass.pk}/timetable/template/").content)
    book = openpyxl.load_workbook(place)
    page = book.active
    assert page is not None
    days = (klass.ends - klass.starts).days + 1
    assert [page.cell(4 + n, 2).value for n in range(2 * days)] == ["上午", "下午"] * days
    assert str(page.cell(4, 1).value).startswith(f"{klass.starts}")
    page.cell(5, 3, "14:30-17:00")
    page.cell(5, 6, "演示自学")
    book.save(place)
    sent = {"file": SimpleUploadedFile("课程表.xlsx", place.read_bytes())}
    client.post(f"/classes/{klass.pk}/timetable/import/", sent)
    batch = Batch.objects.get()
    assert batch.rows.count() == 1
    confirm(academy, batch)
    session = klass.sessions.get()
    assert (session.date, session.half, session.title) == (klass.starts, "pm", "演示自学")
