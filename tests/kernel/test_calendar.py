"""Working days with make-up days, the office's corrections, and dates in words."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as running
from hypothesis import strategies as st

from keyuan.kernel import calendar
from keyuan.kernel.access import Actor, Forbidden
from keyuan.kernel.calendar import Half
from keyuan.kernel.models import AuditEntry, CalendarDay

pytestmark = pytest.mark.django_db
REGISTRAR = Actor(1, 1, None, frozenset({"registrar"}))
DAYS = st.dates(date(2019, 1, 1), date(2029, 12, 31))


def test_a_holiday_rests_and_a_make_up_sunday_works():
    assert not calendar.is_workday(date(2020, 10, 1))
    assert calendar.is_workday(date(2020, 9, 27))
    assert calendar.is_workday(date(2020, 10, 9))


def test_a_year_without_published_holidays_has_weekends_only(caplog):
    calendar._published.cache_clear()
    calendar._warn.cache_clear()
    assert not calendar.is_published(2090)
    assert "2090" in caplog.text
    assert calendar.is_workday(date(2090, 1, 2))
    assert not calendar.is_workday(date(2090, 1, 7))


def test_the_offices_correction_overrides_and_can_be_taken_back():
    day = date(2090, 1, 2)
    calendar.correct(REGISTRAR, day=day, working=False, note="元旦调休")
    assert not calendar.is_workday(day)
    calendar.correct(REGISTRAR, day=day, working=False, note="元旦调休")
    assert CalendarDay.objects.count() == 1
    assert AuditEntry.objects.filter(action="kernel.calendar.set").count() == 1
    calendar.uncorrect(REGISTRAR, day=day)
    assert calendar.is_workday(day)


def test_only_who_keeps_the_calendar_corrects_it():
    with pytest.raises(Forbidden):
        calendar.correct(Actor(2, 1, None, frozenset({"trainee"})), day=date(2026, 1, 5), working=False)


def test_workdays_after_the_national_day_count_the_make_up_days():
    # 2020-09-30 Wednesday; rest to 10-08, then Friday 9 and the make-up Saturday 10.
    assert calendar.next_workday(date(2020, 9, 30)) == date(2020, 10, 9)
    assert calendar.add_workdays(date(2020, 9, 30), 2) == date(2020, 10, 10)
    assert calendar.add_workdays(date(2020, 10, 9), -1) == date(2020, 9, 30)


@running(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DAYS, st.integers(1, 40))
def test_adding_workdays_lands_on_one_and_passes_exactly_so_many(day: date, count: int):
    end = calendar.add_workdays(day, count)
    assert calendar.is_workday(end)
    assert len(calendar.workdays(day + timedelta(days=1), end)) == count


def test_counting_workdays_takes_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar.add_workdays(date(2026, 3, 2), 30)
    with django_assert_num_queries(1):
        calendar.workdays(date(2026, 3, 2), date(2026, 6, 1))


def test_the_grid_has_halves_and_evenings_when_asked():
    start, end = date(2020, 10, 8), date(2020, 10, 9)
    assert calendar.half_days(start, end) == [
        (start, Half.MORNING), (start, Half.AFTERNOON), (end, Half.MORNING), (end, Half.AFTERNOON),
    ]  # fmt: skip
    assert len(calendar.half_days(start, end, evenings=True)) == 6
    assert {day for day, _half in calendar.half_days(start, end, only_workdays=True)} == {end}


@pytest.mark.parametrize(
    ("clock", "half"),
    [(time(8, 30), "am"), (time(11, 59), "am"), (time(12), "pm"), (time(17, 59), "pm"), (time(18), "ev")],
)
def test_a_time_falls_into_its_part_of_the_day(clock: time, half: str):
    assert calendar.half_of(clock) == half
    assert calendar.half_of(datetime.combine(date(2020, 1, 1), clock)) == half


def test_dates_read_as_papers_write_them():
    assert calendar.in_words(date(2020, 10, 8)) == "2020年10月8日"
    assert calendar.with_weekday(date(2020, 10, 8)) == "10月8日（星期四）"
    assert calendar.in_characters(date(2020, 10, 30)) == "二〇二〇年十月三十日"
    assert calendar.in_characters(date(2021, 1, 21)) == "二〇二一年一月二十一日"
    assert calendar.in_characters(date(2021, 12, 10)) == "二〇二一年十二月十日"


def test_a_span_says_once_what_both_ends_share():
    day = date(2020, 10, 8)
    assert calendar.span_in_words(day, day) == "2020年10月8日"
    assert calendar.span_in_words(day, date(2020, 10, 12)) == "2020年10月8日至12日"
    assert calendar.span_in_words(day, date(2020, 11, 2)) == "2020年10月8日至11月2日"
    assert calendar.span_in_words(day, date(2021, 1, 2)) == "2020年10月8日至2021年1月2日"
