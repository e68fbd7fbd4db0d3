"""Windows, shares and standing as plain functions: edges of rolling years, leap days, parts, pro rata."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.rotation.rules import NOTHING, Norm, Tally, Window, horizon, judge, window_on
from keyuan.rotation.rules.coverage import DUE, owed_of, urgency
from keyuan.rotation.rules.windows import HALF, is_new, months_before, part_of, share, years_before

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
HOURS = st.integers(0, 600).map(lambda n: Decimal(n) / 2)
few = settings(max_examples=50, deadline=None)
YEAR = Window(date(2026, 1, 1), date(2026, 12, 31))


def norm(asked: Tally, window: Window = YEAR, months: int = 0) -> Norm:
    return Norm(window, window, asked, months)


@few
@given(day=DAYS, years=st.integers(1, 10))
def test_a_rolling_window_ends_today_and_a_day_leaves_it_when_it_is_that_many_years_old(
    day: date, years: int
) -> None:
    window = window_on("rolling", years, None, None, day)
    assert window.last == day
    assert not window.holds(years_before(day, years))
    assert window.holds(years_before(day, years) + timedelta(days=1))
    assert window.months == 12 * years


def test_leap_days_shift_a_window_by_a_day_at_most() -> None:
    assert window_on("rolling", 1, None, None, date(2028, 2, 29)) == Window(
        date(2027, 3, 1), date(2028, 2, 29)
    )
    assert window_on("rolling", 5, None, None, date(2029, 2, 28)).first == date(2024, 2, 29)
    assert window_on("rolling", 4, None, None, date(2028, 2, 29)).first == date(2024, 3, 1)
    assert years_before(date(2024, 2, 29), -5) == date(2029, 2, 28)
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)


@few
@given(day=DAYS)
def test_a_calendar_window_is_the_whole_year_and_a_fixed_one_never_moves(day: date) -> None:
    assert window_on("calendar", 1, None, None, day) == Window(date(day.year, 1, 1), date(day.year, 12, 31))
    assert window_on("fixed", 1, date(2023, 1, 1), date(2027, 12, 31), day).months == 60
    assert horizon("fixed", date(2027, 12, 31), day) == date(2027, 12, 31)
    assert horizon("rolling", None, day) == horizon("calendar", None, day) == date(day.year, 12, 31)


@few
@given(joined=DAYS, later=st.integers(0, 400))
def test_who_joins_later_never_owes_more_and_who_was_there_before_owes_the_whole(
    joined: date, later: int
) -> None:
    after = joined + timedelta(days=later)
    assert 0 <= share(after, YEAR) <= share(joined, YEAR) <= 1
    assert share(YEAR.first, YEAR) == share(None, YEAR) == 1


@pytest.mark.parametrize(
    ("joined", "hours"),
    [("2026-01-31", "90"), ("2026-02-01", "82.5"), ("2026-07-01", "45"), ("2026-07-31", "45"), ("2026-12-31", "7.5")],
)  # fmt: skip
def test_hours_are_owed_by_months_with_the_month_of_joining_in_full(joined: str, hours: str) -> None:
    asked = norm(Tally(hours=Decimal(90)))
    assert owed_of(asked, date.fromisoformat(joined), YEAR).hours == Decimal(hours)


@few
@given(hours=HOURS, part=st.fractions(0, 1))
def test_a_part_is_rounded_up_to_half_hours_and_never_above_the_whole(hours: Decimal, part: Fraction) -> None:
    found = part_of(hours, part)
    assert hours * part.numerator <= found * part.denominator
    assert found <= hours
    assert found % HALF == 0


def test_who_joined_within_the_last_months_is_not_asked_yet() -> None:
    assert is_new(date(2026, 10, 2), YEAR, 3)
    assert not is_new(date(2026, 9, 30), YEAR, 3)
    assert not is_new(date(2026, 12, 31), YEAR, 0)
    assert not is_new(None, YEAR, 3)
    assert judge(norm(Tally(classes=1), months=3), date(2026, 11, 1), NOTHING).state == "new"


def test_more_of_one_part_never_makes_up_for_another() -> None:
    asked = norm(Tally(Decimal(90), professional=Decimal(42), public=Decimal(30), personal=Decimal(18)))
    held = Tally(Decimal(100), professional=Decimal(70), public=Decimal(12), personal=Decimal(18))
    found = judge(asked, None, held)
    assert found.state == "in_progress"
    assert found.missing == Tally(public=Decimal(18))
    assert judge(asked, None, held + Tally(Decimal(18), public=Decimal(18))).state == "met"


def test_an_exemption_goes_before_everything_and_a_completed_class_is_owed_in_full() -> None:
    once = norm(Tally(classes=1), months=3)
    assert judge(once, date(2026, 11, 1), NOTHING, exempt=True).state == "exempt"
    assert judge(once, date(2026, 7, 1), NOTHING).missing.classes == 1
    assert judge(once, None, Tally(classes=2)).state == "met"


def test_the_forecast_counts_what_is_planned_and_leaves_out_what_falls_out_of_the_window() -> None:
    asked = norm(Tally(hours=Decimal(100)))
    found = judge(asked, None, Tally(Decimal(100)), then=Tally(Decimal(40)), planned=Tally(Decimal(30)))
    assert found.state == "met"
    assert found.left == Tally(Decimal(30))
    assert not found.will_meet


@few
@given(
    asked=HOURS.filter(bool), held=HOURS, more=HOURS, planned=HOURS,
    joined=st.none() | st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)  # fmt: skip
def test_more_hours_never_make_anybody_stand_worse(
    asked: Decimal, held: Decimal, more: Decimal, planned: Decimal, joined: date | None
) -> None:
    wanted = norm(Tally(hours=asked))
    one = judge(wanted, joined, Tally(held), planned=Tally(planned))
    two = judge(wanted, joined, Tally(held + more), planned=Tally(planned))
    assert two.missing.hours <= one.missing.hours
    assert two.left.hours <= one.left.hours <= one.missing.hours
    assert (one.state in DUE) == (held < one.owed.hours)
    assert urgency(one) <= urgency(two)
