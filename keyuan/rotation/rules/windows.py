"""Which days count: rolling years, the calendar year, or days laid down; and what somebody owes who joined within them."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction

HALF = Decimal("0.5")


@dataclass(frozen=True)
class Window:
    """The days within which something is owed (周期), both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    @property
    def months(self) -> int:
        """Calendar months it touches in full length: a year has 12, five rolling years 60."""
        return max(1, round((self.last - self.first).days / Fraction(1461, 48)))


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 29 February becomes 28 where there is none."""
    year = day.year - years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last of the month where that day is missing."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def window_on(span: str, years: int, first: date | None, last: date | None, on: date) -> Window:
    """The window that is asked about on a day.

    Rolling: the years that end with the day (2021-03-02 to 2026-03-01 for five years on 2026-03-01). Calendar: the
    year of the day. Fixed: the days laid down, whatever the day is.
    """
    if span == "fixed" and first is not None and last is not None:
        return Window(first, last)
    if span == "calendar":
        return Window(date(on.year, 1, 1), date(on.year, 12, 31))
    return Window(years_before(on, years) + timedelta(days=1), on)


def horizon(span: str, last: date | None, on: date) -> date:
    """The day up to which is forecast: the window's end; of a rolling window, which never ends, the end of the year."""
    if span == "fixed" and last is not None:
        return last
    return date(on.year, 12, 31)


def is_new(joined: date | None, window: Window, months: int) -> bool:
    """Whether somebody joined so late that nothing is asked yet: within so many months before the window's last day."""
    return joined is not None and months > 0 and joined > months_before(window.last, months)


def share(joined: date | None, window: Window) -> Fraction:
    """The part of the window somebody belonged to the group, in calendar months, the month of joining in full.

    Who joined before the window, or at no recorded day, owes the whole: 1.
    """
    if joined is None or joined <= window.first:
        return Fraction(1)
    stayed = (window.last.year - joined.year) * 12 + window.last.month - joined.month + 1
    return min(Fraction(1), Fraction(max(0, stayed), window.months))


def part_of(hours: Decimal, part: Fraction) -> Decimal:
    """So much of the hours, rounded up to half hours and never above the whole."""
    exact = hours * part.numerator / part.denominator
    return min(hours, (exact / HALF).to_integral_value(ROUND_CEILING) * HALF)
