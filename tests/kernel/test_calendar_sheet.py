"""The calendar of a year out and in: what was exported goes in again, faults are told before anything is written."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from keyuan.kernel import batchjobs, calendar, calendarsheet
from keyuan.kernel.access import Actor
from keyuan.kernel.models import Batch, BatchRow, CalendarDay
from keyuan.kernel.sheet import batches
from keyuan.kernel.worker import Worker
from tests.kernel.seated import sit
from tests.kernel.sheet_files import workbook

pytestmark = pytest.mark.django_db
HEAD = ["日期", "至", "安排", "说明"]


@pytest.fixture
def office(client: Client) -> Actor:
    person = sit(client).person
    return Actor(person.pk, person.school_id, None, frozenset({"registrar"}))


def received(office: Actor, path: Path) -> Batch:
    return batches.receive(office, purpose=calendarsheet.PURPOSE, upload=path, context={})


def taken_in(office: Actor, path: Path) -> Batch:
    batch = received(office, path)
    batchjobs.confirm_and_start(office, batch=batch)
    worker = Worker()
    while worker.run_one():
        continue
    batch.refresh_from_db()
    return batch


def lines(content: bytes) -> list[list[str]]:
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert page is not None
    return [[str(cell or "") for cell in row] for row in page.iter_rows(values_only=True)]


def test_a_year_that_is_not_published_is_typed_as_stretches_and_days(office: Actor, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [HEAD, ["2039年10月1日", "2039-10-07", "放假", "国庆节"], ["2039-10-08", "", "上班", "补班"]],
    )
    assert taken_in(office, path).rows.filter(state="applied").count() == 2
    assert not any(calendar.is_workday(date(2039, 10, day)) for day in range(1, 8))
    assert calendar.is_workday(date(2039, 10, 8)), "a Saturday worked"
    # Saturday and Sunday are free anyway: only what differs is written down.
    assert CalendarDay.objects.count() == 6


def test_what_was_exported_goes_in_again_and_changes_nothing(office: Actor, tmp_path: Path) -> None:
    calendar.correct(office, day=date(2025, 6, 6), working=False, note="演示停课")
    content = calendarsheet.year_file(2025)
    said = {row[0]: row for row in lines(content)}
    assert said["2025-06-06"][2:5] == ["放假", "演示停课", "本单位校正"]
    assert said["2025-10-01"][2] == "放假"
    assert said["2025-10-11"][2] == "上班", "a Saturday worked by published arrangement"
    assert "2025-06-09" not in said
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    batch = taken_in(office, path)
    assert not batch.rows.exclude(state="applied").exists()
    assert list(CalendarDay.objects.values_list("day", "working", "note")) == [
        (date(2025, 6, 6), False, "演示停课")
    ]


def test_faults_are_told_in_the_preview(office: Actor, tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "c.xlsx",
        [
            HEAD,
            ["2039-05-01", "2039-05-03", "放假", ""],
            ["2039-05-03", "", "上班", ""],
            ["2039-05-09", "2039-05-08", "放假", ""],
            ["2039-01-01", "2040-01-01", "放假", ""],
            ["十月", "", "放假", ""],
            ["2039-06-01", "", "休息", ""],
        ],
    )
    batch = received(office, path)
    codes = [
        [fault["code"] for fault in row.faults]
        for row in BatchRow.objects.filter(batch=batch).order_by("sheet_row")
    ]
    assert [found[:1] for found in codes] == [
        [],
        ["twice"],
        ["ends_early"],
        ["too_long"],
        ["date_bad"],
        ["choice_bad"],
    ]
    assert not CalendarDay.objects.exists()


def test_the_page_gives_a_year_out_and_takes_one_in(client: Client, tmp_path: Path) -> None:
    sit(client)
    assert "按年导出与导入" in client.get("/calendar/").content.decode()
    assert client.get("/calendar/export.xlsx?year=2025")["Content-Type"].endswith("sheet")
    assert client.get("/calendar/export.xlsx?year=3025").status_code == 422
    assert lines(client.get("/calendar/template.xlsx").content)
    assert client.post("/calendar/import/").status_code == 422
    path = workbook(tmp_path / "d.xlsx", [HEAD, ["2039-10-03", "", "放假", "演示"]])
    with path.open("rb") as file:
        sent = client.post("/calendar/import/", {"file": file})
    assert sent.status_code == 302
    assert "2039-10-03" in client.get(sent["Location"]).content.decode()


def test_a_trainee_may_not(client: Client) -> None:
    sit(client, role="trainee")
    for place in ("/calendar/export.xlsx", "/calendar/template.xlsx"):
        assert client.get(place).status_code == 403
    assert client.post("/calendar/import/").status_code == 403
