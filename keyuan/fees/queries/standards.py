"""Standards and withholding tables read: what holds on a day, and as the pure rules want them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from keyuan.fees.models import DayRate, FeeStandard, Withholding
from keyuan.fees.rules.quota import Parameters
from keyuan.fees.rules.withholding import Bracket, TaxTable
from keyuan.kernel.access import Actor, visible


def standards_seen(actor: Actor) -> QuerySet[FeeStandard]:
    """The standards an actor sees, by region, the newest first."""
    return visible(actor, FeeStandard).prefetch_related("rates", "lectures")


def standards_on(school_id: int, day: date) -> list[FeeStandard]:
    """What holds on a day: the newest of each region that has begun and not ended."""
    rows = FeeStandard.objects.filter(school_id=school_id, valid_from__lte=day)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("region", "-valid_from")
    found: dict[str, FeeStandard] = {}
    for row in rows:
        found.setdefault(row.region, row)
    return list(found.values())


def parameters_of(standard: FeeStandard) -> Parameters:
    """Its parameters for the rules."""
    return Parameters(
        full_days=standard.full_days, beyond_share=standard.beyond_share, travel_days=standard.travel_days,
        staff_share=standard.staff_share, staff_cap=standard.staff_cap, source=standard.source,
    )  # fmt: skip


def rates_of(standard: FeeStandard, category: str) -> dict[str, Decimal]:
    """Yuan a person and day by item, of one category."""
    return {row.item: row.amount for row in standard.rates.all() if row.category == category}


@dataclass(frozen=True)
class Category:
    """One category of a standard with its items and their sum (培训类别)."""

    name: str
    audience: str
    rates: list[DayRate]

    @property
    def total(self) -> Decimal:
        """The comprehensive quota a person and day."""
        return sum((rate.amount for rate in self.rates), Decimal(0))


def categories_of(standard: FeeStandard) -> list[Category]:
    """The categories in their order."""
    by_name: dict[str, list[DayRate]] = defaultdict(list)
    for row in standard.rates.all():
        by_name[row.category].append(row)
    return [Category(name, rows[0].audience, rows) for name, rows in by_name.items()]


def lecture_rates(standard: FeeStandard) -> dict[str, Decimal]:
    """Yuan an hour after tax by rank."""
    return {row.rank: row.amount for row in standard.lectures.all()}


def withholding_on(school_id: int, day: date) -> Withholding | None:
    """The newest table not after a day."""
    rows = Withholding.objects.filter(school_id=school_id, valid_from__lte=day)
    return rows.order_by("-valid_from").prefetch_related("brackets").first()


def table_of(found: Withholding) -> TaxTable:
    """The table for the rules."""
    return TaxTable(
        found.small_limit, found.small_deduction, found.deduction_share,
        tuple(Bracket(row.over, row.rate, row.quick) for row in found.brackets.all()),
    )  # fmt: skip


def withholdings_seen(actor: Actor) -> list[Withholding]:
    """The tables of the actor's school, the newest first."""
    return list(visible(actor, Withholding).prefetch_related("brackets").order_by("-valid_from"))
