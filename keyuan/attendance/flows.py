"""The lives of a leave, of a claim, of an offline record, of a paper sheet and of a sitting."""

from datetime import datetime
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.models import (
    CheckIn,
    Claim,
    DoorRecord,
    Expected,
    Leave,
    LeaveSitting,
    MarkChange,
    SheetPhoto,
    Sitting,
)
from keyuan.attendance.queries import limits_on
from keyuan.attendance.rules.standing import Limits, verdict_at
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict, Fault
from keyuan.kernel.flow import Flow, Move


def _release(leave: Leave, actor: Actor) -> None:
    leave.sittings.update(live=False)


def _release_what_is_to_come(leave: Leave, actor: Actor) -> None:
    # What had begun before the return stays leave; the rest is expected again.
    ahead = leave.sittings.filter(expected__sitting__starts__gt=timezone.now()).values_list("pk", flat=True)
    LeaveSitting.objects.filter(pk__in=list(ahead)).update(live=False)


Entered = Literal["fresh", "earlier", "already", "righted"]


def enter(
    expected: Expected, at: datetime, *, how: str, by: int | None, limits: Limits | None = None
) -> tuple[CheckIn, Entered]:
    """Enter an arrival; the caller has locked the list's row. The earliest time stands, whoever told it.

    Coming beats absence: an absence ruled without this news is put right, and the change is written down.
    """
    sitting = expected.sitting
    limits = limits or limits_on(sitting.school_id, sitting.date)
    verdict = verdict_at(sitting.starts, at, limits)
    found = CheckIn.objects.filter(expected=expected).first()
    if found is None:
        made = CheckIn(expected=expected, verdict=verdict, at=at, recorded=timezone.now(), how=how, by_id=by)
        made.save(force_insert=True)
        return made, "fresh"
    absent = found.verdict == CheckIn.Verdict.ABSENT
    if not absent and at >= found.at:
        return found, "already"
    before = str(found.verdict)
    # An earlier arrival moves the time; being present by a person's word is not made late by it.
    found.verdict = verdict if absent or verdict == CheckIn.Verdict.PRESENT else found.verdict
    found.at, found.how = at, CheckIn.How(how)
    if absent:
        found.recorded, found.by_id = timezone.now(), by
    found.save(update_fields=["verdict", "at", "recorded", "how", "by"])
    changed(expected, before, str(found.verdict), by=by, reason=_("按后来报到的到场时间更正"))
    return found, "righted" if absent else "earlier"


def changed(expected: Expected, before: str, after: str, *, by: int | None, reason: str) -> None:
    """Write a change of somebody's mark into its history; what did not change leaves no line."""
    if before != after:
        MarkChange.objects.create(
            expected=expected, before=before, after=after, by_id=by, reason=reason[:200], at=timezone.now()
        )


def _enter_claim(claim: Claim, actor: Actor) -> None:
    _found, entered = enter(claim.expected, claim.stated_at, how=CheckIn.How.SELF, by=actor.person_id)
    if entered == "already":
        raise Conflict(_("这位学员已有签到记录，不必再补签。"))


def _enter_record(record: DoorRecord, actor: Actor) -> None:
    expected = (
        Expected.objects.select_for_update(of=("self",))
        .select_related("sitting")
        .filter(sitting_id=record.sitting_id, person_id=record.person_id)
        .first()
    )
    if expected is None:
        raise Fault(_("这位学员不在应到名单里，请先把学员列入本班名册，再来补登。"))
    if expected.sitting.state != Sitting.State.PLANNED:
        raise Fault(_("这个课次已取消，不能补登。"))
    enter(expected, min(record.at, expected.sitting.ends), how=record.how, by=record.by_id)


L, C, S = Leave.State, Claim.State, Sitting.State
D, P = DoorRecord.State, SheetPhoto.State

LEAVE: Flow[Leave] = Flow(
    "attendance.leave",
    Leave,
    Move("approve", "批准请假", (L.REQUESTED,), L.APPROVED, "attendance.decide_leave"),
    Move(
        "decline",
        "不批准请假",
        (L.REQUESTED,),
        L.DECLINED,
        "attendance.decide_leave",
        then=_release,
        reason=True,
    ),
    Move("cancel", "撤回请假", (L.REQUESTED,), L.CANCELLED, "attendance.withdraw_leave", then=_release),
    Move("end", "销假", (L.APPROVED,), L.ENDED, "attendance.end_leave", then=_release_what_is_to_come),
)

CLAIM: Flow[Claim] = Flow(
    "attendance.claim",
    Claim,
    Move(
        "accept",
        "认可补签",
        (C.SUBMITTED,),
        C.ACCEPTED,
        "attendance.judge_claim",
        holds="expected",
        then=_enter_claim,
    ),
    Move("refuse", "不认可补签", (C.SUBMITTED,), C.REFUSED, "attendance.judge_claim", reason=True),
)

DOOR: Flow[DoorRecord] = Flow(
    "attendance.door_record",
    DoorRecord,
    Move("accept", "补登离线登记", (D.OPEN,), D.ACCEPTED, "attendance.settle", then=_enter_record),
    Move("dismiss", "不采用离线登记", (D.OPEN,), D.DISMISSED, "attendance.settle", reason=True),
    begins=(D.OPEN,),
)

PHOTO: Flow[SheetPhoto] = Flow(
    "attendance.photo",
    SheetPhoto,
    Move("copy", "补登纸质签到表", (P.WAITING,), P.COPIED, "attendance.paper"),
    Move("reopen", "重新补登纸质签到表", (P.COPIED,), P.WAITING, "attendance.paper"),
)

SITTING: Flow[Sitting] = Flow(
    "attendance.sitting",
    Sitting,
    Move("cancel", "取消签到单元", (S.PLANNED,), S.CANCELLED, "attendance.plan", danger=True),
    Move("restore", "恢复签到单元", (S.CANCELLED,), S.PLANNED, "attendance.plan"),
)
