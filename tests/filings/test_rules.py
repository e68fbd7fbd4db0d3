"""When somebody is reminded, reckoned without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.filings.rules import AFTER, last_mark, read_distances

DUE = date(2025, 6, 30)
DISTANCES = st.lists(st.integers(0, 90), max_size=8, unique=True)


def test_distances_are_read_as_people_write_them() -> None:
    assert read_distances("1、7，14 3") == [14, 7, 3, 1]
    assert read_distances("") == []
    for wrong in ("七天", "91", "-1", "1,2,3,4,5,6,7,8,9"):
        with pytest.raises(ValueError, match=r".*"):
            read_distances(wrong)


@settings(max_examples=50, deadline=None)
@given(distances=DISTANCES, off=st.integers(-120, 60))
def test_the_last_mark_is_the_nearest_that_is_past(distances: list[int], off: int) -> None:
    today = DUE + timedelta(days=off)
    marks = {DUE - timedelta(days=days) for days in distances} | {
        DUE + timedelta(days=days) for days in AFTER
    }
    found = last_mark(DUE, distances, today)
    past = [mark for mark in marks if mark <= today]
    assert found in past if past else found is None
    assert not any(found < mark <= today for mark in marks) if found else not past


@settings(max_examples=30, deadline=None)
@given(distances=DISTANCES)
def test_day_after_day_each_mark_reminds_once(distances: list[int]) -> None:
    told: list[date] = []
    for off in range(-100, 40):
        today = DUE + timedelta(days=off)
        mark = last_mark(DUE, distances, today)
        if mark and not any(day >= mark for day in told):
            told.append(today)
    assert len(told) == len(set(distances)) + len(AFTER)
