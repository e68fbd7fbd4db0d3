"""Settlements read: actual against planned, and the reimbursement bundle with what the system finds by itself."""

from dataclasses import dataclass
from decimal import Decimal

from keyuan.attendance.models import CheckIn
from keyuan.fees.models import Budget, BundleTick, LectureFee, Settlement
from keyuan.fees.queries import standards
from keyuan.fees.rules import bundle, quota
from keyuan.fees.rules.money import cents
from keyuan.training.models import TrainingClass

ZERO = Decimal(0)
CLASS = "training.class"
QUOTA = ("lodging", "food", "venue", "other")


@dataclass(frozen=True)
class Compared:
    """One line planned and actual (预决算对照)."""

    kind: str
    title: str
    planned: Decimal
    actual: Decimal
    receipts: int = 0
    reason: str = ""

    @property
    def difference(self) -> Decimal:
        """Actual less planned; above nothing is overspent."""
        return self.actual - self.planned

    @property
    def over(self) -> bool:
        """Whether a reason is due."""
        return self.difference > 0


def settlement_of(budget: Budget) -> Settlement | None:
    """The settlement of a budget, if begun."""
    rows = Settlement.objects.select_related(
        "budget__training_class", "submitted_by", "checked_by", "approved_by"
    )
    return rows.prefetch_related("lines").filter(budget=budget).first()


def compared(settlement: Settlement) -> list[Compared]:
    """Its lines."""
    return [
        Compared(row.kind, row.title, row.planned, row.actual, row.receipts, row.reason)
        for row in settlement.lines.all()
    ]


def suggested_lines(budget: Budget) -> list[Compared]:
    """A first settlement: the budget's lines; lecture fees as they stand on the slips, the rest still nothing."""
    paid = sum((fee.gross for fee in LectureFee.objects.filter(training_class=budget.training_class)), ZERO)
    return [
        Compared(line.kind, line.title, line.amount, paid if line.kind == "lecture" else ZERO)
        for line in budget.lines.all()
    ]


def quota_for(budget: Budget, *, places: int, staff: int, days: int) -> Decimal:
    """What the quota allows for those who really came, and the days really held."""
    given = standards.parameters_of(budget.standard)
    plan = quota.Plan(
        places=places, staff=staff, days=days, arrive_days=budget.arrive_days, leave_days=budget.leave_days,
        items={}, lecture=ZERO, lecture_limit=ZERO, lodging=budget.training_class.lodging,
    )  # fmt: skip
    limits = quota.item_limits(standards.rates_of(budget.standard, budget.category), plan, given)
    return cents(sum(limits.values(), ZERO))


def came(training_class: TrainingClass) -> int:
    """How many trainees signed in at least once."""
    rows = CheckIn.objects.filter(
        expected__sitting__owner_label=CLASS, expected__sitting__owner_id=training_class.pk,
        verdict__in=("present", "late"),
    )  # fmt: skip
    return rows.values("expected__person_id").distinct().count()


@dataclass(frozen=True)
class BundleLine:
    """One paper of the bundle: whether it is there, and who says so."""

    paper: bundle.Paper
    found: bool
    how: str
    tick: BundleTick | None = None

    @property
    def ok(self) -> bool:
        """Whether it is there, or was put in by hand."""
        return self.found or self.tick is not None


def bundle_of(training_class: TrainingClass) -> list[BundleLine]:
    """The papers of the bundle; what the system holds itself needs no tick."""
    ticks = {
        tick.key: tick
        for tick in BundleTick.objects.filter(training_class=training_class).select_related("by")
    }
    held = _held(training_class)
    return [
        BundleLine(paper, bool(held.get(paper.key)), held.get(paper.key, ""), ticks.get(paper.key))
        for paper in bundle.PAPERS
    ]


def _held(training_class: TrainingClass) -> dict[str, str]:
    """What the system finds by itself, with the words that say where."""
    activity = training_class.activity
    found: dict[str, str] = {}
    if not training_class.unplanned:
        found["plan"] = f"{activity.plan.year} 年度计划第 {activity.number} 项"
    if training_class.notice_number:
        found["notice"] = training_class.notice_number
    if people := came(training_class):
        found["signin"] = f"系统考勤：{people} 人有签到"
    fees = list(LectureFee.objects.filter(training_class=training_class).values_list("state", flat=True))
    if fees and all(state in {"signed", "paid"} for state in fees):
        found["lecture"] = f"{len(fees)} 份全部签收"
    if fees and all(state == "paid" for state in fees):
        found["transfer"] = "讲课费均已登记支付"
    budget = Budget.objects.filter(training_class=training_class, state="approved").first()
    if budget and Settlement.objects.filter(budget=budget, state="approved").exists():
        found["budget"] = "预算、决算均已批准"
    return found
