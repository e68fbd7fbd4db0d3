"""What this room holds of a person, for the person's own export (PIPL art. 45)."""

from typing import Any

from django.utils import timezone

from keyuan.attendance.models import CheckIn, Claim, DoorRecord, Expected, Leave, MarkChange
from keyuan.attendance.rules import owner_title
from keyuan.kernel.access import Actor, require
from keyuan.people.models import Person


def held_of(actor: Actor, person: Person) -> dict[str, Any]:
    """Where the person was expected and came, their leaves, what they claimed, and what was corrected."""
    require(actor, "people.self", person)
    expected = Expected.objects.filter(person=person).select_related("sitting", "checkin").order_by("pk")
    return {
        "签到": [_came(row) for row in expected],
        "请假": [
            [owner_title(row.owner_label, row.owner_id), row.reason, str(row.get_state_display()), row.requested_at.isoformat()]
            for row in Leave.objects.filter(person=person).order_by("pk")
        ],
        "补签申报": [
            [str(row.expected.sitting), row.reason, str(row.get_state_display()), row.made_at.isoformat()]
            for row in Claim.objects.filter(expected__person=person).select_related("expected__sitting")
        ],
        "更正": [
            [row.before, row.after, row.reason, row.at.isoformat()]
            for row in MarkChange.objects.filter(expected__person=person).order_by("pk")
        ],
        "签到台": [row.at.isoformat() for row in DoorRecord.objects.filter(person=person).order_by("pk")],
    }  # fmt: skip


def _came(row: Expected) -> list[str]:
    mark: CheckIn | None = getattr(row, "checkin", None)
    title = owner_title(row.sitting.owner_label, row.sitting.owner_id)
    day = f"{row.sitting.date:%Y-%m-%d}"
    if mark is None:
        return [title, day, "", ""]
    at = timezone.localtime(mark.at).isoformat(timespec="minutes")
    return [title, day, str(mark.get_verdict_display()), at]
