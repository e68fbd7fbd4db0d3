"""Which reminder is due: pure reckoning over the days of a ladder."""

from collections.abc import Iterable
from datetime import date, timedelta

# Days after the deadline and who is told, until a school lays down its own.
DEFAULT = ((-7, "owner"), (-3, "owner"), (0, "head"), (3, "head"), (7, "leader"), (14, "leader"))


def due_rung(days: Iterable[int], *, deadline: date, issued: date, today: date) -> int | None:
    """The latest rung whose day has come, or None; days before the item was issued never come.

    Of several missed ones only the last is made up: nobody is told twice on one morning.
    """
    came = [each for each in days if issued <= deadline + timedelta(days=each) <= today]
    return max(came, default=None)


def key_of(deadline: date, days: int) -> str:
    """What marks a rung of one deadline as done; after a postponement all begin anew."""
    return f"{deadline.isoformat()}:{days}"


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())
