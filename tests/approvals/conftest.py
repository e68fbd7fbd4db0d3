"""A school with a chain of its own: a budget goes to the department's head, then, when large, to a leader."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from keyuan.approvals import actions
from keyuan.approvals.actions import Fact, StepFacts
from keyuan.approvals.models import Request
from keyuan.approvals.rules import KINDS
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Fault
from keyuan.people.roles import Role
from tests import factories
from tests.factories import Academy

KIND = "test.budget"
STEPS = (
    StepFacts("部门负责人审批", "head", days=2),
    StepFacts("教务复核", role="registrar", may_finish=True, fact="amount", test="gt", amount=Decimal(1000)),
    StepFacts("校领导审批", role="leader", fact="amount", test="gt", amount=Decimal(5000)),
)


@dataclass
class Ground:
    """The school, and what the room above was told."""

    academy: Academy
    told: list[tuple[str, int]] = field(default_factory=list)
    refuses: bool = False

    def actor(self, key: str) -> Actor:
        return self.academy.actor(key)

    def put(self, amount: Any = 100, by: str = "keeper", number: int = 0, **more: Any) -> Request:
        """A budget of one of the units, put before the chain by an official."""
        return actions.submit(
            self.actor(by), KIND, about=self.academy.units[number], facts={"amount": amount}, title="演示预算",
            **{"organisation": self.academy.department} | more,
        )  # fmt: skip

    def said(
        self, key: str, request: Request, verdict: Any = "approve", note: str = "", **more: Any
    ) -> Request:
        """A decision; the request as stored afterwards."""
        actions.decide(self.actor(key), request=again(request), verdict=verdict, note=note, **more)
        return again(request)

    def follow(self, name: str) -> Any:
        def note(_actor: Actor, request: Request) -> None:
            if self.refuses:
                raise Fault("预算已过期，请重报。")
            self.told.append((name, request.pk))

        return note


def again(request: Request) -> Request:
    return Request.objects.select_related("step", "chain").get(pk=request.pk)


def build() -> Ground:
    academy = factories.build()
    ground = Ground(academy)
    factories.seat(academy, "leader", Role.LEADER)
    factories.seat(academy, "leader2", Role.LEADER)
    factories.seat(academy, "deputy", Role.HEAD_TEACHER)
    factories.seat(academy, "keeper", Role.HEAD_TEACHER)
    factories.seat(academy, "sysadmin", Role.SYSTEM_ADMIN)
    actions.kind(
        KIND, "演示预算", steps=STEPS, on_approved=ground.follow("approved"), on_returned=ground.follow("returned"),
        on_withdrawn=ground.follow("withdrawn"), link=lambda pk: f"/organisations/?q={pk}",
        facts={"amount": Fact("金额", number=True, unit="元")}, bulk=True,
    )  # fmt: skip
    return ground


@pytest.fixture
def ground(db: None) -> Iterator[Ground]:
    yield build()
    KINDS.pop(KIND)
