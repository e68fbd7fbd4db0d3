"""Counting characters, and what may be handed in."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keyuan.coursework.rules.writing import characters, fault_of, is_late

MOMENT = datetime(2030, 3, 1, tzinfo=UTC)


@given(st.text(max_size=60), st.text(alphabet=" \n\t　", max_size=20))
def test_blanks_count_for_nothing(text: str, blanks: str) -> None:
    assert characters(text + blanks) == characters(text) == characters(blanks + text) <= len(text)


def test_signs_and_letters_count_one_each() -> None:
    assert characters("科学家，You！\n第 2 段") == 11


@given(st.text(max_size=40), st.integers(0, 3), st.integers(0, 50))
def test_nothing_is_refused_and_a_file_is_enough(text: str, files: int, least: int) -> None:
    enough = files > 0 or (characters(text) > 0 and characters(text) >= least)
    assert (fault_of(text, files, least) == "") is enough


@given(st.integers(-5000, 5000))
def test_late_is_after_the_moment(seconds: int) -> None:
    assert is_late(MOMENT, MOMENT + timedelta(seconds=seconds)) is (seconds > 0)
    assert not is_late(MOMENT, None)
