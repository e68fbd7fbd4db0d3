"""A timetable as offices type it: read, judged beside what stands, placed once, and taken back together."""

import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from keyuan.attendance import actions as attendance
from keyuan.kernel import batchjobs
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import Row, SheetFault, Unreadable, batches, mending
from keyuan.kernel.worker import Worker
from keyuan.people import actions as people_actions
from keyuan.people.models import Person
from keyuan.people.roles import Role
from keyuan.training import sheets
from keyuan.training.actions import importing, versions
from keyuan.training.models import Session, TrainingClass
from keyuan.training.queries import importing as queries
from keyuan.training.sheets import written
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


# --- reading ----------------------------------------------------------------------------------------

days = st.dates(date(2010, 1, 1), date(2060, 12, 31))
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0))
WIDE = str.maketrans("0123456789:-.", "０１２３４５６７８９：－．")


@given(
    days,
    st.sampled_from(
        [
            "{y}-{m}-{d}",
            "{y}.{m}.{d}",
            "{y}/{m}/{d}",
            "{y}年{m}月{d}日",
            "{y}年 {m} 月 {d} 日（周{w}）",
            "{y}年{m}月{d}日 星期{w}",
            "{y}{m:02}{d:02}",
        ]
    ),
    st.sampled_from([{}, WIDE]),
)
def test_a_day_is_read_however_it_is_written(day: date, form: str, wide: dict[int, str]) -> None:
    words = form.format(y=day.year, m=day.month, d=day.day, w="一二三四五六日"[day.weekday()])
    assert written.day(words.translate(wide)).value == day.isoformat()
    assert written.day(float((day - date(1899, 12, 30)).days)).value == day.isoformat()
    assert written.day(datetime.combine(day, time())).value == written.day(day).value == day.isoformat()


@given(
    days,
    st.sampled_from(["{m}月{d}日", "{m}.{d}", "{m}/{d}", "{m}-{d}", "{m}月{d}号（周{w}）上午"]),
    st.integers(0, 40),
)
def test_a_day_without_a_year_is_the_one_in_the_class(day: date, form: str, length: int) -> None:
    words = form.format(m=day.month, d=day.day, w="一二三四五六日"[day.weekday()])
    found = written.day(words)
    last = day + timedelta(days=length)
    assert written.day_of(found.value, day - timedelta(days=length), last) == day


@given(days, st.integers(1, 6))
def test_a_weekday_that_is_not_the_days_own_is_asked_about(day: date, off: int) -> None:
    said = "一二三四五六日"[(day.weekday() + off) % 7]
    with pytest.raises(Unreadable):
        written.day(f"{day.year}年{day.month}月{day.day}日（周{said}）")


@given(st.text(max_size=20) | st.floats() | st.booleans() | st.none() | st.times().map(str))
def test_whatever_stands_in_a_cell_is_read_or_refused_in_words(cell: Any) -> None:
    for read in (
        written.day,
        written.starts,
        written.ends,
        written.half,
        written.kind,
        written.teacher,
        written.hours,
    ):
        words = "读出"
        try:
            read(cell)
        except Unreadable as refused:
            words = refused.message
        assert words


@given(
    clocks,
    clocks,
    st.sampled_from(["{a}-{b}", "{a}—{b}", "{a} ~ {b}", "{a}至{b}", "{a}－－{b}"]),
    st.sampled_from(
        ["{h}:{m:02}", "{h:02}:{m:02}", "{h}：{m:02}", "{h}点{m}分", "{h}时{m:02}", "{h}.{m:02}"]
    ),
)
def test_two_times_in_one_cell_are_a_beginning_and_an_end(
    one: time, two: time, form: str, clock: str
) -> None:
    first, last = sorted((one, two))
    words = form.format(
        a=clock.format(h=first.hour, m=first.minute), b=clock.format(h=last.hour, m=last.minute)
    )
    if first == last:
        with pytest.raises(Unreadable):
            written.starts(words)
        return
    found = written.starts(words.translate(WIDE))
    assert (found.value, found.extra["starts_ends"]) == (f"{first:%H:%M}", f"{last:%H:%M}")


