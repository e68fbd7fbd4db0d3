"""Who sees which request, and who may decide, withdraw, delegate and lay down chains."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from keyuan.approvals.models import Chain, Decision, Delegation, Request, Step
from keyuan.approvals.rules.kinds import KINDS
from keyuan.approvals.rules.places import APPROVERS as APPROVERS
from keyuan.approvals.rules.places import in_whose_place, waiting_for
from keyuan.approvals.rules.steps import next_step
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import EVERYBODY, Role

KEEPERS = (Role.REGISTRAR.value, Role.SYSTEM_ADMIN.value)


@scope(Request)
def requests_i_see(actor: Actor, rows: QuerySet[Request]) -> QuerySet[Request]:
    """Registrar and leader their school's; a head the department's; others what they sent, decided or shall decide."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if actor.roles.intersection({"system", Role.REGISTRAR, Role.LEADER}):
        return rows
    me = actor.person_id or 0
    said = Decision.objects.filter(request=OuterRef("pk")).filter(Q(person_id=me) | Q(on_behalf_of_id=me))
    mine = Q(submitted_by_id=me) | Q(Exists(said)) | waiting_for(actor)
    if Role.DEPARTMENT_HEAD in actor.roles and actor.organisation_id:
        mine |= Q(organisation_id=actor.organisation_id)
    for found in KINDS.values():
        if found.may_see is not None:
            mine |= Q(kind=found.key, about_id__in=found.may_see(actor))
    return rows.filter(mine)


@scope(Decision)
def decisions_i_see(actor: Actor, rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """With the request they belong to."""
    return rows.filter(request__in=requests_i_see(actor, Request.objects.all()))


@scope(Delegation)
def delegations_i_see(actor: Actor, rows: QuerySet[Delegation]) -> QuerySet[Delegation]:
    """One's own, given and taken; the registrar all of the school."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if actor.roles.intersection({"system", Role.REGISTRAR}):
        return rows
    return rows.filter(Q(principal_id=actor.person_id or 0) | Q(delegate_id=actor.person_id or 0))


@scope(Chain)
def chains_i_see(actor: Actor, rows: QuerySet[Chain]) -> QuerySet[Chain]:
    """Who decides what is no secret among those who submit and decide, nor to those who keep the tables."""
    if not actor.roles.intersection({"system", *APPROVERS, *KEEPERS}):
        return rows.none()
    return rows.filter(school_id=actor.school_id or 0)


@scope(Step)
def steps_i_see(actor: Actor, rows: QuerySet[Step]) -> QuerySet[Step]:
    """With the chain they belong to."""
    return rows.filter(chain__in=chains_i_see(actor, Chain.objects.all()))


def _waits_for(actor: Actor, request: Request | None) -> bool:
    if request is None:
        return True
    return request.state == Request.State.IN_PROGRESS and in_whose_place(actor, request) is not None


def _follows(request: Request) -> Step | None:
    return next_step(request.chain.steps.all(), request.facts, request.step)


@rule("approvals.submit", title="提交审批", roles=EVERYBODY, limits="本校")
def may_submit(actor: Actor, request: Request | None) -> bool:
    """Whoever the room that owns the thing lets, in the own school."""
    return request is None or request.school_id == actor.school_id


@rule("approvals.decide", title="审批", roles=APPROVERS, limits="本校；限当前步骤；提交人除外")
def may_decide(actor: Actor, request: Request | None) -> bool:
    """Whom the step asks, or who stands in for them; never the submitter, nor a second time where persons differ."""
    return _waits_for(actor, request)


@rule("approvals.pass", title="同意并报下一步", roles=APPROVERS, limits="本校；限当前步骤；提交人除外")
def may_pass(actor: Actor, request: Request | None) -> bool:
    """As deciding, where another step follows."""
    return request is None or (_waits_for(actor, request) and _follows(request) is not None)


@rule("approvals.finish", title="终审批准", roles=APPROVERS, limits="本校；限终审步骤；提交人除外")
def may_finish(actor: Actor, request: Request | None) -> bool:
    """As deciding, at the last step or where the step may end the chain."""
    return request is None or (
        _waits_for(actor, request) and (request.step.may_finish or _follows(request) is None)
    )


@rule("approvals.withdraw", title="撤回审批单", roles=EVERYBODY, limits="本人提交的审批单；教务限本校")
def may_withdraw(actor: Actor, request: Request | None) -> bool:
    """The submitter, or the registrar of the school when something is stuck."""
    if request is None:
        return True
    if request.school_id != actor.school_id:
        return False
    keeps = actor.roles.intersection({"system", Role.REGISTRAR})
    return bool(keeps) or (actor.person_id is not None and actor.person_id == request.submitted_by_id)


@rule("approvals.chains", title="维护审批链", roles=KEEPERS, limits="本校")
def may_keep_chains(actor: Actor, school_id: Any) -> bool:
    """The registrar and system administration, in the own school."""
    return actor.school_id is not None and school_id in {None, actor.school_id}


@rule("approvals.delegate", title="委托审批", roles=APPROVERS, limits="本人的审批事项")
def may_delegate(actor: Actor, delegation: Delegation | None) -> bool:
    """One's own approvals only."""
    return delegation is None or (
        delegation.principal_id == actor.person_id and delegation.school_id == actor.school_id
    )


@rule("approvals.export", title="导出审批意见", roles=APPROVERS, limits="本人可见的审批意见")
def may_export(_actor: Actor, _thing: None) -> bool:
    """The decisions one sees anyway."""
    return True
