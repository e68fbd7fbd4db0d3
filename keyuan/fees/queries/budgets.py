"""A budget reckoned from what was typed, and budgets read."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from keyuan.fees.models import Budget, BudgetLine, FeeStandard, Item, Settlement
from keyuan.fees.queries import standards, teaching
from keyuan.fees.rules import quota
from keyuan.fees.rules.money import cents, short
from keyuan.fees.rules.quota import Finding
from keyuan.kernel.access import Actor, visible
from keyuan.training.models import TrainingClass

ZERO = Decimal(0)


@dataclass(frozen=True)
class Extra:
    """A line that is typed (其他支出)."""

    title: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Quantity by price, to the cent."""
        return cents(self.quantity * self.price)


@dataclass(frozen=True)
class Wanted:
    """A budget as it was typed (预算填报); an amount left empty stands at its limit."""

    standard: FeeStandard
    category: str
    places: int
    staff: int
    days: int
    arrive_days: int = 0
    leave_days: int = 0
    items: dict[str, Decimal | None] = field(default_factory=dict)
    lecture: Decimal | None = None
    extras: tuple[Extra, ...] = ()
    channel: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class Line:
    """One line as reckoned."""

    kind: str
    title: str
    limit: Decimal | None
    amount: Decimal
    basis: str
    quantity: Decimal = Decimal(1)
    price: Decimal = ZERO

    @property
    def over(self) -> bool:
        """Whether it stands above its limit."""
        return self.limit is not None and self.amount > self.limit


@dataclass(frozen=True)
class Reckoning:
    """A budget worked out (预算测算): lines, totals and what is to be said of them."""

    lines: list[Line]
    findings: list[Finding]
    quota: Decimal
    staff_limit: int
    days: Decimal

    @property
    def total(self) -> Decimal:
        """Everything together."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def quota_asked(self) -> Decimal:
        """The items of the comprehensive quota together."""
        return sum((line.amount for line in self.lines if line.kind in Item.values), ZERO)

    @property
    def must_explain(self) -> bool:
        """Whether it may be handed in only with an explanation."""
        return any(one.tone == "bad" for one in self.findings)


def reckon(training_class: TrainingClass, wanted: Wanted) -> Reckoning:
    """The lines and findings of what was typed; reads only."""
    given, rates = (
        standards.parameters_of(wanted.standard),
        standards.rates_of(wanted.standard, wanted.category),
    )
    cost = teaching.lecture_budget(training_class, wanted.standard)
    plan = _plan(training_class, wanted, {}, cost)
    limits = quota.item_limits(rates, plan, given)
    asked = {item: _or(wanted.items.get(item), limit) for item, limit in limits.items()}
    plan = _plan(training_class, wanted, asked, cost)
    heads = wanted.places + min(wanted.staff, quota.staff_limit(wanted.places, given))
    days = quota.counted_days(plan, given)
    lines = [
        Line(
            item,
            str(Item(item).label),
            limits[item],
            asked[item],
            f"{short(rates[item])} 元 × {heads} 人 × {short(days)} 天",
        )
        for item in limits
    ]
    lines.append(Line("lecture", str(BudgetLine.Kind.LECTURE.label), cost.gross, plan.lecture, cost.basis))
    lines += [
        Line(
            "extra",
            one.title,
            None,
            one.amount,
            f"{short(one.price)} 元 × {short(one.quantity)}",
            one.quantity,
            one.price,
        )
        for one in wanted.extras
    ]
    return Reckoning(
        lines, quota.findings(rates, plan, given), sum(limits.values(), ZERO),
        quota.staff_limit(wanted.places, given), days,
    )  # fmt: skip


def _or(typed: Decimal | None, limit: Decimal) -> Decimal:
    return limit if typed is None else cents(typed)


def _plan(
    training_class: TrainingClass, wanted: Wanted, items: dict[str, Decimal], cost: teaching.LectureCost
) -> quota.Plan:
    return quota.Plan(
        places=wanted.places, staff=wanted.staff, days=wanted.days, arrive_days=wanted.arrive_days,
        leave_days=wanted.leave_days, items=items, lecture=_or(wanted.lecture, cost.gross), lecture_limit=cost.gross, unranked=cost.unranked,
        extras=tuple((one.title, one.amount) for one in wanted.extras), lodging=training_class.lodging,
    )  # fmt: skip


def wanted_of(budget: Budget) -> Wanted:
    """A stored budget as it would be typed again."""
    lines = list(budget.lines.all())
    amounts = {line.kind: line.amount for line in lines if line.kind != "extra"}
    return Wanted(
        standard=budget.standard, category=budget.category, places=budget.places, staff=budget.staff,
        days=budget.days, arrive_days=budget.arrive_days, leave_days=budget.leave_days,
        items={item: amounts.get(item) for item in Item.values}, lecture=amounts.get("lecture"),
        extras=tuple(Extra(line.title, line.quantity, line.price) for line in lines if line.kind == "extra"),
        channel=budget.channel, explanation=budget.explanation,
    )  # fmt: skip


def suggested(training_class: TrainingClass) -> Wanted | None:
    """A first budget for a class: its places and days, the last category of the first standard in force, no staff.

    None where no standard holds on the class's first day.
    """
    standard = teaching.standard_for(training_class)
    if standard is None or not standard.rates.exists():
        return None
    category = standards.categories_of(standard)[-1].name
    days = (training_class.ends - training_class.starts).days + 1
    most = quota.staff_limit(training_class.places, standards.parameters_of(standard))
    return Wanted(
        standard, category, training_class.places, min(most, max(1, most // 2)) if most else 0, days
    )


def budget_of(training_class: TrainingClass) -> Budget | None:
    """The class's budget, if any."""
    rows = Budget.objects.select_related(
        "standard", "submitted_by", "checked_by", "approved_by", "training_class"
    )
    return rows.prefetch_related("lines").filter(training_class=training_class).first()


def total_of(budget: Budget) -> Decimal:
    """Its lines together."""
    return sum((line.amount for line in budget.lines.all()), ZERO)


def budgets_seen(actor: Actor) -> QuerySet[Budget]:
    """The budgets an actor sees with total and settlement, the latest class first."""
    rows = (
        visible(actor, Budget)
        .select_related("training_class__department", "settlement")
        .prefetch_related("lines")
    )
    return rows.annotate(total=Sum("lines__amount"))


def actual_of(budgets: list[Budget]) -> dict[int, Decimal]:
    """What was spent by budget, where a settlement exists."""
    rows = (
        Settlement.objects.filter(budget__in=budgets)
        .values_list("budget_id")
        .annotate(sum=Sum("lines__actual"))
    )
    return dict(rows)


def without_budget(actor: Actor) -> QuerySet[TrainingClass]:
    """Classes that should have a budget and have none yet."""
    rows = (
        visible(actor, TrainingClass)
        .filter(fees=True, budget=None)
        .exclude(state__in=["cancelled", "closed"])
    )
    return rows.select_related("department").order_by("starts")


def state_words(thing: Budget | Settlement | None) -> str:
    """Its state, or that there is none."""
    return thing.get_state_display() if thing is not None else _("未编制")
