"""The budget of a class, its saved versions, its settlement, and the papers of its reimbursement."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.fees.models.standards import FeeStandard
from keyuan.kernel import triggers
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models import TrainingClass

NOT_NEGATIVE = MinValueValidator(Decimal(0))
STATES = ["draft", "submitted", "checked", "approved", "returned"]


class Reviewed(models.Model):
    """What goes through the hands of different persons (经办、审核、审批), by the approval chain of its kind."""

    class State(models.TextChoices):
        """From a draft to an approved paper; at which step one waits, its approval says."""

        DRAFT = "draft", _("草稿")
        SUBMITTED = "submitted", _("待审核")
        CHECKED = "checked", _("待审批")
        APPROVED = "approved", _("已批准")
        RETURNED = "returned", _("已退回，待修改")

    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    explanation = models.TextField(_("超标说明"), blank=True)
    note = models.CharField(_("审批意见"), max_length=200, blank=True, editable=False)
    submitted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"), editable=False
    )
    checked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人"), editable=False
    )
    approved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人"), editable=False
    )
    decided_at = models.DateTimeField(_("批准时间"), null=True, editable=False)
    changed_at = models.DateTimeField(_("修改时间"), default=timezone.now, editable=False)

    class Meta:
        """No person acts twice on one paper."""

        abstract = True
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="%(class)s_state_known"),
            models.CheckConstraint(
                condition=~Q(checked_by=F("submitted_by"))
                & ~Q(approved_by=F("submitted_by"))
                & ~Q(approved_by=F("checked_by")),
                name="%(class)s_three_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(submitted_by__isnull=False, approved_by__isnull=False),
                name="%(class)s_approved_by_another",
            ),
        )


class Budget(Reviewed):
    """What a class may spend (培训预算), computed from people, days, category and standard."""

    training_class = models.OneToOneField(
        TrainingClass, models.PROTECT, related_name="budget", verbose_name=_("班次")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", editable=False)
    standard = models.ForeignKey(
        FeeStandard, models.PROTECT, related_name="budgets", verbose_name=_("费用标准")
    )
    category = models.CharField(_("培训类别"), max_length=20)
    places = models.PositiveIntegerField(_("学员人数"))
    staff = models.PositiveIntegerField(_("工作人员"), default=0)
    days = models.PositiveSmallIntegerField(_("培训天数"), validators=[MinValueValidator(1)])
    arrive_days = models.PositiveSmallIntegerField(_("报到天数"), default=0)
    leave_days = models.PositiveSmallIntegerField(_("撤离天数"), default=0)
    channel = models.CharField(_("列支渠道"), max_length=80, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=0, editable=False)

    class Meta(Reviewed.Meta):
        """One a class."""

        ordering = ("-training_class__starts", "-id")

    def __str__(self) -> str:
        """The class's title."""
        return str(self.training_class)


class BudgetLine(models.Model):
    """One line of a budget (预算明细)."""

    class Kind(models.TextChoices):
        """Quota items, lecture fees, and what else is typed."""

        LODGING = "lodging", _("住宿费")
        FOOD = "food", _("伙食费")
        VENUE = "venue", _("场地、资料、交通费")
        OTHER = "other", _("其他费用")
        LECTURE = "lecture", _("师资费（讲课费）")
        EXTRA = "extra", _("其他支出")

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lines", verbose_name=_("预算"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    title = models.CharField(_("项目"), max_length=60)
    limit = models.DecimalField(_("标准限额"), max_digits=12, decimal_places=2, null=True, blank=True)
    quantity = models.DecimalField(
        _("数量"), max_digits=10, decimal_places=2, default=Decimal(1), validators=[NOT_NEGATIVE]
    )
    price = models.DecimalField(
        _("单价"), max_digits=12, decimal_places=2, default=Decimal(0), validators=[NOT_NEGATIVE]
    )
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    basis = models.CharField(_("计算依据"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """In the order of the budget sheet."""

        ordering = ("order", "id")
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),
            models.UniqueConstraint(
                fields=("budget", "kind"), condition=~Q(kind="extra"), name="one_budget_line_a_kind"
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class BudgetVersion(models.Model):
    """The budget as it stood when handed in, approved or reopened (预算版本); never changed."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="versions", verbose_name=_("预算"))
    number = models.PositiveIntegerField(_("版本"))
    occasion = models.CharField(_("事由"), max_length=20)
    total = models.DecimalField(_("合计"), max_digits=12, decimal_places=2)
    facts = models.JSONField(_("内容"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))

    class Meta:
        """Numbered within a budget."""

        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("budget", "number"), name="one_budget_version_a_number"),
        )

    def __str__(self) -> str:
        """Its number."""
        return f"v{self.number}"


class Settlement(Reviewed):
    """What a class did spend (培训决算), line by line against its budget."""

    budget = models.OneToOneField(Budget, models.PROTECT, related_name="settlement", verbose_name=_("预算"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", editable=False)
    places = models.PositiveIntegerField(_("实到学员"))
    staff = models.PositiveIntegerField(_("实际工作人员"), default=0)
    days = models.PositiveSmallIntegerField(_("实际培训天数"), validators=[MinValueValidator(1)])

    class Meta(Reviewed.Meta):
        """One a budget."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """The class's title."""
        return str(self.budget)


class SettlementLine(models.Model):
    """One line of a settlement (决算明细): planned, actual, and why it went over."""

    settlement = models.ForeignKey(Settlement, models.CASCADE, related_name="lines", verbose_name=_("决算"))
    kind = models.CharField(_("类别"), max_length=10, choices=BudgetLine.Kind)
    title = models.CharField(_("项目"), max_length=60)
    planned = models.DecimalField(_("预算"), max_digits=12, decimal_places=2)
    actual = models.DecimalField(_("决算"), max_digits=12, decimal_places=2, validators=[NOT_NEGATIVE])
    receipts = models.PositiveSmallIntegerField(_("票据张数"), default=0)
    reason = models.CharField(_("超支原因"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """In the order of the budget."""

        ordering = ("order", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(actual__gte=0, planned__gte=0), name="settlement_not_negative"
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class BundleTick(models.Model):
    """A paper of the reimbursement bundle that somebody has put in (报销材料)."""

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="bundle_ticks", verbose_name=_("班次")
    )
    key = models.SlugField(_("材料"), max_length=20)
    note = models.CharField(_("说明"), max_length=120, blank=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"), default=timezone.now)

    class Meta:
        """One a paper."""

        constraints = (models.UniqueConstraint(fields=("training_class", "key"), name="one_tick_a_paper"),)

    def __str__(self) -> str:
        """Its key."""
        return self.key


triggers.guard("fees_budgetversion", "fees_budgetversion_no_update")
