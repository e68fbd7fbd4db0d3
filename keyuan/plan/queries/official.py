"""The plan as an official text: its annex as it stands, proposals and changes, and where its approval is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keyuan.approvals import queries as approvals
from keyuan.approvals.models import Request
from keyuan.kernel.access import Actor, visible
from keyuan.plan.models import AnnualPlan, KeyActivity, PlanChange, PlanProposal
from keyuan.plan.queries import leads_of, with_leads
from keyuan.plan.rules.official import PLAN


def annex_of(plan: AnnualPlan) -> list[dict[str, Any]]:
    """The annex as the plan stands now, line by line: type, task, number, activity, departments by today's names."""
    rows = with_leads(KeyActivity.objects.filter(plan=plan)).order_by("type__order", "number")
    return [
        {
            "type": row.type.name, "task": row.type.task, "number": row.number, "name": row.name,
            "leads": [str(lead) for lead in leads_of(row)],
        }
        for row in rows
    ]  # fmt: skip


def budget_of(plan: AnnualPlan) -> Decimal:
    """Yuan of all activities together."""
    return sum((row.budget for row in plan.activities.all() if row.budget is not None), Decimal(0))


@dataclass(frozen=True)
class Standing:
    """Where a plan is on its way."""

    proposals: Sequence[PlanProposal]
    changes: Sequence[PlanChange]
    request: Request | None


def standing(actor: Actor, plan: AnnualPlan) -> Standing:
    """What the actor sees of a plan's proposals, changes and last approval."""
    proposals = visible(actor, PlanProposal).filter(plan=plan).select_related("unit", "type", "activity")
    changes = visible(actor, PlanChange).filter(plan=plan).select_related("activity", "unit")
    last = approvals.latest(PLAN, plan)
    seen = last if last is not None and visible(actor, Request).filter(pk=last.pk).exists() else None
    return Standing(list(proposals), list(changes), seen)


def changes_of(actor: Actor, activity: KeyActivity) -> list[PlanChange]:
    """The approved changes of an activity, the newest first."""
    rows = visible(actor, PlanChange).filter(activity=activity, state=PlanChange.State.APPROVED)
    return list(rows.order_by("-seq"))
