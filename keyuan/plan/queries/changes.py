"""How an annex differs from the plan that stands: which activity is which, and every change in words."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from keyuan.orgs.models import Organisation, School
from keyuan.plan.models import ActivityType, AnnualPlan, KeyActivity
from keyuan.plan.queries import leads_of, with_leads
from keyuan.plan.queries.leads import leads_meant
from keyuan.plan.rules import objection_to_removal
from keyuan.plan.rules.annex import Annex, AnnexActivity, AnnexType


@dataclass(frozen=True)
class Change:
    """One difference between the standing plan and the annex (变化), as a sentence and as values."""

    kind: str
    label: str
    number: int | None = None
    before: str = ""
    after: str = ""
    activity_id: int | None = None

    @property
    def sentence(self) -> str:
        """The change in one line, for the terminal and the log."""
        place = _("第 {number} 项").format(number=self.number) if self.number else ""
        if self.before and self.after:
            return _("{label}：{place}“{before}”→“{after}”").format(
                label=self.label, place=place, before=self.before, after=self.after
            )
        return _("{label}：{place}“{text}”").format(
            label=self.label, place=place, text=self.before or self.after
        )


@dataclass
class Comparison:
    """An annex laid beside the plan that stands (对照): what is new, what goes, what changes."""

    annex: Annex
    plan: AnnualPlan | None
    leads: dict[int, Sequence[Organisation]]
    activities: list[tuple[AnnexActivity, KeyActivity | None]] = field(default_factory=list)
    types: list[tuple[AnnexType, ActivityType | None]] = field(default_factory=list)
    removed: list[KeyActivity] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    state: str = ""

    @property
    def is_new(self) -> bool:
        """Whether the school has no plan for this year yet."""
        return self.plan is None

    @property
    def changes_nothing(self) -> bool:
        """Whether the annex says what already stands."""
        return self.plan is not None and not self.changes


def state_of(plan: AnnualPlan | None) -> str:
    """A short digest of a plan as it stands, to tell whether it moved between preview and confirmation."""
    if plan is None:
        return "none"
    facts = [
        [plan.title, plan.source_note],
        [[kind.order, kind.name, kind.task] for kind in plan.types.order_by("order")],
        [activity_facts(activity) for activity in with_leads(plan.activities.all())],
    ]
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()[:32]


def activity_facts(activity: KeyActivity) -> list[object]:
    """What makes up an activity: number, name, type and leads in order."""
    return [activity.number, activity.name, activity.type_id, [found.pk for found in leads_of(activity)]]


def activity_state(activity: KeyActivity) -> str:
    """A short digest of one activity as it stands."""
    return hashlib.sha256(json.dumps(activity_facts(activity)).encode()).hexdigest()[:16]


def compare(school: School, annex: Annex) -> Comparison:
    """Lay the annex beside the school's plan of that year.

    An activity is the one of the same name; failing that, the one of the same number (a new name).
    Raises AnnexFault when a lead department is unknown.
    """
    plan = AnnualPlan.objects.filter(school=school, year=annex.year).first()
    found = Comparison(annex, plan, leads_meant(school, annex), state=state_of(plan))
    standing = list(with_leads(plan.activities.all())) if plan else []
    types = list(plan.types.order_by("order")) if plan else []
    _match_types(found, types)
    _match_activities(found, standing)
    if plan is not None:
        found.changes.extend(_head_changes(plan, annex))
        found.changes.extend(_type_changes(found, types))
        for line, activity in found.activities:
            found.changes.extend(_activity_changes(found, line, activity))
        for activity in found.removed:
            found.changes.append(
                Change("removed", _("删除"), activity.number, activity.name, "", activity.pk)
            )
            objection = objection_to_removal(activity)
            if objection:
                found.objections.append(
                    _("第 {number} 项“{name}”不能删除：{reason}").format(
                        number=activity.number, name=activity.name, reason=objection
                    )
                )
    return found


def _match_types(found: Comparison, types: list[ActivityType]) -> None:
    by_name = {kind.name: kind for kind in types}
    names = {kind.name for kind in found.annex.types}
    left = {kind.order: kind for kind in types if kind.name not in names}
    for order, kind in enumerate(found.annex.types, 1):
        found.types.append((kind, by_name.get(kind.name) or left.pop(order, None)))


def _match_activities(found: Comparison, standing: list[KeyActivity]) -> None:
    by_name = {activity.name: activity for activity in standing}
    names = {line.name for line in found.annex.activities}
    left = {activity.number: activity for activity in standing if activity.name not in names}
    for line in found.annex.activities:
        found.activities.append((line, by_name.get(line.name) or left.pop(line.number, None)))
    found.removed = sorted(left.values(), key=lambda activity: activity.number)


def _head_changes(plan: AnnualPlan, annex: Annex) -> list[Change]:
    pairs = (
        (_("标题"), "title", plan.title, annex.title),
        (_("依据"), "source", plan.source_note, annex.source_note),
    )
    # A file without the notice's number does not take away the number already known.
    return [Change(kind, label, None, old, new) for label, kind, old, new in pairs if new and old != new]


def _type_changes(found: Comparison, types: list[ActivityType]) -> list[Change]:
    changes = []
    for order, (line, kind) in enumerate(found.types, 1):
        if kind is None:
            changes.append(Change("type-added", _("新增类型"), None, "", line.name))
            continue
        if kind.name != line.name:
            changes.append(Change("type-renamed", _("类型改名"), None, kind.name, line.name))
        if kind.task != line.task:
            changes.append(Change("task", _("主要任务"), None, kind.task, line.task or _("（空）")))
        if kind.order != order:
            changes.append(
                Change("type-moved", _("类型次序"), None, f"{line.name} {kind.order}", f"{line.name} {order}")
            )
    kept = {kind.pk for _line, kind in found.types if kind}
    changes.extend(
        Change("type-removed", _("删除类型"), None, kind.name) for kind in types if kind.pk not in kept
    )
    return changes


def _activity_changes(found: Comparison, line: AnnexActivity, activity: KeyActivity | None) -> list[Change]:
    after = "、".join(str(lead) for lead in found.leads[line.number])
    if activity is None:
        return [Change("added", _("新增"), line.number, "", f"{line.name}（{after}）")]
    pk, changes = activity.pk, []
    if activity.name != line.name:
        changes.append(Change("renamed", _("改名"), line.number, activity.name, line.name, pk))
    if activity.number != line.number:
        changes.append(
            Change(
                "renumbered",
                _("编号"),
                line.number,
                f"{activity.number} {line.name}",
                f"{line.number} {line.name}",
                pk,
            )
        )
    stands = {kind.pk: named.name for named, kind in found.types if kind}
    if stands.get(activity.type_id) != line.type_name:
        changes.append(Change("moved", _("归类"), line.number, activity.type.name, line.type_name, pk))
    before = leads_of(activity)
    if [lead.pk for lead in before] != [lead.pk for lead in found.leads[line.number]]:
        changes.append(Change("leads", _("牵头部门"), line.number, "、".join(map(str, before)), after, pk))
    return changes
