"""How a duty stands on a day: one plain function over facts, which the board asks of the database in the same words."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

OPEN, PLANNED, PROVEN, EXEMPT, LAPSED, OVERDUE = "open", "planned", "proven", "exempt", "lapsed", "overdue"
STATES = (
    (OVERDUE, _("逾期未完成")),
    (OPEN, _("待安排")),
    (PLANNED, _("已安排")),
    (PROVEN, _("已完成")),
    (EXEMPT, _("已免除")),
    (LAPSED, _("任期结束未完成")),
)
TONES = {
    OPEN: "neutral", PLANNED: "info", PROVEN: "good", EXEMPT: "neutral", LAPSED: "bad", OVERDUE: "warn",
}  # fmt: skip
# Still to be done while the term runs.
OUTSTANDING = (OPEN, PLANNED, OVERDUE)
# Set distances from the end of a term until the office lays down others, in days.
DISTANCES = (180, 90, 30)


@dataclass(frozen=True)
class Facts:
    """What the state is read from (判定要素): the term's days, the set date, and what stands."""

    ended: date | None = None
    until: date | None = None
    due: date | None = None
    proven: bool = False
    waived: bool = False
    planned_on: date | None = None

    @property
    def limit(self) -> date | None:
        """The day by which it is to be done: the set date, the term's end where that is earlier."""
        return min((day for day in (self.due, self.until) if day is not None), default=None)


def state_of(facts: Facts, on: date) -> str:
    """How it stands: a proof outweighs everything, then a waiver; lapsed is a term that ended, overdue one that runs.

    A plan whose day is past proves nothing: the duty is open again.
    """
    if facts.proven:
        return PROVEN
    if facts.waived:
        return EXEMPT
    if facts.ended is not None and facts.ended < on:
        return LAPSED
    if facts.limit is not None and facts.limit < on:
        return OVERDUE
    return PLANNED if facts.planned_on is not None and facts.planned_on >= on else OPEN
