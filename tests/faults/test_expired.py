"""A session that ends while a long form is being filled in: after signing in again, what was typed is there."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.faults import ground as grounds

PASSWORD = "演示口令-不要用于正式-2030"


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_was_typed_survives_an_expired_session(
    new_screen: Callable[[str], Any], client_for: Callable[..., Client]
) -> None:
    ground = grounds.build()
    account = ground.registrars[0].person.account
    account.set_password(PASSWORD)
    account.save()
    screen = new_screen("phone")
    screen.sign_in(client_for(ground.registrars[0]))
    form = f"/activities/{ground.held.activity_id}/open/"
    page = screen.open(form)
    page.fill("[name=title]", "演示：写了很久的班次")
    page.fill("[name=content]", "第一天；\n第二天。")
    page.context.clear_cookies(name="sessionid")

    page.click("form[data-keep] button.primary")
    page.wait_for_url("**/accounts/login/**")
    assert "写了很久" not in page.url, "nothing typed goes into an address"
    page.fill("[name=login]", account.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url(f"**{form}")
    assert page.input_value("[name=title]") == "演示：写了很久的班次"
    assert page.input_value("[name=content]").replace("\r", "") == "第一天；\n第二天。"