@given(clocks)
def test_a_time_cell_of_a_spreadsheet_is_read_to_the_minute(clock: time) -> None:
    share = (clock.hour * 60 + clock.minute) / 1440
    assert written.ends(f"{clock:%H:%M:%S}").value == f"{clock:%H:%M}"
    if share:
        assert written.ends(share).value == f"{clock:%H:%M}"


@pytest.mark.parametrize(
    ("cell", "begins", "over"),
    [
        ("下午2:30-5:00", "14:30", "17:00"), ("上午9点-11点半", "09:00", "11:30"), ("晚上7：30", "19:30", None),
        ("８：３０—１１：００", "08:30", "11:00"), ("9:00:00", "09:00", None),
    ],
)  # fmt: skip
def test_times_as_offices_write_them(cell: str, begins: str, over: str | None) -> None:
    found = written.starts(cell)
    assert (found.value, found.extra.get("starts_ends")) == (begins, over)


@pytest.mark.parametrize("cell", [3.1, 3.2, 12.3, "2026年2月30日", "周四", "第一天", "2026-13-01", "13月1日"])
def test_a_day_that_can_be_two_or_none_is_not_guessed(cell: Any) -> None:
    with pytest.raises(Unreadable):
        written.day(cell)


@pytest.mark.parametrize(
    ("cell", "name", "unit"),
    [
        ("张 三", "张三", None), ("张三教授", "张三", None), ("张三（演示大学）", "张三", "演示大学"), ("李和平", "李和平", None),
        ("待定", "", None), ("王五 高级工程师", "王五", None),
    ],
)  # fmt: skip
def test_a_teachers_name_is_told_from_what_stands_with_it(cell: str, name: str, unit: str | None) -> None:
    found = written.teacher(cell)
    assert (found.value, found.extra.get("teacher_unit")) == (name, unit)


def test_every_kind_of_the_timetable_has_a_word() -> None:
    assert set(written.KINDS) == set(Session.Kind)
    assert [written.kind(word).value for word in written.KIND_WORDS] == list(written.KIND_WORDS)


# --- judged, placed, given back ---------------------------------------------------------------------


def test_of_30_rows_27_are_placed_and_3_come_back_with_their_reasons(
    academy: Academy, tmp_path: Path
) -> None:
    klass = open_class(academy)
    rows = [line(n) for n in range(30)]
    rows[4] = line(4, 日期="4月9日")
    rows[13] = line(13, 开始="9:00", 结束="11:30")
    rows[22] = line(22, 题目="")
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    assert (batch.rows.count(), batch.rows.filter(is_bad=True).count()) == (30, 3)
    assert not Session.objects.exists(), "a preview places nothing"
    confirm(academy, batch)
    assert klass.sessions.count() == 27

    back = openpyxl.load_workbook(io.BytesIO(batches.result_file(academy.registrar, batch=batch))).active
    assert back is not None
    returned = [[str(cell or "") for cell in row] for row in back.iter_rows(values_only=True)]
    assert len(returned) == 4
    assert [row[-1][:4] for row in returned[1:]] == ["日期：日", "开始：开", "题目：请"]
    column = {title: returned[0].index(title) + 1 for title in HEAD}
    for place, number in zip((2, 3, 4), (4, 13, 22), strict=True):
        for title, value in zip(HEAD, line(number), strict=True):
            back.cell(place, column[title]).value = value
    mended = tmp_path / "b.xlsx"
    back.parent.save(mended)
    again = sent(academy, klass, mended)
    assert again.rows.filter(is_bad=True).count() == 0
    confirm(academy, again)
    assert klass.sessions.count() == 30


