"""The screens of filings through the client: seen by whom, filled in without scripts, by sheet, counted and handed out."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from keyuan.filings.models import Filing, Frame, Line, Outcome, Reminder
from keyuan.filings.queries import board, totals
from keyuan.filings.sheets import incoming
from keyuan.kernel.models.batches import Batch
from keyuan.kernel.sheet import batches
from keyuan.kernel.worker import Worker
from keyuan.orgs.models import Organisation
from tests import factories
from tests.filings.conftest import YEAR, Ground

ClientFor = Callable[[Any], Client]


def text(answer: Any) -> str:
    return str(answer.content.decode())


def cells(answer: Any) -> list[list[Any]]:
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def upload(rows: list[list[Any]]) -> SimpleUploadedFile:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(out)
    return SimpleUploadedFile("演示.xlsx", out.getvalue())


def run() -> None:
    worker = Worker()
    while worker.run_one():
        continue


def test_the_office_drafts_issues_and_reminds_on_the_screens(ground: Ground, client_for: ClientFor) -> None:
    office = client_for(ground.academy.seats["registrar"])
    typed = {
        "year": YEAR, "title": "演示第二项", "asked": "请报。", "plan_by": f"{YEAR}-03-01", "result_by": f"{YEAR}-12-01",
        "kinds": ["society"], "types": "培训班\n论坛\n", "distances": "七天",
    }  # fmt: skip
    refused = office.post("/filings/add/", typed)
    assert (refused.status_code, "演示第二项" in text(refused)) == (422, True)
    assert office.post("/filings/add/", {**typed, "distances": "5、1"}).status_code == 302
    frame = Frame.objects.get(title="演示第二项")
    assert "还是草稿" in text(office.get(f"/filings/{frame.pk}/"))
    activity = {"thing": f"activity-{ground.academy.activity.pk}", "note": "示范要点"}
    office.post(f"/filings/{frame.pk}/demonstrations/", activity)
    assert "示范要点" in text(office.get(f"/filings/{frame.pk}/demonstrations/"))
    office.post(f"/filings/demonstrations/{frame.demonstrations.get().pk}/withdraw/")
    office.post(f"/filings/{frame.pk}/move/", {"move": "issue"})
    page = office.post(f"/filings/{frame.pk}/remind/", {"part": "plan"}, follow=True)
    assert "已催报 1 个单位。2 个单位没有联络员账号" in text(page)
    assert "今天已催过" in text(office.post(f"/filings/{frame.pk}/remind/", {"part": "plan"}, follow=True))
    assert len(cells(office.get(f"/filings/{frame.pk}/reminders/export/?told=none"))) == 1 + 2
    assert office.get(f"/filings/{frame.pk}/edit/").status_code == 200
    office.post(f"/filings/{frame.pk}/units/")
    liaison = client_for(ground.academy.seats["society"])
    for path in ("remind/", "units/", "move/", "many/"):
        assert liaison.post(f"/filings/{frame.pk}/{path}", {"part": "plan"}).status_code == 403
    assert liaison.get("/filings/add/").status_code == 403
    assert Reminder.objects.count() == 3


def test_a_liaison_fills_in_hands_in_and_the_office_returns_and_accepts(
    ground: Ground, client_for: ClientFor
) -> None:
    liaison, office = (client_for(ground.academy.seats[key]) for key in ("liaison", "registrar"))
    at = f"/filings/units/{ground.filing().pk}/"
    assert at in text(liaison.get("/filings/"))
    kind = ground.frame.types.get(name="培训班")
    typed = {
        "name": "演示提升班", "type": kind.pk, "month": "5", "days": "0", "people": "60", "cohort": "cadre",
        "contact_name": "演示联系人", "contact_phone": "13800138000",
    }  # fmt: skip
    refused = liaison.post(f"{at}lines/add/", typed)
    assert (refused.status_code, "天数应大于 0" in text(refused)) == (422, True)
    assert liaison.post(f"{at}lines/add/", {**typed, "days": "2"}).status_code == 302
    line = Line.objects.get()
    page = text(liaison.get(at))
    assert "138****8000" in page
    assert "13800138000" not in page
    assert "13800138000" in text(office.post(f"/filings/lines/{line.pk}/phone/", follow=True))
    liaison.post(f"/filings/lines/{line.pk}/edit/", {**typed, "days": "3"})
    assert 'value="13800138000"' in text(liaison.get(f"{at}lines/add/")), "the contact is mostly the same"
    liaison.post(f"{at}move/", {"part": "plan", "move": "file"})
    assert "需要写明理由" in text(office.post(f"{at}move/", {"part": "plan", "move": "return"}, follow=True))
    office.post(f"{at}move/", {"part": "plan", "move": "return", "note": "演示缺经费"})
    assert "演示缺经费" in text(liaison.get(at))
    liaison.post(f"{at}move/", {"part": "plan", "move": "file"})
    ticked = {"act": "plan-accept", "pk": [ground.filing().pk]}
    assert "已办理 1 个单位" in text(office.post(f"/filings/{ground.frame.pk}/many/", ticked, follow=True))
    assert "第 2 版" in text(liaison.get(f"{at}versions/"))
    done = {
        "line": line.pk,
        "name": line.name,
        "type": kind.pk,
        "held_on": f"{YEAR}-05-12",
        "hours": "16",
        "cadre": "30",
    }
    assert line.name in text(liaison.get(f"{at}outcomes/add/?line={line.pk}"))
    assert liaison.post(f"{at}outcomes/add/", {**done, "cadre": ""}).status_code == 422
    assert liaison.post(f"{at}outcomes/add/", done).status_code == 302
    one = Outcome.objects.get()
    assert liaison.post(f"/filings/outcomes/{one.pk}/edit/", {**done, "other": "5"}).status_code == 302
    liaison.post(f"{at}move/", {"part": "result", "move": "file"})
    assert "先“撤回”" in text(liaison.post(f"/filings/outcomes/{one.pk}/withdraw/", follow=True))
    assert "先“撤回”" in text(liaison.post(f"/filings/lines/{line.pk}/withdraw/", follow=True))
    names = [row[1] for row in cells(liaison.get(f"{at}export/"))]
    assert names.count("演示提升班") == 2
    stranger = client_for(ground.academy.seats["liaison2"])
    for path in (
        at,
        f"{at}versions/",
        f"/filings/lines/{line.pk}/edit/",
        f"/filings/outcomes/{one.pk}/edit/",
    ):
        assert stranger.get(path).status_code == 404


def test_a_plan_comes_in_by_sheet_bad_rows_go_back_and_the_import_is_undone(
    ground: Ground, client_for: ClientFor
) -> None:
    liaison, at = client_for(ground.academy.seats["liaison"]), f"/filings/units/{ground.filing().pk}/"
    head = [column.title for column in incoming.PLAN.columns]
    template = cells(liaison.get(f"{at}template/?part=plan"))
    assert any(head == [str(cell or "").strip("* ") for cell in row[: len(head)]] for row in template)
    good = ["演示甲班", "培训班", "2025年3月", 2, 40, "科协系统干部", 20000, "演示联系人", "13800138000", "1"]
    rows = [
        head, good, ["演示乙班", "沙龙", 4, 1, 30, "科协系统干部", "", "", "", ""],
        ["演示丙班", "论坛", 13, 1, 30, "科协系统干部", "", "", "", ""],
        ["演示丁班", "论坛", 6, 1, 30, "科技领军人才", "", "", "020-12345678", "没有的活动"],
    ]  # fmt: skip
    sent = liaison.post(f"{at}import/?part=plan", {"file": upload(rows)})
    batch = Batch.objects.get()
    assert sent["Location"] == f"/batches/{batch.pk}/"
    found = {row.sheet_row: [fault["code"] for fault in row.faults] for row in batch.rows.all()}
    assert list(found.values()) == [[], ["type_unknown"], ["month_bad"], ["activity_unknown"]]
    assert liaison.post(f"/batches/{batch.pk}/confirm/").status_code == 302
    run()
    line = Line.objects.get()
    assert (line.name, line.month, line.activity, line.type.name) == (
        "演示甲班",
        3,
        ground.academy.activity,
        "培训班",
    )
    bad = batches.result_file(ground.liaison, batch=Batch.objects.get())
    assert b"PK" in bad[:4]
    assert "撤销导入" in text(liaison.get(f"{at}import/?part=plan"))
    again = liaison.post(f"{at}import/?part=plan", {"file": upload([head, good])})
    assert "同名活动已在计划中" in text(liaison.get(again["Location"]))
    liaison.post(f"/filings/imports/{batch.pk}/undo/")
    assert not Line.objects.filter(withdrawn_at=None).exists()
    assert (
        client_for(ground.academy.seats["liaison2"]).post(f"/filings/imports/{batch.pk}/undo/").status_code
        == 404
    )


def test_results_come_in_by_sheet_and_find_their_plan_by_name(ground: Ground, client_for: ClientFor) -> None:
    liaison, at = client_for(ground.academy.seats["liaison"]), f"/filings/units/{ground.filing().pk}/"
    line = ground.line()
    assert any(
        "演示提升班" in [str(cell) for cell in row]
        for row in cells(liaison.get(f"{at}template/?part=result"))
    )
    head = [column.title for column in incoming.RESULT.columns]
    rows = [
        head, ["演示提升班", "", "", f"{YEAR}-05-12", 16, 30, 2, "", "", "成效好"],
        ["演示提升班", "计划外", "论坛", f"{YEAR}-06-12", 8, "", "", "", 20, ""],
        ["演示沙龙", "没有的计划", "论坛", f"{YEAR}-06-12", 8, 1, "", "", "", ""],
        ["演示空班", "", "论坛", f"{YEAR}-06-12", 8, "", "", "", "", ""],
        ["演示旧班", "", "论坛", "2024-06-12", 8, 1, "", "", "", ""],
    ]  # fmt: skip
    liaison.post(f"{at}import/?part=result", {"file": upload(rows)})
    batch = Batch.objects.get()
    codes = [[fault["code"] for fault in row.faults] for row in batch.rows.order_by("sheet_row")]
    assert codes == [[], [], ["line_unknown"], ["nobody"], ["other_year"]]
    liaison.post(f"/batches/{batch.pk}/confirm/")
    run()
    first, second = Outcome.objects.order_by("held_on")
    assert (first.line, first.type.name, first.people) == (line, "培训班", 32)
    assert (second.line, second.people) == (None, 20)


@pytest.fixture
def filled(ground: Ground) -> Ground:
    """One city has filed two activities and held one of them, and one besides the plan."""
    line = ground.line(activity=ground.academy.activity, budget=30000)
    ground.line("演示论坛", type="论坛", month=9, people=100, cohort="leading_talent")
    ground.move("file")
    ground.outcome(line=line)
    ground.outcome("演示加办班", cadre=0, leading_talent=7)
    ground.move("file", "result")
    return ground


def test_the_board_counts_groups_filters_and_costs_no_more_for_more_units(
    filled: Ground, client_for: ClientFor
) -> None:
    office, at = client_for(filled.academy.seats["registrar"]), f"/filings/{filled.frame.pk}/"
    Frame.objects.filter(pk=filled.frame.pk).update(plan_by=f"{YEAR}-03-01")
    page = text(office.get(at))
    assert "逾期未报" in page

    def units(query: str) -> list[Any]:
        return [row[0] for row in cells(office.get(f"{at}export/?{query}")) if str(row[0]).startswith("演示")]

    assert units("plan=overdue&kind=society") == ["演示省数学学会", "演示省物理学会", "演示省机械学会"]
    assert units("plan=waiting") == ["演示甲市科协"]
    assert units("plan=late") == ["演示甲市科协"]
    assert units("q=演示论坛") == ["演示甲市科协"]
    assert units("city=4401") == ["演示甲市科协", "演示省数学学会"]
    assert units("field=理科&sort=-unit") == ["演示省物理学会", "演示省数学学会"]
    frame = Frame.objects.get(pk=filled.frame.pk)
    top = board.tree(filled.office, frame, frame.result_by)
    assert (top.asked, top.plan["owed"], top.plan["overdue"], top.result["waiting"]) == (5, 4, 4, 1)
    assert [(one.name, one.asked) for one in top.below] == [("市级科协", 2), ("省级学会", 3)]
    by_city = board.tree(filled.office, frame, frame.result_by, "city")
    assert [(one.name, one.asked) for one in by_city.below] == [("演示甲市科协", 2), ("未分地市", 3)]
    for by in ("", "?by=city"):
        assert "└" in text(office.get(f"{at}groups/{by}"))
    with CaptureQueriesContext(connection) as few:
        office.get(at)
    more = [
        Organisation(school=filled.academy.school, kind="society", name=f"演示{n}会", order=n + 9)
        for n in range(60)
    ]
    Organisation.objects.bulk_create(more)
    Filing.objects.bulk_create(Filing(frame=frame, organisation=one) for one in more)
    with CaptureQueriesContext(connection) as many:
        assert "翻页" in text(office.get(at))
    assert len(many) <= len(few) + 1


def test_sums_and_plan_against_result_count_what_was_handed_in(filled: Ground, client_for: ClientFor) -> None:
    filled.line(actor=filled.office, filing=filled.filing(filled.societies[0]))
    found = totals.totals(filled.office, filled.frame)
    whole = found.whole
    assert (whole.lines, whole.people, whole.held, whole.attended, whole.unplanned) == (2, 160, 2, 52, 1)
    groups = {
        title: {one.name: (one.lines, one.held, one.attended) for one in group}
        for title, group in found.groups
    }
    assert groups["按活动类型"] == {"培训班": (1, 2, 52), "论坛": (1, 0, 0)}
    assert groups["按对象"]["科技领军人才"] == (1, 2, 12)
    assert groups["按地市"] == {"演示甲市科协": (2, 2, 52)}
    assert groups["按学科、片区"] == {"珠三角": (2, 2, 52)}
    office, at = client_for(filled.academy.seats["registrar"]), f"/filings/{filled.frame.pk}/"
    assert "30,000.00" in text(office.get(f"{at}totals/"))
    assert [cells(office.get(f"{at}totals/export/"))[-1][0] or "", *[
        int(cell) if str(cell).isdigit() else cell for cell in cells(office.get(f"{at}totals/export/"))[-1][1:3]
    ]] == ["", "合计", 2]  # fmt: skip
    assert "计划外活动 1 项" in text(office.get(f"{at}lines/"))

    def names(query: str) -> list[Any]:
        return [
            row[2]
            for row in cells(office.get(f"{at}lines/export/?{query}"))
            if str(row[0]).startswith("演示")
        ]

    assert names("state=held") == ["演示提升班"]
    assert names("state=missed") == ["演示论坛"]
    assert names("state=due") == []
    assert names("q=甲市&cohort=leading_talent") == ["演示论坛"]
    city = client_for(filled.academy.seats["liaison2"])
    assert "还没有单位报送计划" in text(city.get(f"{at}lines/"))


def test_a_sub_school_is_named_on_the_screen_and_takes_over_its_plan(
    ground: Ground, client_for: ClientFor
) -> None:
    child = factories.build("sz")
    type(child.school).objects.filter(pk=child.school.pk).update(parent=ground.academy.school)
    type(child.activity.plan).objects.filter(pk=child.activity.plan.pk).update(year=YEAR)
    unit = Organisation.objects.create(
        school=ground.academy.school, kind="school", name="演示市科协党校", order=1
    )
    office, branch = client_for(ground.academy.seats["registrar"]), client_for(child.seats["registrar"])
    office.post(f"/filings/{ground.frame.pk}/units/")
    filing = ground.filing(unit)
    assert branch.get(f"/filings/units/{filing.pk}/").status_code == 404
    office.post("/filings/schools/", {"school": child.school.pk, "organisation": unit.pk})
    assert "演示市科协党校" in text(office.get("/filings/schools/"))
    assert "从本校年度计划带入 1 项" in text(branch.get(f"/filings/units/{filing.pk}/"))
    branch.post(f"/filings/units/{filing.pk}/own/")
    assert "待补" in text(branch.get(f"/filings/units/{filing.pk}/"))
    assert branch.get(f"/filings/{ground.frame.pk}/").status_code == 200
    assert branch.post(f"/filings/{ground.frame.pk}/remind/", {"part": "plan"}).status_code == 403
