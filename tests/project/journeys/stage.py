"""What every journey stands on: a hand that clicks and is counted, a page looked over, the papers it downloads."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from keyuan.kernel.worker import Worker
from keyuan.people.models import Seat
from tests import looking
from tests.conftest import Screen

if TYPE_CHECKING:
    from playwright.sync_api import Locator

NewScreen = Callable[[str], Screen]
SignIn = Callable[[Seat], Client]
# What each journey's module says of its tests.
marks = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hand:
    """One person at a screen, whose clicks are counted and whose every page is looked over."""

    def __init__(self, screen: Screen, clicks: dict[str, int], step: str, role: str = "") -> None:
        self.screen, self.page, self.clicks, self.step, self.role = screen, screen.page, clicks, step, role
        self.page.set_default_timeout(30_000)

    @property
    def on_phone(self) -> bool:
        """Whether this is the small screen."""
        return self.screen.size == "phone"

    def open(self, path: str) -> None:
        """Type an address; that is no click."""
        self.screen.open(path)
        self.look()

    def _find(self, what: str) -> "Locator":
        return self.page.locator(what).locator("visible=true").first

    def _count(self) -> None:
        self.clicks[self.step] = self.clicks.get(self.step, 0) + 1

    def click(self, what: str) -> None:
        """Press the first such button or link that is seen, which leads to another page."""
        self._count()
        with self.page.expect_navigation(wait_until="load"):
            self._find(what).click()
        self.look()

    def press(self, what: str) -> None:
        """Press something that changes the page one is on: a box, a fold, a part that is exchanged."""
        self._count()
        self._find(what).click()

    def confirm(self, what: str) -> None:
        """Press what asks once more before it is done, and say yes: two clicks."""
        self._count()
        self.page.once("dialog", lambda asked: asked.accept())
        self.click(what)

    def take(self, what: str) -> Path:
        """Press what hands out a file; where it lies, its name ending with the one that the user sees."""
        self._count()
        with self.page.expect_download() as download:
            self._find(what).click()
        taken = Path(download.value.path())
        return taken.rename(taken.with_name(f"{taken.name}-{download.value.suggested_filename}"))

    def fill(self, typed: dict[str, Any], within: str = "main") -> None:
        """Fill a form as it stands in the page; typing and choosing in a field are no clicks."""
        for name, value in typed.items():
            field = self.page.locator(f'{within} [name="{name}"]').first
            kind = field.evaluate("field => field.type")
            if kind.startswith("select"):
                field.select_option(str(value))
            elif kind == "radio":
                self.page.locator(f'{within} [name="{name}"][value="{value}"]').check()
            elif kind == "checkbox":
                field.set_checked(value == "on")
            elif kind == "file":
                field.set_input_files(value)
            else:
                field.fill(str(value))

    def reads(self, *words: str) -> None:
        """These words stand in the page, now or in a moment."""
        for word in words:
            expect(self.page.locator("body")).to_contain_text(word)

    def lacks(self, *words: str) -> None:
        """These words do not stand in the page."""
        for word in words:
            expect(self.page.locator("main")).not_to_contain_text(word)

    def look(self) -> None:
        """No sideways scroll; and nothing serious that axe, which is slow, would name of a kind of page."""
        looking.look(self.page, self.screen.size, self.role)


class Stage:
    """Who sits where: each has a browser of one's own; the clicks of all are counted by step."""

    def __init__(self, size: str, new_screen: NewScreen, sign_in: SignIn) -> None:
        self.size, self.new_screen, self.sign_in = size, new_screen, sign_in
        self.clicks: dict[str, int] = {}

    def hand(self, step: str, seat: Seat | None = None) -> Hand:
        """Somebody at a screen of the journey's size; a stranger without a seat."""
        screen = self.new_screen(self.size)
        if seat is not None:
            screen.sign_in(self.sign_in(seat))
        return Hand(screen, self.clicks, step, seat.role if seat else "")

    def counted(self, journey: str, most: int) -> None:
        """Print the clicks of the journey and hold them to a limit."""
        total = sum(self.clicks.values())
        print(f"{journey} {self.size}: {total} clicks {self.clicks}")  # noqa: T201 - the count is what one wants to read
        assert total <= most


def work() -> None:
    """Everything that waits in the background is done."""
    Worker().drain()
