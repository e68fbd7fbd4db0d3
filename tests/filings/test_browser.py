"""A society's year by clicks: reminded, a plan by form and by sheet with a bad row, handed in, seen by the province."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from keyuan.filings.models import Line
from keyuan.filings.sheets import incoming
from keyuan.kernel.worker import Worker
from tests.conftest import Screen
from tests.filings.conftest import build
from tests.looking import sound


def sheet(path: Path) -> Path:
    """A plan of two activities, the second in a thirteenth month."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append([column.title for column in incoming.PLAN.columns])
    page.append(["演示甲班", "培训班", 3, 2, 40, "科协系统干部", 20000, "演示联系人", "13800138000", ""])
    page.append(["演示丙班", "论坛", 13, 1, 30, "科协系统干部", "", "", "", ""])
    book.save(path)
    return path


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_unit_is_reminded_files_by_form_and_sheet_and_the_province_sees_who_has_not(
    new_screen: Callable[[str], Screen], client_for: Callable[[Any], Any], tmp_path: Path, size: str
) -> None:
    ground = build()
    office, unit = new_screen(size), new_screen(size)
    office.sign_in(client_for(ground.academy.seats["registrar"]))
    unit.sign_in(client_for(ground.academy.seats["society"]))
    office.page.on("dialog", lambda asked: asked.accept())
    unit.page.on("dialog", lambda asked: asked.accept())
    board = office.open(f"/filings/{ground.frame.pk}/")
    board.get_by_role("button", name="催报计划").click()
    expect(board.get_by_text("已催报").first).to_be_visible()
    sound(board)
    page = unit.open("/filings/")
    page.locator(f"main a[href='/filings/units/{ground.filing(ground.societies[1]).pk}/']").first.click()
    page.get_by_role("link", name="添加计划活动").click()
    page.get_by_label("活动名称").fill("演示学术沙龙")
    page.get_by_label("类型").select_option(label="论坛")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("有内容需要修改")).to_be_visible()
    expect(page.get_by_label("活动名称")).to_have_value("演示学术沙龙")
    sound(page)
    page.get_by_label("月份").select_option("5")
    page.get_by_label("天数").fill("1")
    page.get_by_label("人数").fill("80")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("演示学术沙龙").first).to_be_visible()
    page.get_by_role("link", name="导入表格").first.click()
    page.locator("input[type=file]").set_input_files(str(sheet(tmp_path / "计划.xlsx")))
    page.locator("main form button.primary").click()
    page.wait_for_url("**/batches/**")
    sound(page)
    page.get_by_role("button", name="导入").first.click()
    worker = Worker()
    while worker.run_one():
        continue
    assert set(Line.objects.values_list("name", flat=True)) == {"演示学术沙龙", "演示甲班"}
    page = unit.open(f"/filings/units/{ground.filing(ground.societies[1]).pk}/")
    page.get_by_role("button", name="报送").first.click()
    expect(page.get_by_text("首次报送").first).to_be_visible()
    board = office.open(f"/filings/{ground.frame.pk}/")
    row = board.get_by_role("row").filter(has_text=ground.societies[1].name)
    expect(row).to_contain_text("已报待签收")
    expect(board.get_by_role("row").filter(has_text=ground.societies[0].name)).to_contain_text("未报")
    sound(board)
