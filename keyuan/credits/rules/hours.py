"""How a lot's minutes and half-days become hours under a scheme, by the rule of the day it was earned."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from keyuan.credits.models import HourRule, Lot
from keyuan.credits.models.ledger import Scheme
from keyuan.kernel.hours import RULES, HoursRule, rule_on

CENT = Decimal("0.01")


def exact(amount: Decimal) -> Decimal:
    """Hours to the hundredth, the grain of the ledger."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def terms_on(rules: Iterable[HourRule], scheme: str, day: date) -> HoursRule:
    """The rule in force on a day: the office's dated rows over the house's own (45 min an hour, 半天 ≤ 4)."""
    dated = [
        HoursRule(row.starts, row.minutes_an_hour, row.hours_a_half_day)
        for row in rules
        if row.scheme == scheme
    ]
    return rule_on(day, (*RULES, *dated))


def counted(terms: HoursRule, hours: Decimal, half_days: int) -> Decimal:
    """The hours that count: those stated, but never above the cap of the half-days; no half-days, no cap."""
    return exact(min(hours, terms.half_day_most * half_days) if half_days else hours)


def postings_of(lot: Lot, rules: Iterable[HourRule]) -> list[tuple[str, Decimal]]:
    """What a lot pays under each scheme; today there is one."""
    terms = terms_on(rules, Scheme.CADRE, lot.earned_on)
    return [(Scheme.CADRE.value, counted(terms, lot.hours, lot.half_days))]
