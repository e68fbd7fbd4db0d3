"""Taking in what was noted at the door without a network, each arrival once, and settling what does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.flows import DOOR, Entered, enter
from keyuan.attendance.models import CheckIn, DoorRecord, Expected, Sitting
from keyuan.attendance.queries import limits_on
from keyuan.attendance.rules.door import DRIFT_TOLD, Pack, arrival, drift_of
from keyuan.kernel import audit
from keyuan.kernel.access import Actor, Forbidden, require
from keyuan.kernel.faults import Conflict, Fault
from keyuan.people.models import Person

audit.sentence("attendance.door", "签到台登记：{thing}")

MOST = 500
State = DoorRecord.State


@dataclass(frozen=True)
class Noted:
    """One arrival as a phone noted it (离线登记), `at` by the phone's own clock."""

    key: UUID
    sitting_id: int
    person_id: int
    how: str
    at: datetime


@dataclass(frozen=True)
class Taken:
    """What became of one noted arrival (离线登记回执): a state of its record, or `refused`; the words say why."""

    key: UUID
    state: str
    words: str


def take_in(
    actor: Actor, *, pack: Pack, noted: Sequence[Noted], phone_now: datetime, moment: datetime | None = None
) -> list[Taken]:
    """Take noted arrivals in, each once however often it is sent; answers what became of each, in their order.

    Conflict when another person noted them: only the keeper of the list hands it in. What cannot be entered as
    it stands is kept, open, with its reason; what may not be kept at all is answered as refused, the rest goes on.
    """
    if actor.person_id != pack.keeper_id:
        raise Conflict(_("这些记录是另一位工作人员登记的，请由本人登录后上传；记录仍在这台手机里，不会丢。"))
    if len(noted) > MOST:
        raise Fault(_("一次最多上传 %(n)s 条。") % {"n": MOST})
    now = moment or timezone.now()
    drift = drift_of(phone_now, now)
    # In one order everywhere, so that two phones handing in the same people wait for and never block each other.
    inside = sorted(noted, key=lambda each: (each.person_id, each.sitting_id, each.at))
    taken = {each.key: _take_one(actor, pack, each, drift, now) for each in inside}
    return [taken[each.key] for each in noted]


def _take_one(actor: Actor, pack: Pack, each: Noted, drift: timedelta, now: datetime) -> Taken:
    try:
        with transaction.atomic():
            found = DoorRecord.objects.filter(key=each.key).first()
            record = found or _note(actor, pack, each, drift, now)
    except IntegrityError:
        # The same record came twice at once; the other request has just taken it.
        record = DoorRecord.objects.get(key=each.key)
    except (Fault, Forbidden) as refusal:
        return Taken(each.key, "refused", str(refusal))
    return Taken(each.key, record.state, record.words)


def _note(actor: Actor, pack: Pack, each: Noted, drift: timedelta, now: datetime) -> DoorRecord:
    sitting = Sitting.objects.filter(pk=each.sitting_id).first()
    if sitting is None or sitting.pk not in pack.sitting_ids:
        raise Fault(_("记录里的课次不在当天的名单中，请刷新签到台后再登记。"))
    require(actor, "attendance.mark", sitting)
    at = arrival(each.at, drift, pack, now)
    expected = (
        Expected.objects.select_for_update(of=("self",))
        .select_related("sitting")
        .filter(sitting=sitting, person_id=each.person_id)
        .first()
    )
    if (
        expected is None
        and not Person.objects.filter(pk=each.person_id, school_id=sitting.school_id).exists()
    ):
        raise Fault(_("查无此人，请刷新签到台后再登记。"))
    why = _misfit(sitting, expected, at)
    entered: Entered | None = None
    if expected is not None and not why:
        _found, entered = enter(expected, at, how=each.how, by=actor.person_id)
    record = DoorRecord.objects.create(
        key=each.key, sitting=sitting, person_id=each.person_id, at=at, how=each.how, by_id=actor.person_id or 0,
        received=now, drift=int(drift.total_seconds()), words=why or _words(entered, drift),
        state=State.OPEN if why else State.TAKEN,
    )  # fmt: skip
    if entered != "already":
        facts = {
            "person": each.person_id,
            "record": record.pk,
            "state": record.state,
            "entered": entered or "",
        }
        audit.record(actor, "attendance.door", sitting, **facts)
    return record


def _misfit(sitting: Sitting, expected: Expected | None, at: datetime) -> str:
    """Why an arrival cannot be entered as it stands; empty when it can."""
    if sitting.state != Sitting.State.PLANNED:
        return _("课次已取消，请核对是否登记到了别的课次。")
    if expected is None:
        return _("学员已不在应到名单里，请核对名册。")
    limits = limits_on(sitting.school_id, sitting.date)
    opens = sitting.starts - timedelta(minutes=limits.opens_before)
    if not opens <= at <= sitting.ends:
        when = f"{timezone.localtime(at):%H:%M}"
        return _("到场时间 %(when)s 不在这个课次的签到时间内，请核对。") % {"when": when}
    return ""


def _words(entered: Entered | None, drift: timedelta) -> str:
    said = {
        "fresh": "", "already": _("先前已登记更早的到场时间，以先到为准。"),
        "earlier": _("比先前登记的更早，已改用这次的到场时间。"),
        "righted": _("先前被登记为缺勤，已按到场更正。"),
    }[entered or "fresh"]  # fmt: skip
    if abs(drift) < DRIFT_TOLD:
        return said
    minutes = round(abs(drift).total_seconds() / 60)
    words = (
        _("手机时钟快 %(n)s 分钟，已按服务器时间更正。")
        if drift > timedelta(0)
        else _("手机时钟慢 %(n)s 分钟，已按服务器时间更正。")
    )
    return said + words % {"n": minutes}


def settle(actor: Actor, *, record: DoorRecord, move: Literal["accept", "dismiss"], note: str = "") -> None:
    """Enter an arrival that waited, or set it aside with a reason."""
    DOOR.move(record, move, actor=actor, note=note)


HOWS = (CheckIn.How.CODE, CheckIn.How.LIST)