def test_a_row_becomes_the_session_it_says(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    row = line(
        0, 日期="2031年3月4日（周二）", 开始="９：００－１１：３０", 结束="", 时段="", 课次类型="案例", 学时=3
    )
    teacher = taught_by(academy, "演示师资甲")
    row[HEAD.index("教师")] = "演示师资甲教授"
    confirm(academy, sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, row])))
    made = klass.sessions.get()
    assert (made.date, made.half, made.starts, made.ends) == (date(2031, 3, 4), "am", time(9), time(11, 30))
    assert (made.kind, made.hours, made.teacher, made.place) == ("case", Decimal(3), teacher, "演示一号厅")


def test_merged_and_blank_dates_are_those_above_and_what_is_left_out_is_said(
    academy: Academy, tmp_path: Path
) -> None:
    klass = open_class(academy)
    head = ["日期", "时间", "内容", "主讲", "地点"]
    rows = [
        ["3月3日", "8:30-9:00", "开班式", "", "演示厅"], ["", "9:10-11:30", "演示专题", "", "演示厅"],
        [None, "14:30-17:00", "演示讨论", "", "演示厅"], ["3月4日", "19:00-20:30", "演示夜谈", "", "演示厅"],
    ]  # fmt: skip
    path = workbook(tmp_path / "a.xlsx", [["演示班课程表"], head, *rows], merges=("A3:A5", "A1:E1"))
    batch = sent(academy, klass, path)
    first = opened(batch)[0]
    assert {hint.column for hint in first.hints if hint.code == "filled"} == {"课次类型", "学时"}
    confirm(academy, batch)
    found = klass.sessions.order_by("date", "starts").values_list("date", "half", "kind", "hours")
    assert list(found) == [
        (FIRST, "am", "opening", Decimal(3)), (FIRST, "am", "lecture", Decimal(3)), (FIRST, "pm", "lecture", Decimal(3)),
        (FIRST + timedelta(days=1), "ev", "lecture", Decimal(2)),
    ]  # fmt: skip


@pytest.mark.parametrize("coding", ["utf-8-sig", "gb18030"])
def test_a_table_kept_as_text_is_a_timetable_too(academy: Academy, tmp_path: Path, coding: str) -> None:
    klass = open_class(academy)
    path = tmp_path / "课程表.csv"
    lines = [
        ["日期", "时间", "内容", "地点"],
        ["3月3日", "9:00-11:30", "演示专题", "演示厅"],
        ["", "下午2:30-5:00", "演示讨论", "演示厅"],
    ]
    path.write_text("\n".join(",".join(cells) for cells in lines), coding)
    confirm(academy, sent(academy, klass, path))
    found = klass.sessions.order_by("starts").values_list("date", "half", "title", "ends")
    assert list(found) == [(FIRST, "am", "演示专题", time(11, 30)), (FIRST, "pm", "演示讨论", time(17))]


def test_a_sheet_sent_twice_changes_nothing_and_says_so(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    path = workbook(tmp_path / "a.xlsx", [HEAD, line(0), line(1), line(1)])
    first = sent(academy, klass, path)
    assert [hint.message for hint in opened(first)[2].hints if hint.code == "same"] == [
        "与第 3 行完全相同，只排一次。"
    ]
    confirm(academy, first)
    assert klass.sessions.count() == 2
    stood = list(klass.sessions.values())
    second = sent(academy, klass, path)
    assert second.pk != first.pk
    assert all(row.ok and any(hint.code == "same" for hint in row.hints) for row in opened(second))
    confirm(academy, second)
    assert list(klass.sessions.values()) == stood
    assert [each.batch.pk for each in queries.imports_of(academy.registrar, klass)] == [first.pk]


def test_the_printed_timetable_can_be_sent_back(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    confirm(
        academy, sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *[line(n) for n in range(6)]]))
    )
    path = tmp_path / "b.xlsx"
    path.write_bytes(sheets.timetable_file(klass))
    batch = sent(academy, klass, path)
    assert sum(any(hint.code == "same" for hint in row.hints) for row in opened(batch)) == 6
    confirm(academy, batch)
    assert klass.sessions.count() == 6


