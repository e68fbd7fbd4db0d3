"""How long a term lasts, in calendar days."""

from calendar import monthrange
from datetime import date, timedelta


def added_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where that day is missing (31 January → 28 February)."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day(starts: date, years: int) -> date:
    """The last day of a term of so many years: 2021-05-20 and five years end on 2026-05-19."""
    return added_months(starts, 12 * years) - timedelta(days=1)
