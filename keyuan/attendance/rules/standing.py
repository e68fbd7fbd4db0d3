"""What a person's marks come to in hours, and what may still be reached (考勤统计)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from keyuan.attendance.models import CheckIn, Half

Mark = Literal["present", "late", "leave", "absent", "waiting"]
Light = Literal["ok", "amber", "over"]

ZERO = Decimal(0)
# 干部教育培训工作条例 (2023) art. 15: leave beyond 1/7 of the hours means leaving the class.
LEAVE_LIMIT = Decimal("0.142857")
LEAVE_WARNING = Decimal("0.1")
# Half a day: the head teacher; one day: the registrar; beyond: the school's leader. Dated data overrides it.
TIERS: tuple[tuple[int | None, str], ...] = ((1, "head_teacher"), (2, "registrar"), (None, "leader"))
RANK = ("head_teacher", "registrar", "leader")


@dataclass(frozen=True)
class Limits:
    """The attendance rules in force on a day (考勤规定) as plain values."""

    opens_before: int = 60
    late_after: int = 5
    leave_limit: Decimal = LEAVE_LIMIT
    leave_warning: Decimal = LEAVE_WARNING
    tiers: tuple[tuple[int | None, str], ...] = TIERS
    # Minutes past the start after which the door is shut; None leaves it open to the end.
    closes_after: int | None = None
    # The share of a sitting's minutes spent in the meeting from which one counts as present.
    online_share: Decimal = Decimal("0.8")
    claim_days: int = 7
    # So many half-days missed without leave are put before the registrar.
    absent_flag: int = 2

    def closes(self, starts: datetime, ends: datetime) -> datetime:
        """When the door of a sitting is shut."""
        return ends if self.closes_after is None else min(ends, starts + timedelta(minutes=self.closes_after))


def half_of(moment: datetime) -> Half:
    """The half-day of a local moment: before 12:30 morning, before 18:00 afternoon, then evening."""
    minutes = moment.hour * 60 + moment.minute
    if minutes < 12 * 60 + 30:
        return Half.MORNING
    return Half.AFTERNOON if minutes < 18 * 60 else Half.EVENING


def verdict_at(starts: datetime, at: datetime, limits: Limits) -> CheckIn.Verdict:
    """Present, or late from `late_after` full minutes past the start."""
    on_time = at <= starts + timedelta(minutes=limits.late_after)
    return CheckIn.Verdict.PRESENT if on_time else CheckIn.Verdict.LATE


def half_days(halves: Iterable[tuple[date, str]]) -> int:
    """How many half-days some sittings fill; two lectures of one morning are one, an evening counts too."""
    return len(set(halves))


def approver_for(length: int, limits: Limits) -> str:
    """The role that decides a leave of `length` half-days."""
    for up_to, role in limits.tiers:
        if up_to is None or length <= up_to:
            return role
    return limits.tiers[-1][1] if limits.tiers else RANK[-1]


def may_decide(roles: Iterable[str], approver: str) -> bool:
    """Whether one of the roles stands at or above the one asked for."""
    if approver not in RANK:
        return approver in roles
    return any(role in RANK and RANK.index(role) >= RANK.index(approver) for role in roles)


def mark_of(verdict: str | None, *, on_leave: bool, ended: bool) -> Mark:
    """One mark from what is known: coming beats leave, leave beats absence, silence is absence once it is over."""
    if verdict == "present":
        return "present"
    if verdict == "late":
        return "late"
    if on_leave:
        return "leave"
    return "absent" if verdict == "absent" or ended else "waiting"


@dataclass
class Standing:
    """Where one person stands in one series of sittings (考勤情况), all in study hours."""

    person_id: int
    limits: Limits = field(default_factory=Limits)
    total: Decimal = ZERO
    present: Decimal = ZERO
    leave: Decimal = ZERO
    absent: Decimal = ZERO
    waiting: Decimal = ZERO
    late_times: int = 0
    absent_times: int = 0
    leave_times: int = 0

    def add(self, mark: Mark, hours: Decimal) -> None:
        """Count one sitting."""
        self.total += hours
        if mark in {"present", "late"}:
            self.present += hours
            self.late_times += mark == "late"
        elif mark == "leave":
            self.leave += hours
            self.leave_times += 1
        elif mark == "absent":
            self.absent += hours
            self.absent_times += 1
        else:
            self.waiting += hours

    def share(self, hours: Decimal) -> Decimal:
        """Hours as a share of all hours, 0 to 1 in six places; nought where nothing is planned."""
        return (hours / self.total).quantize(Decimal("0.000001")) if self.total else ZERO

    @property
    def attendance_share(self) -> Decimal:
        """Hours attended of all hours planned (出勤率)."""
        return self.share(self.present)

    @property
    def leave_share(self) -> Decimal:
        """Hours of leave of all hours planned (请假占比)."""
        return self.share(self.leave)

    @property
    def light(self) -> Light:
        """Amber from the warning share on, over only beyond the limit: exactly 1/7 is still allowed."""
        return light_of(self.leave, self.total, self.limits)

    def light_with(self, more: Decimal) -> Light:
        """The light if so many further hours of leave were granted."""
        return light_of(self.leave + more, self.total, self.limits)

    @property
    def best_share(self) -> Decimal:
        """The attendance share still within reach when nothing more is missed (还能达到)."""
        return self.share(self.present + self.waiting)

    def can_reach(self, share: Decimal) -> bool:
        """Whether an attendance share can still be reached, counted over all sittings planned."""
        return self.present + self.waiting >= share * self.total


def light_of(leave: Decimal, total: Decimal, limits: Limits) -> Light:
    """The light over a leave share; a limit of 0.142857 stands for 1/7 and is compared to six places."""
    if not total:
        return "ok"
    share = (leave / total).quantize(Decimal("0.000001"))
    if share > limits.leave_limit:
        return "over"
    return "amber" if share >= limits.leave_warning else "ok"


# What a half-day with several sittings shows: the mark that needs attention most.
WORST: tuple[Mark, ...] = ("absent", "leave", "late", "present", "waiting")


def half_mark(marks: Iterable[Mark]) -> Mark:
    """The one mark of a half-day: absence before leave, leave before lateness; waiting only where nothing is known."""
    return min(marks, key=WORST.index, default="waiting")


def half_days_left(leave: Decimal, total: Decimal, ahead: Iterable[Decimal], limits: Limits) -> int:
    """How many further half-days of leave stay within the limit, whichever of those ahead are chosen.

    `ahead` are the hours of each half-day still to come and not yet asked for. The longest are counted first, so
    that the promise holds for any choice.
    """
    count = 0
    for hours in sorted(ahead, reverse=True):
        leave += hours
        if light_of(leave, total, limits) == "over":
            break
        count += 1
    return count
