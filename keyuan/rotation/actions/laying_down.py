"""Requirements, regimes and their figures, and to what the hours of a class count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.orgs.models import School
from keyuan.rotation.models import (
    Bucket,
    ClassSort,
    CohortLabel,
    Regime,
    RegimeVersion,
    Requirement,
    RequirementGroup,
    Span,
)
from keyuan.rotation.rules import defaults
from keyuan.training.models import TrainingClass

audit.sentence("rotation.requirement_added", "设立了轮训调训要求：{thing}")
audit.sentence("rotation.requirement_changed", "修改了轮训调训要求：{thing}")
audit.sentence("rotation.regime_added", "设立了学时制度：{thing}")
audit.sentence("rotation.version_added", "登记了学时标准（{since} 起 {hours} 学时）")
audit.sentence("rotation.defaults_loaded", "载入了轮训调训常用设置：{thing}")
audit.sentence("rotation.class_sorted", "登记了班次学时归类：{thing}")

FIELDS = (
    "title", "kind", "measure", "regime", "span", "years", "first", "last", "times", "class_kinds", "class_hours",
    "join_months", "basis", "active",
)  # fmt: skip
FIGURES = (
    "since", "span", "years", "first", "last", "hours", "online", "professional", "public", "personal", "source"
)  # fmt: skip


@dataclass(frozen=True)
class GroupFacts:
    """One group as it was filled in; blank where nothing is said."""

    organisation_kind: str = ""
    duty: str = ""
    label: CohortLabel | None = None
    cohort: str = ""

    @property
    def says_something(self) -> bool:
        """Whether anything is said."""
        return bool(self.organisation_kind or self.duty or self.label or self.cohort)


def _days(facts: dict[str, Any]) -> None:
    """Days only where they are laid down; the calendar year is one."""
    if facts["span"] == Span.FIXED:
        if not facts.get("first") or not facts.get("last") or facts["last"] < facts["first"]:
            raise Fault(_("固定起止日期的，请填写开始和结束日期，结束不早于开始。"), "first")
        facts["years"] = 1
        return
    facts["first"] = facts["last"] = None
    if facts["span"] == Span.CALENDAR:
        facts["years"] = 1


@transaction.atomic
def save_requirement(
    actor: Actor, *, requirement: Requirement | None, facts: Mapping[str, Any], groups: Sequence[GroupFacts]
) -> Requirement:
    """Lay down a requirement or change it; its groups are set anew. Coverage is computed, so it follows at once."""
    one = Requirement.objects.select_for_update().get(pk=requirement.pk) if requirement else Requirement()
    one.school_id = one.school_id or actor.school_id or 0
    require(actor, "rotation.keep", one)
    values = {name: getattr(one, name) for name in FIELDS} | {k: v for k, v in facts.items() if k in FIELDS}
    said = [group for group in groups if group.says_something]
    if not said and values["kind"] == Requirement.Kind.UNIVERSAL:
        raise Fault(_("轮训要说明对象：请至少填一行单位类别、职务、标签或队伍。"))
    if values["measure"] == Requirement.Measure.HOURS:
        if values["regime"] is None:
            raise Fault(_("按学时计算的，请选择学时制度。"), "regime")
    else:
        values["regime"] = None
    _days(values)
    for name, value in values.items():
        setattr(one, name, value)
    fresh = one.pk is None
    if fresh:
        last = Requirement.objects.filter(school_id=one.school_id).aggregate(last=Max("order"))["last"]
        one.order = (last or 0) + 1
    _stored(one)
    one.groups.all().delete()
    RequirementGroup.objects.bulk_create(
        RequirementGroup(
            requirement=one, organisation_kind=group.organisation_kind, duty=group.duty, label=group.label,
            cohort=group.cohort,
        )
        for group in said
    )  # fmt: skip
    audit.record(actor, "rotation.requirement_added" if fresh else "rotation.requirement_changed", one)
    return one


def _stored(one: Requirement) -> None:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as clash:
        raise Conflict(_("已有同名的要求，请换一个名称。"), "title") from clash


@transaction.atomic
def add_regime(actor: Actor, *, name: str, facts: Mapping[str, Any]) -> Regime:
    """A regime of hours with its first figures. Raises Conflict where the name stands already."""
    school_id = actor.school_id or 0
    one = Regime(school_id=school_id, name=name.strip(), code="")
    require(actor, "rotation.keep", one)
    if Regime.objects.filter(school_id=school_id, name=one.name).exists():
        raise Conflict(_("已有同名的学时制度，请在它下面登记新标准。"), "name")
    one.code = f"own-{Regime.objects.filter(school_id=school_id).count() + 1}"
    one.save()
    audit.record(actor, "rotation.regime_added", one)
    add_version(actor, regime=one, facts=facts)
    return one


@transaction.atomic
def add_version(actor: Actor, *, regime: Regime, facts: Mapping[str, Any]) -> RegimeVersion:
    """Figures from a day on; what was laid down before stays, and holds for the days before."""
    Regime.objects.select_for_update().get(pk=regime.pk)
    require(actor, "rotation.keep", regime)
    values = {name: facts[name] for name in FIGURES if name in facts}
    values.setdefault("span", Span.CALENDAR)
    _days(values)
    if not str(values.get("source", "")).strip():
        raise Fault(_("请写明依据（文件名称、条款和原句）。"), "source")
    parts = sum((values.get(name) or 0) for name in Bucket.values)
    if parts > values["hours"] or (values.get("online") or 0) > values["hours"]:
        raise Fault(_("各部分之和、网络自学都不能超过总学时。"), "hours")
    if regime.versions.filter(since=values["since"]).exists():
        raise Conflict(_("这个起用日期已有标准，已登记的不能改写；请换一个起用日期。"), "since")
    made = RegimeVersion.objects.create(regime=regime, by_id=actor.person_id, **values)
    audit.record(actor, "rotation.version_added", made, since=str(made.since), hours=str(made.hours))
    return made


@transaction.atomic
def load_defaults(actor: Actor, *, school: School) -> int:
    """The usual labels, regimes and requirements where they are missing; how many were added. Again adds nothing."""
    require(actor, "rotation.keep", CohortLabel(school=school))
    added = 0
    for order, name in enumerate(defaults.LABELS, 1):
        fresh = CohortLabel.objects.get_or_create(school=school, name=name, defaults={"order": order})[1]
        added += fresh
    for figures in defaults.REGIMES:
        regime, fresh = Regime.objects.get_or_create(
            school=school, code=figures.code, defaults={"name": figures.name}
        )
        if fresh:
            RegimeVersion.objects.create(regime=regime, by_id=actor.person_id, **figures.values())
        added += fresh
    labels = {label.name: label for label in CohortLabel.objects.filter(school=school)}
    regimes = {regime.code: regime for regime in Regime.objects.filter(school=school)}
    known = set(Requirement.objects.filter(school=school).values_list("title", flat=True))
    for asked in defaults.REQUIREMENTS:
        if asked.title not in known:
            _ask(actor, asked, labels, regimes)
            added += 1
    audit.record(actor, "rotation.defaults_loaded", school, added=added)
    return added


def _ask(
    actor: Actor,
    asked: defaults.Asked,
    labels: Mapping[str, CohortLabel],
    regimes: Mapping[str, Regime],
) -> None:
    measure = Requirement.Measure.HOURS if asked.regime else Requirement.Measure.CLASSES
    facts = {
        "title": asked.title, "kind": asked.kind, "basis": asked.basis, "measure": measure,
        "regime": regimes.get(asked.regime),
    }  # fmt: skip
    groups = [GroupFacts(kind, duty, labels.get(label)) for kind, duty, label in asked.groups]
    save_requirement(actor, requirement=None, facts=facts, groups=groups)


@transaction.atomic
def sort_class(actor: Actor, *, training_class: TrainingClass, bucket: str, online: bool) -> ClassSort:
    """Say to which part the hours of a class count, and whether they were studied online; again corrects it."""
    require(actor, "rotation.keep", training_class)
    if bucket and bucket not in Bucket.values:
        raise Fault(_("请选择专业课、公需课或个人选修。"), "bucket")
    made, _fresh = ClassSort.objects.update_or_create(
        training_class=training_class, defaults={"bucket": bucket, "online": online}
    )
    audit.record(actor, "rotation.class_sorted", training_class, bucket=bucket, online=online)
    return made
