"""Dated figures: what a class and a lecture may cost, and how income tax is withheld."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School

ZERO = MinValueValidator(Decimal(0))
ONE = MaxValueValidator(Decimal(1))


class Item(models.TextChoices):
    """The items of the comprehensive quota (综合定额分项)."""

    LODGING = "lodging", _("住宿费")
    FOOD = "food", _("伙食费")
    VENUE = "venue", _("场地、资料、交通费")
    OTHER = "other", _("其他费用")


class Mark(models.TextChoices):
    """How sure a figure is (依据可靠程度)."""

    FOUND = "found", _("有公开文本可查")
    RECALLED = "recalled", _("待核对原文")
    OWN = "own", _("本单位规定")


class FeeStandard(models.Model):
    """What training may cost in a region from a day on (费用标准), with its parameters."""

    school = models.ForeignKey(School, models.CASCADE, related_name="fee_standards", verbose_name=_("分校"))
    region = models.CharField(_("适用地区"), max_length=40)
    valid_from = models.DateField(_("起用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=200)
    full_days = models.PositiveSmallIntegerField(_("全额计算的天数"), default=30)
    beyond_share = models.DecimalField(
        _("超出天数的计算比例"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.7"),
        validators=[ZERO, ONE],
    )
    travel_days = models.PositiveSmallIntegerField(_("报到、撤离各不超过（天）"), default=1)
    staff_share = models.DecimalField(
        _("工作人员占学员比例上限"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.1"),
        validators=[ZERO, ONE],
    )
    staff_cap = models.PositiveSmallIntegerField(_("工作人员人数上限"), null=True, blank=True)
    half_day_hours = models.DecimalField(
        _("讲课费每半天最多计（学时）"), max_digits=3, decimal_places=1, default=Decimal(4), validators=[ZERO]
    )
    mark = models.CharField(_("可靠程度"), max_length=10, choices=Mark, default=Mark.OWN)

    class Meta:
        """One standard a region and day."""

        ordering = ("region", "-valid_from")
        constraints = (
            models.UniqueConstraint(fields=("school", "region", "valid_from"), name="one_fee_standard_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="fee_standard_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(beyond_share__gte=0, beyond_share__lte=1, staff_share__gte=0, staff_share__lte=1),
                name="fee_standard_shares",
            ),
        )

    def __str__(self) -> str:
        """Region and since when."""
        return f"{self.region}（{self.valid_from:%Y-%m-%d} 起）"


class DayRate(models.Model):
    """What one item may cost a person and day in one category of class (定额分项)."""

    standard = models.ForeignKey(
        FeeStandard, models.CASCADE, related_name="rates", verbose_name=_("费用标准")
    )
    category = models.CharField(_("培训类别"), max_length=20)
    audience = models.CharField(_("适用对象"), max_length=60, blank=True)
    item = models.CharField(_("分项"), max_length=10, choices=Item)
    amount = models.DecimalField(_("元/人·天"), max_digits=8, decimal_places=2, validators=[ZERO])
    mark = models.CharField(_("可靠程度"), max_length=10, choices=Mark, default=Mark.OWN)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One figure an item and category."""

        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=("standard", "category", "item"), name="one_day_rate_an_item"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="day_rate_not_negative"),
        )

    def __str__(self) -> str:
        """Category and item."""
        return f"{self.category} {self.get_item_display()}"


class LectureRate(models.Model):
    """What a teacher of a rank gets an hour after tax (讲课费标准)."""

    standard = models.ForeignKey(
        FeeStandard, models.CASCADE, related_name="lectures", verbose_name=_("费用标准")
    )
    rank = models.CharField(_("职称等级"), max_length=30)
    amount = models.DecimalField(_("税后元/学时"), max_digits=8, decimal_places=2, validators=[ZERO])
    mark = models.CharField(_("可靠程度"), max_length=10, choices=Mark, default=Mark.OWN)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """One figure a rank."""

        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=("standard", "rank"), name="one_lecture_rate_a_rank"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="lecture_rate_not_negative"),
        )

    def __str__(self) -> str:
        """Its rank."""
        return self.rank


class Withholding(models.Model):
    """How income tax is withheld from pay for services, from a day on (劳务报酬预扣率表)."""

    school = models.ForeignKey(School, models.CASCADE, related_name="withholdings", verbose_name=_("分校"))
    valid_from = models.DateField(_("起用日期"))
    small_limit = models.DecimalField(
        _("定额减除适用的收入上限"), max_digits=10, decimal_places=2, default=Decimal(4000), validators=[ZERO]
    )
    small_deduction = models.DecimalField(
        _("定额减除费用"), max_digits=10, decimal_places=2, default=Decimal(800), validators=[ZERO]
    )
    deduction_share = models.DecimalField(
        _("超过上限时按收入减除的比例"),
        max_digits=4,
        decimal_places=3,
        default=Decimal("0.2"),
        validators=[ZERO, ONE],
    )
    source = models.CharField(_("依据"), max_length=200)
    mark = models.CharField(_("可靠程度"), max_length=10, choices=Mark, default=Mark.OWN)

    class Meta:
        """One table a day."""

        ordering = ("-valid_from",)
        constraints = (
            models.UniqueConstraint(fields=("school", "valid_from"), name="one_withholding_a_day"),
            models.CheckConstraint(
                condition=Q(deduction_share__gte=0, deduction_share__lt=1),
                name="withholding_deduction_is_a_share",
            ),
        )

    def __str__(self) -> str:
        """Since when."""
        return f"{self.valid_from:%Y-%m-%d}"


class WithholdingBracket(models.Model):
    """One bracket: above how much of taxable income, which rate, which quick deduction (预扣率级距)."""

    table = models.ForeignKey(
        Withholding, models.CASCADE, related_name="brackets", verbose_name=_("预扣率表")
    )
    over = models.DecimalField(_("应纳税所得额超过"), max_digits=12, decimal_places=2, validators=[ZERO])
    rate = models.DecimalField(_("预扣率"), max_digits=4, decimal_places=3, validators=[ZERO, ONE])
    quick = models.DecimalField(
        _("速算扣除数"), max_digits=12, decimal_places=2, default=Decimal(0), validators=[ZERO]
    )

    class Meta:
        """In ascending order."""

        ordering = ("over",)
        constraints = (
            models.UniqueConstraint(fields=("table", "over"), name="one_bracket_a_threshold"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="bracket_rate_is_a_share"),
        )

    def __str__(self) -> str:
        """Its threshold."""
        return f"> {self.over}"