def test_clashes_with_what_stands_and_within_the_sheet_are_told_by_row(
    academy: Academy, tmp_path: Path
) -> None:
    klass = open_class(academy)
    factories.session(academy, klass, title="演示已排")
    rows = [line(0), line(1), line(1, 题目="演示另一专题"), line(2)]
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    said = {row.number: [fault.message for fault in row.faults] for row in opened(batch) if row.faults}
    assert set(said) == {2, 4}
    assert "演示已排" in said[2][0]
    assert "第 3 行" in said[4][0]


def test_mending_one_row_frees_the_row_it_clashed_with(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, line(0), line(0, 题目="演示另一专题")]))
    first, second = batch.rows.order_by("sheet_row")
    assert (first.is_bad, second.is_bad) == (False, True)
    mending.mend(academy.registrar, row=first, values={"starts": "14:30", "ends": "17:00", "half": "下午"})
    second.refresh_from_db()
    assert not second.is_bad
    confirm(academy, batch)
    assert klass.sessions.count() == 2


def test_warnings_stand_beside_good_rows(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    rows = [
        line(0, 开始="9:00", 结束="10:00"),
        line(0, 题目="演示第二讲", 开始="10:10", 结束="13:30", 教室="演示基地"),
    ]
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    said = [hint.message for hint in opened(batch)[1].hints if hint.code == "warning"]
    assert any(
        "“演示一号厅”" in words and "“演示基地”" in words and "只有 10 分钟" in words for words in said
    )
    assert any("午餐" in words for words in said)
    assert batch.rows.filter(is_bad=True).count() == 0


def test_of_teachers_called_alike_the_sheet_or_a_person_says_which(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    one = taught_by(academy, "演示同名", organisation_text="演示第一大学", phone="13800000001")
    other = taught_by(academy, "演示同名", organisation_text="演示第二大学", phone="13800000002")
    rows = [
        line(0, 教师="演示同名"), line(1, 教师="演示同名", 教师单位="演示第一大学"), line(2, 教师="演示同名", 教师手机="13800000002"),
        line(3, 教师="演示同名（演示第三大学）"), line(4, 教师="演示无人"),
    ]  # fmt: skip
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    asked = {row.number for row in opened(batch) if row.open_questions}
    assert asked == {2, 5}
    assert {row.number for row in opened(batch) if row.faults} == {6}
    assert mending.accept_proposed(academy.registrar, batch=batch) == 0, (
        "nobody is proposed: it is never guessed"
    )
    stored = batch.rows.get(sheet_row=2)
    question = batches.opened(stored).questions[0]
    assert [option.label for option in question.options][:2] == [
        "演示同名，演示第一大学",
        "演示同名，演示第二大学",
    ]
    mending.answer(academy.registrar, row=stored, question=question.key, option=str(other.pk))
    stored = batch.rows.get(sheet_row=5)
    mending.answer(
        academy.registrar, row=stored, question=batches.opened(stored).questions[0].key, option="none"
    )
    confirm(academy, batch)
    found = klass.sessions.order_by("date", "starts").values_list("teacher_id", flat=True)
    assert list(found) == [other.pk, one.pk, other.pk, None]


def test_the_only_teacher_of_a_name_is_asked_about_when_the_unit_differs(
    academy: Academy, tmp_path: Path
) -> None:
    klass = open_class(academy)
    taught_by(academy, "演示独名", organisation_text="演示第一大学")
    rows = [
        line(0, 教师="演示独名"),
        line(1, 教师="演示独名", 教师单位="演示第一大学自动化学院"),
        line(2, 教师="演示独名", 教师单位="演示别处"),
    ]
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    assert [row.number for row in opened(batch) if row.open_questions] == [4]


def test_queries_for_a_preview_do_not_grow_with_its_rows(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy, days=1)
    counts = []
    for number, minutes in ((1, 2), (2, 12)):
        rows = [
            line(
                0,
                题目=f"演示{n}",
                开始=f"{8 + n * 10 // 60}:{n * 10 % 60:02}",
                结束=f"{8 + n * 10 // 60}:{n * 10 % 60 + 5:02}",
            )
            for n in range(minutes)
        ]
        path = workbook(tmp_path / f"{number}.xlsx", [HEAD, *rows])
        with CaptureQueriesContext(connection) as told:
            batch = sent(academy, klass, path)
        assert batch.rows.count() == minutes
        counts.append(len(told))
    assert counts[0] == counts[1]


# --- files that are no timetable ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("a.xlsx", b"PK\x03\x04rubbish"),
        ("a.csv", b"\x00\x01\x02"),
        ("a.xls", b"%PDF-1.7 not a sheet"),
        ("a.xlsx", "名单".encode()),
    ],
)
def test_what_is_no_sheet_is_refused_in_words(
    academy: Academy, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SheetFault):
        sent(academy, open_class(academy), path)
    assert not Batch.objects.exists()


