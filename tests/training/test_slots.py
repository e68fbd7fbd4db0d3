"""Where a session can stand: what is offered never clashes, and the nearest comes first."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from keyuan.training.rules import slots
from keyuan.training.rules.slots import Slot

DAY = date(2026, 9, 1)
QUARTERS = st.integers(24, 88).map(
    lambda n: (datetime.combine(DAY, time()) + timedelta(minutes=15 * n)).time()
)


@st.composite
def busy(draw: st.DrawFn) -> Slot:
    first, second = sorted((draw(QUARTERS), draw(QUARTERS)))
    return Slot(DAY, first, second) if first < second else Slot(DAY, time(8), time(9))


@given(
    st.lists(busy(), max_size=6),
    st.sampled_from(["am", "pm", "ev"]),
    st.integers(1, 16),
    st.none() | QUARTERS,
)
def test_a_free_slot_keeps_its_length_its_half_day_and_meets_nothing(
    others: list[Slot], half: str, quarters: int, wanted: time | None
) -> None:
    lasting = timedelta(minutes=15 * quarters)
    found = slots.free_in(DAY, half, lasting, others, wanted)
    if found is None:
        return
    assert slots.length(found) == lasting
    assert slots.HALVES[half][0] <= found.starts <= found.ends <= slots.HALVES[half][1]
    assert not any(found.meets(other) for other in others)


@given(st.sampled_from(["am", "pm", "ev"]), st.integers(1, 12))
def test_an_empty_half_day_takes_a_session_at_its_usual_time(half: str, quarters: int) -> None:
    lasting = timedelta(minutes=min(15 * quarters, 180))
    found = slots.free_in(DAY, half, lasting, [])
    assert found is not None
    assert found.starts == slots.USUAL[half]


def test_what_is_taken_at_the_usual_time_is_offered_after_it() -> None:
    found = slots.free_in(DAY, "am", timedelta(hours=1), [Slot(DAY, time(9), time(10, 30))])
    assert found == Slot(DAY, time(10, 40), time(11, 40), "am")


def test_nothing_is_offered_where_the_length_does_not_fit() -> None:
    assert slots.free_in(DAY, "am", timedelta(hours=5), []) is None


def test_the_nearest_half_day_comes_first_and_the_later_of_two() -> None:
    cells = [(DAY + timedelta(days=n), half) for n in (-1, 0, 1) for half in ("am", "pm")]
    ordered = slots.nearest_first(Slot(DAY, time(9), time(10), "am"), cells)
    assert ordered[:3] == [(DAY, "am"), (DAY, "pm"), (DAY - timedelta(days=1), "pm")]
