"""Which steps of a chain a request passes, from its frozen facts alone."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from operator import ge, gt, le, lt
from typing import Any

from django.utils.translation import gettext as _

from keyuan.approvals.models import Step
from keyuan.kernel.faults import Fault

TESTS: dict[str, Callable[[Decimal, Decimal], bool]] = {"gt": gt, "ge": ge, "lt": lt, "le": le}


def figure(facts: Mapping[str, Any], name: str) -> Decimal:
    """A figure of the request. Raises Fault when it is missing or no figure."""
    try:
        return Decimal(str(facts[name]))
    except (KeyError, InvalidOperation) as missing:
        raise Fault(
            _("审批链按“%(name)s”分级，但送审内容里没有这个数，请补全后再提交。") % {"name": name}
        ) from missing


def applies(step: Step, facts: Mapping[str, Any]) -> bool:
    """Whether a step is passed: always without a condition, else when its figure meets the amount."""
    if not step.fact or step.amount is None:
        return True
    return TESTS[step.test](figure(facts, step.fact), step.amount)


def applicable(steps: Iterable[Step], facts: Mapping[str, Any]) -> list[Step]:
    """The steps these facts pass, in order."""
    return [step for step in sorted(steps, key=lambda step: step.order) if applies(step, facts)]


def next_step(steps: Iterable[Step], facts: Mapping[str, Any], after: Step) -> Step | None:
    """The step that follows, or None at the end of the chain."""
    return next((step for step in applicable(steps, facts) if step.order > after.order), None)