def test_formulas_long_cells_and_marks_are_kept_out_or_kept_as_text(academy: Academy, tmp_path: Path) -> None:
    klass = open_class(academy)
    rows = [
        line(0, 题目="=HYPERLINK(1)"),
        line(1, 题目="演" * 200),
        line(2, 题目="<script>alert(1)</script>"),
        line(3, 学时="99"),
        line(4, 课次类型="睡觉"),
    ]
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *rows]))
    assert [row.number for row in opened(batch) if row.faults] == [2, 3, 5, 6]
    confirm(academy, batch)
    assert klass.sessions.get().title == "<script>alert(1)</script>"


def test_more_rows_than_a_timetable_has_are_refused(academy: Academy, tmp_path: Path) -> None:
    with pytest.raises(SheetFault):
        sent(
            academy,
            open_class(academy),
            workbook(tmp_path / "a.xlsx", [HEAD, *[line(n) for n in range(501)]]),
        )


# --- taken back --------------------------------------------------------------------------------------


def imported(academy: Academy, tmp_path: Path, rows: int = 3) -> tuple[TrainingClass, Batch]:
    klass = open_class(academy)
    batch = sent(academy, klass, workbook(tmp_path / "a.xlsx", [HEAD, *[line(n) for n in range(rows)]]))
    confirm(academy, batch)
    return klass, batch


def test_one_import_is_taken_back_together_and_nothing_else(academy: Academy, tmp_path: Path) -> None:
    klass, batch = imported(academy, tmp_path)
    kept = factories.session(academy, klass, title="演示另排", date=FIRST + timedelta(days=5))
    found = queries.import_of(academy.registrar, klass, batch)
    assert found is not None
    assert found.made == len(found.sessions) == 3
    count = importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)
    assert count == 3
    assert list(klass.sessions.all()) == [kept]
    with pytest.raises(Conflict):
        importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)


def test_an_import_whose_sessions_were_held_or_changed_since_stays(academy: Academy, tmp_path: Path) -> None:
    klass, batch = imported(academy, tmp_path)
    factories.admitted(academy, klass, 1)
    versions.release_timetable(academy.registrar, training_class=klass)
    found = queries.import_of(academy.registrar, klass, batch)
    assert found is not None
    who = klass.nominations.get().person_id
    attendance.mark(
        academy.registrar, sitting=factories.sittings(klass)[0], person_ids=[who], tick="present", paper=True
    )
    with pytest.raises(Fault, match="演示专题0"):
        importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)
    assert klass.sessions.count() == 3
    klass.sessions.filter(title="演示专题2").delete()
    with pytest.raises(Conflict):
        importing.remove_imported(academy.registrar, training_class=klass, batch=batch, seen=found.seen)
    assert klass.sessions.count() == 2


# --- on the screen -----------------------------------------------------------------------------------


