"""The boards by hand at both sizes: dragged, ticked and moved by keyboard, with nothing for axe to complain of."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from keyuan.logistics.actions import dining, grouping, seating
from keyuan.logistics.models import Diner, MealTable, Seat
from keyuan.training.models import Nomination, TrainingClass
from tests import factories
from tests.conftest import Screen
from tests.factories import Academy
from tests.logistics.conftest import trainee
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def made() -> tuple[Academy, TrainingClass, int]:
    """A class of six in two groups, and a hall."""
    academy = factories.build()
    klass = factories.published(academy, (6, 0), places=6)
    for number in range(6):
        trainee(academy, klass, 0, "男" if number % 2 else "女")
    grouping.propose_groups(academy.registrar, training_class=klass, count=2)
    facts = {"title": "开班式", "rows": 3, "columns": 3, "aisles": [], "kept_rows": 0}
    hall = seating.save_hall(academy.registrar, training_class=klass, facts=facts)
    seating.propose_seats(academy.registrar, training_class=klass, hall_id=hall.pk, way="unit")
    return academy, klass, hall.pk


def test_people_are_moved_by_hand_and_by_keyboard(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy, klass, hall = made()
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open(f"/classes/{klass.pk}/logistics/groups/")
    sound(page)
    if browser_page.size == "desk":
        page.locator('[data-to="1"] li').first.drag_to(page.locator('[data-to="2"] h3'))
    else:
        page.locator('[data-to="1"] li input').first.check()
        page.locator("#move-to").select_option("2")
        page.locator("[name=act][value=move]").press("Enter")
    expect(page.locator('[data-to="2"] li')).to_have_count(4)
    assert Nomination.objects.filter(group=2).count() == 4
    for path in ("", "rooms/", "rides/", "needs/", "posts/", f"seats/?hall={hall}"):
        browser_page.open(f"/classes/{klass.pk}/logistics/{path}")
        sound(page)
    name = page.locator('[data-to="1-1"] b').inner_text()
    if browser_page.size == "desk":
        page.locator('[data-to="1-1"] label').drag_to(page.locator('[data-to="3-3"]'))
    else:
        page.locator('[data-to="1-1"] input').check()
        page.locator("#move-to").fill("3-3")
        page.locator("[name=act][value=move]").press("Enter")
    expect(page.locator('[data-to="3-3"] b')).to_have_count(1)
    assert Seat.objects.get(row=3, column=3).nomination.person.name == name


def test_tables_are_proposed_by_one_press_and_changed_by_hand(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy, klass, _hall = made()
    dining.add_tables(academy.registrar, training_class=klass, count=1, capacity=4, head=True)
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open(f"/classes/{klass.pk}/logistics/tables/")
    page.locator("[name=act][value=group]").click()
    expect(page.locator("#board .lg-column")).to_have_count(2)
    sound(page)
    head = MealTable.objects.get(is_head=True)
    zone, other = f'[data-to="{head.pk}"]', MealTable.objects.get(is_head=False)
    if browser_page.size == "desk":
        page.locator(f'[data-to="{other.pk}"] li').first.drag_to(page.locator(f"{zone} h3"))
    else:
        page.locator(f'[data-to="{other.pk}"] li input').first.check()
        page.locator("#move-to").select_option(str(head.pk))
        page.locator("[name=act][value=move]").press("Enter")
    expect(page.locator(f"{zone} li")).to_have_count(1)
    assert Diner.objects.filter(table=head).count() == 1
