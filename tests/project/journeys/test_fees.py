"""Money by hand: a standard, a budget warned while it is typed, its approval, lecture fees net to gross, the settlement."""

from datetime import time
from decimal import Decimal
from pathlib import Path

import openpyxl
from playwright.sync_api import expect

from keyuan.fees.actions import standards
from keyuan.fees.models import Budget, FeeStandard, LectureFee, Settlement
from keyuan.kernel.access import system_of
from keyuan.people import guests
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy
from tests.project.journeys.stage import Stage, marks

pytestmark = marks


def made() -> tuple[Academy, TrainingClass]:
    """A class of four with two lectures of four hours, under the figures to start with."""
    academy = factories.build()
    factories.seat(academy, "leader", Role.LEADER)
    standards.load_defaults(system_of(academy.school.pk), school=academy.school)
    klass = factories.published(academy)
    for half, at, to in (("am", time(9), time(12)), ("pm", time(14, 30), time(17, 30))):
        factories.session(academy, klass, title=f"演示专题{half}", half=half, starts=at, ends=to)
    return academy, klass


def cells(place: Path) -> set[str]:
    """All that stands in a workbook, as text."""
    page = openpyxl.load_workbook(place).active
    assert page is not None
    return {str(value) for row in page.iter_rows(values_only=True) for value in row if value is not None}


def said_by(stage: Stage, academy: Academy, key: str, verdict: str, klass: TrainingClass) -> None:
    """One of the chain finds it waiting and says the word."""
    hand = stage.hand(f"审批：{key}", academy.seats[key])
    hand.open("/approvals/")
    hand.click(f'main a:has-text("{klass.title}")')
    hand.click(f'main button[name="verdict"][value="{verdict}"]')


def test_a_standard_is_changed_with_its_source_and_exported(stage: Stage) -> None:
    academy, _klass = made()
    standard = FeeStandard.objects.get()
    office = stage.hand("费用标准", academy.seats["registrar"])
    office.open("/fees/standards/")
    office.reads("三类", "550", "待核对原文")
    office.click(f'main a[href="/fees/standards/{standard.pk}/"]')
    office.click('main a:has-text("修改")')
    rate = standard.rates.get(category="三类", item="food")
    office.fill({f"day-{rate.pk}": "140", "source": "演示财行〔2030〕1号"})
    office.click('main button:has-text("保存")')
    office.reads("演示财行〔2030〕1号", "140")
    assert office.take('main a:has-text("导出 Excel")').stat().st_size > 3_000
    stage.counted("a fee standard", 4)


def test_a_budget_over_its_limits_is_warned_of_while_typed_explained_and_approved(stage: Stage) -> None:
    academy, klass = made()
    office = stage.hand("预算", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/")
    office.click('nav.tabs a:has-text("经费")')
    office.click('main a:has-text("编制预算")')
    office.reads("预算合计")
    office.lacks("最多可计")
    office.fill({"staff": "9", "food": "9000"})
    office.page.locator('main [name="food"]').press("Tab")
    expect(office.page.locator("#sums")).to_contain_text("超标准")
    expect(office.page.locator("#sums")).to_contain_text("最多可计 0 人")
    expect(office.page.locator("#sums")).to_contain_text("依据")
    office.click('main button:has-text("保存草稿")')
    office.click('.fee-moves button:has-text("提交")')
    office.reads("超标说明")
    assert Budget.objects.get().state == "draft"
    office.open(f"/classes/{klass.pk}/fees/edit/")
    office.fill({"explanation": "演示场馆只供整桌用餐"})
    office.click('main button:has-text("保存草稿")')
    office.click('.fee-moves button:has-text("提交")')
    office.reads("等候审批")
    said_by(stage, academy, "head", "pass", klass)
    said_by(stage, academy, "leader", "approve", klass)
    office.open(f"/classes/{klass.pk}/fees/")
    office.reads("第 2 版", "演示场馆只供整桌用餐")
    assert Budget.objects.get().state == "approved"
    assert {"伙食费", "9000.00"} & cells(office.take('main a:has-text("导出 Excel")'))
    stage.counted("a budget", 11)


def test_lecture_fees_go_from_net_to_gross_and_are_signed_paid_and_exported(stage: Stage) -> None:
    academy, klass = made()
    teacher = academy.seats["teacher"].person
    office = stage.hand("讲课费", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/fees/")
    office.click('.fee-parts a:has-text("讲课费")')
    office.fill({f"rank-{teacher.pk}": "正高级"})
    office.click('main button:has-text("按课程表生成")')
    # 8 hours of 1000 after tax: 8000 = 0.84 of what is paid before, none of the brackets above reached.
    office.reads("¥8,000.00", "¥1,523.81", "¥9,523.81")
    office.confirm('main button:has-text("发出 1 份签收单")')
    fee = LectureFee.objects.get()
    assert (fee.net, fee.gross) == (Decimal("8000.00"), Decimal("9523.81"))
    phone = stage.hand("老师签收")
    phone.open("/g/" + guests.link_for(teacher.pk, f"/fees/mine/{fee.pk}/").split("/g/")[1])
    phone.reads("¥8,000.00", "捌仟元整")
    phone.fill({"bank": "演示银行", "number": "6217000012345678"})
    phone.click('main button:has-text("确认签收")')
    phone.reads("您已于", "5678")
    phone.lacks("6217000012345678")
    office.open(f"/classes/{klass.pk}/fees/lectures/")
    office.click('main button:has-text("登记 1 份已支付")')
    office.reads("已支付")
    found = cells(office.take('main a:has-text("导出 Excel")'))
    assert teacher.name in found
    assert not any("6217000012345678" in value for value in found)
    office.step = "月度汇总"
    office.open(f"/fees/payees/?month={fee.month:%Y-%m}")
    office.reads(teacher.name, "¥8,000.00", "¥9,523.81", "1 / 1")
    stage.counted("lecture fees", 8)


def test_a_settlement_stands_beside_its_budget_and_the_bundle_says_what_is_missing(stage: Stage) -> None:
    academy, klass = made()
    office = stage.hand("决算", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/fees/edit/")
    office.click('main button:has-text("保存草稿")')
    office.click('.fee-moves button:has-text("提交")')
    said_by(stage, academy, "head", "pass", klass)
    said_by(stage, academy, "leader", "approve", klass)
    office.click('.fee-parts a:has-text("决算与报销")')
    office.click('main a:has-text("编制决算")')
    count = Budget.objects.get().lines.count()
    office.fill({f"actual_{at}": "100.00" for at in range(count)} | {"actual_1": "99999.00"})
    office.click('main button:has-text("保存草稿")')
    office.reads("超支", "综合定额支出超出")
    office.click('.fee-moves button:has-text("提交")')
    office.reads("超出预算，请写明超支原因")
    office.open(f"/classes/{klass.pk}/fees/settlement/edit/")
    reasons = {f"reason_{at}": "演示物价上涨" for at in range(count)}
    office.fill(reasons | {"explanation": "演示场馆只供整桌用餐"})
    office.click('main button:has-text("保存草稿")')
    office.reads("超支", "演示物价上涨", "项已齐")
    assert Settlement.objects.get().lines.count() == count
    office.fill({"note": "票据 12 张"}, '.fee-bundle form:has([value="receipts"])')
    office.click('.fee-bundle form:has([value="receipts"]) button')
    office.reads("票据 12 张")
    assert office.take('main a:has-text("导出 Excel")').stat().st_size > 3_000
    stage.counted("a settlement", 13)
