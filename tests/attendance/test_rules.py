"""Hours, lights, tiers and codes."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from keyuan.attendance.rules import codes
from keyuan.attendance.rules.standing import (
    Limits,
    Standing,
    approver_for,
    half_of,
    light_of,
    mark_of,
    may_decide,
    verdict_at,
)

SHANGHAI = timezone.get_default_timezone()
MARKS = st.sampled_from(["present", "late", "leave", "absent", "waiting"])
HOURS = st.decimals(min_value=0, max_value=8, places=2)


@given(st.lists(st.tuples(MARKS, HOURS), max_size=40))
def test_every_hour_is_counted_once_and_what_is_in_reach_never_falls_below_what_is_done(rows):
    standing = Standing(1)
    for mark, hours in rows:
        standing.add(mark, hours)
    assert standing.total == sum((hours for _mark, hours in rows), Decimal(0))
    assert standing.total == standing.present + standing.leave + standing.absent + standing.waiting
    assert standing.attendance_share <= standing.best_share <= 1
    assert standing.can_reach(Decimal(0))


@pytest.mark.parametrize(
    ("leave", "total", "light"),
    [
        ("0", "0", "ok"),
        ("2", "28", "ok"),
        ("2.8", "28", "amber"),
        ("4", "28", "amber"),
        ("4.01", "28", "over"),
        ("8", "56", "amber"),
    ],
)
def test_one_seventh_exactly_is_still_allowed_and_a_tenth_is_amber(leave, total, light):
    assert light_of(Decimal(leave), Decimal(total), Limits()) == light


@pytest.mark.parametrize(
    ("length", "role"), [(1, "head_teacher"), (2, "registrar"), (3, "leader"), (9, "leader")]
)
def test_the_length_of_a_leave_says_who_decides(length, role):
    assert approver_for(length, Limits()) == role


def test_a_higher_role_may_decide_for_a_lower_one_but_not_the_reverse():
    assert may_decide({"leader"}, "head_teacher")
    assert may_decide({"registrar"}, "registrar")
    assert not may_decide({"head_teacher"}, "registrar")
    assert not may_decide({"trainee"}, "head_teacher")
    assert may_decide({"liaison"}, "liaison")


def test_coming_beats_leave_and_leave_beats_absence():
    assert mark_of("present", on_leave=True, ended=True) == "present"
    assert mark_of("absent", on_leave=True, ended=True) == "leave"
    assert mark_of(None, on_leave=False, ended=True) == "absent"
    assert mark_of(None, on_leave=False, ended=False) == "waiting"


def test_late_begins_after_the_grace_and_halves_follow_the_clock():
    start = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    assert verdict_at(start, start + timedelta(minutes=5), Limits()) == "present"
    assert verdict_at(start, start + timedelta(minutes=5, seconds=1), Limits()) == "late"
    halves = [
        half_of(datetime(2020, 10, 1, hour, minute, tzinfo=SHANGHAI))
        for hour, minute in ((8, 30), (12, 29), (12, 30), (18, 0))
    ]
    assert halves == ["am", "am", "pm", "ev"]


@given(st.integers(1, 10**9), st.floats(1.6e9, 2e9))
def test_a_room_code_lives_thirty_to_forty_five_seconds_for_its_own_sitting_only(sitting, moment):
    token, typed = codes.room_token(sitting, moment), codes.room_letters(sitting, moment)
    assert codes.room_token_holds(sitting, token, moment + 30)
    assert codes.room_letters_hold(sitting, f" {typed.lower()} ", moment + 30)
    assert not codes.room_token_holds(sitting, token, moment + 45)
    assert not codes.room_letters_hold(sitting, typed, moment + 46)
    assert not codes.room_token_holds(sitting + 1, token, moment)
    assert not codes.room_token_holds(sitting, token, moment - 20)


@pytest.mark.parametrize("token", ["", "x", "0.é", "1f.AAAA", "a" * 5000])
def test_a_made_up_room_code_never_holds(token):
    assert not codes.room_token_holds(1, token)


def test_a_ticket_cannot_be_altered():
    ticket = codes.ticket(5, 1_700_000_000)
    assert codes.read_ticket(ticket) == codes.Ticket(5, 1_700_000_000)
    assert codes.read_ticket(ticket[:-2] + "xx") is None
    assert codes.read_ticket("") is None


def test_three_hundred_people_of_a_class_carry_different_letters():
    assert len({codes.personal_letters("test.class", 1, pk) for pk in range(300)}) == 300
