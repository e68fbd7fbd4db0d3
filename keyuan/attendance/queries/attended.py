"""What a person sat through in an owner's sittings: minutes and half-days, for the ledger."""

from dataclasses import dataclass, field
from datetime import date

from keyuan.attendance.models import CheckIn, Sitting


@dataclass
class Attended:
    """The time one person was there (实到): minutes, and the half-days they fell into."""

    minutes: int = 0
    halves: set[tuple[date, str]] = field(default_factory=set)


def attended(owner_label: str, owner_id: int) -> dict[int, Attended]:
    """By person id, in one query; two sittings of one half-day are one half-day."""
    rows = CheckIn.objects.filter(
        expected__sitting__owner_label=owner_label,
        expected__sitting__owner_id=owner_id,
        expected__sitting__state=Sitting.State.PLANNED,
        verdict__in=(CheckIn.Verdict.PRESENT, CheckIn.Verdict.LATE),
    ).values_list(
        "expected__person_id", "expected__sitting__date", "expected__sitting__half",
        "expected__sitting__starts", "expected__sitting__ends",
    )  # fmt: skip
    found: dict[int, Attended] = {}
    for person, day, half, starts, ends in rows:
        one = found.setdefault(person, Attended())
        one.minutes += int((ends - starts).total_seconds() // 60)
        one.halves.add((day, half))
    return found
