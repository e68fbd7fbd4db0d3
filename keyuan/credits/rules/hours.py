"""How minutes and half-days become hours of study."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from keyuan.credits.models import HourRule, Lot
from keyuan.credits.models.ledger import Scheme

CENT = Decimal("0.01")


@dataclass(frozen=True)
class HourTerms:
    """The figures of one rule: 45 minutes an hour, at most four hours a half-day unless data says otherwise.

    Defaults: 45 min = 1 学时 as provinces print it; 半天 ≤ 4 学时 after 财行〔2016〕540号.
    """

    minutes_an_hour: int = 45
    hours_a_half_day: Decimal = Decimal(4)


def exact(amount: Decimal) -> Decimal:
    """Hours to the hundredth, the grain of the ledger."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def hours_of(terms: HourTerms, minutes: int) -> Decimal:
    """The hours in so many minutes, to the hundredth."""
    return exact(Decimal(minutes) / terms.minutes_an_hour)


def counted(terms: HourTerms, hours: Decimal, half_days: int) -> Decimal:
    """The hours that count: those stated, but never above the cap of the half-days; no half-days, no cap."""
    return exact(min(hours, terms.hours_a_half_day * half_days) if half_days else hours)


def terms_on(rules: Iterable[HourRule], scheme: str, day: date) -> HourTerms:
    """The terms in force on a day: the latest rule begun by then, or the defaults before any."""
    begun = [rule for rule in rules if rule.scheme == scheme and rule.starts <= day]
    if not begun:
        return HourTerms()
    latest = max(begun, key=lambda rule: rule.starts)
    return HourTerms(latest.minutes_an_hour, latest.hours_a_half_day)


def postings_of(lot: Lot, rules: Iterable[HourRule]) -> list[tuple[str, Decimal]]:
    """What a lot pays under each scheme; today there is one."""
    terms = terms_on(rules, Scheme.CADRE, lot.earned_on)
    return [(Scheme.CADRE.value, counted(terms, lot.hours, lot.half_days))]
