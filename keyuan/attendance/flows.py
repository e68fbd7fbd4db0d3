"""The lives of a leave, of a claim and of a sitting."""

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.models import CheckIn, Claim, Leave, LeaveSitting, Sitting
from keyuan.attendance.queries import limits_on
from keyuan.attendance.rules.standing import verdict_at
from keyuan.kernel.access import Actor
from keyuan.kernel.faults import Conflict
from keyuan.kernel.flow import Flow, Move


def _release(leave: Leave, actor: Actor) -> None:
    leave.sittings.update(live=False)


def _release_what_is_to_come(leave: Leave, actor: Actor) -> None:
    # What had begun before the return stays leave; the rest is expected again.
    ahead = leave.sittings.filter(expected__sitting__starts__gt=timezone.now()).values_list("pk", flat=True)
    LeaveSitting.objects.filter(pk__in=list(ahead)).update(live=False)


def _enter_claim(claim: Claim, actor: Actor) -> None:
    sitting = claim.expected.sitting
    verdict = verdict_at(sitting.starts, claim.stated_at, limits_on(sitting.school_id, sitting.date))
    found, made = CheckIn.objects.select_for_update().get_or_create(
        expected=claim.expected,
        defaults={
            "verdict": verdict, "at": claim.stated_at, "recorded": timezone.now(),
            "how": CheckIn.How.SELF, "by_id": actor.person_id,
        },
    )  # fmt: skip
    if made:
        return
    if found.verdict != CheckIn.Verdict.ABSENT:
        raise Conflict(_("这位学员已有签到记录，不必再补签。"))
    found.verdict, found.at, found.recorded = verdict, claim.stated_at, timezone.now()
    found.how, found.by_id = CheckIn.How.SELF, actor.person_id
    found.save(update_fields=["verdict", "at", "recorded", "how", "by"])


L, C, S = Leave.State, Claim.State, Sitting.State

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

SITTING: Flow[Sitting] = Flow(
    "attendance.sitting",
    Sitting,
    Move("cancel", "取消签到单元", (S.PLANNED,), S.CANCELLED, "attendance.plan", danger=True),
    Move("restore", "恢复签到单元", (S.CANCELLED,), S.PLANNED, "attendance.plan"),
)
