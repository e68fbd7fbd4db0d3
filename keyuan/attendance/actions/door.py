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
from keyuan.attendance.rules import Limits
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
    known = DoorRecord.objects.in_bulk([each.key for each in noted], field_name="key")
    taken = {key: Taken(key, record.state, record.words) for key, record in known.items()}
    rooms = _rooms(actor, pack, {each.sitting_id for each in noted if each.key not in taken})
    # In one order everywhere, so that two phones handing in the same people wait for and never block each other.
    for each in sorted(noted, key=lambda each: (each.person_id, each.sitting_id, each.at)):
        if each.key not in taken:
            taken[each.key] = _take_one(actor, pack, rooms[each.sitting_id], each, drift=drift, now=now)
    return [taken[each.key] for each in noted]


@dataclass(frozen=True)
class _Room:
    """One sitting of the list with its rules, or why nothing may be entered there."""

    sitting: Sitting | None
    limits: Limits
    refusal: str = ""


def _rooms(actor: Actor, pack: Pack, wanted: set[int]) -> dict[int, _Room]:
    """The sittings asked for, each asked once whether this actor may mark it."""
    found = Sitting.objects.in_bulk(wanted & pack.sitting_ids)
    rooms = {}
    for pk in wanted:
        sitting = found.get(pk)
        if sitting is None:
            rooms[pk] = _Room(None, Limits(), _("记录里的课次不在当天的名单中，请刷新签到台后再登记。"))
            continue
        try:
            require(actor, "attendance.mark", sitting)
        except Forbidden as refusal:
            rooms[pk] = _Room(None, Limits(), str(refusal))
            continue
        rooms[pk] = _Room(sitting, limits_on(sitting.school_id, sitting.date))
    return rooms


def _take_one(
    actor: Actor, pack: Pack, room: _Room, each: Noted, *, drift: timedelta, now: datetime
) -> Taken:
    if room.sitting is None:
        return Taken(each.key, "refused", room.refusal)
    try:
        with transaction.atomic():
            at = arrival(each.at, drift, pack, now)
            record = _note(actor, room.sitting, each, limits=room.limits, at=at, drift=drift)
    except IntegrityError:
        # The same record came twice at once; the other request has just taken it.
        record = DoorRecord.objects.get(key=each.key)
    except Fault as refusal:
        return Taken(each.key, "refused", str(refusal))
    return Taken(each.key, record.state, record.words)


def _note(
    actor: Actor, sitting: Sitting, each: Noted, *, limits: Limits, at: datetime, drift: timedelta
) -> DoorRecord:
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
    why = _misfit(sitting, limits, expected, at)
    entered: Entered | None = None
    if expected is not None and not why:
        _found, entered = enter(expected, at, how=each.how, by=actor.person_id, limits=limits)
    record = DoorRecord.objects.create(
        key=each.key, sitting=sitting, person_id=each.person_id, at=at, how=each.how, by_id=actor.person_id or 0,
        received=max(at, timezone.now()), drift=int(drift.total_seconds()), words=why or _words(entered, drift),
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


def _misfit(sitting: Sitting, limits: Limits, expected: Expected | None, at: datetime) -> str:
    """Why an arrival cannot be entered as it stands; empty when it can."""
    if sitting.state != Sitting.State.PLANNED:
        return _("课次已取消，请核对是否登记到了别的课次。")
    if expected is None:
        return _("学员已不在应到名单里，请核对名册。")
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
