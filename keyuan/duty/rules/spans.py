"""Set dates of duties, in calendar months."""

from datetime import date

from keyuan.terms.rules import added_months


def set_date(starts: date, since: date, months: int | None) -> date | None:
    """The day by which a duty is to be done: months after the term began, or after its rule did where that was later."""
    return added_months(max(starts, since), months) if months else None
