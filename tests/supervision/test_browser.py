"""From a meeting's resolution to a proven, closed item, at both sizes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keyuan.supervision.models import Item
from tests.conftest import Screen
from tests.looking import sound
from tests.supervision.conftest import PROOF, build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_resolution_to_a_close(browser_page: Screen, client_for: Callable[[Any], Client]) -> None:
    floor = build()
    browser_page.sign_in(client_for(floor.academy.seats["registrar"]))
    page = browser_page.open("/supervision/new/")
    page.get_by_label("会议或文件名称").fill("演示第3次会议")
    page.get_by_label("督办事项").first.fill("演示印发培训计划")
    page.get_by_label("责任单位").first.fill(floor.academy.units[0].name)
    page.get_by_label("办结期限").first.fill(f"{timezone.localdate().year + 1}-12-20")
    sound(page)
    page.get_by_role("button", name="立项并交办").click()
    page.get_by_text("已立项交办 1 项").wait_for()
    one = Item.objects.get()
    browser_page.page.context.clear_cookies()
    browser_page.sign_in(client_for(floor.academy.seats["liaison"]))
    browser_page.open(f"/supervision/{one.pk}/")
    page.get_by_role("button", name="签收").click()
    page.get_by_label("进展情况").fill("演示：已印发")
    page.get_by_role("button", name="报送进展").click()
    page.get_by_text("进展已报送").wait_for()
    proof = {"name": PROOF[0], "mimeType": "application/pdf", "buffer": PROOF[1]}
    page.locator("input[type=file][name=file]").set_input_files(proof)
    page.get_by_role("button", name="上传佐证").click()
    page.get_by_text("佐证已上传").wait_for()
    sound(page)
    page.get_by_role("button", name="提交核验").click()
    page.get_by_text("等待督办部门核验").wait_for()
    browser_page.page.context.clear_cookies()
    browser_page.sign_in(client_for(floor.academy.seats["leader"]))
    browser_page.open(f"/supervision/{one.pk}/")
    page.get_by_role("button", name="属实，销号").click()
    page.get_by_text("已核验销号").first.wait_for()
    browser_page.open("/supervision/")
    sound(page)
    assert Item.objects.get().state == "closed"
