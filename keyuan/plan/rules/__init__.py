"""Who sees the plan, who keeps it, and what upper rooms say against the removal of an activity."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from keyuan.kernel.access import Actor, rule, scope
from keyuan.plan.models import (
    ActivityLead,
    ActivitySeries,
    ActivityType,
    AnnualPlan,
    KeyActivity,
    Lesson,
    Milestone,
)

# A room that hangs its own rows on an activity says why it cannot go; an empty sentence means no objection.
RemovalCheck = Callable[[KeyActivity], str]
REMOVAL_CHECKS: list[RemovalCheck] = []


def removal_check(function: RemovalCheck) -> RemovalCheck:
    """Register a room's objection to removing an activity: a Chinese reason, or ""."""
    REMOVAL_CHECKS.append(function)
    return function


def objection_to_removal(activity: KeyActivity) -> str:
    """The first reason why the activity must stay; empty when it may go."""
    return next((reason for check in REMOVAL_CHECKS if (reason := check(activity))), "")


@scope(AnnualPlan)
def plans_i_see(actor: Actor, rows: QuerySet[AnnualPlan]) -> QuerySet[AnnualPlan]:
    """The plans of one's own school: the notice goes to every unit, so no seat is kept from it."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(ActivityType)
def types_i_see(actor: Actor, rows: QuerySet[ActivityType]) -> QuerySet[ActivityType]:
    """As the plan."""
    return rows.filter(plan__school_id=actor.school_id or 0)


@scope(KeyActivity)
def activities_i_see(actor: Actor, rows: QuerySet[KeyActivity]) -> QuerySet[KeyActivity]:
    """As the plan."""
    return rows.filter(plan__school_id=actor.school_id or 0)


@scope(ActivityLead)
def leads_i_see(actor: Actor, rows: QuerySet[ActivityLead]) -> QuerySet[ActivityLead]:
    """As the plan."""
    return rows.filter(activity__plan__school_id=actor.school_id or 0)


@scope(ActivitySeries)
def series_i_see(actor: Actor, rows: QuerySet[ActivitySeries]) -> QuerySet[ActivitySeries]:
    """As the plan."""
    return rows.filter(school_id=actor.school_id or 0)


@scope(Milestone)
def milestones_i_see(actor: Actor, rows: QuerySet[Milestone]) -> QuerySet[Milestone]:
    """The office and those who lead the activity: how work stands is no part of the notice to units."""
    return _followed(actor, rows)


@scope(Lesson)
def lessons_i_see(actor: Actor, rows: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """As milestones."""
    return _followed(actor, rows)


def _followed(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    rows = rows.filter(activity__plan__school_id=actor.school_id or 0)
    if actor.roles.intersection({"registrar", "leader"}):
        return rows
    if "department_head" in actor.roles:
        return rows.filter(activity__leads__organisation=actor.organisation_id or 0)
    return rows.none()


def _school_of(thing: Any) -> int | None:
    """The school of a school, plan or activity."""
    found: int | None
    if isinstance(thing, KeyActivity):
        found = thing.plan.school_id
    elif isinstance(thing, AnnualPlan):
        found = thing.school_id
    else:
        found = thing.pk
    return found


@rule("plan.import", title="导入年度计划", roles=("registrar",), limits="本校")
def may_import(actor: Actor, thing: Any) -> bool:
    """The registrar for the own school; the system when it loads the starting plan."""
    return actor.school_id is not None and (thing is None or _school_of(thing) == actor.school_id)


@rule("plan.edit", title="修改重点活动", roles=("registrar",), limits="本校")
def may_edit(actor: Actor, thing: Any) -> bool:
    """The registrar, in the own school's plan."""
    return may_import(actor, thing)


@rule(
    "plan.follow",
    title="跟进重点活动",
    roles=("registrar", "department_head"),
    limits="本校；部门负责人限本部门牵头",
)
def may_follow(actor: Actor, thing: Any) -> bool:
    """Milestones and lessons: the registrar, and the head of a department that leads the activity."""
    if "registrar" in actor.roles:
        return may_import(actor, thing)
    if not isinstance(thing, KeyActivity) or _school_of(thing) != actor.school_id:
        return thing is None
    return any(lead.organisation_id == actor.organisation_id for lead in thing.leads.all())
