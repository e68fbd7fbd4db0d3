"""A class of 120 from the plan to the shelf by the office alone, each of its clicks counted: at most sixty."""

import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from keyuan.attendance import actions as attendance
from keyuan.attendance.models import Sitting
from keyuan.credits.models import Certificate
from keyuan.evaluation.models import Form
from keyuan.kernel import notify
from keyuan.kernel.access import system_of
from keyuan.kernel.calendar import is_workday, next_workday
from keyuan.kernel.models import DocSeries
from keyuan.orgs.models import Organisation
from keyuan.people import actions as people_actions
from keyuan.people.roles import Role
from keyuan.training import sheets
from keyuan.training.actions import classes
from keyuan.training.jobs import open_evaluations
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import resident_number
from tests.project.journeys.stage import Hand, NewScreen, SignIn, Stage, marks, work
from tests.project.story import Clock

pytestmark = marks
UNITS, EACH, DAYS, MOST = 10, 12, 3, 60
TEACHERS = ("演示赵", "演示钱", "演示孙", "演示李", "演示周")
TITLES = ("演示开班式", "演示理论学习", "演示科普服务", "演示学会改革", "演示人才举荐", "演示数字化办公")


@dataclass
class Typed:
    """What the office wrote with its own hands, in fields and in cells."""

    words: list[str] = field(default_factory=list)

    def twice(self) -> list[str]:
        """Names and days that were written more than once; numbers of people may well be the same."""
        counted = Counter(word for word in self.words if not word.replace(".", "").isdigit())
        return [word for word, count in counted.items() if count > 1]


class Office(Hand):
    """The registrar: choosing, ticking and picking a file are clicks too, and what is typed is remembered."""

    typed: Typed

    def fill(self, typed: dict[str, Any], within: str = "main") -> None:
        """Type into a form; each choice made in it is a click."""
        for name, value in typed.items():
            kind = self.page.locator(f'{within} [name="{name}"]').first.evaluate("field => field.type")
            if kind.startswith("select") or kind in {"radio", "checkbox", "file"}:
                self._count()
            else:
                self.typed.words.append(str(value))
        super().fill(typed, within)

    def back(self) -> None:
        """The browser's own button, counted as any other."""
        self._count()
        self.page.go_back()
        self.page.reload()


@dataclass
class Run:
    """The class on its way: who works at it, and what was typed so far."""

    stage: Stage
    academy: Academy
    clock: Clock
    folder: Path
    typed: Typed = field(default_factory=Typed)

    def office(self, step: str) -> Office:
        """The registrar at a screen; after a night one has to sign in again, which is a click."""
        screen = self.stage.new_screen("desk")
        screen.sign_in(self.stage.sign_in(self.academy.seats["registrar"]))
        hand = Office(screen, self.stage.clicks, step, "registrar")
        hand.typed = self.typed
        hand._count()
        hand.open("/home/")
        return hand

    @property
    def held(self) -> TrainingClass:
        """The class as stored."""
        return TrainingClass.objects.get()


def ground() -> Academy:
    """Ten units, five teachers of whom everybody has heard, a number series for notices."""
    academy = factories.build()
    for number in range(2, UNITS):
        academy.units.append(
            Organisation.objects.create(
                school=academy.school, kind="city_association", name=f"演示{'丙丁戊己庚辛壬癸'[number - 2]}市科协", order=number
            )
        )  # fmt: skip
    for name in TEACHERS:
        who = factories.person(academy, name, academy.department)
        people_actions.grant_seat(
            system_of(academy.school.pk), person=who, role=Role.TEACHER, organisation=None
        )
    DocSeries.objects.create(
        school_id=academy.school.pk, key="notice", mark="演示科协培", pattern="{mark}〔{year}〕{seq}号", purpose="document"
    )  # fmt: skip
    return academy


