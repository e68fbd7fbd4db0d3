"""Attendance by hand: every rung of the ladder at the door, leave by tiers, the line of one seventh, corrections."""

import io
from datetime import date, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from keyuan.attendance.models import Expected, Leave
from keyuan.attendance.rules import codes
from keyuan.evaluation.models import Spent
from keyuan.people import guests
from keyuan.training.actions import versions
from keyuan.training.models import Nomination, Session, TrainingClass
from tests import factories
from tests.factories import Academy
from tests.project.journeys.stage import Hand, Stage, marks, work
from tests.project.story import Clock

pytestmark = marks
LABEL = "training.class"
HALVES = (("am", time(9), time(11, 30)), ("pm", time(14, 30), time(17)))


def held(people: int, days: int = 1) -> tuple[Academy, TrainingClass, list[Session]]:
    """A class that begins tomorrow, with a released lecture every half-day and its people admitted."""
    academy = factories.build()
    first = timezone.localdate() + timedelta(days=1)
    klass = factories.published(
        academy, (people, 0), starts=first, ends=first + timedelta(days=days - 1), nominate_by=first, places=people
    )  # fmt: skip
    for number in range(people):
        who = factories.person(academy, unit=academy.units[0], phone=f"1380000{number:04d}")
        factories.move(academy, factories.nominee(academy, klass, 0, who), "admit")
    sessions = [
        factories.session(
            academy, klass, title=f"演示专题{2 * day + n + 1}", date=first + timedelta(days=day), half=half, starts=at, ends=to
        )
        for day in range(days)
        for n, (half, at, to) in enumerate(HALVES)
    ]  # fmt: skip
    versions.release_timetable(academy.registrar, training_class=klass)
    return academy, klass, [Session.objects.get(pk=session.pk) for session in sessions]


def trainees(klass: TrainingClass) -> list[Nomination]:
    """The admitted in the order they came."""
    return list(Nomination.objects.filter(training_class=klass).select_related("person").order_by("pk"))


def own(hand: Hand, row: Nomination, path: str) -> None:
    """A trainee comes by the personal link of a message."""
    hand.open("/g/" + guests.link_for(row.person_id, path).split("/g/")[1])


def verdict(session: Session, row: Nomination) -> tuple[str, str]:
    """How somebody stands at a session, and how that came."""
    found = Expected.objects.get(sitting=session.sitting_id, person_id=row.person_id).checkin
    return found.verdict, found.how


def photograph(folder: Path) -> Path:
    """A sheet of paper as a phone takes it."""
    out = io.BytesIO()
    Image.new("RGB", (600, 800), "#eeeae0").save(out, "JPEG")
    place = folder / "签到表.jpg"
    place.write_bytes(out.getvalue())
    return place


def tencent(folder: Path, day: date, *rows: tuple[str, str, str, str]) -> Path:
    """A list as Tencent Meeting gives it: theme and number above, titles on row 9."""
    place = folder / "演示培训班-123456789-参会成员.xlsx"
    titles = ["用户昵称（入会昵称）", "首次入会时间", "最后退会时间", "入会次数", "累计参会时长", "身份"]
    with xlsxwriter.Workbook(place) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["会议主题", "演示培训班线上课"])
        sheet.write_row(8, 0, titles)
        for at, (name, came, went, spent) in enumerate(rows, 9):
            sheet.write_row(at, 0, [name, f"{day} {came}:00", f"{day} {went}:00", "1", spent, "成员"])
    return place


