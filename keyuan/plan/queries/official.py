"""The plan as an official text: its annex as it stands, proposals and changes, and where its approval is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from keyuan.approvals import queries as approvals
from keyuan.approvals.models import Request
from keyuan.kernel.access import Actor, visible
from keyuan.plan.models import AnnualPlan, KeyActivity, PlanChange, PlanProposal
from keyuan.plan.queries import leads_of, with_leads
from keyuan.plan.rules.official import PLAN

# What somebody still has to act on, and how many of a list stand on the page of the plan's way.
OPEN = (PlanProposal.State.PROPOSED, PlanProposal.State.RETURNED)
FIRST = 20


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
    """Where a plan is on its way: the proposals somebody has to act on, how many there are, the last changes."""

    waiting: Sequence[PlanProposal]
    proposals: int
    changes: Sequence[PlanChange]
    changed: int
    request: Request | None


def proposals_of(actor: Actor, plan: AnnualPlan) -> QuerySet[PlanProposal]:
    """The proposals of a plan that an actor sees, in the order they came."""
    return visible(actor, PlanProposal).filter(plan=plan).select_related("unit", "type", "activity")


def changes_in(actor: Actor, plan: AnnualPlan) -> QuerySet[PlanChange]:
    """The changes of a plan that an actor sees, in the order they came."""
    return visible(actor, PlanChange).filter(plan=plan).select_related("activity", "unit", "type")


def standing(actor: Actor, plan: AnnualPlan) -> Standing:
    """What the actor sees of a plan's proposals, changes and last approval."""
    proposals, changes = proposals_of(actor, plan), changes_in(actor, plan)
    waiting = list(proposals.filter(state__in=OPEN)[:FIRST])
    newest = list(changes.order_by("-pk")[:FIRST])
    last = approvals.latest(PLAN, plan)
    seen = last if last is not None and visible(actor, Request).filter(pk=last.pk).exists() else None
    return Standing(waiting, proposals.count(), newest, changes.count(), seen)


def changes_of(actor: Actor, activity: KeyActivity) -> list[PlanChange]:
    """The approved changes of an activity, the newest first."""
    rows = visible(actor, PlanChange).filter(activity=activity, state=PlanChange.State.APPROVED)
    return list(rows.order_by("-seq"))
