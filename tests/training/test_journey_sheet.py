"""The office sends a timetable as a sheet, answers who is meant, has it placed, and takes the whole sheet back."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from keyuan.kernel.access import system_of
from keyuan.kernel.worker import Worker
from keyuan.people import actions as people_actions
from keyuan.people.roles import Role
from tests import factories
from tests.conftest import Screen
from tests.kernel.sheet_files import workbook
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FIRST = date(2031, 3, 3)
HEAD = ["日期", "时间", "内容", "主讲", "地点", "学时"]
ROWS = [
    ["2031年3月3日（周一）", "8:30-9:00", "开班式", "", "演示一号厅", "0"],
    ["", "9:10-11:30", "演示专题报告", "演示同名", "演示一号厅", "3"],
    ["", "11:40-13:30", "演示午间讲座", "", "演示基地", "2"],
    ["3月4日", "9:00-11:30", "演示研讨", "", "演示一号厅", "3"],
    ["3月9日", "9:00-11:30", "演示班外课", "", "演示一号厅", "3"],
]


def test_a_sheet_is_sent_answered_placed_marked_and_taken_back(
    browser_page: Screen, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    academy = factories.build()
    klass = factories.published(
        academy, starts=FIRST, ends=FIRST + timedelta(days=1), nominate_by=FIRST - timedelta(days=9)
    )
    for unit in ("演示第一大学", "演示第二大学"):
        who = factories.person(academy, "演示同名", organisation_text=unit)
        people_actions.grant_seat(
            system_of(academy.school.pk), person=who, role=Role.TEACHER, organisation=None
        )
    path = workbook(tmp_path / "课程表.xlsx", [["演示班课程表"], HEAD, *ROWS])
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open(f"/classes/{klass.pk}/timetable/")
    page.get_by_role("link", name="导入课程表").click()
    sound(page)
    page.get_by_label("课程表文件").set_input_files(str(path))
    page.get_by_role("button", name="上传并核对").click()
    sound(page)
    expect(page.get_by_text("日期须在班期内").first).to_be_visible()
    expect(page.get_by_text("请留出午餐时间").first).to_be_visible()
    page.get_by_role("button", name="演示同名，演示第二大学").click()
    expect(page.get_by_text("已定：").first).to_be_visible()
    page.get_by_role("button", name="导入可以导入的 4 行").click()
    page.wait_for_url("**/batches/**")
    worker = Worker()
    while worker.run_one():
        continue
    page.reload()
    expect(page.get_by_text("已导入 4 行，1 行没有导入")).to_be_visible()
    page.goto(f"{browser_page.address}/classes/{klass.pk}/timetable/")
    expect(page.get_by_text("个课次有提醒")).to_be_visible()
    page.locator(".lesson-marks summary").first.click()
    sound(page)
    expect(page.locator("[data-session]")).to_have_count(4)
    page.get_by_role("link", name="导入课程表").click()
    sound(page)
    page.get_by_role("link", name="撤销这次导入").click()
    sound(page)
    page.get_by_role("button", name="撤掉这 4 个课次").click()
    expect(page.get_by_text("已撤掉这次导入的 4 个课次").first).to_be_visible()
    assert not klass.sessions.exists()
