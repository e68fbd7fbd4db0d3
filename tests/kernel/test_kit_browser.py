"""The kit in a browser: no fault of access, no console error, no sideways scroll, drafts that survive."""

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext
from pytest_django.live_server_helper import LiveServer

from keyuan.people.models import Account
from tests.kernel.page_urls import account
from tests.looking import sound

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.kernel.page_urls"),
]


@pytest.fixture
def chromium(browser: Browser) -> Browser:
    """The run's one browser: a second Playwright in the same process would not start."""
    return browser


def sign_in(context: BrowserContext, client: Client, live_server: LiveServer):
    writer = Account.objects.first() or account("writer@example.org")
    client.force_login(writer, backend="allauth.account.auth_backends.AuthenticationBackend")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_the_kit_is_sound_at_both_sizes_and_in_both_lights(
    chromium: Browser, live_server: LiveServer, client: Client, scheme: str, width: int
):
    context = chromium.new_context(
        locale="zh-CN", viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    seen = context.new_page()
    told = []
    seen.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    seen.on("pageerror", lambda error: told.append(str(error)))
    seen.goto(f"{live_server.url}/part/")
    assert told == []
    sound(seen)
    context.close()


def test_what_was_typed_survives_an_expired_session_but_secrets_do_not(
    chromium: Browser, live_server: LiveServer, client: Client
):
    context = chromium.new_context(locale="zh-CN")
    sign_in(context, client, live_server)
    seen = context.new_page()
    seen.goto(f"{live_server.url}/note/")
    seen.fill("#id_title", "标题一")
    seen.fill("#id_text", "写了很久的内容")
    seen.fill("#id_code", "secret-word")
    context.clear_cookies(name="sessionid")
    seen.click("text=保存")
    seen.wait_for_selector("h1")
    assert "/login/" in seen.url or "页面已过期" in seen.content()
    sign_in(context, client, live_server)
    seen.goto(f"{live_server.url}/note/")
    assert seen.input_value("#id_text") == "写了很久的内容"
    assert seen.input_value("#id_code") == ""
    assert seen.is_visible("text=已恢复您上次填写的内容")
    assert "secret-word" not in seen.evaluate("JSON.stringify({...sessionStorage})")
    context.close()


def test_a_saved_form_leaves_no_draft_and_a_refused_one_keeps_what_was_typed(
    chromium: Browser, live_server: LiveServer, client: Client
):
    context = chromium.new_context(locale="zh-CN")
    sign_in(context, client, live_server)
    seen = context.new_page()
    seen.goto(f"{live_server.url}/note/")
    seen.fill("#id_text", "只写了内容")
    seen.click("text=保存")
    seen.wait_for_selector(".error-list")
    assert seen.evaluate("document.activeElement.classList.contains('error-list')")
    assert seen.input_value("#id_text") == "只写了内容"
    seen.fill("#id_title", "补上标题")
    seen.click("text=保存")
    seen.wait_for_selector("text=已保存")
    seen.goto(f"{live_server.url}/note/")
    assert seen.input_value("#id_text") == ""
    context.close()


def test_rows_are_ticked_in_runs_and_the_keyboard_walks_them(
    chromium: Browser, live_server: LiveServer, client: Client
):
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    seen = context.new_page()
    seen.goto(f"{live_server.url}/part/")
    ticks = seen.locator("[data-tick]")
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    assert seen.inner_text("[data-bulk-count]") == "已勾选 4 行"
    seen.locator("h1").click()
    seen.keyboard.press("j")
    seen.keyboard.press("j")
    assert (
        seen.evaluate("[...document.querySelectorAll('tbody tr')].findIndex(r => r.matches('.marked'))") >= 0
    )
    seen.keyboard.press("?")
    assert seen.is_visible("#keys")
    context.close()