def planned(run: Run) -> Office:
    """From the plan's item to a class before its chain."""
    office = run.office("计划与开班")
    office.click('.side a:has-text("年度计划")')
    office.click('main a[href="/plan/2030/"]')
    office.click(f'main a:has-text("{run.academy.activity.name}")')
    office.click('main a[href$="/open/"]')
    today = timezone.localdate()
    deadline = today if is_workday(today) else next_workday(today)
    starts = deadline + timedelta(days=12)
    office.fill(
        {"starts": f"{starts}", "ends": f"{starts + timedelta(days=DAYS - 1)}", "nominate_by": f"{deadline}", "venue": "演示科学馆",
         "head_teacher": run.academy.seats["headteacher"].person_id, "places": UNITS * EACH, "hours": "21", "audience": "演示科协干部"}
    )  # fmt: skip
    office.click('main button:has-text("存为草稿")')
    office.click('main button:has-text("提交审批")')
    classes.move_class(run.academy.actor("head"), training_class=run.held, move="approve")
    office.page.reload()
    return office


def shared_and_told(office: Office) -> None:
    """Every unit gets the same quota; the notice gets its number and goes out."""
    office.step = "名额与发布"
    office.click('nav.tabs a:has-text("名额分配")')
    office.fill({"kind": "city_association", "each": EACH})
    office.click('main button[value="equal"]')
    office.click('main button:has-text("保存名额分配")')
    office.click('main button:has-text("发布班次")')
    office.step = "通知"
    office.click('nav.tabs a:has-text("文件与档案")')
    office.click('main a:has-text("拟稿和取号")')
    office.click('main button:has-text("取号")')
    office.reads("演示科协培〔")
    assert office.take('main a:has-text("下载 .docx")').stat().st_size > 5_000
    notify.deliver()


