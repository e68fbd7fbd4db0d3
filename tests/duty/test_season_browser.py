"""A season by hand at both sizes: a plan found, accepted, and planned anew when somebody cannot come."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from keyuan.duty.models import DutyPlan, Proposal
from tests.conftest import Screen
from tests.duty.test_seasons import scarce
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_season_is_planned_accepted_and_planned_anew(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    ground = scarce()
    browser_page.sign_in(client_for(ground.academy.seats["registrar"]))
    page = browser_page.open(f"/duties/seasons/{ground.season.pk}/")
    sound(page)
    page.get_by_role("button", name="求最优方案").click()
    expect(page.get_by_text("可以离开这个页面")).to_be_visible()
    ground.worked()
    row = Proposal.objects.get()
    browser_page.open(f"/duties/proposals/{row.pk}/")
    expect(page.get_by_text("已证明最优")).to_be_visible()
    sound(page)
    page.locator("tbody details summary").first.click()
    page.locator("#table [data-tick]").first.check()
    page.get_by_role("button", name="采纳勾选的行").click()
    expect(page.get_by_text("已安排 1 项")).to_be_visible()
    plan = DutyPlan.objects.select_related("duty").get()
    browser_page.open(f"/duties/drop-out/{plan.duty_id}/")
    expect(page.locator("#f-away option:checked")).to_have_count(1)
    sound(page)
    page.get_by_role("button", name="重排").click()
    expect(page.get_by_text("可以离开这个页面")).to_be_visible()
    ground.worked()
    again = Proposal.objects.latest("pk")
    browser_page.open(f"/duties/proposals/{again.pk}/?result=changed")
    expect(page.locator("#table tbody tr")).not_to_have_count(0)
