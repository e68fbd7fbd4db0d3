"""The days around the end of a term in which a unit is in 换届."""

from datetime import date

from keyuan.terms.rules import added_months


def around(day: date, months: int) -> tuple[date, date]:
    """The days so many months before and after a day."""
    return added_months(day, -months), added_months(day, months)


def in_election(end: date, day: date, today: date, months: int) -> bool:
    """Whether a unit whose head's term ends on `end` is in 换届 on a day.

    Within so many months of that end; or the term is overdue today and the day is no further off than that.
    """
    first, last = around(day, months)
    return first <= end <= last or (end < today and day <= around(today, months)[1])
