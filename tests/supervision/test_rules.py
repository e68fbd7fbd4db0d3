"""Lights and the ladder, reckoned without a database."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.supervision.rules.ladder import DEFAULT, due_rung, monday_of
from keyuan.supervision.rules.lights import NEAR, OPEN, PERCENT, Light, light_of, next_report

DAY = date(2031, 3, 12)
STATES = (
    "draft",
    "issued",
    "received",
    "running",
    "submitted",
    "returned",
    "suspended",
    "closed",
    "withdrawn",
)
shifts = st.integers(-40, 40).map(lambda n: DAY + timedelta(days=n))


@given(st.sampled_from(STATES), shifts, st.none() | shifts, st.none() | shifts)
@settings(max_examples=50, deadline=None)
def test_only_open_items_have_a_light_and_red_means_past_the_deadline(
    state: str, deadline: date, report: date | None, submitted: date | None
) -> None:
    found = light_of(state, deadline, report, submitted, DAY)
    assert (found is Light.OFF) == (state not in OPEN)
    if state in OPEN and state != "submitted":
        assert (found is Light.RED) == (deadline < DAY)
    if found is Light.GREEN and state != "submitted":
        assert deadline - DAY > NEAR
        assert report is None or report >= DAY


def test_what_was_handed_in_in_time_stays_green_however_long_it_waits() -> None:
    assert light_of("submitted", DAY - timedelta(days=9), None, DAY - timedelta(days=9), DAY) is Light.GREEN
    assert light_of("submitted", DAY - timedelta(days=9), None, DAY - timedelta(days=8), DAY) is Light.RED
    assert light_of("returned", DAY + timedelta(days=30), None, None, DAY) is Light.AMBER
    assert {one.word for one in Light} == {"红灯·超期", "黄灯·临期", "绿灯·正常", "—"}


@given(st.lists(st.integers(-90, 90), max_size=8), shifts, shifts)
@settings(max_examples=50, deadline=None)
def test_the_rung_due_is_the_latest_that_came_and_never_one_before_the_issue(
    days: list[int], deadline: date, issued: date
) -> None:
    found = due_rung(days, deadline=deadline, issued=issued, today=DAY)
    came = sorted(n for n in days if issued <= deadline + timedelta(days=n) <= DAY)
    assert found == (came[-1] if came else None)


def test_walking_day_by_day_meets_every_rung_of_the_usual_ladder_once() -> None:
    deadline = DAY + timedelta(days=20)
    met = [
        due_rung(dict(DEFAULT), deadline=deadline, issued=DAY, today=DAY + timedelta(days=n))
        for n in range(60)
    ]
    assert list(dict.fromkeys(met)) == [None, *(days for days, _to in DEFAULT)]
    assert next_report(DAY, 7) == DAY + timedelta(days=7)
    assert next_report(DAY, 0) is None
    assert monday_of(date(2031, 3, 16)) == date(2031, 3, 10) == monday_of(date(2031, 3, 10))
    assert list(PERCENT.values()) == sorted(PERCENT.values())
