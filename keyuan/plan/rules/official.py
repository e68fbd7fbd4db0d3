"""Who proposes, brings a plan to its issue and changes it afterwards, and who sees what of this."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keyuan.approvals import queries as approvals
from keyuan.approvals.rules import APPROVERS
from keyuan.kernel.access import Actor, rule, scope
from keyuan.kernel.faults import Fault
from keyuan.people.roles import OFFICE
from keyuan.plan.models import AnnualPlan, PlanChange, PlanProposal

PLAN, CHANGE = "plan.annual", "plan.change"


@scope(PlanProposal)
def proposals_i_see(actor: Actor, rows: QuerySet[PlanProposal]) -> QuerySet[PlanProposal]:
    """All of the school for the registrar and the leader; a department's own for its head."""
    rows = rows.filter(plan__school_id=actor.school_id or 0)
    if actor.roles.intersection(("registrar", "leader")):
        return rows
    if "department_head" in actor.roles:
        return rows.filter(unit_id=actor.organisation_id or 0)
    return rows.none()


@scope(PlanChange)
def changes_i_see(actor: Actor, rows: QuerySet[PlanChange]) -> QuerySet[PlanChange]:
    """Approved ones are as public as the plan; those on their way are the office's."""
    rows = rows.filter(plan__school_id=actor.school_id or 0)
    return rows if actor.roles.intersection(OFFICE) else rows.filter(state="approved")


def _plan_of(thing: AnnualPlan | PlanProposal | PlanChange) -> AnnualPlan:
    return thing if isinstance(thing, AnnualPlan) else thing.plan


@rule(
    "plan.propose",
    title="申报年度重点活动",
    roles=("registrar", "department_head"),
    limits="本校；部门负责人限本部门申报的",
)
def may_propose(actor: Actor, thing: Any) -> bool:
    """The head for the own department; the registrar for any department of the school."""
    if actor.school_id is None or thing is None:
        return actor.school_id is not None
    if _plan_of(thing).school_id != actor.school_id:
        return False
    if "registrar" in actor.roles or isinstance(thing, AnnualPlan):
        return True
    return isinstance(thing, PlanProposal) and thing.unit_id == actor.organisation_id


@rule("plan.bring", title="汇总、提交和印发年度计划", roles=("registrar",), limits="本校")
def may_bring(actor: Actor, thing: Any) -> bool:
    """The registrar of the school."""
    return actor.school_id is not None and (thing is None or _plan_of(thing).school_id == actor.school_id)


@rule(
    "plan.decided",
    title="按审批结果办理年度计划和变更",
    roles=APPROVERS,
    limits="本校；限审批链当前步骤的审批人",
)
def may_follow_decision(actor: Actor, thing: Any) -> bool:
    """Whoever said a word in the approval of the plan or change; who that is, `approvals` knows."""
    if thing is None:
        return True
    request = approvals.latest((PLAN, CHANGE), thing)
    return may_bring(actor, thing) and request is not None and request.decisions.exists()


def refuse_unless_draft(plan: AnnualPlan) -> None:
    """Names and leads of a plan stand from its submission on; raises Fault saying what to do instead."""
    if plan.state == AnnualPlan.State.DRAFT:
        return
    if plan.state in (AnnualPlan.State.ISSUED, AnnualPlan.State.FILED):
        raise Fault(_("计划已印发，名称和牵头部门不能直接修改，请在“编制和印发”中提出临时计划变更。"))
    raise Fault(_("计划正在审批或等待印发，不能修改；确需修改请先撤回审批。"))
