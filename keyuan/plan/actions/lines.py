"""The line of an activity through the years: linked by hand, and carried over when a year begins."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from keyuan.kernel import audit, search
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import School
from keyuan.plan.models import ActivityLead, ActivitySeries, ActivityType, AnnualPlan, KeyActivity
from keyuan.plan.queries import leads_of, with_leads

CARRIED = ("number", "name", "series", "first_month", "last_month", "owner", "budget", "audience")

audit.sentence("plan.line.linked", "认定为 {year} 年“{before}”的延续：{reason}")
audit.sentence("plan.line.unlinked", "不再作为 {year} 年“{before}”的延续：{reason}")
audit.sentence("plan.begun", "以 {before} 年度计划为底稿建立，沿用 {count} 项重点活动")


@transaction.atomic
def link(actor: Actor, *, activity: KeyActivity, earlier: KeyActivity, reason: str) -> ActivitySeries:
    """Say that an activity goes on with one of another year, under whatever name: both stand in one line.

    Raises Fault (same year, another school, no reason) or Conflict (a year of the line is taken already).
    """
    require(actor, "plan.edit", activity)
    require(actor, "plan.edit", earlier)
    if not reason.strip():
        raise Fault(_("请写明依据，如更名文件。"), "reason")
    if activity.plan_id == earlier.plan_id:
        raise Fault(_("同一年度的两项活动不能连成一条沿革。"), "earlier")
    rows = KeyActivity.objects.select_for_update().filter(pk__in=(activity.pk, earlier.pk)).order_by("pk")
    locked = {row.pk: row for row in rows}
    mine, other = locked[activity.pk], locked[earlier.pk]
    series = other.series or mine.series or ActivitySeries.objects.create(school_id=actor.school_id or 0)
    joined = KeyActivity.objects.filter(series__in=[one for one in (mine.series_id, other.series_id) if one])
    years = [
        *joined.exclude(pk__in=locked).values_list("plan__year", flat=True),
        activity.plan.year,
        earlier.plan.year,
    ]
    if len(years) != len(set(years)):
        raise Conflict(_("这条沿革在同一年度已有另一项活动，请先解除原来的认定。"))
    joined.update(series=series)
    KeyActivity.objects.filter(pk__in=locked).update(series=series)
    told = {"year": earlier.plan.year, "before": earlier.name, "reason": reason.strip()}
    audit.record(actor, "plan.line.linked", activity, **told)
    return series


@transaction.atomic
def unlink(actor: Actor, *, activity: KeyActivity, reason: str) -> None:
    """Take an activity out of its line; the other years stay together. Raises Fault without a reason or a line."""
    require(actor, "plan.edit", activity)
    activity = KeyActivity.objects.select_for_update().get(pk=activity.pk)
    before = (
        KeyActivity.objects.filter(series=activity.series_id)
        .exclude(pk=activity.pk)
        .order_by("-plan__year")
        .first()
        if activity.series_id
        else None
    )
    if before is None:
        raise Fault(_("这项活动没有与其他年度相连。"))
    if not reason.strip():
        raise Fault(_("请写明理由。"), "reason")
    activity.series = None
    activity.save(update_fields=["series"])
    told = {"year": before.plan.year, "before": before.name, "reason": reason.strip()}
    audit.record(actor, "plan.line.unlinked", activity, **told)


@transaction.atomic
def begin_year(
    actor: Actor, *, school: School, year: int, title: str, chosen: Iterable[KeyActivity]
) -> AnnualPlan:
    """Begin a year from activities of an earlier plan, each in the line of its name; months, owner, budget go along.

    Raises Fault (nothing chosen, plans mixed, no title) or Conflict when the year has a plan already.
    """
    require(actor, "plan.import", school)
    activities = list(
        with_leads(KeyActivity.objects.filter(pk__in=[one.pk for one in chosen], plan__school=school))
    )
    if not activities:
        raise Fault(_("请至少勾选一项要沿用的重点活动。"))
    source = activities[0].plan
    if any(one.plan_id != source.pk for one in activities) or source.year >= year:
        raise Fault(_("请从同一个较早年度的计划中选择。"))
    if not title.strip():
        raise Fault(_("请填写新计划的标题。"), "title")
    School.objects.select_for_update().get(pk=school.pk)
    if AnnualPlan.objects.filter(school=school, year=year).exists():
        raise Conflict(_("%(year)s 年度已有计划。") % {"year": year})
    plan = AnnualPlan.objects.create(school=school, year=year, title=title.strip())
    types = _types(plan, activities)
    for number, one in enumerate(activities, 1):
        _carried(one, plan, types[one.type_id], number)
    audit.record(actor, "plan.begun", plan, before=source.year, count=len(activities))
    search.refresh(*plan.activities.select_related("plan"))
    return plan


def _types(plan: AnnualPlan, activities: Iterable[KeyActivity]) -> dict[int, ActivityType]:
    used = {one.type_id: one.type for one in activities}
    return {
        key: ActivityType.objects.create(plan=plan, order=order, name=kind.name, task=kind.task)
        for order, (key, kind) in enumerate(sorted(used.items(), key=lambda pair: pair[1].order), 1)
    }


def _carried(one: KeyActivity, plan: AnnualPlan, kind: ActivityType, number: int) -> KeyActivity:
    """The activity as it begins the new year; a line of history is opened where there was none."""
    if one.series is None:
        one.series = ActivitySeries.objects.create(school_id=plan.school_id)
        one.save(update_fields=["series"])
    facts = {name: getattr(one, name) for name in CARRIED} | {"number": number}
    fresh = KeyActivity.objects.create(plan=plan, type=kind, **facts)
    ActivityLead.objects.bulk_create(
        ActivityLead(activity=fresh, organisation=lead, order=order)
        for order, lead in enumerate(leads_of(one), 1)
    )
    return fresh
