"""What is done to the plan: taking over an annex, and correcting an activity; each whole or not at all."""

from collections.abc import Sequence
from pathlib import Path

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils.translation import gettext as _

from keyuan.kernel import audit, search
from keyuan.kernel.access import Actor, require, system_of
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import Organisation, School
from keyuan.plan.models import ActivityLead, ActivityType, AnnualPlan, KeyActivity
from keyuan.plan.queries import leads_of
from keyuan.plan.queries.changes import Change, Comparison, activity_state, compare
from keyuan.plan.rules.annex import NAME_LENGTH, Annex, AnnexFault, read_annex, text_rows
from keyuan.plan.rules.official import refuse_unless_draft
from keyuan.plan.rules.wording import clean

STARTING_PLAN = Path(__file__).parent.parent / "data" / "plan-2020.txt"
# Numbers are unique in a plan and neither database defers that here, so they step aside while they move.
ASIDE = 10_000

audit.sentence(
    "plan.imported", "导入了年度计划{thing}：新增 {added} 项，删除 {removed} 项，共 {changes} 处变化"
)
audit.sentence("plan.activity.added", "随计划导入登记了第 {number} 项")
audit.sentence("plan.activity.renamed", "改名：“{before}”改为“{after}”")
audit.sentence("plan.activity.renumbered", "编号改动：“{before}”改为“{after}”")
audit.sentence("plan.activity.moved", "主要类型由“{before}”改为“{after}”")
audit.sentence("plan.activity.leads", "牵头部门由“{before}”改为“{after}”")
audit.sentence("plan.activity.removed", "删除了第 {number} 项“{before}”")


@transaction.atomic
def import_plan(actor: Actor, school: School, annex: Annex, *, expected: str = "") -> Comparison:
    """Make the school's plan of that year say what the annex says; importing again changes nothing.

    `expected` is the state seen in the preview. Raises AnnexFault (unknown department), Fault (an activity
    in use would be removed) or Conflict (the plan moved since the preview); then nothing is written.
    """
    require(actor, "plan.import", school)
    School.objects.select_for_update().get(pk=school.pk)
    found = compare(school, annex)
    if expected and expected != found.state:
        raise Conflict(_("年度计划在您预览之后被改动过，请重新上传并核对变化。"))
    if found.objections:
        raise AnnexFault(found.objections)
    if found.changes_nothing:
        return found
    if found.plan is not None:
        refuse_unless_draft(found.plan)
    try:
        _write(actor, school, found)
    except ProtectedError as error:
        raise Fault(_("有重点活动已被其他业务使用，不能删除。请保留它，或先处理其下的业务。")) from error
    return found


def _write(actor: Actor, school: School, found: Comparison) -> None:
    annex = found.annex
    plan, _made = AnnualPlan.objects.get_or_create(
        school=school, year=annex.year, defaults={"title": annex.title, "source_note": annex.source_note}
    )
    plan.title, plan.source_note = annex.title or plan.title, annex.source_note or plan.source_note
    plan.save(update_fields=["title", "source_note"])
    plan.activities.update(number=F("number") + ASIDE)
    plan.types.update(order=F("order") + ASIDE)
    removed = [activity.pk for activity in found.removed]
    for activity in found.removed:
        audit.record(actor, "plan.activity.removed", activity, number=activity.number, before=activity.name)
        activity.delete()
    types = _write_types(plan, found)
    added = _write_activities(plan, found, types)
    plan.types.exclude(pk__in=[kind.pk for kind in types.values()]).delete()
    for activity in added:
        audit.record(actor, "plan.activity.added", activity, number=activity.number)
    for change in found.changes:
        _note_change(actor, plan, change)
    audit.record(
        actor,
        "plan.imported",
        plan,
        year=plan.year,
        added=len(added),
        removed=len(found.removed),
        changes=len(found.changes),
    )
    search.forget(KeyActivity, removed)
    search.refresh(*plan.activities.select_related("plan"))
    found.plan = plan


