"""One person at one sitting: what stands, and how it came to stand."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from keyuan.attendance.models import CheckIn, DoorRecord, Expected, Leave, Sitting
from keyuan.attendance.queries import granted
from keyuan.attendance.rules.standing import Mark, mark_of
from keyuan.kernel.access import Actor, visible


@dataclass(frozen=True)
class Event:
    """One thing that happened to a mark (考勤经过)."""

    at: datetime
    who: str
    what: str
    note: str = ""


def mark_on(row: Expected, *, moment: datetime | None = None) -> Mark:
    """The mark of a line that was read with its check-in and `on_leave`."""
    checkin: CheckIn | None = getattr(row, "checkin", None)
    on_leave = bool(row.on_leave)  # type: ignore[attr-defined] # annotated by the query that read it
    ended = row.sitting.ends <= (moment or timezone.now())
    return mark_of(checkin.verdict if checkin else None, on_leave=on_leave, ended=ended)


def lines_of(actor: Actor, expected: Expected) -> list[tuple[Expected, Mark]]:
    """All lines of the same person in the same series, in order of time, each with its mark."""
    rows = (
        visible(actor, Expected)
        .filter(
            person_id=expected.person_id,
            sitting__owner_label=expected.sitting.owner_label,
            sitting__owner_id=expected.sitting.owner_id,
            sitting__state=Sitting.State.PLANNED,
        )
        .annotate(on_leave=granted())
        .select_related("sitting", "checkin")
        .order_by("sitting__starts", "pk")
    )
    return [(row, mark_on(row)) for row in rows]


def events(expected: Expected) -> list[Event]:
    """Everything known of one line, the oldest first; the caller has asked whether it may be seen."""
    found = [*_marks(expected), *_told(expected)]
    return sorted(found, key=lambda event: event.at)


def _word(verdict: str) -> str:
    return str(dict(CheckIn.Verdict.choices).get(verdict, _("未登记")))


def _marks(expected: Expected) -> Iterable[Event]:
    checkin = CheckIn.objects.filter(expected=expected).select_related("by").first()
    if checkin is not None:
        note = _("到场 %(at)s") % {"at": f"{timezone.localtime(checkin.at):%H:%M}"}
        what = _("现登记：%(word)s（%(how)s）") % {
            "word": _word(checkin.verdict),
            "how": checkin.get_how_display(),
        }
        yield Event(
            checkin.recorded, str(checkin.by or ""), what, note if checkin.verdict != "absent" else ""
        )
    for change in expected.changes.select_related("by"):
        what = _("更正：%(before)s → %(after)s") % {
            "before": _word(change.before),
            "after": _word(change.after),
        }
        yield Event(change.at, str(change.by or ""), what, change.reason)


def _told(expected: Expected) -> Iterable[Event]:
    for claim in expected.claims.all():
        what = _("补签申报：%(state)s") % {"state": claim.get_state_display()}
        yield Event(claim.made_at, str(expected.person), what, claim.reason)
    records = DoorRecord.objects.filter(sitting_id=expected.sitting_id, person_id=expected.person_id)
    for record in records.select_related("by"):
        what = _("签到台登记 %(at)s：%(state)s") % {
            "at": f"{timezone.localtime(record.at):%H:%M}", "state": record.get_state_display(),
        }  # fmt: skip
        yield Event(record.received, str(record.by), what, record.words)
    for leave in Leave.objects.filter(sittings__expected=expected).distinct():
        yield Event(
            leave.requested_at,
            str(expected.person),
            _("请假：%(state)s") % {"state": leave.get_state_display()},
            leave.reason,
        )
    for stay in expected.stays.all():
        what = _("线上参会 %(n)s 分钟") % {"n": stay.seconds // 60}
        yield Event(stay.ends, "", what, str(timezone.localtime(stay.starts).strftime("%H:%M")))
