"""Who sees coverage, and who keeps requirements, lists and exemptions."""

from typing import Any

from django.db.models import QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.people.roles import EVERYBODY, OFFICE, Role
from keyuan.rotation.models import (
    ClassSort,
    CohortLabel,
    CohortMember,
    Exemption,
    ListedPerson,
    QuotaDraw,
    Regime,
    RegimeVersion,
    Reminder,
    Requirement,
    RequirementGroup,
)

SEERS = (*OFFICE, Role.LIAISON.value)


def _sees_school(actor: Actor) -> bool:
    return bool(actor.roles.intersection(("system", *OFFICE)))


@scope(Requirement)
@scope(Regime)
@scope(CohortLabel)
def laid_down(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """What is asked of whom is no secret inside the school."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(RegimeVersion)
def figures(actor: Actor, rows: QuerySet[RegimeVersion]) -> QuerySet[RegimeVersion]:
    """With their regime."""
    return rows.filter(regime__school_id=actor.school_id or 0)


@scope(RequirementGroup)
def groups(actor: Actor, rows: QuerySet[RequirementGroup]) -> QuerySet[RequirementGroup]:
    """With their requirement."""
    return rows.filter(requirement__school_id=actor.school_id or 0)


def _of_person(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The office all; a liaison the own unit's people; everybody their own."""
    if _sees_school(actor):
        return rows
    if Role.LIAISON in actor.roles and actor.organisation_id:
        return rows.filter(person__organisation_id=actor.organisation_id)
    return rows.filter(person_id=actor.person_id or 0)


@scope(CohortMember)
def members_i_see(actor: Actor, rows: QuerySet[CohortMember]) -> QuerySet[CohortMember]:
    """As far as the persons."""
    return _of_person(actor, rows.filter(label__school_id=actor.school_id or 0))


@scope(ListedPerson)
@scope(Exemption)
def named_i_see(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """As far as the persons."""
    return _of_person(actor, rows.filter(requirement__school_id=actor.school_id or 0))


@scope(Reminder)
def reminders_i_see(actor: Actor, rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    """The office all; a liaison those to the unit."""
    rows = rows.filter(requirement__school_id=actor.school_id or 0)
    return rows if _sees_school(actor) else rows.filter(organisation_id=actor.organisation_id or 0)


@scope(QuotaDraw)
def draws_i_see(actor: Actor, rows: QuerySet[QuotaDraw]) -> QuerySet[QuotaDraw]:
    """The office its school's."""
    return rows.filter(school_id=actor.school_id or 0) if _sees_school(actor) else rows.none()


@scope(ClassSort)
def sorts_i_see(actor: Actor, rows: QuerySet[ClassSort]) -> QuerySet[ClassSort]:
    """To what the hours of a class count is no secret inside the school."""
    return rows.filter(training_class__school_id=actor.school_id or 0)


def _own_school(actor: Actor, thing: Any) -> bool:
    return actor.school_id is not None and (thing is None or bool(thing.school_id == actor.school_id))


@rule("rotation.see", title="查看轮训调训情况", roles=SEERS, limits="本校；联络员限本单位")
def may_see(actor: Actor, thing: Any) -> bool:
    """The office, of the whole school; a liaison of the unit's own people."""
    return _own_school(actor, thing)


@rule("rotation.export", title="导出轮训调训情况", roles=SEERS, limits="本校；联络员限本单位")
def may_export(actor: Actor, thing: Any) -> bool:
    """What one sees anyway."""
    return _own_school(actor, thing)


@rule("rotation.keep", title="设定轮训调训要求、名单和免训", roles=(Role.REGISTRAR,), limits="本校")
def may_keep(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school."""
    return _own_school(actor, thing)


@rule("rotation.draw", title="把应训名单转为班次名额", roles=(Role.REGISTRAR,), limits="本校")
def may_draw(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school; the class asks its own right besides."""
    return _own_school(actor, thing)


@rule("rotation.remind", title="提醒联络员应训人员", roles=(Role.REGISTRAR,), limits="本校")
def may_remind(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school."""
    return _own_school(actor, thing)


@rule("rotation.mine", title="查看本人应训情况", roles=EVERYBODY, limits="本人")
def may_see_own(actor: Actor, thing: Any) -> bool:
    """Everybody, of oneself."""
    return actor.person_id is not None
