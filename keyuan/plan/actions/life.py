"""What is done to an activity in its year: when and by whom it runs, its milestones, what was learnt."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.models import Person
from keyuan.plan.models import KeyActivity, Lesson, Milestone

DETAILS = ("first_month", "last_month", "owner", "budget", "audience")

audit.sentence("plan.activity.details", "登记了时间、负责人、经费和面向队伍")
audit.sentence("plan.milestone.saved", "登记里程碑“{name}”，应于 {due} 完成")
audit.sentence("plan.milestone.done", "里程碑“{name}”已完成：{evidence}")
audit.sentence("plan.milestone.reopened", "里程碑“{name}”重新打开：{reason}（原依据：{evidence}）")
audit.sentence("plan.milestone.dropped", "删除了未完成的里程碑“{name}”（原定 {due}）：{reason}")
audit.sentence("plan.lesson.added", "记录经验教训：{text}")


@transaction.atomic
def set_details(actor: Actor, *, activity: KeyActivity, facts: Mapping[str, Any]) -> KeyActivity:
    """Say when an activity runs (months 1 to 12), who answers for it, its budget in yuan and its audience.

    Raises Fault for months out of order, a budget below nought or an owner of another school.
    """
    require(actor, "plan.edit", activity)
    activity = KeyActivity.objects.select_for_update().get(pk=activity.pk)
    first, last = facts.get("first_month"), facts.get("last_month")
    if (first is None) != (last is None):
        raise Fault(_("起始月份和结束月份请一起填写，或都不填。"), "last_month")
    if first is not None and last is not None and not 1 <= first <= last <= 12:
        raise Fault(_("结束月份不能早于起始月份，月份为 1 至 12。"), "last_month")
    if (budget := facts.get("budget")) is not None and budget < 0:
        raise Fault(_("计划经费不能小于 0。"), "budget")
    _of_school(facts.get("owner"), activity)
    for name in DETAILS:
        setattr(activity, name, facts.get(name) if name != "audience" else facts.get(name) or "")
    activity.save(update_fields=DETAILS)
    audit.record(
        actor,
        "plan.activity.details",
        activity,
        months=f"{first or ''}-{last or ''}",
        budget=str(budget or ""),
    )
    return activity


def _of_school(person: Person | None, activity: KeyActivity) -> None:
    if person is not None and person.school_id != activity.plan.school_id:
        raise Fault(_("负责人须是本校登记的人员。"), "owner")


@transaction.atomic
def save_milestone(
    actor: Actor,
    *,
    activity: KeyActivity,
    name: str,
    due: date,
    owner: Person | None = None,
    milestone: Milestone | None = None,
) -> Milestone:
    """Lay down a milestone, or change one that is not done yet. Raises Fault (double name, other year, done)."""
    require(actor, "plan.follow", activity)
    name = name.strip()
    if not name:
        raise Fault(_("请填写里程碑的名称。"), "name")
    if abs(due.year - activity.plan.year) > 1:
        words = _("%(year)s 年计划的里程碑应在前后一年之内，请核对日期。")
        raise Fault(words % {"year": activity.plan.year}, "due")
    _of_school(owner, activity)
    twin = activity.milestones.filter(name=name)
    if (twin.exclude(pk=milestone.pk) if milestone else twin).exists():
        raise Fault(_("这项活动已有同名的里程碑，请换一个名称。"), "name")
    found = milestone and activity.milestones.select_for_update().get(pk=milestone.pk)
    if found and found.done_on:
        raise Conflict(_("这个里程碑已经完成，要改请先重新打开。"))
    found = found or Milestone(activity=activity)
    found.name, found.due, found.owner = name, due, owner
    found.save()
    audit.record(actor, "plan.milestone.saved", activity, name=name, due=due.isoformat())
    return found


@transaction.atomic
def finish_milestone(
    actor: Actor, *, milestone: Milestone, evidence: str, on: date | None = None
) -> Milestone:
    """Mark a milestone done with a word of what shows it. Raises Fault (no evidence, a day to come), Conflict (done)."""
    require(actor, "plan.follow", milestone.activity)
    milestone = (
        Milestone.objects.select_for_update(of=("self",))
        .select_related("activity__plan")
        .get(pk=milestone.pk)
    )
    on, evidence = on or timezone.localdate(), evidence.strip()
    if milestone.done_on:
        raise Conflict(_("这个里程碑已由他人标为完成，请刷新后核对。"))
    if not evidence:
        raise Fault(_("请写明完成依据，如文件号、班次或材料名称。"), "evidence")
    if on > timezone.localdate():
        raise Fault(_("完成日期不能晚于今天。"), "on")
    milestone.done_on, milestone.evidence = on, evidence
    milestone.save(update_fields=["done_on", "evidence"])
    audit.record(actor, "plan.milestone.done", milestone.activity, name=milestone.name, evidence=evidence)
    return milestone


@transaction.atomic
def reopen_milestone(actor: Actor, *, milestone: Milestone, reason: str) -> Milestone:
    """Take back that a milestone is done; what was given as evidence stays in the log. Raises Fault, Conflict."""
    require(actor, "plan.follow", milestone.activity)
    milestone = (
        Milestone.objects.select_for_update(of=("self",))
        .select_related("activity__plan")
        .get(pk=milestone.pk)
    )
    if not milestone.done_on:
        raise Conflict(_("这个里程碑还没有完成。"))
    told = {"name": milestone.name, "evidence": milestone.evidence, "reason": _reason(reason)}
    milestone.done_on, milestone.evidence = None, ""
    milestone.save(update_fields=["done_on", "evidence"])
    audit.record(actor, "plan.milestone.reopened", milestone.activity, **told)
    return milestone


@transaction.atomic
def drop_milestone(actor: Actor, *, milestone: Milestone, reason: str) -> None:
    """Remove a milestone that is not done; the log keeps it. Raises Fault without a reason, Conflict when done."""
    require(actor, "plan.follow", milestone.activity)
    milestone = (
        Milestone.objects.select_for_update(of=("self",))
        .select_related("activity__plan")
        .get(pk=milestone.pk)
    )
    if milestone.done_on:
        raise Conflict(_("已完成的里程碑不能删除。"))
    told = {"name": milestone.name, "due": milestone.due.isoformat(), "reason": _reason(reason)}
    audit.record(actor, "plan.milestone.dropped", milestone.activity, **told)
    milestone.delete()


def _reason(text: str) -> str:
    if not text.strip():
        raise Fault(_("请写明理由。"), "reason")
    return text.strip()


@transaction.atomic
def add_lesson(actor: Actor, *, activity: KeyActivity, text: str) -> Lesson:
    """Keep what was learnt; it is shown again on the next year's page. Raises Fault when nothing is written."""
    require(actor, "plan.follow", activity)
    if not text.strip():
        raise Fault(_("请写下经验教训。"), "text")
    found = Lesson.objects.create(activity=activity, text=text.strip(), by_id=actor.person_id)
    audit.record(actor, "plan.lesson.added", activity, text=text.strip()[:60])
    return found
