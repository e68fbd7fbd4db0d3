"""The grid of half-days, what may still be asked for, and who has missed too often."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from keyuan.attendance import actions, queries
from keyuan.attendance.models import CheckIn
from keyuan.attendance.queries import grid as reads
from keyuan.attendance.rules import Limits
from keyuan.attendance.rules.standing import WORST, half_days_left, half_mark, light_of
from tests.attendance.conftest import LABEL, OWNER

HOURS = st.integers(0, 8).map(lambda n: Decimal(n) / 2)


@given(st.lists(HOURS, max_size=12), HOURS, st.integers(0, 60), st.data())
def test_any_choice_of_so_many_half_days_stays_within_the_line(ahead, taken, past, data):
    total = sum(ahead, Decimal(past)) + taken
    left = half_days_left(taken, total, ahead, Limits())
    assert 0 <= left <= len(ahead)
    chosen = data.draw(st.permutations(ahead))[:left]
    if chosen:
        assert light_of(taken + sum(chosen, Decimal(0)), total, Limits()) != "over"
    if left < len(ahead):
        longest = sorted(ahead, reverse=True)[: left + 1]
        assert light_of(taken + sum(longest, Decimal(0)), total, Limits()) == "over"


@given(st.lists(st.sampled_from(WORST), max_size=4))
def test_a_half_day_shows_what_needs_attention_most(marks):
    shown = half_mark(marks)
    assert shown == ("waiting" if not marks else next(mark for mark in WORST if mark in marks))


def at(day: int, hour: int):
    """An hour of a day counted from today, on the academy's clock."""
    local = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return local + timedelta(days=day)


@pytest.fixture
def week(world):
    """Three days past and four to come, morning and afternoon, 3 hours each; each has 42 hours."""
    for day in (-3, -2, -1, 1, 2, 3, 4):
        for hour in (9, 14):
            world.sitting(at(day, hour), hours="3", length=150, key=f"{day}.{hour}")
    return world


def leave_of(world, number, sittings):
    made = actions.request_leave(
        world.head, school_id=world.school.pk, owner_label=LABEL, owner_id=OWNER, person_id=world.people[number].pk,
        expected_ids=[world.expected(sitting, number).pk for sitting in sittings], reason="公务",
    )  # fmt: skip
    actions.decide_leave(world.leader, leave=made, move="approve")
    return made


def test_the_grid_shows_every_half_day_and_what_is_left_in_a_fixed_number_of_queries(week):
    past = week.sittings[:6]
    everybody = [person.pk for person in week.people]
    for sitting in past[:4]:
        actions.mark(week.head, sitting=sitting, person_ids=everybody, tick="present", paper=True)
    actions.mark(week.head, sitting=past[4], person_ids=everybody[:3], tick="late", paper=True)
    leave_of(week, 0, week.sittings[6:7])
    with CaptureQueriesContext(connection) as spent:
        found = reads.grid(LABEL, OWNER)
    assert len(spent) <= 4
    assert len(found.halves) == 14
    assert [count for _day, count in found.days] == [2] * 7
    first = next(row for row in found.rows if row.person.pk == everybody[0])
    # 6 of 42 hours is exactly one seventh: one more half-day of three hours is allowed, two are not.
    assert (first.standing.leave, first.left, first.count("late")) == (3, 1, 1)
    last = next(row for row in found.rows if row.person.pk == everybody[4])
    assert (last.count("absent"), last.left, last.flagged) == (2, 2, True)
    assert found.came(found.halves[0]) == 5
    assert reads.left_of(LABEL, OWNER, everybody[0]) == 1
    assert reads.left_of(LABEL, OWNER, everybody[0], also=Decimal(3)) == 0
    assert [row.person.name for row in found.narrowed("leave", "")] == ["演示学员0"]
    assert len(found.narrowed("absent", "")) == 5
    assert [row.person.name for row in found.narrowed("", "yan3")] == ["演示学员3"]


def test_two_sittings_of_one_half_day_are_one_cell(world):
    for minute in (0, 90):
        world.sitting(at(-1, 9) + timedelta(minutes=minute), length=60, key=f"m{minute}")
    actions.mark(
        world.head, sitting=world.sittings[0], person_ids=[world.people[0].pk], tick="present", paper=True
    )
    found = reads.grid(LABEL, OWNER)
    assert len(found.halves) == 1
    cell = found.rows[0].cells[found.halves[0]]
    assert (cell.mark, cell.expected_id) == ("absent", world.expected(world.sittings[1], 0).pk)


def test_the_page_filters_exports_and_prints(week, office):
    leave_of(week, 1, week.sittings[6:7])
    place = reverse("attendance:standings", args=[LABEL, OWNER])
    page = office.get(place, {"only": "leave"}).content.decode()
    assert "演示学员1" in page
    assert "演示学员2</strong>" not in page
    assert "1 个半天" in page
    assert "没有符合条件" in office.get(place, {"q": "查无此人"}).content.decode()
    book = office.get(reverse("attendance:grid-export", args=[LABEL, OWNER]), {"only": "leave"})
    assert book["Content-Type"].endswith("sheet")
    assert book.content[:2] == b"PK"


def test_the_registrar_is_told_who_missed_too_often_and_nobody_else(week):
    assert [item.count for item in reads.often_absent(week.registrar)] == [5]
    for actor in (week.head, week.leader, week.trainee(0), week.stranger):
        assert reads.often_absent(actor) == []
    limits = Limits(absent_flag=7)
    today = timezone.localdate()
    actions.set_policy(week.registrar, school_id=week.school.pk, starts=today, limits=limits)
    assert reads.often_absent(week.registrar) == []


def test_a_leave_that_ran_out_without_a_return_is_asked_after(week, office):
    made = leave_of(week, 0, week.sittings[6:7])
    assert not queries.unreturned(type(made).objects.all()).exists()
    sitting = week.sittings[6]
    type(sitting).objects.filter(pk=sitting.pk).update(starts=at(-1, 19), ends=at(-1, 20))
    assert queries.unreturned(type(made).objects.all()).get() == made
    page = office.get(reverse("attendance:leaves"), {"due": "1"}).content.decode()
    assert "演示学员0" in page
    assert any("未销假" in item.title for item in queries.waiting_leaves(week.head))
    actions.end_leave(week.head, leave=made)
    assert not queries.unreturned(type(made).objects.all()).exists()
    assert not CheckIn.objects.exists()
