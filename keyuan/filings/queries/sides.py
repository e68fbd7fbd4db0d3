"""The two sides of a unit's filing, and what changed from one version to the next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from keyuan.filings.models import OWED, Filing, Line, Outcome, Part, Version
from keyuan.filings.queries.people import phone_of
from keyuan.kernel.codes import mask_phone


@dataclass
class Side:
    """The plan or the results of a unit (报送事项): how far, till when, and its rows."""

    part: str
    title: str
    state: str
    word: str
    deadline: date
    filed_at: Any
    note: str
    late: bool
    overdue: bool
    rows: list[Any]
    versions: int
    phones: dict[int, str] = field(default_factory=dict)
    moves: list[Any] = field(default_factory=list)
    may_enter: bool = False

    @property
    def is_owed(self) -> bool:
        """Whether it is with the unit."""
        return self.state in OWED


def both(filing: Filing, today: date) -> list[Side]:
    """Plan and results with their rows; four queries."""
    live = Count("outcomes", filter=Q(outcomes__withdrawn_at=None))
    lines = Line.objects.filter(filing=filing, withdrawn_at=None).annotate(times=live)
    lines = lines.select_related("type", "activity", "follows__activity", "follows__training_class")
    outcomes = Outcome.objects.filter(filing=filing, withdrawn_at=None).select_related("type", "line")
    counts = dict(
        Version.objects.filter(filing=filing).order_by().values_list("part").annotate(n=Count("pk"))
    )
    plan = _side(filing, Part.PLAN, list(lines), counts, today)
    plan.phones = {line.pk: mask_phone(phone_of(line)) for line in plan.rows if line.phone_sealed}
    return [plan, _side(filing, Part.RESULT, list(outcomes), counts, today)]


def _side(filing: Filing, part: Part, rows: list[Any], counts: dict[str, int], today: date) -> Side:
    due, at = filing.frame.deadline(part), getattr(filing, f"{part}_filed_at")
    word = getattr(filing, f"get_{part.value}_state_display")()
    state = filing.state(part)
    return Side(
        part.value, str(part.label), state, str(word), due, at, getattr(filing, f"{part.value}_note"),
        bool(at and _day(at) > due), state in OWED and due < today, rows, counts.get(part.value, 0),
    )  # fmt: skip


def _day(moment: Any) -> date:
    return timezone.localtime(moment).date()


def changes(version: Version, versions: Iterable[Version]) -> dict[int, str]:
    """Row id → "new" or "changed" against the version before; what is gone has the key of its row and "gone"."""
    before = next((v for v in versions if v.part == version.part and v.number == version.number - 1), None)
    if before is None:
        return {}
    old = {row["id"]: row for row in before.content}
    found = {
        row["id"]: "new" if row["id"] not in old else "changed"
        for row in version.content
        if old.get(row["id"]) != row
    }
    return found | dict.fromkeys(old.keys() - {row["id"] for row in version.content}, "gone")
