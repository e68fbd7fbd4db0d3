"""The road of one duty at both sizes: planned by the office, invited, proven by hand, seen by the holder."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from keyuan.duty.models import Proof
from keyuan.kernel.models import IssuedPaper
from keyuan.people.roles import Role
from tests import factories
from tests.conftest import Screen
from tests.duty.ground import build
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_board_to_a_plan_a_letter_and_a_proof(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    ground = build()
    seats = ground.academy.seats
    ground.people[0] = factories.seat(ground.academy, "president", Role.TEACHER).person
    ground.elect(0, date(2021, 5, 20), due=date(2090, 5, 19))
    ground.open()
    klass = ground.coming(40)
    browser_page.sign_in(client_for(seats["registrar"]))
    page = browser_page.open("/duties/")
    sound(page)
    page.get_by_role("link", name="待安排").first.click()
    page.get_by_role("link", name="安排", exact=True).first.click()
    sound(page)
    page.get_by_label("安排到").select_option(value=f"class:{klass.pk}")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已安排，并通知本人").wait_for()
    page.get_by_role("button", name="制发邀请函").click()
    page.get_by_text("已制发邀请函。").wait_for()
    assert IssuedPaper.objects.get(kind="duty-invitation").facts["title"] == klass.title
    sound(page)
    page.goto(f"{browser_page.address}/duties/{ground.duty('lecture').pk}/prove/")
    page.get_by_label("活动或课程名称").fill("演示外省报告")
    page.get_by_label("日期").fill("2023-03-04")
    page.get_by_role("button", name="认定完成").click()
    page.get_by_text("已认定完成").wait_for()
    assert Proof.objects.get().how == "manual"
    browser_page.sign_in(client_for(seats["president"]))
    page.goto(f"{browser_page.address}/duties/mine/")
    sound(page)
    page.get_by_role("button", name="可以参加").click()
    page.get_by_text("已答复").wait_for()
    sound(page)
