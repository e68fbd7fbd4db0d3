"""The story by hand in a browser, short: from the plan to the verified certificate, at both screen sizes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from keyuan.attendance.models import Expected
from keyuan.attendance.rules import codes
from keyuan.kernel import notify
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.worker import Worker
from keyuan.people.models import Seat
from keyuan.training.models import Session, TrainingClass
from tests.conftest import SIZES, Screen
from tests.project.story import Clock, Players, class_typed, lesson_typed, players

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NewScreen = Callable[[str], Screen]
SignIn = Callable[[Seat], Client]


class Hand:
    """One person at a screen, whose clicks are counted and whose every page is looked over."""

    def __init__(self, screen: Screen, clicks: dict[str, int]) -> None:
        self.screen, self.page, self.clicks = screen, screen.page, clicks
        self.step = ""

    def open(self, path: str) -> None:
        self.screen.open(path)
        self.sound()

    def click(self, what: str) -> None:
        """Press the first such button or link that is seen, and look the next page over."""
        self.clicks[self.step] = self.clicks.get(self.step, 0) + 1
        self.page.locator(what).locator("visible=true").first.click()
        self.page.wait_for_load_state("networkidle")
        self.sound()

    def tick(self, what: str) -> None:
        self.clicks[self.step] = self.clicks.get(self.step, 0) + 1
        self.page.locator(what).first.check()

    def fill(self, typed: dict[str, Any]) -> None:
        """Fill a form as it stands in the page."""
        for name, value in typed.items():
            field = self.page.locator(f'main [name="{name}"]').first
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(str(value))
            elif field.get_attribute("type") == "checkbox":
                field.set_checked(value == "on")
            else:
                field.fill(str(value))

    def sound(self) -> None:
        """No sideways scroll, and nothing serious that axe would name."""
        where = (self.screen.size, self.page.url)
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, where
        found = Axe().run(self.page).response["violations"]
        faults = [each for each in found if each["impact"] in {"serious", "critical"}]
        assert [(each["id"], each["nodes"][0]["html"][:160]) for each in faults] == [], where


class Journey:
    """Who sits where: each seat has a browser of its own."""

    def __init__(self, size: str, new_screen: NewScreen, sign_in: SignIn) -> None:
        self.size, self.new_screen, self.sign_in = size, new_screen, sign_in
        self.clicks: dict[str, int] = {}

    def hand(self, step: str, seat: Seat | None = None) -> Hand:
        screen = self.new_screen(self.size)
        if seat is not None:
            screen.sign_in(self.sign_in(seat))
        hand = Hand(screen, self.clicks)
        hand.step = step
        return hand


def make_class(journey: Journey, cast: Players) -> TrainingClass:
    office = journey.hand("开班", cast.registrar)
    office.open(f"/plan/activities/{cast.activity.pk}/")
    office.click('main a[href$="/open/"]')
    office.fill(class_typed(cast))
    office.click('main button:has-text("存为草稿")')
    office.click('main button:has-text("提交审批")')
    head = journey.hand("审批", cast.head)
    head.open("/home/")
    head.click('main a:has-text("演示干部培训班")')
    head.click('main button:has-text("批准")')
    return TrainingClass.objects.get()


def publish(journey: Journey, cast: Players, held: TrainingClass) -> None:
    office = journey.hand("名额与发布", cast.registrar)
    office.open(f"/classes/{held.pk}/")
    office.click(f'main a[href="/classes/{held.pk}/shares/"]')
    office.fill({f"share-{cast.unit.pk}": 2})
    office.click('main button:has-text("保存名额分配")')
    office.click('main button:has-text("发布班次")')
    notify.deliver()


def nominate_and_admit(journey: Journey, cast: Players, held: TrainingClass) -> None:
    liaison = journey.hand("推荐", cast.liaison)
    liaison.open("/home/")
    liaison.click('main a:has-text("演示干部培训班")')
    liaison.page.wait_for_url("**/nominate/**")
    for person in cast.own[:2]:
        liaison.tick(f'input[name="person"][value="{person.pk}"]')
    liaison.click('main button:has-text("推荐所选人员")')
    office = journey.hand("录取", cast.registrar)
    office.open(f"/classes/{held.pk}/nominations/")
    for row in held.nominations.all():
        office.tick(f'input[name="pk"][value="{row.pk}"]')
    office.click('#bulk button[value="admit"]')
    held.refresh_from_db()
    assert held.taken == 2


def timetable(journey: Journey, cast: Players, held: TrainingClass) -> Session:
    keeper = journey.hand("排课", cast.keeper)
    keeper.open(f"/classes/{held.pk}/timetable/")
    keeper.click('main a:has-text("排课")')
    keeper.fill(lesson_typed(cast.day, "am", "09:00", "11:30", cast.teachers[0], title="党性教育"))
    keeper.click('main button:has-text("保存")')
    keeper.click('main a:has-text("发布课程表")')
    keeper.click('main button:has-text("发布并通知")')
    return Session.objects.get()


def check_in(journey: Journey, cast: Players, lesson: Session) -> None:
    phone = journey.hand("签到", Seat.objects.get(person=cast.own[0], role="trainee"))
    phone.open("/home/")
    assert "党性教育" in phone.page.locator("main").inner_text()
    assert lesson.sitting_id is not None
    phone.open(f"/s/{lesson.sitting_id}/{codes.room_token(lesson.sitting_id)}/")
    phone.click('main button:has-text("签到")')
    assert Expected.objects.get(sitting=lesson.sitting_id, person=cast.own[0]).checkin.verdict == "present"


def verify(journey: Journey, cast: Players, held: TrainingClass) -> None:
    """Closing and issuing are the office's; the page that the printed code leads to is anybody's."""
    keeper = journey.hand("定终版", cast.keeper)
    keeper.open(f"/classes/{held.pk}/timetable/")
    keeper.click('main button:has-text("定为终版")')
    office = journey.sign_in(cast.registrar)
    assert office.post(f"/classes/{held.pk}/close/").status_code == 302
    assert office.post(f"/classes/{held.pk}/certificates/").status_code == 302
    Worker().drain()
    paper = IssuedPaper.objects.get()
    anybody = journey.hand("核验")
    anybody.open(f"/verify/{paper.verify_code}/")
    assert "有效" in anybody.page.locator(".verdict").inner_text()
    anybody.open("/verify/AAAAAAAAAAAA/")
    assert "查无此证" in anybody.page.locator(".verdict").inner_text()


@pytest.mark.parametrize("size", list(SIZES))
def test_the_first_class_can_be_run_by_hand(
    size: str, new_screen: NewScreen, client_for: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, clock = players(), Clock(monkeypatch)
    journey = Journey(size, new_screen, client_for)
    held = make_class(journey, cast)
    publish(journey, cast, held)
    nominate_and_admit(journey, cast, held)
    lesson = timetable(journey, cast, held)
    clock.at(cast.day, 8, 50)
    check_in(journey, cast, lesson)
    clock.at(cast.day + timedelta(days=1), 18)
    verify(journey, cast, held)
    print(size, journey.clicks, sum(journey.clicks.values()))  # noqa: T201 - the count is what one wants to read
    assert sum(journey.clicks.values()) <= 25
