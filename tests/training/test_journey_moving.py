"""The half-day grid by hand: dragged with the mouse, moved by keys and by the phone's page, and taken back."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from keyuan.training.models import Session
from tests import factories
from tests.conftest import Screen
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_sessions_are_moved_by_mouse_by_keys_and_by_page(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy = factories.build()
    klass = factories.published(academy)
    first = factories.session(academy, klass)
    factories.session(
        academy,
        klass,
        title="演示讨论",
        half="pm",
        starts=time(14, 30),
        ends=time(17),
        teacher=None,
        place="",
    )
    tomorrow = klass.starts + timedelta(days=1)
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open(f"/classes/{klass.pk}/timetable/")
    sound(page)
    if browser_page.size == "phone":
        page.locator(f'[data-session="{first.pk}"] [data-lift]').click()
        sound(page)
        page.locator(f'button[value="{tomorrow}.am"]').click()
    else:
        page.locator(f'[data-session="{first.pk}"]').drag_to(page.locator(f'[data-cell="{tomorrow}.am"] h3'))
    expect(page.locator(f'[data-cell="{tomorrow}.am"] [data-session="{first.pk}"]')).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(f'[data-cell="{klass.starts}.am"] [data-session="{first.pk}"]')).to_be_visible()
    if browser_page.size == "desk":
        page.locator(f'[data-session="{first.pk}"] [data-lift]').press("Enter")
        expect(page.locator("#drag-said")).to_contain_text("已拿起")
        expect(page.locator(".grid-half.taken")).not_to_have_count(0)
        page.keyboard.press("ArrowDown")
        expect(page.locator("#drag-said")).to_contain_text("对调")
        page.keyboard.press("Enter")
        expect(page.locator(f'[data-cell="{klass.starts}.pm"] [data-session="{first.pk}"]')).to_be_visible()
        assert Session.objects.get(title="演示讨论").half == "am"
