"""Who sees and who marks presence; the rooms above say who staffs what they own."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from keyuan.approvals.rules import APPROVERS, Place, stands_in_for
from keyuan.attendance.models import (
    CheckIn,
    Claim,
    DoorRecord,
    Expected,
    Leave,
    LeaveSitting,
    MarkChange,
    OnlineStay,
    Policy,
    SheetPhoto,
    Sitting,
)
from keyuan.attendance.rules.standing import may_decide
from keyuan.kernel.access import Actor, rule, scope

Staffed = Callable[[Actor], Iterable[int] | QuerySet[Any]]
Titled = Callable[[int], str]
Owner = tuple[str, int]
# Under which name approvals of leave are delegated; who decides them stays with the tiers of this room.
LEAVE_KIND = "attendance.leave"

STAFF: dict[str, Staffed] = {}
TITLES: dict[str, Titled] = {}
OFFICE = ("registrar", "leader")
STAFF_ROLES = ("registrar", "head_teacher")


def staff_of(owner_label: str) -> Callable[[Staffed], Staffed]:
    """Register which owners of a kind an actor staffs: fn(actor) gives their ids or a query of ids."""

    def register(function: Staffed) -> Staffed:
        STAFF[owner_label] = function
        return function

    return register


def title_of(owner_label: str) -> Callable[[Titled], Titled]:
    """Register how an owner is called on attendance screens: fn(owner_id) gives its title."""

    def register(function: Titled) -> Titled:
        TITLES[owner_label] = function
        return function

    return register


def owner_title(owner_label: str, owner_id: int) -> str:
    """The owner's title, empty where its room registered none."""
    function = TITLES.get(owner_label)
    return function(owner_id) if function else ""


def staffed(actor: Actor, prefix: str = "") -> Q:
    """The filter for rows whose owner this actor staffs; `prefix` leads to owner_label and owner_id."""
    found = Q(pk__in=())
    for label, function in STAFF.items():
        found |= Q(**{f"{prefix}owner_label": label, f"{prefix}owner_id__in": function(actor)})
    return found


def staffs(actor: Actor, owner: Owner) -> bool:
    """Whether this actor staffs one owner."""
    function = STAFF.get(owner[0])
    if function is None:
        return False
    ids = function(actor)
    return ids.filter(pk=owner[1]).exists() if isinstance(ids, QuerySet) else owner[1] in set(ids)


def runs(actor: Actor, school_id: int, owner: Owner) -> bool:
    """Whether the actor keeps the attendance of an owner: the office in its school, or its own staff."""
    if "system" in actor.roles:
        return actor.school_id in {None, school_id}
    return actor.school_id == school_id and ("registrar" in actor.roles or staffs(actor, owner))


def _own(actor: Actor, rows: QuerySet[Any], school: str, owner: str, mine: Q) -> QuerySet[Any]:
    if "system" in actor.roles:
        return rows if actor.school_id is None else rows.filter(**{school: actor.school_id})
    rows = rows.filter(**{school: actor.school_id})
    if actor.roles.intersection(OFFICE):
        return rows
    shown = staffed(actor, owner) if "head_teacher" in actor.roles else Q(pk__in=())
    return rows.filter(shown | mine if "trainee" in actor.roles else shown)


@scope(Sitting)
def sittings_i_see(actor: Actor, rows: QuerySet[Sitting]) -> QuerySet[Sitting]:
    """The office sees its school's, staff what they staff, trainees where they are expected."""
    mine = Q(Exists(Expected.objects.filter(sitting=OuterRef("pk"), person_id=actor.person_id or 0)))
    return _own(actor, rows, "school_id", "", mine)


@scope(Expected)
def expected_i_see(actor: Actor, rows: QuerySet[Expected]) -> QuerySet[Expected]:
    """As sittings; a trainee only their own line."""
    return _own(actor, rows, "sitting__school_id", "sitting__", Q(person_id=actor.person_id))


@scope(CheckIn)
def checkins_i_see(actor: Actor, rows: QuerySet[CheckIn]) -> QuerySet[CheckIn]:
    """As expected."""
    return _own(
        actor,
        rows,
        "expected__sitting__school_id",
        "expected__sitting__",
        Q(expected__person_id=actor.person_id),
    )


