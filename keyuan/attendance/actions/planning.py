"""Planning sittings and who is expected at them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.flows import SITTING
from keyuan.attendance.models import Expected, LeaveTier, Policy, Sitting
from keyuan.attendance.rules.standing import Limits, half_of
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Fault
from keyuan.people.models import Person

audit.sentence("attendance.plan", "安排签到单元{thing}")
audit.sentence("attendance.replan", "调整签到单元{thing}")
audit.sentence("attendance.expect", "列入应到名单：{thing}，新增 {added} 人")
audit.sentence("attendance.release", "移出应到名单：{thing}，减少 {removed} 人")
audit.sentence("attendance.set_policy", "设定考勤规定{thing}")


@dataclass(frozen=True)
class Plan:
    """What a sitting is to be (签到单元的安排); hours are study hours, `half` is read off the start when empty."""

    title: str
    starts: datetime
    ends: datetime
    hours: Decimal
    place: str = ""
    half: str = ""
    order: int = 0


def _fields(plan: Plan) -> dict[str, object]:
    if plan.ends <= plan.starts:
        raise Fault(_("结束时间要晚于开始时间。"), "ends")
    if plan.hours < 0:
        raise Fault(_("学时不能是负数。"), "hours")
    local = timezone.localtime(plan.starts)
    return asdict(plan) | {"date": local.date(), "half": plan.half or half_of(local).value}


@transaction.atomic
def plan_sitting(
    actor: Actor, *, school_id: int, owner_label: str, owner_id: int, key: str, plan: Plan
) -> Sitting:
    """Plan one sitting under the owner's own key; planning the same key again adjusts it, nothing doubles."""
    sitting = Sitting(school_id=school_id, owner_label=owner_label, owner_id=owner_id, key=key)
    require(actor, "attendance.plan", sitting)
    found = (
        Sitting.objects.select_for_update()
        .filter(owner_label=owner_label, owner_id=owner_id, key=key)
        .first()
    )
    if found is not None:
        return replan(actor, sitting=found, plan=plan)
    for name, value in _fields(plan).items():
        setattr(sitting, name, value)
    sitting.save(force_insert=True)
    audit.record(actor, "attendance.plan", sitting, owner=f"{owner_label}:{owner_id}")
    return sitting


@transaction.atomic
def replan(actor: Actor, *, sitting: Sitting, plan: Plan) -> Sitting:
    """Change a sitting; marks already made stand as they are. An unchanged plan writes nothing."""
    require(actor, "attendance.plan", sitting)
    sitting = Sitting.objects.select_for_update().get(pk=sitting.pk)
    fields = _fields(plan)
    changed = sorted(name for name, value in fields.items() if getattr(sitting, name) != value)
    if sitting.state == Sitting.State.CANCELLED:
        SITTING.move(sitting, "restore", actor=actor)
    if not changed:
        return sitting
    for name in changed:
        setattr(sitting, name, fields[name])
    sitting.save(update_fields=changed)
    audit.record(actor, "attendance.replan", sitting, changed=changed)
    return sitting


@transaction.atomic
def cancel(actor: Actor, *, sitting: Sitting) -> Sitting:
    """Call a sitting off; its hours count for nobody. Cancelling again changes nothing."""
    require(actor, "attendance.plan", sitting)
    sitting = Sitting.objects.select_for_update().get(pk=sitting.pk)
    if sitting.state != Sitting.State.CANCELLED:
        SITTING.move(sitting, "cancel", actor=actor)
    return sitting


@transaction.atomic
def expect(actor: Actor, *, sittings: Sequence[Sitting], person_ids: Iterable[int]) -> int:
    """Put people on the lists of some sittings of one owner; who stands there already stays. Answers how many are new."""
    for sitting in sittings:
        require(actor, "attendance.plan", sitting)
    wanted = list(dict.fromkeys(person_ids))
    schools = {sitting.school_id for sitting in sittings}
    known = set(Person.objects.filter(pk__in=wanted, school_id__in=schools).values_list("pk", flat=True))
    if len(known) != len(wanted):
        raise Fault(_("名单里有 %(n)s 人不属于本分校，请核对名单。") % {"n": len(wanted) - len(known)})
    have = set(
        Expected.objects.filter(sitting__in=sittings, person_id__in=wanted).values_list(
            "sitting_id", "person_id"
        )
    )
    fresh = [
        Expected(sitting=sitting, person_id=pk)
        for sitting in sittings
        for pk in wanted
        if (sitting.pk, pk) not in have
    ]
    Expected.objects.bulk_create(fresh, batch_size=2000, ignore_conflicts=True)
    if fresh:
        audit.record(
            actor, "attendance.expect", sittings[0], added=len(wanted), sittings=[s.pk for s in sittings]
        )
    return len(fresh)


@transaction.atomic
def release(actor: Actor, *, sittings: Sequence[Sitting], person_ids: Iterable[int]) -> int:
    """Take people off the lists of sittings, save where a mark, leave or claim already speaks of them."""
    for sitting in sittings:
        require(actor, "attendance.plan", sitting)
    rows = Expected.objects.filter(
        sitting__in=sittings,
        person_id__in=list(person_ids),
        checkin__isnull=True,
        leaves__isnull=True,
        claims__isnull=True,
        changes__isnull=True,
        stays__isnull=True,
    )
    gone = Expected.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).delete()[0]
    if gone:
        audit.record(
            actor, "attendance.release", sittings[0], removed=gone, sittings=[s.pk for s in sittings]
        )
    return gone


@transaction.atomic
def set_policy(actor: Actor, *, school_id: int, starts: date, limits: Limits) -> Policy:
    """Lay down the attendance rules from a day on; setting the same day again replaces its values."""
    require(actor, "attendance.set_policy", Policy(school_id=school_id))
    if not 0 < limits.online_share <= 1:
        raise Fault(_("线上参会占比要大于 0、不超过 1。"), "online_share")
    if limits.leave_warning > limits.leave_limit:
        raise Fault(_("请假提醒占比不能高于上限。"), "leave_warning")
    if not limits.tiers or limits.tiers[-1][0] is not None:
        raise Fault(_("请假审批层级的最后一级要不限长度。"), "tiers")
    policy, _made = Policy.objects.update_or_create(
        school_id=school_id,
        starts=starts,
        defaults={
            "opens_before": limits.opens_before, "late_after": limits.late_after,
            "leave_limit": limits.leave_limit, "leave_warning": limits.leave_warning,
            "closes_after": limits.closes_after, "online_share": limits.online_share,
            "claim_days": limits.claim_days, "absent_flag": limits.absent_flag,
        },
    )  # fmt: skip
    policy.tiers.all().delete()
    LeaveTier.objects.bulk_create(
        [LeaveTier(policy=policy, up_to=up_to, role=role) for up_to, role in limits.tiers]
    )
    audit.record(actor, "attendance.set_policy", policy, starts=str(starts))
    return policy
