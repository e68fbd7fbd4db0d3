"""Study hours (学时): how minutes become hours, what half a day may count, how they are read and written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault

ZERO = Decimal(0)
UNIT = re.compile(r"\s*(个?学时|课时|小时|h)\s*$", re.IGNORECASE)
MOST = Decimal(999)


@dataclass(frozen=True)
class HoursRule:
    """How hours are counted from a day on (学时规则)."""

    since: date
    minutes_an_hour: int = 45
    half_day_most: Decimal = Decimal(4)
    step: Decimal = Decimal("0.5")

    def of_minutes(self, minutes: int) -> Decimal:
        """Hours of teaching time, whole steps only, rounded down: no hour is given that was not taught."""
        if minutes < 0:
            raise ValueError("minutes are never negative")
        exact = Decimal(minutes) / Decimal(self.minutes_an_hour)
        return (exact / self.step).to_integral_value(ROUND_FLOOR) * self.step

    def half_day(self, hours: Iterable[Decimal]) -> Decimal:
        """What the sessions of one half day count together: their sum, at most `half_day_most`."""
        return min(sum(hours, ZERO), self.half_day_most)


# One hour is 45 minutes, half a day counts four at most, as training offices have long counted. A new
# ruling is a new line here with its first day; what was counted under an older line keeps its count.
RULES: tuple[HoursRule, ...] = (HoursRule(since=date(1949, 10, 1)),)


def rule_on(day: date, rules: Sequence[HoursRule] = RULES) -> HoursRule:
    """The rule in force on a day."""
    fitting = [rule for rule in rules if rule.since <= day]
    return max(fitting, key=lambda rule: rule.since) if fitting else min(rules, key=lambda rule: rule.since)


def of_minutes(minutes: int, day: date) -> Decimal:
    """Study hours of `minutes` of teaching on a day."""
    return rule_on(day).of_minutes(minutes)


def of_span(starts: datetime, ends: datetime, breaks: int = 0) -> Decimal:
    """Study hours between two moments less `breaks` minutes; nothing when it ends before it starts."""
    minutes = int((ends - starts).total_seconds() // 60) - breaks
    return of_minutes(max(minutes, 0), starts.date())


def of_half_days(parts: Iterable[tuple[date, str, Decimal]]) -> Decimal:
    """The hours of many sessions (day, half, hours), each half day counting no more than its most."""
    halves: dict[tuple[date, str], list[Decimal]] = {}
    for day, half, hours in parts:
        halves.setdefault((day, half), []).append(hours)
    return sum((rule_on(day).half_day(hours) for (day, _half), hours in halves.items()), ZERO)


def parse(text: str) -> Decimal:
    """Hours as people type them: 4, 4.5, "４．５学时". Raises Fault naming what is wrong."""
    plain = UNIT.sub("", unicodedata.normalize("NFKC", text)).strip().replace("。", ".")
    try:
        hours = Decimal(plain)
    except InvalidOperation as wrong:
        raise Fault(
            _("“%(text)s”不是学时数，请填 4 或 4.5 这样的数字。") % {"text": text}, "hours"
        ) from wrong
    if not hours.is_finite() or not ZERO <= hours <= MOST:
        raise Fault(
            _("学时应在 0 到 %(most)s 之间，现为“%(text)s”。") % {"most": MOST, "text": text}, "hours"
        )
    step = rule_on(date.max).step
    if hours % step:
        raise Fault(
            _("学时以 %(step)s 为单位，“%(text)s”请改为最接近的数。") % {"step": step, "text": text}, "hours"
        )
    return hours


def plain(hours: Decimal) -> str:
    """4, 4.5: no zeros that say nothing, no exponent."""
    text = format(hours, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(hours: Decimal) -> str:
    """4.5 学时."""
    return f"{plain(hours)} 学时"
