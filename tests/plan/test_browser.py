"""A year's plan from a department's wish to the numbered document, by clicks, at both sizes."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from keyuan.orgs.models import Organisation
from keyuan.people.models import Seat
from keyuan.people.roles import Role
from keyuan.plan.actions import load_starting_plan
from keyuan.plan.models import AnnualPlan
from tests.conftest import Screen
from tests.looking import sound
from tests.plan.conftest import seat_in


def _screen(screen: Screen, client_for: Callable[[Any], Any], seat: Seat) -> Any:
    screen.sign_in(client_for(seat))
    return screen.page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_departments_wish_becomes_part_of_the_numbered_plan(
    new_screen: Callable[[str], Screen], client_for: Callable[[Any], Any], school: Any, size: str
) -> None:
    load_starting_plan(school)
    unit = Organisation.objects.filter(school=school, kind="department").order_by("pk")[0]
    head = seat_in(school, Role.DEPARTMENT_HEAD, unit)
    theirs, office, council = new_screen(size), new_screen(size), new_screen(size)
    page = _screen(theirs, client_for, head)
    theirs.open("/plan/2020/official/")
    page.get_by_role("link", name="申报活动").click()
    page.get_by_label("活动名称").fill("演示青年科学家沙龙")
    page.get_by_label("申报理由").fill("学会提出，已有场地和经费")
    page.get_by_label("主要类型").select_option(index=1)
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("row").filter(has_text="演示青年科学家沙龙")).to_contain_text("待审核")
    sound(page)
    desk = _screen(office, client_for, seat_in(school, Role.REGISTRAR))
    office.open("/home/")
    desk.get_by_role("link", name="1 项重点活动申报待审核").click()
    desk.get_by_role("link", name="列入").click()
    desk.get_by_role("button", name="保存").click()
    desk.on("dialog", lambda asked: asked.accept())
    desk.get_by_role("button", name="提交审批").click()
    expect(desk.get_by_text("审批中").first).to_be_visible()
    sound(desk)
    last = _screen(council, client_for, seat_in(school, Role.LEADER))
    council.open("/approvals/")
    last.get_by_role("link", name="查看办理").first.click()
    sound(last)
    last.locator("#decide .approval-bar button").first.click()
    expect(last.locator("#decide")).to_have_count(0)
    desk.reload()
    desk.get_by_role("button", name="印发").click()
    expect(desk.get_by_role("link", name="下载 PDF")).to_be_visible()
    plan = AnnualPlan.objects.get(school=school, year=2020)
    assert plan.issued_on is not None
    expect(desk.get_by_text(plan.number)).to_be_visible()
    assert [line["leads"] for line in plan.issued if line["name"] == "演示青年科学家沙龙"] == [[str(unit)]]