def test_the_door_never_stops_code_name_paper_and_own_word(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    academy, klass, (morning, _afternoon) = held(5)
    rows, clock = trainees(klass), Clock(monkeypatch)
    by_code, by_name, on_paper, by_word, _never = rows
    clock.at(klass.starts, 8, 50)
    phone = stage.hand("扫码签到")
    own(phone, by_code, f"/my/classes/{klass.pk}/")
    phone.open(f"/s/{morning.sitting_id}/{codes.room_token(morning.sitting_id or 0)}/")
    phone.click('main button:has-text("签到")')
    phone.reads("已到", by_code.person.name)
    assert stage.clicks["扫码签到"] == 1
    keeper = stage.hand("找人打勾", academy.seats["headteacher"])
    keeper.open(f"/classes/{klass.pk}/attendance/")
    keeper.click('main a:has-text("看板")')
    wall = stage.hand("大屏", academy.seats["headteacher"])
    wall.open(f"/attendance/{morning.sitting_id}/screen/")
    wall.reads("还没有签到（4）", *[row.person.name for row in rows[1:]])
    wall.lacks(by_code.person.name)
    keeper.press('button:has-text("显示未到学员电话")')
    keeper.reads("还没有到（4 人）", "13800000004")
    keeper.fill({"q": by_name.person.name})
    keeper.click(".att-find button")
    keeper.press('#rows button[value="present"]')
    keeper.page.locator(f'#rows .att-present:has-text("{by_name.person.name}")').wait_for()
    assert stage.clicks["找人打勾"] == 4
    clock.at(klass.starts, 12)
    copied(keeper, morning, on_paper, photograph(tmp_path))
    phone.step = "补签申报"
    own(phone, by_word, "/attendance/mine/")
    phone.click('main a:has-text("补签申报")')
    phone.fill({"arrived": "08:58", "reason": "手机没电"})
    phone.click('main button:has-text("提交申报")')
    keeper.step = "核实申报"
    keeper.open(f"/attendance/{morning.sitting_id}/")
    keeper.reads("自述 08:58 到", "手机没电")
    keeper.click('.att-record button:has-text("认可")')
    assert [verdict(morning, row) for row in rows[:4]] == [
        ("present", "qr"), ("present", "list"), ("present", "paper"), ("present", "self"),
    ]  # fmt: skip
    stage.counted("the ladder at the door", 20)


def copied(keeper: Hand, session: Session, row: Nomination, sheet: Path) -> None:
    """The paper sheet is photographed and copied, the photo beside the names."""
    keeper.step = "纸质补登"
    keeper.open(f"/attendance/{session.sitting_id}/")
    keeper.press('main summary:has-text("更多")')
    keeper.click('main a:has-text("拍照补登纸质签到表")')
    keeper.fill({"photos": sheet})
    keeper.click('main button:has-text("上传照片")')
    keeper.press(f'.att-tick-list label:has-text("{row.person.name}")')
    keeper.click('main button:has-text("保存补登")')
    keeper.reads("已补登到场 1 人")


def test_an_online_session_is_taken_from_the_list_of_tencent_meeting(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    academy, klass, (morning, _afternoon) = held(4)
    rows, clock = trainees(klass), Clock(monkeypatch)
    first, second, third, fourth = (row.person.name for row in rows)
    clock.at(klass.starts, 12)
    sheet = tencent(
        tmp_path, klass.starts, (first, "09:00", "10:30", "1:30:00"), (f"{first}(手机)", "10:00", "11:20", "1:20:00"),
        (f"{second}、{third}", "08:50", "11:40", "2:50:00"), (fourth, "09:00", "09:40", "0:40:00"),
    )  # fmt: skip
    keeper = stage.hand("导入参会记录", academy.seats["headteacher"])
    keeper.open(f"/attendance/{morning.sitting_id}/")
    keeper.press('main summary:has-text("更多")')
    keeper.click('main a:has-text("导入线上参会记录")')
    keeper.fill({"file": sheet})
    keeper.click('main button:has-text("读取并核对")')
    keeper.reads("在线 140/150 分钟，达到 80%，算到课", f"{third}《演示专题1》在线 150/150", "不足")
    keeper.click('main button:has-text("导入可以导入的")')
    work()
    keeper.open(f"/attendance/{morning.sitting_id}/")
    keeper.reads("线上参会", "在线 140 分")
    assert [verdict(morning, row) for row in rows[:3]] == [("present", "online")] * 3
    assert not Expected.objects.filter(
        sitting=morning.sitting_id, person=rows[3].person, checkin__isnull=False
    ).exists()
    stage.counted("online meeting", 5)


def test_leave_goes_to_who_may_grant_that_much_counts_down_to_the_seventh_and_ends_on_return(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    academy, klass, sessions = held(1, days=7)
    (row,) = trainees(klass)
    phone = stage.hand("请假")
    asked(phone, klass, row, sessions[2:3], 2)
    keeper = stage.hand("班主任准假", academy.seats["headteacher"])
    granted(keeper, row, "批准后请假占比 7%", "批准后还可请假 1 个半天")
    asked(phone, klass, row, sessions[3:5], 1)
    keeper.open("/attendance/leaves/")
    keeper.reads("教务员")
    office = stage.hand("教务审批", academy.seats["registrar"])
    office.open("/attendance/leaves/?state=requested")
    office.click(f'main a:has-text("{row.person.name}")')
    office.reads("批准后请假占比 21%", "超过七分之一的上限")
    office.fill({"note": "累计超过七分之一"})
    office.click('main button:has-text("不批准")')
    clock = Clock(monkeypatch)
    clock.at(sessions[2].date, 13)
    phone.step = "销假"
    own(phone, row, "/attendance/mine/")
    phone.reads("还可请假 1 个半天", "未批准")
    phone.click('main button:has-text("销假")')
    assert sorted(Leave.objects.values_list("state", "approver_role")) == [
        ("declined", "registrar"), ("ended", "head_teacher"),
    ]  # fmt: skip
    keeper = stage.hand("销假后", academy.seats["headteacher"])
    keeper.open(f"/classes/{klass.pk}/attendance/")
    keeper.reads("7%", "1 个半天")
    stage.counted("leave by tiers", 14)


def asked(phone: Hand, klass: TrainingClass, row: Nomination, chosen: list[Session], left: int) -> None:
    """The slip is filled in on the phone, which says how many half-days may still be taken."""
    own(phone, row, f"/attendance/of/{LABEL}/{klass.pk}/leave/")
    expect(phone.page.locator("main .facts")).to_contain_text(f"{left} 个半天")
    for session in chosen:
        phone.press(f'main label:has-text("{session.title}")')
    phone.fill({"reason": "单位会议"})
    phone.click('main button:has-text("提交请假")')
    phone.reads("请假已提交")


def granted(hand: Hand, row: Nomination, *words: str) -> None:
    """Whoever may grant it is told what it does to the share, and grants it."""
    hand.open("/attendance/leaves/?state=requested")
    hand.click(f'main a:has-text("{row.person.name}")')
    hand.reads(*words)
    hand.click('main button:has-text("批准")')


def test_a_mark_is_put_right_with_its_reason_and_the_trainee_sees_how_it_came(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    academy, klass, (morning, _afternoon) = held(2)
    rows, clock = trainees(klass), Clock(monkeypatch)
    clock.at(klass.starts, 9, 20)
    keeper = stage.hand("登记", academy.seats["headteacher"])
    keeper.open(f"/attendance/{morning.sitting_id}/")
    keeper.press(f'#rows tr:has-text("{rows[0].person.name}") button[value="absent"]')
    keeper.page.locator("#rows .att-absent").wait_for()
    clock.at(klass.starts, 12)
    keeper.step = "更正"
    keeper.open(f"/attendance/{morning.sitting_id}/")
    keeper.click(f'#rows tr:has-text("{rows[0].person.name}") a:has-text("更正")')
    keeper.fill({"to": "present"})
    keeper.page.locator('main [name="reason"]').evaluate("field => field.removeAttribute('required')")
    keeper.click('main button:has-text("保存更正")')
    keeper.reads("有内容需要修改")
    keeper.fill({"reason": "坐在后排，点名漏记"})
    keeper.click('main button:has-text("保存更正")')
    keeper.reads("已更正", "坐在后排，点名漏记", "缺勤")
    phone = stage.hand("经过")
    own(phone, rows[0], "/attendance/mine/")
    phone.click('main a:has-text("经过")')
    phone.reads("坐在后排，点名漏记")
    phone.lacks("保存更正")
    assert verdict(morning, rows[0])[0] == "present"
    stage.counted("a correction", 5)


def test_a_trainee_evaluates_with_seven_taps(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    academy, klass, (morning, _afternoon) = held(1)
    (row,) = trainees(klass)
    clock = Clock(monkeypatch)
    clock.at(klass.starts, 8, 55)
    phone = stage.hand("签到")
    own(phone, row, f"/my/classes/{klass.pk}/")
    phone.fill({"letters": codes.room_letters(morning.sitting_id or 0)})
    phone.click('main button:has-text("签到")')
    assert stage.clicks["签到"] == 1
    clock.at(klass.starts, 12)
    office = stage.hand("开放评估", academy.seats["registrar"])
    office.open(f"/classes/{klass.pk}/attendance/")
    office.click('main button:has-text("开放评估")')
    phone.step = "评估"
    phone.open(f"/my/classes/{klass.pk}/")
    phone.click('#evaluate a:has-text("评价")')
    phone.page.locator(".urn-form:not([hidden])").wait_for()
    for number in range(phone.page.locator(".urn-item").count()):
        phone.press(f".urn-item >> nth={number} >> label")
    phone.press(".urn-send")
    phone.page.locator(".urn-done:not([hidden])").wait_for()
    assert stage.clicks["评估"] <= 7
    assert Spent.objects.count() == 1
    stage.counted("sign in and evaluate", 9)
