"""Study hours: 45 minutes each, half steps, four in half a day; read as typed, written without idle zeros."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyuan.kernel import hours
from keyuan.kernel.faults import Fault
from keyuan.kernel.hours import HoursRule

DAY = date(2026, 5, 6)
STEPS = st.integers(0, 1998).map(lambda number: Decimal(number) / 2)


@pytest.mark.parametrize(
    ("minutes", "given_"), [(0, "0"), (44, "0.5"), (45, "1"), (90, "2"), (180, "4"), (22, "0")]
)
def test_minutes_become_hours_rounded_down_to_half(minutes: int, given_: str):
    assert hours.of_minutes(minutes, DAY) == Decimal(given_)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_more_minutes_never_give_fewer_hours_and_never_more_than_taught(one: int, other: int):
    less, more = sorted((one, other))
    assert hours.of_minutes(less, DAY) <= hours.of_minutes(more, DAY) <= Decimal(more) / 45


def test_negative_minutes_are_a_programming_error():
    with pytest.raises(ValueError, match="never negative"):
        hours.of_minutes(-1, DAY)


def at(*clock: int) -> datetime:
    return datetime(*clock, tzinfo=UTC)


def test_a_span_counts_less_its_breaks_and_never_below_nothing():
    assert hours.of_span(at(2026, 5, 6, 9), at(2026, 5, 6, 11, 45), breaks=30) == 3
    assert hours.of_span(at(2026, 5, 6, 9), at(2026, 5, 6, 8)) == 0


@given(st.lists(st.tuples(st.sampled_from(["am", "pm"]), STEPS), max_size=20))
def test_a_half_day_counts_four_at_most(parts: list[tuple[str, Decimal]]):
    counted = hours.of_half_days((DAY, half, value) for half, value in parts)
    assert counted <= 8
    assert counted == sum(min(sum(value for half, value in parts if half == one), 4) for one in ("am", "pm"))


def test_a_new_rule_counts_from_its_first_day():
    rules = (HoursRule(date(2000, 1, 1)), HoursRule(date(2030, 1, 1), minutes_an_hour=50))
    assert hours.rule_on(date(2029, 12, 31), rules).of_minutes(100) == 2
    assert hours.rule_on(date(2030, 1, 1), rules).of_minutes(100) == 2
    assert hours.rule_on(date(2030, 1, 1), rules).of_minutes(45) == Decimal("0.5")
    assert hours.rule_on(date(1990, 1, 1), rules).minutes_an_hour == 45


@given(STEPS)
def test_what_is_shown_reads_back(value: Decimal):
    assert hours.parse(hours.show(value)) == value
    assert "E" not in hours.plain(value)


@pytest.mark.parametrize(
    ("typed", "value"), [("４．５学时", "4.5"), (" 4 ", "4"), ("4.50 课时", "4.5"), ("16个学时", "16")]
)
def test_hours_are_read_as_people_type_them(typed: str, value: str):
    assert hours.parse(typed) == Decimal(value)


@pytest.mark.parametrize("typed", ["", "四", "-1", "1000", "4.3", "NaN", "Infinity", "4,5"])
def test_what_is_no_hours_is_refused_with_words(typed: str):
    with pytest.raises(Fault) as refused:
        hours.parse(typed)
    assert refused.value.field == "hours"
    assert "学时" in refused.value.message


def test_shown_hours_have_no_idle_zeros():
    assert hours.show(Decimal("4.00")) == "4 学时"
    assert hours.show(Decimal(100)) == "100 学时"