def roster(run: Run) -> Path:
    """What the units sent: 120 people on one sheet."""
    place = run.folder / "回执汇总.xlsx"
    place.write_bytes(sheets.reply_template())
    book = openpyxl.load_workbook(place)
    page = book.active
    assert page is not None
    column = {str(cell.value).strip("*"): cell.column for cell in page[3]}
    for number in range(UNITS * EACH):
        row = 4 + number
        page.cell(
            row,
            column["姓名"],
            "演示" + "甲乙丙丁戊己庚辛壬癸子丑"[number % EACH] + "一二三四五六七八九十"[number // EACH],
        )
        page.cell(row, column["单位"], run.academy.units[number // EACH].name)
        page.cell(row, column["身份证号"], resident_number(number, "19790101"))
        page.cell(row, column["手机"], f"1390000{number:04d}")
    book.save(place)
    return place


def nominated_and_admitted(run: Run, office: Office) -> None:
    """One file brings everybody; they are admitted as one, page or no page."""
    office.step = "名册"
    office.click('nav.tabs a:has-text("报名审核")')
    office.click('main a:has-text("代单位推荐")')
    office.fill({"file": roster(run)})
    office.click('main button:has-text("上传并核对")')
    office.reads("可以导入")
    office.click('main button:has-text("导入可以导入的 120 行")')
    work()
    office.page.reload()
    office.reads("已导入 120 行，0 行没有导入")
    office.step = "录取"
    office.click('.move-bar a:has-text("返回")')
    office.press('#bulk label:has-text("全部 120 人")')
    office.click('#bulk button[value="admit"]')
    office.reads("已办理 120 人")
    assert run.held.taken == UNITS * EACH


def grouped(office: Office) -> None:
    """Groups as they are proposed."""
    office.step = "分组"
    office.click('nav.tabs a:has-text("会务")')
    office.click('.lg-subtabs a:has-text("分组")')
    office.click('main button:has-text("自动编组")')
    office.reads("已编成")


def timetabled(run: Run, office: Office) -> None:
    """The template has the days; titles, hours of the day and teachers are written into it, and it comes back."""
    office.step = "课程表"
    office.click('nav.tabs a:has-text("课程表")')
    office.click('main a:has-text("导入课程表")')
    place = office.take('main a:has-text("下载课程表模板")')
    book = openpyxl.load_workbook(place)
    page = book.active
    assert page is not None
    column = {str(cell.value).strip("*"): cell.column for cell in page[3]}
    for number, title in enumerate(TITLES):
        teacher = TEACHERS[number - 1] if number else ""
        page.cell(4 + number, column["开始"], "14:30-17:00" if number % 2 else "9:00-11:30")
        page.cell(4 + number, column["题目"], title)
        page.cell(4 + number, column["教师"], teacher)
        run.typed.words += [word for word in (title, teacher) if word]
    book.save(place)
    office.fill({"file": place})
    office.click('main button:has-text("上传并核对")')
    office.click('main button:has-text("导入可以导入的 6 行")')
    work()
    office.page.reload()
    office.reads("已导入 6 行")
    office.click('.move-bar a:has-text("返回")')
    office.step = "发布与定终版"
    office.click('nav.tabs a:has-text("课程表")')
    office.click('main a:has-text("发布课程表")')
    office.click('main button:has-text("发布并通知")')
    office.click('main button:has-text("定为终版")')
    office.reads("终版")


def held_and_attended(run: Run) -> None:
    """Each morning the code goes on the wall and stays there; trainees sign in themselves, the head teacher helps."""
    people = list(run.held.nominations.filter(state="admitted").values_list("person_id", flat=True))
    keeper, wall = run.academy.actor("headteacher"), None
    for sitting in Sitting.objects.filter(owner_label="training.class").order_by("starts"):
        local = timezone.localtime(sitting.starts)
        run.clock.at(local.date(), local.hour, max(local.minute - 10, 0))
        if wall is None or sitting.half == "am":
            wall = run.office("考勤")
            wall.click('main a:has-text("大屏签到码")')
        else:
            # What the page does by itself every five seconds.
            wall.page.reload()
        wall.reads(sitting.title, f"还没有签到（{len(people)}）")
        attendance.mark(keeper, sitting=sitting, person_ids=people, tick="present")
        run.clock.at(local.date(), 12 if sitting.half == "am" else 18)
        open_evaluations()
    # Nobody opens an evaluation by hand: it opens by itself for whoever came, once for each lecture.
    assert Form.objects.filter(state="open").count() == len(TEACHERS)


def closed_and_shelved(run: Run) -> None:
    """Closed at the gate, certificates signed, the dossier taken, the class on the shelf."""
    last = run.held.ends
    run.clock.at(last + timedelta(days=1), 9)
    office = run.office("结班与证书")
    office.click(f'main a:has-text("{run.held.title}")')
    office.click('nav.tabs a:has-text("结班")')
    office.reads("达到结业条件 120 人")
    office.click('main button:has-text("结班")')
    office.reads("120 人结业")
    office.click('main button:has-text("签发结业证书")')
    work()
    assert Certificate.objects.filter(state="issued").count() == UNITS * EACH
    office.back()
    office.reads("已签发 120 张")
    office.step = "档案与归档"
    office.click('nav.tabs a:has-text("文件与档案")')
    office.click('main button:has-text("打包下载档案")')
    work()
    office.page.reload()
    with zipfile.ZipFile(office.take('main a:has-text("查看结果")')) as dossier:
        assert len(dossier.namelist()) >= 8
    office.back()
    office.click('nav.tabs a:has-text("变更与归档")')
    office.click('main button:has-text("归档")')
    office.reads("已归档")
    assert run.held.archived_at is not None


def test_an_office_takes_a_class_of_120_from_plan_to_shelf_in_sixty_clicks(
    new_screen: NewScreen, client_for: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    run = Run(Stage("desk", new_screen, client_for), ground(), Clock(monkeypatch), tmp_path)
    office = planned(run)
    shared_and_told(office)
    nominated_and_admitted(run, office)
    grouped(office)
    timetabled(run, office)
    held_and_attended(run)
    closed_and_shelved(run)
    assert run.typed.twice() == []
    run.stage.counted("a class of 120 from plan to shelf", MOST)
