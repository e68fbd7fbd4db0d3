"""How far somebody fulfils a requirement: met, in progress, not begun, exempt, or not asked yet; pure."""

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from keyuan.rotation.rules.windows import Window, is_new, part_of, share

ZERO = Decimal(0)
STATES = (
    ("not_begun", _("未参训")),
    ("in_progress", _("进行中")),
    ("met", _("已完成")),
    ("exempt", _("免训")),
    ("new", _("新进，暂不要求")),
)
# The states in which something is still owed.
DUE = frozenset({"not_begun", "in_progress"})


@dataclass(frozen=True)
class Tally:
    """What somebody has, or is still to have: hours, those online and of each part, classes completed."""

    hours: Decimal = ZERO
    online: Decimal = ZERO
    professional: Decimal = ZERO
    public: Decimal = ZERO
    personal: Decimal = ZERO
    classes: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.hours + other.hours, self.online + other.online, self.professional + other.professional,
            self.public + other.public, self.personal + other.personal, self.classes + other.classes,
        )  # fmt: skip

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.hours or self.classes)


NOTHING = Tally()
PARTS = tuple(each.name for each in fields(Tally))


@dataclass(frozen=True)
class Norm:
    """What is asked of somebody who belongs to the group all the time (标准)."""

    window: Window
    # The same figures at the day forecast for.
    then: Window
    asked: Tally
    join_months: int = 0


@dataclass(frozen=True)
class Standing:
    """How somebody stands: the state now, what is owed and still missing, and what will be missing at the end."""

    state: str
    owed: Tally = NOTHING
    missing: Tally = NOTHING
    # What is missing at the end when all that is planned is done.
    left: Tally = NOTHING

    @property
    def is_due(self) -> bool:
        """Whether something is still owed."""
        return self.state in DUE

    @property
    def will_meet(self) -> bool:
        """Whether nothing is missing at the end when all that is planned is done."""
        return self.left == NOTHING


def owed_of(norm: Norm, joined: date | None, window: Window) -> Tally:
    """What somebody owes who joined on a day: hours in proportion to the months, completed classes in full."""
    part = share(joined, window)
    if part == 1:
        return norm.asked
    asked = norm.asked
    return Tally(
        part_of(asked.hours, part), part_of(asked.online, part), part_of(asked.professional, part),
        part_of(asked.public, part), part_of(asked.personal, part), asked.classes,
    )  # fmt: skip


def lacking(owed: Tally, held: Tally) -> Tally:
    """What is missing of each part; more of one part never makes up for another."""
    if owed.classes:
        return Tally(classes=max(0, owed.classes - held.classes))
    return Tally(
        max(ZERO, owed.hours - held.hours), max(ZERO, owed.online - held.online),
        max(ZERO, owed.professional - held.professional), max(ZERO, owed.public - held.public),
        max(ZERO, owed.personal - held.personal),
    )  # fmt: skip


def judge(
    norm: Norm,
    joined: date | None,
    held: Tally,
    *,
    then: Tally | None = None,
    planned: Tally = NOTHING,
    exempt: bool = False,
) -> Standing:
    """How somebody stands. `held` is what lies in the window today, `then` what of it still lies in the window at the end.

    Exempt goes before everything; who joined within the last months of the window is not asked yet; otherwise met when
    no part is missing.
    """
    if exempt:
        return Standing("exempt")
    if is_new(joined, norm.window, norm.join_months):
        return Standing("new")
    owed = owed_of(norm, joined, norm.window)
    missing = lacking(owed, held)
    left = lacking(owed_of(norm, joined, norm.then), (held if then is None else then) + planned)
    if missing == NOTHING:
        return Standing("met", owed, missing, left)
    begun = held.classes if owed.classes else held.hours
    return Standing("in_progress" if begun else "not_begun", owed, missing, left)


def urgency(standing: Standing) -> tuple[bool, bool, Decimal]:
    """The order of the due: what nothing planned will mend first, then what is missing most, as a part of what is owed."""
    owed, missing = standing.owed, standing.missing
    whole = Decimal(owed.classes) or owed.hours or Decimal(1)
    part = max(
        Decimal(missing.classes) or missing.hours, missing.online, missing.public, missing.professional
    )
    return (not standing.is_due, standing.will_meet, -(max(part, missing.personal) / whole))
