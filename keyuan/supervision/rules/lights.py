"""Red, amber, green: how an item stands on a day, as pure reckoning; and how far a stage is."""

from datetime import date, timedelta
from enum import Enum

from django.utils.translation import gettext_lazy as _

NEAR = timedelta(days=7)
OPEN = frozenset(("issued", "received", "running", "submitted", "returned"))
# What the owner still has to do something about.
OWED = OPEN - {"submitted"}
# Share of the work by what has been done, in percent.
PERCENT = {"none": 0, "planned": 25, "running": 50, "finishing": 75, "done": 100}


class Light(Enum):
    """The three lights (督办灯), in words as well as colours, and what has none."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    OFF = "off"

    @property
    def word(self) -> str:
        """What it is called beside its colour."""
        return str(_WORDS[self])

    @property
    def tone(self) -> str:
        """The tone of a badge."""
        return {"red": "bad", "amber": "warn", "green": "good", "off": "neutral"}[self.value]


_WORDS = {Light.RED: _("红灯·超期"), Light.AMBER: _("黄灯·临期"), Light.GREEN: _("绿灯·正常"), Light.OFF: "—"}


def light_of(
    state: str, deadline: date, next_report_on: date | None, submitted_on: date | None, today: date
) -> Light:
    """Red past the deadline; amber within a week of it, when returned, or when a report is owed; green otherwise.

    What waits for verification is judged by the day it was handed in; what is not open has no light.
    """
    if state not in OPEN:
        return Light.OFF
    day = (submitted_on or today) if state == "submitted" else today
    if day > deadline:
        return Light.RED
    if state == "submitted":
        return Light.GREEN
    owed = next_report_on is not None and next_report_on < today
    return Light.AMBER if state == "returned" or owed or deadline - today <= NEAR else Light.GREEN


def next_report(on: date, every: int) -> date | None:
    """When the next report is due, so many days after `on`; None where none is asked for."""
    return on + timedelta(days=every) if every else None
