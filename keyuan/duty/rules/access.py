"""Who sees which duties, and who plans, proves and waives them."""

from typing import Any

from django.db.models import Q, QuerySet

from keyuan.duty.models import (
    CountingRule,
    Duty,
    DutyClaim,
    DutyPlan,
    DutyRule,
    Exemption,
    Proof,
    Reminder,
    ReminderRule,
)
from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.models import Person
from keyuan.people.roles import EVERYBODY, OFFICE, Role
from keyuan.terms.models import Term

SEERS = (*OFFICE, Role.LIAISON.value)
KEEPERS = (Role.REGISTRAR.value, Role.DEPARTMENT_HEAD.value)


def _sees_school(actor: Actor) -> bool:
    return bool(actor.roles.intersection(("system", *OFFICE)))


@scope(Duty)
def duties_i_see(actor: Actor, rows: QuerySet[Duty]) -> QuerySet[Duty]:
    """The office its school's; a liaison those of the unit; everybody their own."""
    rows = rows.filter(school_id=actor.school_id or 0)
    if _sees_school(actor):
        return rows
    mine = Q(term__holder_id=actor.person_id or 0)
    if Role.LIAISON in actor.roles:
        mine |= Q(term__organisation_id=actor.organisation_id or 0)
    return rows.filter(mine)


def _own_duties(actor: Actor) -> QuerySet[Duty]:
    rows: QuerySet[Duty] = duties_i_see(actor, Duty.objects.order_by())
    return rows


@scope(DutyPlan)
def plans_i_see(actor: Actor, rows: QuerySet[DutyPlan]) -> QuerySet[DutyPlan]:
    """As the duty."""
    return rows.filter(duty__in=_own_duties(actor))


@scope(DutyClaim)
def claims_i_see(actor: Actor, rows: QuerySet[DutyClaim]) -> QuerySet[DutyClaim]:
    """As the duty."""
    return rows.filter(duty__in=_own_duties(actor))


@scope(Proof)
def proofs_i_see(actor: Actor, rows: QuerySet[Proof]) -> QuerySet[Proof]:
    """As the duty."""
    return rows.filter(duty__in=_own_duties(actor))


@scope(Exemption)
def exemptions_i_see(actor: Actor, rows: QuerySet[Exemption]) -> QuerySet[Exemption]:
    """As the duty."""
    return rows.filter(duty__in=_own_duties(actor))


@scope(Reminder)
def reminders_i_see(actor: Actor, rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """As the duty."""
    return rows.filter(duty__in=_own_duties(actor))


@scope(DutyRule)
def duty_rules_i_see(actor: Actor, rows: QuerySet[DutyRule]) -> QuerySet[DutyRule]:
    """What posts owe is no secret inside the school."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(CountingRule)
def counting_rules_i_see(actor: Actor, rows: QuerySet[CountingRule]) -> QuerySet[CountingRule]:
    """What counts is no secret inside the school."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(ReminderRule)
def reminder_rules_i_see(actor: Actor, rows: QuerySet[ReminderRule]) -> QuerySet[ReminderRule]:
    """When people are reminded is no secret inside the school."""
    return rows.filter(school_id=actor.school_id or 0)


def _own_school(actor: Actor, thing: Any) -> bool:
    return actor.school_id is not None and (thing is None or bool(thing.school_id == actor.school_id))


def _about(actor: Actor, thing: Any) -> bool:
    """Whether a person's seat reaches a duty or term: the unit's liaison, or the holder."""
    term: Term = thing.term if isinstance(thing, Duty) else thing
    unit = Role.LIAISON in actor.roles and term.organisation_id == actor.organisation_id
    return unit or (actor.person_id is not None and term.holder_id == actor.person_id)


@rule("duty.see", title="查看听一课讲一课", roles=SEERS, limits="本校；联络员限本单位")
def may_see(actor: Actor, thing: Any) -> bool:
    """The office, of every term of the school; a liaison of the own unit."""
    if not _own_school(actor, thing):
        return False
    return thing is None or _sees_school(actor) or _about(actor, thing)


@rule("duty.person", title="查看个人听课讲课职责", roles=EVERYBODY, limits="本校；联络员限本单位，其余限本人")
def may_see_person(actor: Actor, thing: Any) -> bool:
    """The office anybody of the school; a liaison who serves in the unit; everybody themselves."""
    if not _own_school(actor, thing):
        return False
    if thing is None or _sees_school(actor):
        return True
    if isinstance(thing, Person) and thing.pk != actor.person_id:
        unit = actor.organisation_id or 0
        return (
            Role.LIAISON in actor.roles
            and Duty.objects.filter(term__holder_id=thing.pk, term__organisation_id=unit).exists()
        )
    return isinstance(thing, Person) or _about(actor, thing)


@rule("duty.keep", title="安排、认定和免除听课讲课职责", roles=KEEPERS, limits="本校")
def may_keep(actor: Actor, thing: Any) -> bool:
    """The registrar and the heads of departments, of every term of the school."""
    return _own_school(actor, thing)


@rule("duty.claim", title="提交听课讲课举证", roles=EVERYBODY, limits="本校；联络员限本单位，其余限本人")
def may_claim(actor: Actor, thing: Any) -> bool:
    """Who holds the term, the unit's liaison, and who keeps duties."""
    if not _own_school(actor, thing):
        return False
    return thing is None or bool(actor.roles.intersection(("system", *KEEPERS))) or _about(actor, thing)


@rule("duty.answer", title="答复听课讲课安排", roles=EVERYBODY, limits="本校；联络员限本单位，其余限本人")
def may_answer(actor: Actor, thing: Any) -> bool:
    """As a claim: the holder, or for the holder the liaison or the office."""
    return may_claim(actor, thing)


@rule("duty.export", title="导出听一课讲一课一览", roles=SEERS, limits="本校；联络员限本单位")
def may_export(_actor: Actor, _thing: Any) -> bool:
    """The duties one sees anyway."""
    return True


@rule("duty.rules", title="维护听课讲课规定", roles=(Role.REGISTRAR,), limits="本校")
def may_lay_down(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school."""
    return _own_school(actor, thing)


@rule("duty.invite", title="制发听课讲课邀请函", roles=(Role.REGISTRAR,), limits="本校")
def may_invite(actor: Actor, thing: Any) -> bool:
    """The registrar, who issues papers, in the own school."""
    return _own_school(actor, thing)
