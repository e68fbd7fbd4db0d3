"""Fixtures of every room: a client in a seat, a clean cache, a browser at both sizes with its complaints collected."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from tests import chromium, emptying

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"desk": (1440, 900), "phone": (390, 844)}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what can reach the database, so that the rest need not be run again on a second one.

    pytest-django lets no other test touch it: a rule tried without a database holds on both alike.
    """
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or asked & {"db", "transactional_db", "django_db_setup"}:
            item.add_marker("database")
        if "_kept_demo" in asked:
            # Making the demo takes seconds: one worker makes it for all the modules that look at it.
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(autouse=True, scope="session")
def _guarded_tables_can_be_emptied() -> Iterator[None]:
    """Transactional tests end with a flush, which the append-only triggers would refuse."""
    yield from emptying.allowed()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """Rate limits and cached fragments do not reach from one test into the next."""
    yield
    cache.clear()


@pytest.fixture
def client_for() -> Callable[[Any], Client]:
    """Makes a client signed in as the person of a seat, acting in that seat."""

    def sign_in(seat: Any) -> Client:
        client = Client()
        client.force_login(seat.person.account)
        session = client.session
        session["seat"] = seat.pk
        session.save()
        return client

    return sign_in


@dataclass
class Screen:
    """A browser's page at one size, with everything it complained of."""

    page: "Page"
    address: str
    size: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> "Page":
        """Go to a path of the live server; the page, once it has loaded."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, client: Client) -> None:
        """Carry a test client's session over to the browser."""
        self.page.context.add_cookies(
            [
                {"name": name, "value": morsel.value, "url": self.address, "httpOnly": True}
                for name, morsel in client.cookies.items()
            ]
        )


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The machine's Chromium, headless; skipped outside the full run when there is none."""
    path = chromium.found()
    if path is None:
        pytest.skip("没有 Chromium")
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread; Django would take it for an async view.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=arguments)
        yield running
        running.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


def _listen(page: "Page", complaints: list[str]) -> None:
    """Collect console errors (Chromium reports CSP violations there), uncaught errors and failed answers."""

    def console(message: Any) -> None:
        # A 422 is how a form answers a fault; Chromium logs every 4xx as an error.
        if message.type == "error" and "status of 422" not in message.text:
            complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    page.on("console", console)
    page.on("pageerror", lambda fault: complaints.append(f"error: {fault}"))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', e => console.error("
        "'CSP ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber))"
    )


def _context(browser: "Browser", size: str) -> "BrowserContext":
    width, height = SIZES[size]
    phone = size == "phone"
    return browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=phone,
        has_touch=phone,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        # What still moves is half transparent to whoever measures contrast.
        reduced_motion="reduce",
    )


@pytest.fixture(scope="session")
def profiles(browser: "Browser") -> Iterator[dict[str, list["BrowserContext"]]]:
    """Profiles of the browser by size that wait to be used again: what they cached of scripts and styles is kept."""
    waiting: dict[str, list[BrowserContext]] = {size: [] for size in SIZES}
    yield waiting
    for context in [each for group in waiting.values() for each in group]:
        context.close()


def _emptied(screen: Screen) -> "BrowserContext":
    """The screen's profile with everything forgotten but the cache: cookies, stores, workers, tabs, being offline."""
    context = screen.page.context
    context.set_offline(False)
    context.new_cdp_session(screen.page).send(
        "Storage.clearDataForOrigin",
        {
            "origin": screen.address,
            "storageTypes": "cookies,local_storage,indexeddb,service_workers,cache_storage",
        },
    )
    context.clear_cookies()
    for page in context.pages:
        page.close()
    return context


@pytest.fixture
def new_screen(
    browser: "Browser", profiles: dict[str, list["BrowserContext"]], live_server: Any
) -> Iterator[Callable[[str], Screen]]:
    """Makes screens of either size ("desk", "phone"), each with cookies of its own; none may complain."""
    screens: list[Screen] = []

    def make(size: str) -> Screen:
        context = profiles[size].pop() if profiles[size] else _context(browser, size)
        page = context.new_page()
        screen = Screen(page, live_server.url, size)
        _listen(page, screen.complaints)
        screens.append(screen)
        return screen

    yield make
    complaints = [complaint for screen in screens for complaint in screen.complaints]
    for screen in screens:
        profiles[screen.size].append(_emptied(screen))
    assert complaints == []


@pytest.fixture(params=list(SIZES))
def browser_page(request: pytest.FixtureRequest, new_screen: Callable[[str], Screen]) -> Screen:
    """The same journey at 1440×900 and at 390×844."""
    return new_screen(request.param)


@pytest.fixture(autouse=True)
def _speaks_chinese() -> Iterator[None]:
    """Each test begins in the language of the source; a visit in English must not colour the next test."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)
