"""A timetable as offices type it: judged beside what stands, asked about, and placed once."""

import io
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keyuan.kernel.models import Batch
from keyuan.kernel.sheet import SheetFault, batches, mending
from keyuan.training import sheets
from keyuan.training.models import Session
from keyuan.training.queries import importing as queries
from tests import factories
from tests.factories import Academy
from tests.kernel.sheet_files import workbook
from tests.training.timetable_files import (
    FIRST,
    HEAD,
    confirm,
    line,
    open_class,
    opened,
    sent,
    taught_by,
)


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
