"""Labels with days, named lists, exemptions with reasons."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.models import Person
from keyuan.rotation.models import CohortLabel, CohortMember, Exemption, ListedPerson, Requirement

audit.sentence("rotation.label_added", "设立了人员标签：{thing}")
audit.sentence("rotation.labelled", "登记了人员标签：{thing}")
audit.sentence("rotation.unlabelled", "结束了人员标签：{thing}")
audit.sentence("rotation.listed", "列入调训名单（要求 {requirement}）")
audit.sentence("rotation.taken_off", "移出调训名单（要求 {requirement}）")
audit.sentence("rotation.exempted", "登记免训 {count} 人（要求 {requirement}）")
audit.sentence("rotation.exemption_revoked", "撤销免训（要求 {requirement}）")


def _of_school(school_id: int, person: Person) -> Person:
    """The person, who must be of the school and neither erased nor merged."""
    if person.school_id != school_id or person.erased_at or person.merged_into_id:
        raise Fault(_("此人不在本校人员名单中，或已注销、合并，请重新选择。"), "person")
    return person


@transaction.atomic
def add_label(actor: Actor, *, name: str) -> CohortLabel:
    """A label people can bear. Raises Conflict where it stands already."""
    one = CohortLabel(school_id=actor.school_id or 0, name=name.strip())
    require(actor, "rotation.keep", one)
    if not one.name:
        raise Fault(_("请填写标签名称。"), "name")
    rows = CohortLabel.objects.filter(school_id=one.school_id)
    if rows.filter(name=one.name).exists():
        raise Conflict(_("已有同名标签。"), "name")
    one.order = (rows.aggregate(last=Max("order"))["last"] or 0) + 1
    one.save()
    audit.record(actor, "rotation.label_added", one)
    return one


@transaction.atomic
def label_person(
    actor: Actor,
    *,
    label: CohortLabel,
    person: Person,
    starts: date,
    ends: date | None = None,
    note: str = "",
) -> CohortMember:
    """Somebody bears a label from a day on; while it runs, once. Days of one label do not overlap."""
    CohortLabel.objects.select_for_update().get(pk=label.pk)
    require(actor, "rotation.keep", label)
    _of_school(label.school_id, person)
    if ends is not None and ends < starts:
        raise Fault(_("结束日期不能早于开始日期。"), "ends")
    for other in CohortMember.objects.filter(label=label, person=person):
        if other.starts <= (ends or date.max) and starts <= (other.ends or date.max):
            raise Conflict(
                _("此人已有这个标签（%(since)s 起），请先结束原来的。") % {"since": other.starts}, "starts"
            )
    made = CohortMember.objects.create(
        label=label, person=person, starts=starts, ends=ends, note=note.strip()[:100]
    )
    audit.record(actor, "rotation.labelled", label, person=person.pk, starts=str(starts))
    return made


@transaction.atomic
def unlabel(actor: Actor, *, member: CohortMember, on: date | None = None) -> CohortMember:
    """The label ends with a day, yesterday unless said; ended already it stays."""
    one = CohortMember.objects.select_for_update().select_related("label").get(pk=member.pk)
    require(actor, "rotation.keep", one.label)
    if one.ends is not None:
        raise Conflict(_("这个标签已经结束，请刷新后再看。"))
    one.ends = max(one.starts, on or timezone.localdate() - timedelta(days=1))
    one.save(update_fields=["ends"])
    audit.record(actor, "rotation.unlabelled", one.label, person=one.person_id, ends=str(one.ends))
    return one


@transaction.atomic
def list_person(
    actor: Actor, *, requirement: Requirement, person: Person, since: date | None = None, note: str = ""
) -> ListedPerson:
    """Put somebody on the requirement's list; who stands on it already stays as entered."""
    Requirement.objects.select_for_update().get(pk=requirement.pk)
    require(actor, "rotation.keep", requirement)
    if requirement.kind != Requirement.Kind.TARGETED:
        raise Fault(_("只有调训要求有名单；轮训按对象自动计算。"))
    _of_school(requirement.school_id, person)
    known = ListedPerson.objects.filter(requirement=requirement, person=person, removed_at=None).first()
    if known is not None:
        return known
    made = ListedPerson.objects.create(
        requirement=requirement, person=person, since=since or timezone.localdate(), note=note.strip()[:100]
    )
    audit.record(actor, "rotation.listed", made, requirement=requirement.pk, person=person.pk)
    return made


@transaction.atomic
def take_off(actor: Actor, *, listed: ListedPerson) -> ListedPerson:
    """Take somebody off the list; that one stood on it is kept."""
    one = ListedPerson.objects.select_for_update().select_related("requirement").get(pk=listed.pk)
    require(actor, "rotation.keep", one.requirement)
    if one.removed_at is not None:
        raise Conflict(_("此人已移出名单，请刷新后再看。"))
    one.removed_at = timezone.now()
    one.save(update_fields=["removed_at"])
    audit.record(actor, "rotation.taken_off", one, requirement=one.requirement_id, person=one.person_id)
    return one


@transaction.atomic
def exempt(
    actor: Actor,
    *,
    requirement: Requirement,
    persons: Iterable[Person],
    reason: str,
    until: date | None = None,
) -> int:
    """Exempt people, with the reason; how many are new. Who is exempt already stays as entered."""
    Requirement.objects.select_for_update().get(pk=requirement.pk)
    require(actor, "rotation.keep", requirement)
    if not reason.strip():
        raise Fault(_("请写明免训理由。"), "reason")
    if until is not None and until < timezone.localdate():
        raise Fault(_("免至日期已经过去，请改日期或留空。"), "until")
    people = [_of_school(requirement.school_id, person) for person in persons]
    if not people:
        raise Fault(_("请先勾选人员。"))
    standing = Exemption.objects.filter(requirement=requirement, revoked_at=None, person__in=people)
    today = timezone.localdate()
    # What has run out gives way to what is entered now.
    standing.filter(until__lt=today).update(revoked_at=timezone.now())
    known = set(standing.values_list("person_id", flat=True))
    fresh = [
        Exemption(
            requirement=requirement, person=one, reason=reason.strip()[:200], until=until, by_id=actor.person_id
        )
        for one in people
        if one.pk not in known
    ]  # fmt: skip
    Exemption.objects.bulk_create(fresh)
    audit.record(
        actor, "rotation.exempted", requirement, requirement=requirement.pk, count=len(fresh),
        people=[one.person_id for one in fresh],
    )  # fmt: skip
    return len(fresh)


@transaction.atomic
def revoke_exemption(actor: Actor, *, exemption: Exemption) -> Exemption:
    """Take an exemption back; that it stood is kept."""
    one = Exemption.objects.select_for_update().select_related("requirement").get(pk=exemption.pk)
    require(actor, "rotation.keep", one.requirement)
    if one.revoked_at is not None:
        raise Conflict(_("这项免训已经撤销，请刷新后再看。"))
    one.revoked_at = timezone.now()
    one.save(update_fields=["revoked_at"])
    audit.record(
        actor,
        "rotation.exemption_revoked",
        one.requirement,
        requirement=one.requirement_id,
        person=one.person_id,
    )
    return one
