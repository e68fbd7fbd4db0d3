"""Thresholds pure, and chains walked at random: what is approved was approved by enough different people."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.approvals import actions, queries
from keyuan.approvals.actions import StepFacts
from keyuan.approvals.models import Request, Step
from keyuan.approvals.rules import APPROVERS, applicable, next_step
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Fault
from tests.approvals.conftest import KIND, Ground, again

AMOUNTS = st.decimals(min_value=-10, max_value=10, places=2)
TESTS = {"gt": Decimal.__gt__, "ge": Decimal.__ge__, "lt": Decimal.__lt__, "le": Decimal.__le__}


@given(figure=AMOUNTS, rows=st.lists(st.tuples(st.sampled_from(sorted(TESTS)), AMOUNTS), max_size=6))
def test_the_steps_passed_are_those_whose_comparison_holds(
    figure: Decimal, rows: list[tuple[str, Decimal]]
) -> None:
    steps = [
        Step(order=n, title=f"{n}", fact="x", test=test, amount=amount)
        for n, (test, amount) in enumerate(rows)
    ]
    steps.append(Step(order=99, title="末"))
    facts = {"x": str(figure)}
    wanted = [n for n, (test, amount) in enumerate(rows) if TESTS[test](figure, amount)]
    assert [step.order for step in applicable(steps, facts)] == [*wanted, 99]
    walked, step = [], next_step(steps, facts, Step(order=-1))
    while step is not None:
        walked.append(step.order)
        step = next_step(steps, facts, step)
    assert walked == [*wanted, 99]


@pytest.mark.parametrize("value", [None, "", "很多", "1e"])
def test_a_figure_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(Fault, match="请补全"):
        applicable([Step(order=1, fact="x", test="gt", amount=Decimal(1))], {"x": value})


KEYS = ("head", "registrar", "leader", "leader2", "deputy", "keeper", "liaison", "sysadmin")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    roles=st.lists(st.sampled_from(APPROVERS), min_size=1, max_size=4), distinct=st.booleans(),
    ends=st.booleans(), presses=st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(("approve", "pass"))), max_size=12),
)  # fmt: skip
def test_whoever_presses_whatever_nothing_is_approved_by_too_few(
    ground: Ground,
    roles: list[str],
    distinct: bool,  # noqa: FBT001 - drawn
    ends: bool,  # noqa: FBT001 - drawn
    presses: list[tuple[str, Any]],
) -> None:
    with transaction.atomic():
        steps = [
            StepFacts(f"第{n}步", role=role, distinct=distinct, may_finish=ends)
            for n, role in enumerate(roles)
        ]
        actions.set_chain(ground.actor("registrar"), kind=KIND, starts=again_day(), steps=steps)
        request = ground.put(100)
        for key, verdict in presses:
            open_before = queries.waiting(ground.actor(key)).filter(pk=request.pk).exists()
            try:
                with transaction.atomic():
                    ground.said(key, request, verdict)
            except (Forbidden, Fault):
                continue
            assert open_before, "whoever decides had it in the inbox"
        request = again(request)
        said = list(request.decisions.all())
        people = [row.person_id for row in said]
        assert request.submitted_by_id not in people
        assert not distinct or len(people) == len(set(people))
        if request.state == Request.State.APPROVED:
            assert [row.verdict for row in said] == ["passed"] * (len(said) - 1) + ["approved"]
            assert ends or len(said) == len(roles)
        else:
            assert len(said) < len(roles)
        transaction.set_rollback(True)


def again_day() -> Any:
    from django.utils import timezone

    return timezone.localdate()
