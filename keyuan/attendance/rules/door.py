"""The day's list a phone carries to the door, and when an arrival noted on a wrong clock really was (签到台)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core import signing

_PACK = "keyuan.attendance.pack"
# The list itself ends with the day; what was noted by it may still be handed in for so long.
UPLOAD_DAYS = 7
# A clock that differs less than this is not worth a word.
DRIFT_TOLD = timedelta(minutes=2)


@dataclass(frozen=True)
class Pack:
    """The signed right to note arrivals at some sittings on one day (离线名单凭据)."""

    keeper_id: int
    day: date
    issued: datetime
    sitting_ids: frozenset[int]


def sign_pack(pack: Pack) -> str:
    """The pack as the phone keeps it: ids and times only, signed by this installation."""
    facts = [pack.keeper_id, pack.day.isoformat(), pack.issued.isoformat(), sorted(pack.sitting_ids)]
    return signing.dumps(facts, salt=_PACK, compress=True)


def read_pack(text: str) -> Pack | None:
    """The pack, or None when it was altered or is more than seven days old."""
    try:
        keeper, day, issued, sittings = signing.loads(text, salt=_PACK, max_age=UPLOAD_DAYS * 86400)
        return Pack(int(keeper), date.fromisoformat(day), datetime.fromisoformat(issued), frozenset(sittings))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def drift_of(phone_now: datetime, now: datetime) -> timedelta:
    """By how much the phone's clock is ahead; a few seconds of travel are not told from none."""
    return phone_now - now


def arrival(noted: datetime, drift: timedelta, pack: Pack, now: datetime) -> datetime:
    """When somebody really arrived: the phone's time put right, never before the list was given out nor to come.

    What lies between noting and sending is measured by one clock, so a clock that is wrong by a fixed amount
    does no harm; one that was set anew in between is held to these bounds.
    """
    return min(max(noted - drift, pack.issued), now)