def test_the_page_gives_the_template_takes_a_sheet_and_takes_it_back(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass = open_class(academy)
    client = client_for(academy.seats["registrar"])
    page = f"/classes/{klass.pk}/timetable/import/"
    template = tmp_path / "t.xlsx"
    template.write_bytes(client.get(f"/classes/{klass.pk}/timetable/template/").content)
    book = openpyxl.load_workbook(template)
    assert book.active is not None
    for row in (line(0), line(1)):
        for place, value in enumerate(row, 1):
            book.active.cell(4 + row[5].endswith("1"), place).value = value
    book.save(template)
    assert client.post(page).status_code == 422
    wrong = client.post(page, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})
    assert wrong.status_code == 422
    answer = client.post(page, {"file": SimpleUploadedFile("课程表.xlsx", template.read_bytes())})
    batch = Batch.objects.get()
    assert answer.headers["location"] == f"/batches/{batch.pk}/"
    assert "演示专题1" in client.get(answer.headers["location"]).content.decode()
    part = client.get(f"/batches/{batch.pk}/", headers={"hx-request": "true"})
    assert part.status_code == 200, "an answer given in place brings the preview alone"
    assert "演示专题1" in part.content.decode()
    confirm(academy, batch)
    assert klass.sessions.count() == 2
    undo = f"/timetable-imports/{batch.pk}/undo/"
    assert undo in client.get(page).content.decode()
    shown = client.get(undo)
    seen = shown.content.decode().split('name="seen" value="')[1].split('"')[0]
    assert client.post(undo, {"seen": "1"}).status_code == 422
    assert klass.sessions.count() == 2
    assert client.post(undo, {"seen": seen}).status_code == 302
    assert not klass.sessions.exists()


def test_others_neither_send_nor_see_nor_take_back(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass, batch = imported(academy, tmp_path)
    for key in ("liaison", "teacher", "leader"):
        if key not in academy.seats:
            continue
        client = client_for(academy.seats[key])
        for path in (
            f"/classes/{klass.pk}/timetable/import/",
            f"/classes/{klass.pk}/timetable/template/",
            f"/timetable-imports/{batch.pk}/undo/",
        ):
            assert client.get(path).status_code in {403, 404}
    assert (
        client_for(academy.seats["headteacher"]).get(f"/timetable-imports/{batch.pk}/undo/").status_code
        == 404
    )


def test_the_grid_says_in_words_what_to_think_of(
    academy: Academy, client_for: Callable[[Any], Client]
) -> None:
    klass = open_class(academy)
    factories.session(academy, klass, starts=time(10), ends=time(13))
    said = client_for(academy.seats["registrar"]).get(f"/classes/{klass.pk}/timetable/").content.decode()
    assert "1 个课次有提醒" in said
    assert "请留出午餐时间" in said
    versions.release_timetable(academy.registrar, training_class=klass)
    factories.admitted(academy, klass, 1)
    assert (
        "提醒"
        not in client_for(academy.seats["teacher"]).get(f"/classes/{klass.pk}/timetable/").content.decode()
    )


def test_the_template_brings_the_days_of_the_class_and_rows_left_free_are_no_faults(
    academy: Academy, client_for: Callable[[Any], Client], tmp_path: Path
) -> None:
    klass = open_class(academy)
    client = client_for(academy.seats["registrar"])
    place = tmp_path / "课程表.xlsx"
    place.write_bytes(client.get(f"/classes/{klass.pk}/timetable/template/").content)
    book = openpyxl.load_workbook(place)
    page = book.active
    assert page is not None
    days = (klass.ends - klass.starts).days + 1
    assert [page.cell(4 + n, 2).value for n in range(2 * days)] == ["上午", "下午"] * days
    assert str(page.cell(4, 1).value).startswith(f"{klass.starts}")
    page.cell(5, 3, "14:30-17:00")
    page.cell(5, 6, "演示自学")
    book.save(place)
    sent = {"file": SimpleUploadedFile("课程表.xlsx", place.read_bytes())}
    client.post(f"/classes/{klass.pk}/timetable/import/", sent)
    batch = Batch.objects.get()
    assert batch.rows.count() == 1
    confirm(academy, batch)
    session = klass.sessions.get()
    assert (session.date, session.half, session.title) == (klass.starts, "pm", "演示自学")
