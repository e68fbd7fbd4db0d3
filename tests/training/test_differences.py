"""Differences of two timetables: applied to the old they give the new, undone the old again, and they speak plainly."""

import json
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from keyuan.training.rules import differences
from keyuan.training.rules.differences import Change, Line, applied, difference, undone

DAY = date(2030, 10, 8)
LINE = Line(1, "lecture", "党性教育", DAY, "am", time(9), time(11, 30), 7, "一号厅", Decimal(4))

lines = st.builds(
    Line,
    session=st.integers(1, 12),
    kind=st.sampled_from(["lecture", "field", "self_study"]),
    title=st.sampled_from(["党性教育", "科协业务", "结业式"]),
    date=st.dates(DAY, date(2030, 10, 10)),
    half=st.sampled_from(["am", "pm", "ev"]),
    starts=st.times(time(6), time(12)),
    ends=st.times(time(13), time(22)),
    teacher=st.none() | st.integers(1, 4),
    place=st.sampled_from(["", "一号厅", "二号厅"]),
    hours=st.decimals(0, 4, places=1),
)
timetables = st.lists(lines, max_size=10, unique_by=lambda line: line.session)


@given(was=timetables, now=timetables)
def test_a_difference_applied_to_the_old_gives_the_new_and_undone_the_old(
    was: list[Line], now: list[Line]
) -> None:
    found = difference(was, now)
    assert applied(was, found) == sorted(now, key=lambda line: line.moment)
    assert applied(now, undone(found)) == sorted(was, key=lambda line: line.moment)
    assert bool(found) == (set(was) != set(now))


@given(was=timetables, now=timetables)
def test_a_difference_tells_of_each_session_once_and_always_says_what(
    was: list[Line], now: list[Line]
) -> None:
    found = difference(was, now)
    assert len({change.line.session for change in found.changes}) == len(found)
    for change in found.changes:
        assert change.fields
        assert differences.words(change)
        assert differences.words(change, {n: f"演示{n}" for n in range(1, 5)})
        assert all(differences.own_words(change, person) for person in change.teachers)


@given(line=lines)
def test_a_line_is_read_back_as_it_was_written(line: Line) -> None:
    assert Line.read(json.loads(json.dumps(line.as_facts()))) == line


@given(was=timetables, now=timetables, other=timetables)
def test_the_mark_of_a_difference_is_its_own(was: list[Line], now: list[Line], other: list[Line]) -> None:
    one, two = difference(was, now), difference(was, other)
    assert (differences.mark(one) == differences.mark(two)) == (one == two)


def test_every_change_is_named_with_what_it_was() -> None:
    names = {7: "演示甲", 8: "演示乙"}
    now = replace(
        LINE, date=date(2030, 10, 9), half="pm", starts=time(14), ends=time(16), place="", teacher=8
    )
    words = differences.words(Change(LINE, now), names)
    assert words == (
        "“党性教育”时间由10月8日（星期二）上午 09:00—11:30改到10月9日（星期三）下午 14:00—16:00；"
        "主讲由演示甲改为演示乙；地点由一号厅改为未定"
    )
    assert differences.words(Change(LINE, replace(LINE, ends=time(12)))) == (
        "“党性教育”时间由10月8日（星期二）上午 09:00—11:30改到上午 09:00—12:00"
    )
    assert differences.words(Change(LINE, replace(LINE, title="党史", hours=Decimal("3.5"))), names) == (
        "“党性教育”内容改为“党史”；学时由4改为3.5"
    )
    assert differences.words(Change(None, LINE), names) == (
        "新增“党性教育”：10月8日（星期二）上午 09:00—11:30，一号厅，主讲演示甲"
    )
    assert differences.words(Change(LINE, None)) == "取消“党性教育”（原定10月8日（星期二）上午 09:00—11:30）"


def test_what_is_sent_out_names_no_teacher() -> None:
    assert differences.words(Change(LINE, replace(LINE, teacher=8))) == "“党性教育”主讲有调整"
    assert "主讲" not in differences.words(Change(None, LINE))


def test_a_teacher_reads_of_sessions_gained_lost_and_moved() -> None:
    handed = Change(LINE, replace(LINE, teacher=8))
    assert differences.own_words(handed, 7) == "“党性教育”不再由您主讲"
    assert differences.own_words(handed, 8).startswith("“党性教育”由您主讲：10月8日")
    assert differences.own_words(Change(LINE, replace(LINE, place="二号厅")), 7) == (
        "“党性教育”地点由一号厅改为二号厅"
    )
    assert differences.own_words(Change(LINE, None), 7).startswith("取消“党性教育”")


def test_trainees_are_not_concerned_by_hours_nor_by_what_is_over() -> None:
    before, after = (datetime.combine(DAY, time(hour)) for hour in (11, 12))
    moved = Change(LINE, replace(LINE, place="二号厅"))
    assert moved.concerns_trainees(before)
    assert not moved.concerns_trainees(after)
    assert not Change(LINE, replace(LINE, hours=Decimal(3))).concerns_trainees(before)
    assert Change(LINE, replace(LINE, date=date(2030, 10, 9))).concerns_trainees(after), "it is still to come"


def test_a_long_list_is_cut_and_counted() -> None:
    assert differences.few_words(["甲", "乙"]) == "甲。乙"
    assert differences.few_words(["甲", "乙", "丙", "丁"]) == "甲。乙。丙，等 4 处"
