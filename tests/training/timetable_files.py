"""Timetables as files: their lines, sent for a class, judged and confirmed."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from keyuan.kernel import batchjobs
from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import Row, batches
from keyuan.kernel.worker import Worker
from keyuan.people import actions as people_actions
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training.models import TrainingClass
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import workbook

HEAD = ["日期", "时段", "开始", "结束", "课次类型", "题目", "教师", "教师单位", "教师手机", "教室", "学时"]
# 2031-03-03 is a Monday, far from today whatever day that is.
FIRST = date(2031, 3, 3)
HALVES = (("上午", "9:00", "11:30"), ("下午", "14:30", "17:00"), ("晚上", "19:30", "21:00"))


def open_class(academy: Academy, days: int = 10) -> TrainingClass:
    return factories.published(
        academy, starts=FIRST, ends=FIRST + timedelta(days=days - 1), nominate_by=FIRST - timedelta(days=9)
    )


def line(number: int, **changed: Any) -> list[Any]:
    half, starts, ends = HALVES[number % 3]
    day = FIRST + timedelta(days=number // 3)
    row = {
        "日期": f"{day.month}月{day.day}日", "时段": half, "开始": starts, "结束": ends, "课次类型": "专题授课", "题目": f"演示专题{number}",
        "教师": "", "教师单位": "", "教师手机": "", "教室": "演示一号厅", "学时": "2",
    } | changed  # fmt: skip
    return [row[title] for title in HEAD]


def sent(academy: Academy, klass: TrainingClass, path: Path, by: str = "registrar") -> Batch:
    return batches.receive(
        academy.actor(by), purpose="training.timetable", upload=path, context={"class": klass.pk}
    )


def confirm(academy: Academy, batch: Batch) -> None:
    batchjobs.confirm_and_start(academy.registrar, batch=batch)
    worker = Worker()
    while worker.run_one():
        continue
    batch.refresh_from_db()


def opened(batch: Batch) -> list[Row]:
    return [batches.opened(row) for row in batch.rows.order_by("sheet_row")]


def taught_by(academy: Academy, name: str, **facts: Any) -> Person:
    who = factories.person(academy, name, **facts)
    people_actions.grant_seat(academy_system(academy), person=who, role=Role.TEACHER, organisation=None)
    return who


def academy_system(academy: Academy) -> Any:
    return factories.system_of(academy.school.pk)


def imported(academy: Academy, tmp_path: Path, rows: int = 3) -> tuple[TrainingClass, Batch]:
    klass = open_class(academy)
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *[line(n) for n in range(rows)]]))
    confirm(academy, batch)
    return klass, batch
