"""Two approvers at once: one decision; two submitters: one request."""

from collections.abc import Iterator

import pytest

from keyuan.approvals import actions
from keyuan.approvals.models import Decision, Request
from keyuan.approvals.rules import KINDS
from keyuan.kernel import audit
from keyuan.kernel.access import Forbidden
from keyuan.kernel.faults import Conflict, Fault
from tests.approvals.conftest import KIND, Ground, again, build
from tests.training.test_race import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ground(transactional_db: None) -> Iterator[Ground]:
    yield build()
    KINDS.pop(KIND)


def _pressed(ground: Ground, key: str, request: Request, verdict: str) -> object:
    try:
        actions.decide(
            ground.actor(key),
            request=again(request),
            verdict=actions.verdict(verdict),
            note="演示",
            step_id=request.step_id,
        )
    except Forbidden as late:
        return Conflict(str(late))
    return key


def test_two_leaders_pressing_at_once_are_one_decision(ground: Ground) -> None:
    request = ground.said("head", ground.put(6000), "pass")
    request = ground.said("registrar", request, "pass")
    given = at_once(
        lambda: _pressed(ground, "leader", request, "approve"),
        lambda: _pressed(ground, "leader2", request, "return"),
    )
    assert sum(isinstance(each, Fault) for each in given) == 1
    assert Decision.objects.filter(step_id=request.step_id).count() == 1
    assert len(ground.told) == 1
    assert audit.verify() is None


def test_passing_up_at_once_passes_one_step(ground: Ground) -> None:
    request = ground.put(6000)
    given = at_once(*[lambda: _pressed(ground, "head", request, "pass")] * 4)
    assert sum(isinstance(each, Fault) for each in given) == 3
    assert again(request).step.title == "教务复核"
    assert Decision.objects.count() == 1


def test_a_thing_submitted_at_once_waits_once(ground: Ground) -> None:
    ground.said("head", ground.put(100))
    given = at_once(*[lambda: ground.put(100, number=1)] * 4)
    assert sum(isinstance(each, Fault) for each in given) == 3
    assert Request.objects.filter(state="in_progress").count() == 1
