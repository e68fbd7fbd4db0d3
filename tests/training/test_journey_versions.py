"""The office changes a released timetable, sees what it would tell, sends it, and declares the version final."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from keyuan.training.actions import timetable, versions
from keyuan.training.models import Session
from tests import factories
from tests.conftest import Screen
from tests.looking import sound

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_change_is_looked_over_sent_compared_and_made_final(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy = factories.build()
    klass = factories.published(academy)
    factories.admitted(academy, klass, 2)
    session = factories.session(academy, klass)
    versions.release_timetable(academy.registrar, training_class=klass)
    timetable.change_session(academy.registrar, session=session, facts={"starts": time(9, 30)})
    browser_page.sign_in(client_for(academy.seats["registrar"]))
    page = browser_page.open(f"/classes/{klass.pk}/timetable/")
    sound(page)
    expect(page.get_by_text("有 1 处改动未发布")).to_be_visible()
    page.get_by_role("link", name="核对并发布").click()
    sound(page)
    expect(page.get_by_text("改到上午 09:30—11:30")).to_be_visible()
    page.get_by_label("附言").fill("演示附言")
    page.get_by_role("button", name="发布并通知 3 人").click()
    expect(page.get_by_text("课程表第 2 版已发布").first).to_be_visible()
    timetable.remove_session(academy.registrar, session=Session.objects.get())
    page.reload()
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="撤回到已发布版本").click()
    expect(page.get_by_text("已撤回 1 处改动").first).to_be_visible()
    page.get_by_role("button", name="定为终版").click()
    expect(page.get_by_text("终版", exact=True).first).to_be_visible()
    page.get_by_role("link", name="历次版本").click()
    sound(page)
    expect(page.get_by_role("heading", name="对比两个版本")).to_be_visible()
    assert Session.objects.get().pk == session.pk
