"""The phone pages by hand at both sizes, taps counted: sign in, evaluate, draw the letter, nominate, accept."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from keyuan.attendance.models import Expected
from keyuan.attendance.rules import codes
from keyuan.evaluation.models import Spent
from keyuan.kernel.models import IssuedPaper
from keyuan.people import guests
from keyuan.training.actions import evaluating, versions
from keyuan.training.models import Nomination, Session, TrainingClass
from tests import factories
from tests.conftest import Screen
from tests.project.journeys.stage import Hand, marks
from tests.project.story import Clock

pytestmark = marks
LONG = "演示省应用数学与工业计算技术产业化促进与科学普及协会（联合会）筹备委员会办公室"


def thumb_at(screen: Screen, role: str) -> Hand:
    """Somebody of a role at the screen, whose taps are counted by what they were for."""
    return Hand(screen, {}, "", role)


def counted(thumb: Hand, what: str, most: int) -> None:
    """Print the taps since the last count and hold them to a limit."""
    taps = sum(thumb.clicks.values())
    print(f"{thumb.screen.size} {what}: {taps} taps")  # noqa: T201 - the count is what one wants to read
    assert taps <= most
    thumb.clicks.clear()


def link(person_id: int, path: str) -> str:
    """The person's own link, as the phone gets it."""
    return "/g/" + guests.link_for(person_id, path).split("/g/")[1]


def made() -> tuple[factories.Academy, TrainingClass, Session]:
    """A class of tomorrow with one lecture, its trainees from a unit with a very long name."""
    academy = factories.build()
    unit = academy.units[0]
    unit.name = LONG
    unit.save()
    day = timezone.localdate() + timedelta(days=1)
    klass = factories.published(
        academy,
        (3, 0),
        starts=day,
        ends=day,
        nominate_by=day,
        bring="演示身份证",
        title="演示" + "全省科协系统干部能力提升" * 2,
    )
    factories.admitted(academy, klass)
    session = factories.session(academy, klass)
    versions.release_timetable(academy.registrar, training_class=klass)
    return academy, TrainingClass.objects.get(pk=klass.pk), Session.objects.get(pk=session.pk)


def test_a_trainee_draws_the_letter_signs_in_with_one_tap_and_evaluates_with_seven(
    browser_page: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    academy, klass, session = made()
    person_id = klass.nominations.get().person_id
    clock, thumb = Clock(monkeypatch), thumb_at(browser_page, "trainee")
    home = f"/my/classes/{klass.pk}/"
    thumb.open(link(person_id, home))
    assert "已录取，待开班" in thumb.page.locator("main").inner_text()
    assert "-录取通知书" in thumb.take('button:has-text("录取通知书")').name
    assert IssuedPaper.objects.filter(person_id=person_id).count() == 1
    counted(thumb, "letter", 1)
    clock.at(session.date, 8, 50)
    thumb.open(home)
    thumb.page.locator("#letters").fill(codes.room_letters(session.sitting_id))
    thumb.click('main button:has-text("签到")')
    assert Expected.objects.get(sitting=session.sitting_id, person_id=person_id).checkin.verdict == "present"
    counted(thumb, "sign in", 1)
    clock.at(session.date, 12)
    form = evaluating.open_evaluation(academy.registrar, session=session)
    thumb.open(home)
    thumb.click('#evaluate a:has-text("评价")')
    thumb.page.wait_for_selector(".urn-form:not([hidden])")
    for number in range(thumb.page.locator(".urn-item").count()):
        thumb.press(f".urn-item >> nth={number} >> label")
    thumb.press(".urn-send")
    thumb.page.wait_for_selector(".urn-done:not([hidden])")
    counted(thumb, "evaluation", 7)
    assert Spent.objects.filter(form=form).count() == 1


def test_a_trainee_signs_in_by_the_code_on_the_wall_with_one_tap(
    browser_page: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    _academy, klass, session = made()
    person_id = klass.nominations.get().person_id
    clock, thumb = Clock(monkeypatch), thumb_at(browser_page, "trainee")
    thumb.open(link(person_id, f"/my/classes/{klass.pk}/"))
    clock.at(session.date, 8, 50)
    thumb.open(f"/s/{session.sitting_id}/{codes.room_token(session.sitting_id)}/")
    thumb.click('main button:has-text("签到")')
    counted(thumb, "scan and sign in", 1)
    assert Expected.objects.get(sitting=session.sitting_id, person_id=person_id).checkin.verdict == "present"


def test_a_liaison_nominates_one_person_with_three_taps(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy, klass, _session = made()
    who = factories.person(academy, "演示待推荐", unit=academy.units[0])
    browser_page.sign_in(client_for(academy.seats["liaison"]))
    thumb = thumb_at(browser_page, "liaison")
    thumb.open("/my/quota/")
    thumb.click('.my-call a:has-text("推荐")')
    thumb.press(f'label:has(input[value="{who.pk}"])')
    thumb.click('button:has-text("推荐所选人员")')
    counted(thumb, "nomination", 5)
    assert Nomination.objects.get(person=who).state == "submitted"
    for path in ("/my/quota/", "/my/quota/people/", "/home/"):
        thumb.open(path)
    assert klass.nominations.count() == 2


def test_a_teacher_accepts_with_one_tap_and_looks_at_the_audience(
    browser_page: Screen, client_for: Callable[[Any], Client]
) -> None:
    academy, _klass, session = made()
    browser_page.sign_in(client_for(academy.seats["teacher"]))
    thumb = thumb_at(browser_page, "teacher")
    thumb.open("/my/teaching/")
    thumb.click('main button:has-text("接受")')
    counted(thumb, "accept", 1)
    assert Session.objects.get(pk=session.pk).teacher_answer == "yes"
    assert "学员构成" in thumb.page.locator("main").inner_text()
