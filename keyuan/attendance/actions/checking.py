"""Checking in, marking by hand, and a person's own word afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.flows import CLAIM, enter
from keyuan.attendance.models import CheckIn, Claim, Expected, MarkChange, Sitting
from keyuan.attendance.queries import limits_on
from keyuan.attendance.rules.standing import Limits
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, require
from keyuan.kernel.faults import Conflict, Fault

How = CheckIn.How
Verdict = CheckIn.Verdict
Tick = Literal["present", "late", "absent", "undo"]

audit.sentence("attendance.check_in", "签到：{thing}")
audit.sentence("attendance.mark", "登记考勤：{thing}")
audit.sentence("attendance.claim", "补签申报：{thing}")


@dataclass(frozen=True)
class Receipt:
    """What a check-in came to (签到回执): the mark that stands, and whether this request made it."""

    checkin: CheckIn
    fresh: bool


def _expected(sitting: Sitting, person_id: int) -> Expected:
    # The list's row is the lock under which this person's mark is made: a double tap waits and reads the first.
    row = (
        Expected.objects.select_for_update(of=("self",))
        .select_related("sitting", "person", "checkin")
        .filter(sitting=sitting, person_id=person_id)
        .first()
    )
    if row is None:
        raise Fault(_("您不在“%(title)s”的应到名单里，请找班主任核对名单。") % {"title": sitting.title})
    return row


def _open(sitting: Sitting, at: datetime, limits: Limits, *, by_oneself: bool) -> None:
    """Refuse outside the window: one signs in until the door is shut, staff note who came until the end."""
    if sitting.state != Sitting.State.PLANNED:
        raise Fault(_("“%(title)s”已取消，不必签到。") % {"title": sitting.title})
    opens = sitting.starts - timedelta(minutes=limits.opens_before)
    if at < opens:
        when = timezone.localtime(opens).strftime("%H:%M")
        raise Fault(_("还没有到签到时间，%(when)s 开始签到。") % {"when": when})
    if at > sitting.ends:
        raise Fault(_("“%(title)s”已经结束。如当时在场，请办理补签申报。") % {"title": sitting.title})
    if by_oneself and at > limits.closes(sitting.starts, sitting.ends):
        raise Fault(
            _("自助签到已截止（开始后 %(n)s 分钟），请找班主任当面登记。") % {"n": limits.closes_after}
        )


def _enter(expected: Expected, at: datetime, how: How, by: int | None, limits: Limits) -> Receipt:
    found, entered = enter(expected, at, how=how, by=by, limits=limits)
    return Receipt(found, entered in {"fresh", "righted"})


def check_in(
    actor: Actor,
    *,
    sitting: Sitting,
    person_id: int | None = None,
    how: str = How.QR,
    at: datetime | None = None,
) -> Receipt:
    """The actor checks in oneself; the caller has verified the room's code. Repeats get the first receipt.

    `at` is when the code was seen. Faults: not on the list, too early, over, or ruled absent by the head teacher.
    """
    moment = min(at or timezone.now(), timezone.now())
    # A hall of people does this within the same minute: what needs no lock is read before it.
    limits = limits_on(sitting.school_id, sitting.date)
    person = person_id or actor.person_id or 0
    return _check_in(actor, sitting=sitting, person_id=person, moment=moment, how=How(how), limits=limits)


@transaction.atomic
def _check_in(
    actor: Actor, *, sitting: Sitting, person_id: int, moment: datetime, how: How, limits: Limits
) -> Receipt:
    expected = _expected(sitting, person_id)
    require(actor, "attendance.check_in", expected)
    standing: CheckIn | None = getattr(expected, "checkin", None)
    if standing is not None and standing.verdict == Verdict.ABSENT:
        raise Conflict(_("班主任已把您登记为缺勤。如有出入，请当面找班主任更正。"))
    if standing is None:
        _open(sitting, moment, limits, by_oneself=True)
    receipt = _enter(expected, moment, how, actor.person_id, limits)
    if receipt.fresh:
        audit.record(
            actor, "attendance.check_in", receipt.checkin, sitting=sitting.pk, person=expected.person_id
        )
    return receipt


@transaction.atomic
def scan(actor: Actor, *, sitting: Sitting, person_id: int) -> Receipt:
    """The head teacher scans a person's own code; a repeat gets the first receipt, an absence is put right."""
    require(actor, "attendance.mark", sitting)
    expected = _expected(sitting, person_id)
    now = timezone.now()
    limits = limits_on(sitting.school_id, sitting.date)
    _open(sitting, now, limits, by_oneself=False)
    receipt = _enter(expected, now, How.CODE, actor.person_id, limits)
    if receipt.fresh:
        audit.record(
            actor, "attendance.mark", receipt.checkin, sitting=sitting.pk, person=person_id, to="code"
        )
    return receipt


