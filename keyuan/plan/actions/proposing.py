"""Departments ask activities into a plan; the office takes them in, together if they are one, or sends them back."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from keyuan.kernel import audit, search
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.orgs.models import Organisation
from keyuan.plan import flows
from keyuan.plan.actions.importing import set_leads
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity, PlanProposal
from keyuan.plan.queries import leads_of
from keyuan.plan.rules.official import refuse_unless_draft
from keyuan.plan.rules.wording import clean

audit.sentence("plan.proposed", "申报活动“{name}”")
audit.sentence("plan.joined", "由申报列入，牵头部门：{leads}")


@dataclass(frozen=True)
class Wish:
    """What a department asks for."""

    type: ActivityType
    name: str
    reason: str


def _check(plan: AnnualPlan, unit: Organisation, wish: Wish) -> str:
    name = clean(wish.name)
    if not name:
        raise Fault(_("请填写活动名称。"), "name")
    if not wish.reason.strip():
        raise Fault(_("请填写申报理由。"), "reason")
    if wish.type.plan_id != plan.pk:
        raise Fault(_("主要类型须属于本年度计划。"), "type")
    if unit.school_id != plan.school_id:
        raise Fault(_("申报部门须是本校单位名单中的单位。"), "unit")
    refuse_unless_draft(plan)
    return name


@transaction.atomic
def propose(actor: Actor, *, plan: AnnualPlan, unit: Organisation, wish: Wish) -> PlanProposal:
    """Ask an activity into a draft plan; Fault for empty words, a foreign type or unit, a plan under way."""
    made = PlanProposal(
        plan=plan, unit=unit, type=wish.type, name=_check(plan, unit, wish), reason=wish.reason.strip()[:600],
        by_id=actor.person_id,
    )  # fmt: skip
    require(actor, "plan.propose", made)
    made.save()
    audit.record(actor, "plan.proposed", made, name=made.name)
    return made


def _locked(proposal: PlanProposal) -> PlanProposal:
    rows = PlanProposal.objects.select_for_update(of=("self",)).select_related("plan", "unit", "type")
    return rows.get(pk=proposal.pk)


@transaction.atomic
def propose_again(actor: Actor, *, proposal: PlanProposal, wish: Wish) -> PlanProposal:
    """Hand a returned proposal in again with what was mended."""
    held = _locked(proposal)
    require(actor, "plan.propose", held)
    held.name = _check(held.plan, held.unit, wish)
    flows.PROPOSAL.move(held, "resubmit", actor=actor)
    held.type, held.reason, held.note = wish.type, wish.reason.strip()[:600], ""
    held.save(update_fields=["name", "type", "reason", "note"])
    return held


@transaction.atomic
def return_proposal(actor: Actor, *, proposal: PlanProposal, note: str) -> None:
    """Send a proposal back with the reason."""
    flows.PROPOSAL.move(_locked(proposal), "return", actor=actor, note=note)


@transaction.atomic
def withdraw_proposal(actor: Actor, *, proposal: PlanProposal) -> None:
    """The department gives its proposal up."""
    flows.PROPOSAL.move(_locked(proposal), "withdraw", actor=actor)


@transaction.atomic
def accept_proposal(actor: Actor, *, proposal: PlanProposal, into: KeyActivity | None = None) -> KeyActivity:
    """Take a proposal in as a new activity, or merge it into one of the plan, which its department then leads too.

    Raises Fault for an activity of another plan, a name that stands already, or a plan under way.
    """
    held = _locked(proposal)
    require(actor, "plan.bring", held)
    plan = AnnualPlan.objects.select_for_update().get(pk=held.plan_id)
    refuse_unless_draft(plan)
    activity = into or new_activity(plan, held.type, held.name)
    if activity.plan_id != plan.pk:
        raise Fault(_("请选择本年度计划中的活动。"), "into")
    leads = leads_of(activity)
    if held.unit_id not in {lead.pk for lead in leads}:
        leads.append(held.unit)
        set_leads(activity, leads)
    PlanProposal.objects.filter(pk=held.pk).update(activity=activity)
    flows.PROPOSAL.move(held, "accept", actor=actor)
    audit.record(actor, "plan.joined", activity, leads="、".join(map(str, leads)))
    return activity


def new_activity(plan: AnnualPlan, kind: ActivityType, name: str) -> KeyActivity:
    """An activity after the plan's last; the caller holds the plan. Raises Fault for a name that stands already."""
    if plan.activities.filter(name=name).exists():
        raise Fault(_("本年度计划中已有同名的重点活动，可并入该项。"), "into")
    last = plan.activities.aggregate(last=Max("number"))["last"] or 0
    activity = KeyActivity.objects.create(plan=plan, type=kind, number=last + 1, name=name)
    search.refresh(activity)
    return activity
