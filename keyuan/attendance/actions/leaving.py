"""Asking for leave, deciding it, and coming back."""

from collections.abc import Iterable
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keyuan.approvals import actions as approvals
from keyuan.attendance.flows import LEAVE
from keyuan.attendance.models import Expected, Leave, LeaveSitting, Sitting
from keyuan.attendance.queries import limits_on
from keyuan.attendance.rules.access import LEAVE_KIND, in_anothers_place
from keyuan.attendance.rules.standing import approver_for, half_days
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault

audit.sentence("attendance.request_leave", "申请请假：{thing}")
approvals.delegable(LEAVE_KIND, gettext_lazy("请假审批"))


@transaction.atomic
def request_leave(
    actor: Actor,
    *,
    school_id: int,
    owner_label: str,
    owner_id: int,
    person_id: int,
    expected_ids: Iterable[int],
    reason: str,
) -> Leave:
    """Ask leave from some sittings of one owner; the tier of its length says who decides.

    Faults: no reason, no sitting, a sitting that is over; Conflict where a leave for one is already asked.
    """
    leave = Leave(
        school_id=school_id,
        owner_label=owner_label,
        owner_id=owner_id,
        person_id=person_id,
        reason=reason.strip()[:200],
    )
    require(actor, "attendance.request_leave", leave)
    if not leave.reason:
        raise Fault(_("请写明请假事由。"), "reason")
    rows = _rows(leave, expected_ids)
    leave.half_days = half_days((row.sitting.date, row.sitting.half) for row in rows)
    limits = limits_on(school_id, min(row.sitting.date for row in rows))
    leave.approver_role = approver_for(leave.half_days, limits)
    leave.requested_at = timezone.now()
    leave.save(force_insert=True)
    try:
        with transaction.atomic():
            LeaveSitting.objects.bulk_create([LeaveSitting(leave=leave, expected=row) for row in rows])
    except IntegrityError as twice:
        raise Conflict(_("所选课次里有已经请过假的，请刷新后重选。")) from twice
    audit.record(
        actor, "attendance.request_leave", leave, half_days=leave.half_days, approver=leave.approver_role
    )
    return leave


def _rows(leave: Leave, expected_ids: Iterable[int]) -> list[Expected]:
    wanted = set(expected_ids)
    rows = list(
        Expected.objects.select_related("sitting").filter(
            pk__in=wanted,
            person_id=leave.person_id,
            sitting__school_id=leave.school_id,
            sitting__owner_label=leave.owner_label,
            sitting__owner_id=leave.owner_id,
            sitting__state=Sitting.State.PLANNED,
        )
    )
    if not wanted:
        raise Fault(_("请至少选择一个课次。"), "sittings")
    if len(rows) != len(wanted):
        raise Fault(_("所选课次有变动，请刷新后重选。"), "sittings")
    if any(row.sitting.ends <= timezone.now() for row in rows):
        raise Fault(_("已经结束的课次不能再请假，请联系班主任。"), "sittings")
    return rows


def decide_leave(actor: Actor, *, leave: Leave, move: Literal["approve", "decline"], note: str = "") -> None:
    """Approve or decline; a refusal needs a reason. A leave beyond the tier goes to the higher role by rule.

    Whoever stands in for somebody is written down beside whose name it is.
    """
    place = in_anothers_place(actor, leave)
    behalf = {"on_behalf_of": place.person_id, "delegation": place.delegation_id} if place else {}
    LEAVE.move(leave, move, actor=actor, note=note, **behalf)


def cancel_leave(actor: Actor, *, leave: Leave) -> None:
    """The person takes a waiting request back."""
    LEAVE.move(leave, "cancel", actor=actor)


def end_leave(actor: Actor, *, leave: Leave) -> None:
    """Report back (销假): what has begun stays leave, what is to come is expected again."""
    LEAVE.move(leave, "end", actor=actor)
