"""The screens: the whole road of a class's money by clicks, refusals with what was typed, files that open."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from docx import Document

from keyuan.approvals.models import Request
from keyuan.fees.actions import lectures, payees
from keyuan.fees.models import Budget, FeeStandard, LectureFee, PayAccount, Settlement
from keyuan.kernel.models import AuditEntry
from keyuan.people.guests import link_for
from keyuan.plan.models import KeyActivity

BUDGET = {
    "category": "三类", "places": 4, "staff": 0, "days": 2, "arrive_days": 0, "leave_days": 0, "channel": "",
    "explanation": "",
}  # fmt: skip


@pytest.fixture
def clerk(office, client_for) -> Client:
    return client_for(office.academy.seats["registrar"])


@pytest.fixture
def sent(office, teach, ranked, month) -> LectureFee:
    teach()
    lectures.draw_sheet(office.academy.registrar, training_class=office.klass, month=month)
    lectures.send(office.academy.registrar, fees=LectureFee.objects.all())
    return LectureFee.objects.get()


def typed(office, **changed: Any):
    return BUDGET | {"standard": office.standard.pk} | changed


def test_a_budget_is_typed_checked_approved_and_settled_by_three_people(office, clerk, client_for):
    base = f"/classes/{office.klass.pk}/fees/"
    assert clerk.get(base).status_code == 200
    assert clerk.get(f"{base}edit/").status_code == 200
    assert clerk.post(f"{base}edit/", typed(office)).status_code == 302
    assert clerk.post(f"{base}move/", {"move": "submit"}).status_code == 302
    assert "待部门审核" in clerk.get("/fees/").content.decode()
    for key, verdict in (("head", "pass"), ("leader", "approve")):
        client = client_for(office.academy.seats[key])
        assert "办理审批" in client.get(base).content.decode()
        waiting = Request.objects.get(kind="fees.budget")
        assert "审批预算" in client.get("/home/").content.decode()
        said = {"verdict": verdict, "step": waiting.step_id}
        assert client.post(f"/approvals/{waiting.pk}/decide/", said).status_code == 302
    assert clerk.post(f"{base}move/", {"move": "approve"}).status_code == 422
    assert Budget.objects.get().state == "approved"
    activity = office.klass.activity
    KeyActivity.objects.filter(pk=activity.pk).update(budget=Decimal(1))
    spent = clerk.get(f"/plan/activities/{activity.pk}/").content.decode()
    assert "经费执行" in spent
    assert "计划 ¥1.00，预算合计" in spent
    assert "超出" in spent
    liaison = client_for(office.academy.seats["liaison"]).get(f"/plan/activities/{activity.pk}/")
    assert activity.name in liaison.content.decode()
    assert "经费执行" not in liaison.content.decode()
    assert "第 2 版" in clerk.get(base).content.decode()
    assert clerk.get(f"{base}versions/2/").status_code == 200
    lines = {f"actual_{at}": "100.00" for at in range(5)} | {f"receipts_{at}": "1" for at in range(5)}
    lines |= {f"reason_{at}": "演示" for at in range(5)}
    answer = clerk.post(
        f"{base}settlement/edit/", {"places": 4, "staff": 0, "days": 2, "explanation": "", **lines}
    )
    assert answer.status_code == 302
    assert Settlement.objects.get().lines.count() == 5
    assert clerk.post(f"{base}bundle/", {"key": "receipts", "there": "yes"}).status_code == 302
    assert "已备齐" in clerk.get(f"{base}settlement/").content.decode()


def test_a_refused_budget_keeps_what_was_typed(office, clerk):
    answer = clerk.post(
        f"/classes/{office.klass.pk}/fees/edit/",
        typed(office, places="0", channel="演示渠道", extra_title_0="演示"),
    )
    assert answer.status_code == 422
    assert "演示渠道" in answer.content.decode()
    assert "要同时填写" in answer.content.decode()


def test_the_sums_follow_what_is_typed_and_name_rule_and_source(office, clerk):
    answer = clerk.get(
        f"/classes/{office.klass.pk}/fees/sums/",
        typed(office, staff=9, extra_title_0="纪念品", extra_price_0=5),
    )
    text = answer.content.decode()
    assert "最多可计 0 人" in text
    assert "540号" in text
    assert "纪念品" in text
    assert not Budget.objects.exists()


def test_a_teacher_signs_by_link_without_an_account(office, sent):
    phone = Client()
    path = f"/fees/mine/{sent.pk}/"
    assert phone.get(path).status_code == 404
    phone.get("/g/" + link_for(sent.person_id, path).split("/g/")[1])
    assert "¥4,000.00" in phone.get(path).content.decode()
    assert phone.post(path, {"move": "sign", "bank": "演示银行", "number": "12"}).status_code == 422
    answer = phone.post(path, {"move": "sign", "bank": "演示银行", "number": "6217 0000 1234 5678"})
    assert answer.status_code == 302
    sent.refresh_from_db()
    assert sent.state == "signed"
    text = phone.get(path).content.decode()
    assert "**** 5678" in text
    assert "6217000012345678" not in text
    assert phone.get(f"/fees/slips/{sent.pk}/").status_code == 302


def test_a_teacher_asks_and_the_office_is_told(office, sent, client_for):
    teacher = client_for(office.academy.seats["teacher"])
    assert "演示干部培训班" in teacher.get("/fees/mine/").content.decode()
    assert teacher.post(f"/fees/mine/{sent.pk}/", {"move": "query", "note": ""}).status_code == 422
    assert teacher.post(f"/fees/mine/{sent.pk}/", {"move": "query", "note": "少算半天"}).status_code == 302
    assert (
        "少算半天"
        in client_for(office.academy.seats["registrar"]).get(f"/fees/slips/{sent.pk}/").content.decode()
    )


def test_the_sheet_is_drawn_sent_and_paid_by_clicks(office, clerk, teach, month):
    teach()
    base = f"/classes/{office.klass.pk}/fees/lectures/"
    assert "请确认" in clerk.get(base).content.decode()
    rank = {f"rank-{office.teacher.pk}": "副高级", "month": f"{month:%Y-%m}"}
    assert clerk.post(f"{base}draw/", rank).status_code == 302
    assert clerk.post(f"{base}send/").status_code == 302
    fee = LectureFee.objects.get()
    assert (fee.state, fee.net) == ("sent", 2000)
    assert (
        clerk.post(
            f"/fees/slips/{fee.pk}/account/", {"bank": "演示银行", "number": "6217000012345678"}
        ).status_code
        == 302
    )
    assert clerk.post(f"/fees/slips/{fee.pk}/move/", {"move": "paper"}).status_code == 302
    assert clerk.post(f"{base}pay/", {"paid_on": timezone.localdate().isoformat()}).status_code == 302
    assert LectureFee.objects.get().state == "paid"
    assert "2,000.00" in clerk.get(f"/fees/payees/?month={month:%Y-%m}").content.decode()
    assert "6217000012345678" in clerk.post(f"/fees/slips/{fee.pk}/reveal/").content.decode()
    assert AuditEntry.objects.filter(action="fees.account.revealed").count() == 1


def test_the_files_open_and_only_the_bank_file_has_whole_numbers(office, clerk, sent):
    payees.save_account(
        office.actor("teacher"), person=office.teacher, bank="演示银行", number="6217000012345678"
    )
    lectures.move_fee(office.actor("teacher"), fee=sent, move="sign")
    base = f"/classes/{office.klass.pk}/fees/lectures/"

    def cells(content: bytes) -> str:
        rows = openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)
        return " ".join(str(cell) for row in rows for cell in row)

    shown, bank = cells(clerk.get(f"{base}sheet.xlsx").content), cells(clerk.post(f"{base}payment/").content)
    assert "**** 5678" in shown
    assert "6217000012345678" not in shown
    assert "6217000012345678" in bank
    document = Document(BytesIO(clerk.get(f"{base}sheet.docx").content))
    assert any(
        "4,000.00" in cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert clerk.get(f"{base}sheet.pdf").content.startswith(b"%PDF")


def test_a_standard_goes_out_and_comes_back_with_one_category_more(office, clerk, tmp_path):
    base = f"/fees/standards/{office.standard.pk}/"
    content = clerk.get(f"{base}export/").content
    book = openpyxl.load_workbook(BytesIO(content))
    for item in ("住宿费", "伙食费", "场地、资料、交通费", "其他费用"):
        book.active.append(["综合定额", "四类", "演示", item, "100", "本单位规定"])
    path = tmp_path / "标准.xlsx"
    book.save(path)
    with path.open("rb") as file:
        assert clerk.post(f"{base}import/", {"file": file}).status_code == 302
    assert office.standard.rates.count() == 16
    assert office.standard.lectures.count() == 4
    assert "四类" in clerk.get(base).content.decode()


def test_a_standard_is_edited_copied_and_ended_on_screen(office, clerk):
    base = f"/fees/standards/{office.standard.pk}/"
    page = clerk.get(f"{base}edit/")
    assert page.status_code == 200
    facts = {
        "region": "省本级", "valid_from": "2017-01-01", "source": "演示文件", "full_days": 30, "beyond_share": "0.7",
        "travel_days": 1, "staff_share": "0.05", "staff_cap": "10", "half_day_hours": "4", "mark": "own",
        **{f"day-{row.pk}": row.amount for row in office.standard.rates.all()},
        **{f"lecture-{row.pk}": "600" for row in office.standard.lectures.all()},
    }  # fmt: skip
    assert clerk.post(f"{base}edit/", facts).status_code == 302
    assert set(office.standard.lectures.values_list("amount", "mark")) == {(600, "own")}
    day = timezone.localdate() + timedelta(days=100)
    assert clerk.post(f"{base}turn/", {"copy": "1", "day": day.isoformat()}).status_code == 302
    assert FeeStandard.objects.count() == 2
    assert clerk.get("/fees/standards/").status_code == 200


def test_the_withholding_page_reckons_and_takes_a_new_table(office, clerk):
    assert "¥4,761.90" in clerk.get("/fees/withholding/?net=4000").content.decode()
    facts = {
        "valid_from": "2031-01-01",
        "small_limit": 4000,
        "small_deduction": 800,
        "deduction_share": "0.2",
        "source": "演示",
    }
    assert clerk.post("/fees/withholding/", {**facts, "brackets": "0 0.2 0\n20000 0.3 1"}).status_code == 422
    assert (
        clerk.post("/fees/withholding/", {**facts, "brackets": "0 0.2 0\n20000 0.3 2000"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("key", "status"), [("leader", 200), ("auditor", 200), ("head", 200), ("liaison", 403), ("teacher2", 403)]
)
def test_the_overview_is_for_those_who_may_read(office, client_for, key, status):
    assert client_for(office.academy.seats[key]).get("/fees/").status_code == status


def test_the_office_cannot_read_a_sealed_number_without_the_right(office, sent, client_for):
    payees.save_account(
        office.actor("teacher"), person=office.teacher, bank="演示银行", number="6217000012345678"
    )
    leader = client_for(office.academy.seats["leader"])
    assert leader.get(f"/classes/{office.klass.pk}/fees/lectures/").status_code == 200
    assert leader.post(f"/fees/slips/{sent.pk}/reveal/").status_code in {403, 404}
    assert leader.get(f"/classes/{office.klass.pk}/fees/lectures/sheet.xlsx").status_code == 403
    assert PayAccount.objects.count() == 1
