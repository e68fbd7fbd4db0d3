"""Budgets and settlements before their approval chains: what follows each word said there."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.approvals import actions as approvals
from keyuan.approvals import queries as approval_queries
from keyuan.approvals.actions import Fact, StepFacts
from keyuan.approvals.models import Request
from keyuan.fees import flows
from keyuan.fees.actions.budgets import held_budget, keep_version
from keyuan.fees.actions.settling import held_settlement
from keyuan.fees.models import Budget, Settlement
from keyuan.fees.rules.approving import BUDGET, KINDS, SETTLEMENT
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.faults import Conflict
from keyuan.people.roles import Role

_FACTS = {
    "total": Fact(gettext_lazy("总额"), number=True, unit=gettext_lazy(" 元")),
    "places": Fact(gettext_lazy("学员人数"), number=True, unit=gettext_lazy(" 人")),
    "staff": Fact(gettext_lazy("工作人员"), number=True, unit=gettext_lazy(" 人")),
    "days": Fact(gettext_lazy("天数"), number=True, unit=gettext_lazy(" 天")),
    "explanation": Fact(gettext_lazy("超标说明")),
}
# 经办、审核、审批 by three persons, as the finance rules of public bodies ask.
_STEPS = (
    StepFacts("部门审核", "head", days=3),
    StepFacts("校领导审批", role=Role.LEADER.value, days=3),
)


def _budget_follows(move: str) -> Callable[[Actor, Request], None]:
    def follow(actor: Actor, request: Request) -> None:
        held = held_budget(request.about_id)
        if move == "approve":
            flows.sign_approval(held, actor)
        flows.BUDGET.move(held, move, actor=actor, note=request.note)
        if move == "approve":
            keep_version(held, actor, flows.BUDGET.moves[move].word)

    return follow


def _settlement_follows(move: str) -> Callable[[Actor, Request], None]:
    def follow(actor: Actor, request: Request) -> None:
        held = held_settlement(request.about_id)
        if move == "approve":
            flows.sign_approval(held, actor)
        flows.SETTLEMENT.move(held, move, actor=actor, note=request.note)

    return follow


def _budgets(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Budget).values("pk")


def _settlements(actor: Actor) -> QuerySet[Any]:
    return visible(actor, Settlement).values("pk")


approvals.kind(
    BUDGET, gettext_lazy("预算审批"), steps=_STEPS, on_approved=_budget_follows("approve"),
    on_returned=_budget_follows("return"), on_withdrawn=_budget_follows("recall"),
    on_passed=_budget_follows("check"), may_see=_budgets, facts=_FACTS,
    link=lambda pk: f"/classes/{Budget.objects.values_list('training_class_id', flat=True).get(pk=pk)}/fees/",
)  # fmt: skip
approvals.kind(
    SETTLEMENT, gettext_lazy("决算审批"), steps=_STEPS, on_approved=_settlement_follows("approve"),
    on_returned=_settlement_follows("return"), on_withdrawn=_settlement_follows("recall"),
    on_passed=_settlement_follows("check"), may_see=_settlements, facts=_FACTS,
    link=lambda pk: f"/classes/{Settlement.objects.values_list('budget__training_class_id', flat=True).get(pk=pk)}"
    "/fees/settlement/",
)  # fmt: skip


def decide_paper(actor: Actor, *, paper: Budget | Settlement, note: str = "", verdict: str = "") -> None:
    """Say the actor's word at the step the paper's approval stands at; without a `verdict` it is yes."""
    waiting = approval_queries.open_request(KINDS, paper)
    if waiting is None:
        raise Conflict(_("这份预算或决算现在不在审批中，请刷新后再看。"))
    if verdict:
        approvals.decide(actor, request=waiting, verdict=approvals.verdict(verdict), note=note)
    else:
        approvals.agree(actor, request=waiting, note=note)
