"""The registrar's way at both sizes: the board, an organisation, an election, the step taken back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from keyuan.terms.models import Term
from tests.conftest import Screen
from tests.looking import sound
from tests.terms.conftest import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_vacancy_to_a_holder_and_back(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    ground = build()
    browser_page.sign_in(client_for(ground.academy.seats["registrar"]))
    page = browser_page.open("/terms/?state=unknown&kind=society")
    sound(page)
    page.get_by_role("link", name="演示省数学学会").first.click()
    sound(page)
    page.get_by_role("link", name="登记任职").first.click()
    page.get_by_label("职务").select_option(label="理事长")
    page.get_by_label("姓名").fill("演示陌生")
    page.get_by_label("任职起").fill("2011-05-20")
    page.get_by_role("button", name="保存").click()
    page.get_by_label("登记为新人员").check()
    sound(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已登记任职").wait_for()
    assert Term.objects.get().due is not None
    sound(page)
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="撤销这一步").click()
    page.get_by_text("已撤销，任期").wait_for()
    assert not Term.objects.filter(withdrawn_at=None).exists()
