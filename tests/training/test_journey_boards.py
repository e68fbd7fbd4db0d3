"""The registrar turns to a week, looks at teachers and rooms, and finds a free room to place a session in."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests import factories
from tests.conftest import Screen
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MONDAY = date(2031, 6, 9)


def test_a_week_is_turned_to_and_a_free_room_taken(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy = factories.build()
    klass = factories.published(
        academy,
        title="演示全省科协系统领导干部学习贯彻全会精神专题研讨班（第12期）",
        starts=MONDAY,
        ends=MONDAY + timedelta(days=4),
    )
    factories.session(academy, klass, title="演示课甲", place="３号 教室")
    other = factories.published(academy, title="演示第二班", starts=MONDAY, ends=MONDAY + timedelta(days=1))
    factories.session(academy, other, title="演示课乙", place="3号教室", teacher=None)
    factories.session(
        academy,
        other,
        title="演示课丙",
        date=MONDAY + timedelta(days=1),
        half="pm",
        starts=time(14, 30),
        ends=time(17),
    )
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open(f"/timetables/?date={MONDAY - timedelta(days=1)}")
    page.get_by_role("link", name="下一周").first.click()
    phone = browser_page.size == "phone"
    if phone:
        # From Sunday one week on is Sunday; its Monday is one touch away.
        page.get_by_role("navigation", name="这一周").get_by_role("link", name="周一").click()
        expect(page.get_by_role("heading", name="演示第二班")).to_be_visible()
        page.get_by_role("link", name="后一天").click()
        expect(page.get_by_role("link", name="演示课丙").last).to_be_visible()
        page.get_by_role("link", name="前一天").click()
    else:
        page.get_by_label("到哪一天").fill(str(MONDAY))
        page.get_by_role("button", name="前往").click()
    shown = page.locator(".board-day" if phone else ".board-wide")
    expect(shown.get_by_role("link", name="演示课甲")).to_be_visible()
    sound(page)
    shown.get_by_text("冲突 1 处").first.click()
    expect(shown.get_by_text("场地冲突：同时有").first).to_be_visible()
    for tab, heading in (("按教师", "教师课表"), ("按教室", "教室课表")):
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.get_by_role("link", name="找空教室").click()
    page.get_by_label("时段").select_option("下午")
    page.get_by_label("为哪个班排课").select_option(label=klass.title)
    page.get_by_role("button", name="查找").click()
    sound(page)
    page.get_by_role("link", name="在这里排课").first.click()
    expect(page.get_by_label("日期")).to_have_value(str(MONDAY))
    expect(page.get_by_label("地点")).not_to_have_value("")
