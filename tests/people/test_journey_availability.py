"""A teacher says on the page when it does not suit, takes a deletion back, and the office sees it where it places."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests import factories
from tests.conftest import Screen
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_a_teacher_states_is_seen_before_a_session_is_moved(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy = factories.build()
    klass = factories.published(academy)
    row = factories.session(academy, klass)
    tomorrow = klass.starts + timedelta(days=1)
    browser_page.sign_in(client_for(academy.seats["teacher"]))
    page = browser_page.open("/my/teaching/")
    page.get_by_role("link", name="我的可授课时间").click()
    page.get_by_label("开始日期").fill(tomorrow.isoformat())
    page.get_by_label("时段").select_option("am")
    page.get_by_label("备注").fill("演示外出")
    page.get_by_role("button", name="登记", exact=True).click()
    mine = page.locator("tr", has_text="演示外出")
    expect(mine).to_contain_text("不便")
    sound(page)
    mine.get_by_role("button", name="删除").click()
    expect(mine).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(mine).to_have_count(1)
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open("/availability/")
    expect(page.get_by_text("演示外出")).to_be_visible()
    sound(page)
    page = browser_page.open(f"/sessions/{row.pk}/move/")
    there = page.locator("li", has=page.locator(f'button[value="{tomorrow}.am"]'))
    expect(there).to_contain_text("主讲不便")
    there.get_by_role("button").click()
    expect(page.locator(f'[data-cell="{tomorrow}.am"]')).to_contain_text("不便")
