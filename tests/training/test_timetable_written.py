"""What offices type into a timetable, cell by cell: days, times, kinds and names, read or refused in words."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel.sheet import Unreadable
from keyuan.training.models import Session
from keyuan.training.sheets import written

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
