"""The plan on a wall: where bars stand, and which activities get in each other's way."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from keyuan.people.middleware import actor_in
from keyuan.plan import actions
from keyuan.plan.actions import load_starting_plan
from keyuan.plan.models import AnnualPlan
from keyuan.plan.queries.wall import wall_of
from keyuan.plan.rules.conflicts import Run, Span, conflicts, week_of

MONTHS = st.integers(1, 12)
SPANS = st.lists(
    st.builds(
        lambda key, a, b, owner, audience: Span(key, f"活动{key}", min(a, b), max(a, b), f"人{owner}", owner, audience),
        st.integers(1, 50), MONTHS, MONTHS, st.one_of(st.none(), st.integers(1, 3)), st.sampled_from(["", "甲", "乙"]),
    ),
    max_size=8, unique_by=lambda span: span.activity_id,
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(SPANS)
def test_two_activities_conflict_exactly_where_they_are_short_and_share_owner_or_audience_in_a_month(spans):
    said = {(each.kind, frozenset(each.activities)) for each in conflicts(spans, [])}
    meant = set()
    for one in spans:
        for other in spans:
            if one is other or not set(range(one.first, one.last + 1)) & set(
                range(other.first, other.last + 1)
            ):
                continue
            if any(span.last - span.first >= 3 for span in (one, other)):
                continue
            pair = frozenset((one.activity_id, other.activity_id))
            if one.owner_id is not None and one.owner_id == other.owner_id:
                meant.add(("owner", pair))
            if (
                one.audience
                and one.audience == other.audience
                and all(s.last - s.first < 3 for s in (one, other))
            ):
                meant.add(("audience", pair))
    assert said == meant


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 40), st.integers(0, 9), st.integers(0, 40), st.integers(0, 9))
def test_runs_of_two_activities_conflict_exactly_when_they_share_a_week(a, a_days, b, b_days):
    monday = date(2025, 3, 3)
    runs = [
        Run(key, f"班{key}", "/", monday + timedelta(start), monday + timedelta(start + days))
        for key, start, days in ((1, a, a_days), (2, b, b_days))
    ]
    weeks = [
        {week_of(run.starts + timedelta(n)) for n in range((run.ends - run.starts).days + 1)} for run in runs
    ]
    spans = [Span(1, "甲", 1, 1), Span(2, "乙", 12, 12)]
    assert bool(conflicts(spans, runs)) == bool(weeks[0] & weeks[1])


@pytest.fixture
def plan(school) -> AnnualPlan:
    load_starting_plan(school)
    return AnnualPlan.objects.get()


def test_the_wall_puts_each_activity_over_its_months_in_every_grouping(plan, registrar, client_for):
    office = actor_in(registrar)
    one, other, *_rest = plan.activities.order_by("number")
    for activity, months in ((one, (2, 4)), (other, (4, 4))):
        facts = {
            "first_month": months[0],
            "last_month": months[1],
            "owner": registrar.person,
            "budget": Decimal(1),
        }
        actions.set_details(office, activity=activity, facts=facts)
    wall = wall_of(office, plan)
    bar = next(bar for group in wall.groups for bar in group.bars if bar.activity.pk == one.pk)
    assert (bar.before, bar.length, bar.after, bar.conflicts) == (1, 3, 8, 1)
    assert wall.undated == plan.activities.count() - 2
    by_month = {group.title: len(group.bars) for group in wall_of(office, plan, by="month").groups}
    assert (by_month["2月"], by_month["3月"], by_month["4月"]) == (1, 1, 2)
    assert list(by_month)[-1] == "未定时间"
    client = client_for(registrar)
    page = client.get("/plan/2020/wall/", {"by": "lead", "only": "conflict"}).content.decode()
    assert one.name in page
    assert "4月重叠" in page
    assert plan.activities.order_by("-number")[0].name not in page
    book = load_workbook(io.BytesIO(client.get("/plan/2020/wall/export/").content))
    rows = {
        row[1].value: [cell.value for cell in row[4:16]] for row in book.worksheets[0].iter_rows(min_row=4)
    }
    assert [month for month, filled in enumerate(rows[one.name], 1) if filled] == [2, 3, 4]
    assert book.worksheets[1].max_row == 1


def test_a_fuller_year_costs_no_more_queries(plan, registrar, django_assert_max_num_queries):
    office = actor_in(registrar)
    with django_assert_max_num_queries(4):
        wall_of(office, plan)