@scope(Claim)
def claims_i_see(actor: Actor, rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """As expected."""
    return _own(
        actor,
        rows,
        "expected__sitting__school_id",
        "expected__sitting__",
        Q(expected__person_id=actor.person_id),
    )


@scope(Leave)
def leaves_i_see(actor: Actor, rows: QuerySet[Leave]) -> QuerySet[Leave]:
    """The office sees its school's, staff what they staff, trainees their own; a stand-in what waits for the other."""
    seen = _own(actor, rows, "school_id", "", Q(person_id=actor.person_id))
    if actor.school_id is None or actor.roles.intersection((*OFFICE, "system")):
        return seen
    for place in stands_in_for(actor, LEAVE_KIND):
        theirs = _own(place.actor(actor.school_id), rows, "school_id", "", Q(pk__in=()))
        seen = seen | theirs.filter(state=Leave.State.REQUESTED).exclude(person_id=place.person_id)
    return seen


@scope(LeaveSitting)
def leave_sittings_i_see(actor: Actor, rows: QuerySet[LeaveSitting]) -> QuerySet[LeaveSitting]:
    """As leaves."""
    return _own(actor, rows, "leave__school_id", "leave__", Q(leave__person_id=actor.person_id))


@scope(MarkChange)
def changes_i_see(actor: Actor, rows: QuerySet[MarkChange]) -> QuerySet[MarkChange]:
    """As expected: one's own history is open to oneself."""
    mine = Q(expected__person_id=actor.person_id)
    return _own(actor, rows, "expected__sitting__school_id", "expected__sitting__", mine)


@scope(OnlineStay)
def stays_i_see(actor: Actor, rows: QuerySet[OnlineStay]) -> QuerySet[OnlineStay]:
    """As expected."""
    mine = Q(expected__person_id=actor.person_id)
    return _own(actor, rows, "expected__sitting__school_id", "expected__sitting__", mine)


@scope(DoorRecord)
def door_records_i_see(actor: Actor, rows: QuerySet[DoorRecord]) -> QuerySet[DoorRecord]:
    """The office its school's, staff what they staff; never trainees."""
    return _own(actor, rows, "sitting__school_id", "sitting__", Q(pk__in=()))


@scope(SheetPhoto)
def photos_i_see(actor: Actor, rows: QuerySet[SheetPhoto]) -> QuerySet[SheetPhoto]:
    """The office its school's, staff what they staff; a sheet shows everybody's hand, so never trainees."""
    return _own(actor, rows, "sitting__school_id", "sitting__", Q(pk__in=()))


@scope(Policy)
def policies_i_see(actor: Actor, rows: QuerySet[Policy]) -> QuerySet[Policy]:
    """The rules of the actor's school are open to all in it."""
    return rows.filter(school_id=actor.school_id or 0)


@rule("attendance.plan", title="安排签到单元与应到名单", roles=STAFF_ROLES, limits="本校；班主任限本班")
def plan(actor: Actor, sitting: Sitting) -> bool:
    """The office in its school, and the staff of the owner."""
    return runs(actor, sitting.school_id, (sitting.owner_label, sitting.owner_id))


@rule("attendance.mark", title="登记考勤", roles=STAFF_ROLES, limits="本校；班主任限本班")
def mark(actor: Actor, sitting: Sitting) -> bool:
    """The office in its school, and the staff of the owner."""
    return runs(actor, sitting.school_id, (sitting.owner_label, sitting.owner_id))


@rule(
    "attendance.call",
    title="查看未到学员电话",
    roles=STAFF_ROLES,
    limits="本校；班主任限本班；课前一小时至下课",
)
def call(actor: Actor, sitting: Sitting) -> bool:
    """Those who keep the sitting, and only from an hour before it begins until it ends."""
    now = timezone.now()
    if (
        sitting.state != Sitting.State.PLANNED
        or not sitting.starts - timedelta(hours=1) <= now <= sitting.ends
    ):
        return False
    return runs(actor, sitting.school_id, (sitting.owner_label, sitting.owner_id))


@rule("attendance.door", title="使用签到台", roles=STAFF_ROLES, limits="本校；班主任限本班")
def door(actor: Actor, _thing: None) -> bool:
    """Whoever keeps attendance; the list holds only the sittings one keeps."""
    return actor.person_id is not None and actor.school_id is not None


@rule("attendance.paper", title="补登纸质签到表", roles=STAFF_ROLES, limits="本校；班主任限本班")
def paper(actor: Actor, photo: SheetPhoto) -> bool:
    """Those who mark the sitting the sheet was signed at."""
    return mark(actor, photo.sitting)


@rule("attendance.correct", title="更正考勤", roles=STAFF_ROLES, limits="本校；班主任限本班；本人除外")
def correct(actor: Actor, expected: Expected) -> bool:
    """Those who mark the sitting, but nobody their own mark."""
    return actor.person_id != expected.person_id and mark(actor, expected.sitting)


@rule("attendance.settle", title="处理离线登记", roles=STAFF_ROLES, limits="本校；班主任限本班；本人除外")
def settle(actor: Actor, record: DoorRecord) -> bool:
    """Those who mark the sitting, but nobody on themselves."""
    sitting = record.sitting
    return actor.person_id != record.person_id and runs(
        actor, sitting.school_id, (sitting.owner_label, sitting.owner_id)
    )


@rule("attendance.check_in", title="本人签到", roles=("trainee",), limits="本人")
def check_in(actor: Actor, expected: Expected) -> bool:
    """Only for oneself, and only where one is expected."""
    return actor.person_id == expected.person_id and actor.school_id == expected.sitting.school_id


@rule("attendance.claim", title="补签申报", roles=("trainee",), limits="本人")
def claim(actor: Actor, expected: Expected) -> bool:
    """Only for oneself."""
    return actor.person_id == expected.person_id and actor.school_id == expected.sitting.school_id


@rule(
    "attendance.judge_claim", title="核实补签申报", roles=STAFF_ROLES, limits="本校；班主任限本班；本人除外"
)
def judge_claim(actor: Actor, claim: Claim) -> bool:
    """Those who mark the sitting, but nobody on their own claim."""
    sitting = claim.expected.sitting
    return actor.person_id != claim.expected.person_id and runs(
        actor, sitting.school_id, (sitting.owner_label, sitting.owner_id)
    )


@rule(
    "attendance.request_leave",
    title="申请请假",
    roles=("trainee", *STAFF_ROLES),
    limits="本人；教务代登限本校，班主任代登限本班",
)
def request_leave(actor: Actor, leave: Leave) -> bool:
    """For oneself; the office and the owner's staff may enter a paper slip for another."""
    if actor.person_id == leave.person_id and actor.school_id == leave.school_id:
        return True
    return runs(actor, leave.school_id, (leave.owner_label, leave.owner_id))


@rule(
    "attendance.decide_leave",
    title="审批请假",
    roles=APPROVERS,
    limits="本校本级；班主任限本班；本人除外；受托人同委托人",
)
def decide_leave(actor: Actor, leave: Leave) -> bool:
    """The tier's role or a higher one in the school, or who stands in for one; nobody decides their own leave."""
    return _decides(actor, leave) or in_anothers_place(actor, leave) is not None


def in_anothers_place(actor: Actor, leave: Leave) -> Place | None:
    """In whose place this actor decides a leave; None for in the own or not at all."""
    if _decides(actor, leave) or actor.school_id is None or actor.person_id == leave.person_id:
        return None
    places = stands_in_for(actor, LEAVE_KIND)
    return next((place for place in places if _decides(place.actor(actor.school_id), leave)), None)


def _decides(actor: Actor, leave: Leave) -> bool:
    if actor.school_id != leave.school_id or actor.person_id == leave.person_id:
        return False
    if not may_decide(actor.roles, leave.approver_role):
        return False
    return bool(actor.roles.intersection(OFFICE)) or staffs(actor, (leave.owner_label, leave.owner_id))


@rule("attendance.withdraw_leave", title="撤回请假", roles=("trainee",), limits="本人")
def withdraw_leave(actor: Actor, leave: Leave) -> bool:
    """The person who asked."""
    return actor.person_id == leave.person_id and actor.school_id == leave.school_id


@rule(
    "attendance.end_leave",
    title="销假",
    roles=("trainee", *STAFF_ROLES),
    limits="本人；教务限本校，班主任限本班",
)
def end_leave(actor: Actor, leave: Leave) -> bool:
    """The person on return, or those who keep the attendance."""
    return request_leave(actor, leave)


@rule("attendance.set_policy", title="设定考勤规定", roles=("registrar",), limits="本校")
def set_policy(actor: Actor, policy: Policy) -> bool:
    """The office of the school."""
    return actor.school_id == policy.school_id
