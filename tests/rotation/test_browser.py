"""The road of the office from the list of those due to places of a class, at both sizes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from keyuan.rotation import actions
from keyuan.training.models import QuotaShare
from tests.rotation.conftest import build


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_office_ticks_people_and_gives_their_unit_places(
    new_screen: Callable[[str], Any], client_for: Any, size: str
) -> None:
    ground = build()
    one = ground.requirement("学会秘书长调训")
    for name in ("演示甲", "演示乙"):
        actions.list_person(ground.office, requirement=one, person=ground.person(name, ground.society))
    klass = ground.klass(ground.today + timedelta(days=20), places=5)
    screen = new_screen(size)
    screen.sign_in(client_for(ground.academy.seats["registrar"]))
    page = screen.open(f"/rotation/?requirement={one.pk}")
    page.get_by_label("选择演示甲").check()
    page.get_by_role("button", name="转为班次名额").click()
    # The soonest class stands there with its places already.
    expect(page.get_by_label("班次", exact=True)).to_have_value(str(klass.pk))
    page.get_by_label("演示省数学会分配后的名额").fill("2")
    page.get_by_role("button", name="确认分配").click()
    page.get_by_text("已给 1 个单位增加 2 个名额").first.wait_for()
    assert QuotaShare.objects.get(training_class=klass).places == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
