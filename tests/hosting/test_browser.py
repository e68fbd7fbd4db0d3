"""A turn at both sizes: drawn and invited for by the office, answered and worked on by the host's liaison."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keyuan.hosting.models import Turn
from tests.conftest import Screen
from tests.hosting.conftest import again, build
from tests.looking import fits, sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_order_to_a_host_at_work(browser_page: Screen, client_for: Callable[[Any], Client]) -> None:
    ring = build()
    turn = ring.turns(30)[0]
    browser_page.sign_in(client_for(ring.academy.seats["registrar"]))
    page = browser_page.open(f"/hosting/{ring.rota.pk}/")
    sound(page)
    page.get_by_role("button", name="排出下一期").click()
    page.get_by_role("button", name="发出邀请").click()
    page.get_by_text("已发邀请").first.wait_for()
    assert again(turn).state == Turn.State.INVITED
    browser_page.sign_in(client_for(ring.seat_of(again(turn).host_id)))
    page = browser_page.open("/hosting/mine/")
    fits(page)
    page.get_by_role("link", name="第 1 期").click()
    page.get_by_role("button", name="同意承办").first.click()
    page.get_by_text("登记完成").first.click()
    page.get_by_label("完成情况").first.fill("演示已办")
    page.get_by_role("button", name="登记完成").first.click()
    page.get_by_text("演示已办").wait_for()
    sound(page)
    assert again(turn).tasks.exclude(done_at=None).count() == 1
