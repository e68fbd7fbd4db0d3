"""How a duty stands: the plain function, and the database in the same words."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keyuan.duty.models import Duty, DutyPlan, Exemption, Proof
from keyuan.duty.queries import outstanding, with_states
from keyuan.duty.rules.standing import OUTSTANDING, Facts, state_of
from keyuan.terms.models import Term
from tests.duty.ground import Ground

ON = date(2024, 6, 15)
days = st.one_of(st.none(), st.integers(-3, 3).map(lambda n: ON + timedelta(days=n)))
facts = st.builds(
    Facts, ended=days, until=days, due=days, proven=st.booleans(), waived=st.booleans(), planned_on=days
)


@given(facts)
def test_a_running_term_is_never_lapsed_and_an_ended_one_never_overdue(found: Facts) -> None:
    state = state_of(found, ON)
    over = found.ended is not None and found.ended < ON
    assert (state == "proven") == found.proven
    assert state != "lapsed" or over
    assert state not in OUTSTANDING or not over
    assert state != "overdue" or (found.limit is not None and found.limit < ON)
    assert state != "planned" or (found.planned_on is not None and found.planned_on >= ON)


@given(facts, st.integers(1, 6))
def test_time_alone_never_brings_a_duty_back_to_life(found: Facts, later: int) -> None:
    order = ("planned", "open", "overdue", "lapsed")
    before, after = state_of(found, ON), state_of(found, ON + timedelta(days=later))
    if before in order:
        assert order.index(after) >= order.index(before)
    else:
        assert after == before


def _rows(ground: Ground, found: list[Facts]) -> list[Duty]:
    """A term and a duty for each, with what stands: no action would make some of these, which is the point."""
    post, made = ground.post(), []
    for n, each in enumerate(found):
        unit = type(ground.societies[0])(
            school=ground.academy.school, kind="society", name=f"演示第{n}学会", order=n
        )
        unit.save()
        starts = ON - timedelta(days=400)
        term = Term.objects.create(
            school=ground.academy.school, organisation=unit, post=post, holder=ground.people[0], starts=starts,
            due=each.until, ends=each.ended, ended="expired" if each.ended else "", began="elected",
        )  # fmt: skip
        duty = Duty.objects.create(school=ground.academy.school, term=term, kind="attend", due=each.due)
        if each.proven:
            Proof.objects.create(duty=duty, how="manual", title="演示", held_on=starts)
        if each.waived:
            Exemption.objects.create(duty=duty, reason="演示")
        if each.planned_on:
            DutyPlan.objects.create(duty=duty, title="演示活动", day=each.planned_on)
        made.append(duty)
    return made


@pytest.mark.django_db
def test_the_database_says_what_the_function_says(owing: Ground) -> None:
    drawn: list[Facts] = []

    @settings(max_examples=50, deadline=None, database=None)
    @given(facts)
    def draw(found: Facts) -> None:
        drawn.append(found)

    draw()
    made = _rows(owing, drawn)
    stated: dict[int, Any] = {row.pk: row for row in with_states(Duty.objects.all(), ON)}
    assert len(stated) == len(made) >= 20
    for duty, found in zip(made, drawn, strict=True):
        assert (stated[duty.pk].state, stated[duty.pk].limit) == (state_of(found, ON), found.limit), found
    open_now = {row.pk for row in outstanding(owing.academy.school.pk, ON)}
    assert open_now == {row.pk for row in stated.values() if row.state in OUTSTANDING}
