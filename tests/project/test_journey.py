"""The story by hand in a browser, short: from the plan to the verified certificate, at both screen sizes."""

from datetime import timedelta

import pytest

from keyuan.attendance.models import Expected
from keyuan.attendance.rules import codes
from keyuan.kernel import notify
from keyuan.kernel.models import IssuedPaper
from keyuan.kernel.worker import Worker
from keyuan.people.models import Seat
from keyuan.training.models import Session, TrainingClass
from tests.conftest import SIZES
from tests.project.journeys.stage import NewScreen, SignIn, Stage, marks
from tests.project.story import Clock, Players, class_typed, lesson_typed, players

pytestmark = marks


def make_class(stage: Stage, cast: Players) -> TrainingClass:
    office = stage.hand("开班", cast.registrar)
    office.open(f"/plan/activities/{cast.activity.pk}/")
    office.click('main a[href$="/open/"]')
    office.fill(class_typed(cast))
    office.click('main button:has-text("存为草稿")')
    office.click('main button:has-text("提交审批")')
    head = stage.hand("审批", cast.head)
    head.open("/home/")
    head.click('main a:has-text("演示干部培训班")')
    head.click('main button:has-text("批准")')
    return TrainingClass.objects.get()


def publish(stage: Stage, cast: Players, held: TrainingClass) -> None:
    office = stage.hand("名额与发布", cast.registrar)
    office.open(f"/classes/{held.pk}/")
    office.click(f'main a[href="/classes/{held.pk}/shares/"]')
    office.fill({f"share-{cast.unit.pk}": 2})
    office.click('main button:has-text("保存名额分配")')
    office.click('main button:has-text("发布班次")')
    notify.deliver()


def nominate_and_admit(stage: Stage, cast: Players, held: TrainingClass) -> None:
    liaison = stage.hand("推荐", cast.liaison)
    liaison.open("/home/")
    liaison.click('main a:has-text("演示干部培训班")')
    liaison.page.wait_for_url("**/nominate/**")
    for person in cast.own[:2]:
        liaison.press(f'input[name="person"][value="{person.pk}"]')
    liaison.click('main button:has-text("推荐所选人员")')
    office = stage.hand("录取", cast.registrar)
    office.open(f"/classes/{held.pk}/nominations/")
    for row in held.nominations.all():
        office.press(f'input[name="pk"][value="{row.pk}"]')
    office.click('#bulk button[value="admit"]')
    held.refresh_from_db()
    assert held.taken == 2


def timetable(stage: Stage, cast: Players, held: TrainingClass) -> Session:
    keeper = stage.hand("排课", cast.keeper)
    keeper.open(f"/classes/{held.pk}/timetable/")
    keeper.click('main a:has-text("排课")')
    keeper.fill(lesson_typed(cast.day, "am", "09:00", "11:30", cast.teachers[0], title="党性教育"))
    keeper.click('main button:has-text("保存")')
    keeper.click('main a:has-text("发布课程表")')
    keeper.click('main button:has-text("发布并通知")')
    return Session.objects.get()


def check_in(stage: Stage, cast: Players, lesson: Session) -> None:
    phone = stage.hand("签到", Seat.objects.get(person=cast.own[0], role="trainee"))
    phone.open("/home/")
    assert "党性教育" in phone.page.locator("main").inner_text()
    assert lesson.sitting_id is not None
    phone.open(f"/s/{lesson.sitting_id}/{codes.room_token(lesson.sitting_id)}/")
    phone.click('main button:has-text("签到")')
    assert Expected.objects.get(sitting=lesson.sitting_id, person=cast.own[0]).checkin.verdict == "present"


def verify(stage: Stage, cast: Players, held: TrainingClass) -> None:
    """Closing and issuing are the office's; the page that the printed code leads to is anybody's."""
    keeper = stage.hand("定终版", cast.keeper)
    keeper.open(f"/classes/{held.pk}/timetable/")
    keeper.click('main button:has-text("定为终版")')
    office = stage.sign_in(cast.registrar)
    assert office.post(f"/classes/{held.pk}/close/").status_code == 302
    assert office.post(f"/classes/{held.pk}/certificates/").status_code == 302
    Worker().drain()
    paper = IssuedPaper.objects.get()
    anybody = stage.hand("核验")
    anybody.open(f"/verify/{paper.verify_code}/")
    assert "有效" in anybody.page.locator(".verdict").inner_text()
    anybody.open("/verify/AAAAAAAAAAAA/")
    assert "查无此证" in anybody.page.locator(".verdict").inner_text()


@pytest.mark.parametrize("size", list(SIZES))
def test_the_first_class_can_be_run_by_hand(
    size: str, new_screen: NewScreen, client_for: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast, clock = players(), Clock(monkeypatch)
    stage = Stage(size, new_screen, client_for)
    held = make_class(stage, cast)
    publish(stage, cast, held)
    nominate_and_admit(stage, cast, held)
    lesson = timetable(stage, cast, held)
    clock.at(cast.day, 8, 50)
    check_in(stage, cast, lesson)
    clock.at(cast.day + timedelta(days=1), 18)
    verify(stage, cast, held)
    stage.counted("the first class", 25)