def _note_change(actor: Actor, plan: AnnualPlan, change: Change) -> None:
    if change.activity_id is None or change.kind == "removed":
        return
    activity = plan.activities.get(pk=change.activity_id)
    audit.record(
        actor,
        f"plan.activity.{change.kind}",
        activity,
        number=change.number,
        before=change.before,
        after=change.after,
    )


def _write_types(plan: AnnualPlan, found: Comparison) -> dict[str, ActivityType]:
    types = {}
    for order, (line, standing) in enumerate(found.types, 1):
        kind = standing or ActivityType(plan=plan)
        kind.name, kind.task, kind.order = line.name, line.task, order
        kind.save()
        types[line.name] = kind
    return types


def _write_activities(
    plan: AnnualPlan, found: Comparison, types: dict[str, ActivityType]
) -> list[KeyActivity]:
    """Write every activity and its leads; returns the new ones."""
    added = []
    for line, standing in found.activities:
        activity = standing or KeyActivity(plan=plan)
        activity.number, activity.name, activity.type = line.number, line.name, types[line.type_name]
        activity.save()
        if standing is None:
            added.append(activity)
        set_leads(activity, found.leads[line.number])
    return added


def set_leads(activity: KeyActivity, organisations: Sequence[Organisation]) -> None:
    """Make these the leads in this order; the same ones again touch nothing."""
    standing = list(activity.leads.order_by("order").values_list("organisation_id", flat=True))
    if standing == [organisation.pk for organisation in organisations]:
        return
    activity.leads.all().delete()
    ActivityLead.objects.bulk_create(
        ActivityLead(activity=activity, organisation=organisation, order=order)
        for order, organisation in enumerate(organisations, 1)
    )


@transaction.atomic
def edit_activity(
    actor: Actor, *, activity: KeyActivity, name: str, leads: Sequence[Organisation], seen: str = ""
) -> list[str]:
    """Correct an activity's name and leads; returns what was changed, nothing when all stays.

    `seen` is the state the form was opened on. Raises Fault (empty or double name, no lead, a lead of
    another school) or Conflict (somebody else changed it meanwhile).
    """
    require(actor, "plan.edit", activity)
    activity = KeyActivity.objects.select_for_update().get(pk=activity.pk)
    refuse_unless_draft(activity.plan)
    if seen and seen != activity_state(activity):
        raise Conflict(_("这一项刚被他人改动过，请刷新后核对再改。"))
    name = clean(name)
    _check_edit(activity, name, leads)
    before, old = activity.name, "、".join(str(lead) for lead in leads_of(activity))
    changed = []
    if name != before:
        activity.name = name
        activity.save(update_fields=["name"])
        audit.record(actor, "plan.activity.renamed", activity, before=before, after=name)
        search.refresh(activity)
        changed.append("name")
    new = "、".join(str(lead) for lead in leads)
    if new != old:
        set_leads(activity, leads)
        audit.record(actor, "plan.activity.leads", activity, before=old, after=new)
        changed.append("leads")
    return changed


def _check_edit(activity: KeyActivity, name: str, leads: Sequence[Organisation]) -> None:
    if not name:
        raise Fault(_("请填写重点活动的名称。"), "name")
    if len(name) > NAME_LENGTH:
        raise Fault(_("名称不能超过 {most} 字。").format(most=NAME_LENGTH), "name")
    if activity.plan.activities.exclude(pk=activity.pk).filter(name=name).exists():
        raise Fault(_("本年度计划中已有同名的重点活动，请换一个名称。"), "name")
    if not leads:
        raise Fault(_("请至少选择一个牵头部门。"), "leads")
    if any(lead.school_id != activity.plan.school_id for lead in leads):
        raise Fault(_("牵头部门须是本校单位名单中的单位。"), "leads")


def load_starting_plan(school: School) -> Comparison:
    """The plan of 2020 from the project's own data (粤科协组〔2020〕10号 附件2); loading again changes nothing."""
    annex = read_annex(text_rows(STARTING_PLAN.read_text("utf-8")))
    return import_plan(system_of(school.pk), school, annex)