@transaction.atomic
def mark(
    actor: Actor,
    *,
    sitting: Sitting,
    person_ids: Iterable[int],
    tick: Tick,
    paper: bool = False,
    at: datetime | None = None,
) -> int:
    """Mark people by hand: present, late, absent, or undo what was marked. Answers how many changed.

    `paper` says that it is copied off a signed sheet; then the arrival is the start unless `at` says otherwise.
    Fault once the sitting is over and a mark would be changed: that is a correction and needs its reason.
    """
    require(actor, "attendance.mark", sitting)
    if sitting.state != Sitting.State.PLANNED:
        raise Fault(_("“%(title)s”已取消，不能登记考勤。") % {"title": sitting.title})
    rows = list(
        Expected.objects.select_for_update(of=("self",))
        .filter(sitting=sitting, person_id__in=list(person_ids))
        .order_by("pk")
    )
    have = {found.expected_id: found for found in CheckIn.objects.filter(expected__in=rows)}
    changed = [row for row in rows if _differs(have.get(row.pk), tick)]
    if not paper and timezone.now() > sitting.ends and any(row.pk in have for row in changed):
        raise Fault(_("课次已经结束，改动已有的登记要写明理由：请点学员姓名，在“更正”里办理。"))
    CheckIn.objects.filter(expected__in=changed).delete()
    if tick != "undo":
        arrival = at or (sitting.starts if paper or timezone.now() > sitting.ends else timezone.now())
        times = [(row, _arrival(have.get(row.pk), arrival)) for row in changed]
        _write(actor, times, Verdict(tick), How.PAPER if paper else How.LIST)
    before = {key: found.verdict for key, found in have.items()}
    _remember(actor, [(row, before[row.pk]) for row in changed if row.pk in before], tick, paper=paper)
    facts = [{"person": row.person_id, "before": before.get(row.pk, ""), "to": tick} for row in changed]
    audit.record_many(actor, "attendance.mark", [(sitting, fact) for fact in facts])
    return len(changed)


def _write(actor: Actor, rows: list[tuple[Expected, datetime]], verdict: Verdict, how: How) -> None:
    """One new mark a line, each with its time of arrival."""
    now = timezone.now()
    CheckIn.objects.bulk_create(
        CheckIn(expected=row, verdict=verdict, at=at, recorded=now, how=how, by_id=actor.person_id)
        for row, at in rows
    )


def _remember(actor: Actor, rows: list[tuple[Expected, str]], tick: Tick, *, paper: bool) -> None:
    """Changes of marks that were there before go into their history."""
    MarkChange.objects.bulk_create(
        MarkChange(
            expected=row, before=before, after="" if tick == "undo" else tick, by_id=actor.person_id, at=timezone.now(),
            reason=_("依据纸质签到表") if paper else "",
        )
        for row, before in rows
    )  # fmt: skip


def _differs(found: CheckIn | None, tick: Tick) -> bool:
    return found is not None if tick == "undo" else found is None or found.verdict != tick


def _arrival(before: CheckIn | None, at: datetime) -> datetime:
    # Changing present to late keeps the time of arrival that was seen.
    return before.at if before is not None and before.verdict != Verdict.ABSENT else at


@transaction.atomic
def claim(actor: Actor, *, sitting: Sitting, stated_at: datetime, reason: str) -> Claim:
    """A person's own word, within a week, that they were there; it stands as such until the head teacher judges it."""
    expected = _expected(sitting, actor.person_id or 0)
    require(actor, "attendance.claim", expected)
    now = timezone.now()
    if not reason.strip():
        raise Fault(_("请说明没有签到的原因。"), "reason")
    days = limits_on(sitting.school_id, sitting.date).claim_days
    if now < sitting.starts or now > sitting.ends + timedelta(days=days):
        raise Fault(_("补签申报只在课次开始后 %(days)s 天内受理，请直接联系班主任。") % {"days": days})
    if not sitting.starts - timedelta(hours=2) <= stated_at <= min(now, sitting.ends):
        raise Fault(_("到场时间要在课次开始前后、结束之前。"), "stated_at")
    if CheckIn.objects.filter(expected=expected).exclude(verdict=Verdict.ABSENT).exists():
        raise Conflict(_("您已有签到记录，不必补签。"))
    found = Claim.objects.filter(expected=expected, state=Claim.State.SUBMITTED).first()
    if found is not None:
        return found
    made = Claim.objects.create(
        expected=expected, stated_at=stated_at, made_at=now, reason=reason.strip()[:200]
    )
    audit.record(actor, "attendance.claim", made, sitting=sitting.pk)
    return made


def judge_claim(actor: Actor, *, claim: Claim, move: Literal["accept", "refuse"], note: str = "") -> None:
    """Accept or refuse a claim; an accepted one becomes a check-in dated as claimed (补签申报)."""
    CLAIM.move(claim, move, actor=actor, note=note)
