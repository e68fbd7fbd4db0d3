"""The yearly plan: its types, its numbered key activities and the departments that lead them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person


class AnnualPlan(models.Model):
    """What a school has undertaken for one year (年度计划)."""

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "draft", _("编制中")
        SUBMITTED = "submitted", _("审批中")
        APPROVED = "approved", _("已通过")
        ISSUED = "issued", _("已印发")
        FILED = "filed", _("已归档")

    school = models.ForeignKey(School, models.PROTECT, related_name="plans", verbose_name=_("分校"))
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("标题"), max_length=200)
    source_note = models.CharField(_("依据"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    # The annex word by word as it was issued; names given later do not reach it.
    issued = models.JSONField(_("印发内容"), default=list, blank=True)

    class Meta:
        """Newest first; a school has one plan a year."""

        ordering = ("-year", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "year"), name="one_plan_a_year"),
            models.CheckConstraint(
                condition=models.Q(year__gte=2000, year__lte=2099), name="plan_in_this_century"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("issued", "filed"))
                | (~models.Q(number="") & models.Q(issued_on__isnull=False)),
                name="plan_issued_has_a_number",
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class ActivityType(models.Model):
    """One of the plan's kinds of work with its task (主要类型)."""

    plan = models.ForeignKey(AnnualPlan, models.CASCADE, related_name="types", verbose_name=_("年度计划"))
    order = models.PositiveSmallIntegerField(_("次序"))
    name = models.CharField(_("主要类型"), max_length=120)
    task = models.CharField(_("主要任务"), max_length=600, blank=True)

    class Meta:
        """In the plan's order."""

        ordering = ("plan", "order")
        constraints = (
            models.UniqueConstraint(fields=("plan", "name"), name="one_type_a_name"),
            models.UniqueConstraint(fields=("plan", "order"), name="one_type_a_place"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class ActivitySeries(models.Model):
    """An activity through the years under whatever name it bore (活动沿革): 岭南科学论坛 → 岭南科技创新论坛."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))

    def __str__(self) -> str:
        """The name it bears in its newest year."""
        newest = self.activities.order_by("-plan__year").first()
        return newest.name if newest else ""


class KeyActivity(models.Model):
    """A numbered line of the plan (重点活动); classes, forums and visits are held under it."""

    plan = models.ForeignKey(
        AnnualPlan, models.CASCADE, related_name="activities", verbose_name=_("年度计划")
    )
    type = models.ForeignKey(
        ActivityType, models.PROTECT, related_name="activities", verbose_name=_("主要类型")
    )
    number = models.PositiveSmallIntegerField(_("编号"))
    name = models.CharField(_("重点活动"), max_length=120)
    lead_organisations: "models.ManyToManyField[Organisation, ActivityLead]" = models.ManyToManyField(
        Organisation, through="ActivityLead", related_name="led_activities", verbose_name=_("牵头部门")
    )
    series = models.ForeignKey(
        ActivitySeries,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="activities",
        verbose_name=_("沿革"),
    )
    first_month = models.PositiveSmallIntegerField(_("起始月份"), null=True, blank=True)
    last_month = models.PositiveSmallIntegerField(_("结束月份"), null=True, blank=True)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_activities",
        verbose_name=_("负责人"),
    )
    # What the year's plan means to spend, in yuan.
    budget = models.DecimalField(_("计划经费（元）"), max_digits=12, decimal_places=2, null=True, blank=True)
    audience = models.CharField(_("面向队伍"), max_length=16, choices=Person.Cohort, blank=True)

    class Meta:
        """By number; a number and a name stand once in a plan."""

        ordering = ("plan", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="one_activity_a_number"),
            models.UniqueConstraint(fields=("plan", "name"), name="one_activity_a_name"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="activities_count_from_one"),
            models.UniqueConstraint(fields=("series", "plan"), name="once_a_year_in_a_series"),
            models.CheckConstraint(
                condition=models.Q(first_month=None, last_month=None)
                | models.Q(
                    first_month__isnull=False,
                    last_month__isnull=False,
                    first_month__gte=1,
                    last_month__gte=models.F("first_month"),
                    last_month__lte=12,
                ),
                name="activity_months_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(budget=None) | models.Q(budget__gte=0),
                name="activity_budget_not_below_nought",
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class ActivityLead(models.Model):
    """A department that leads an activity (牵头部门); the first of several answers for it."""

    activity = models.ForeignKey(
        KeyActivity, models.CASCADE, related_name="leads", verbose_name=_("重点活动")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="leads", verbose_name=_("牵头部门")
    )
    order = models.PositiveSmallIntegerField(_("次序"), default=1)

    class Meta:
        """In the plan's order; a department leads an activity once."""

        ordering = ("activity", "order")
        constraints = (
            models.UniqueConstraint(fields=("activity", "organisation"), name="a_department_leads_once"),
            models.UniqueConstraint(fields=("activity", "order"), name="one_lead_a_place"),
        )

    def __str__(self) -> str:
        """The department."""
        return str(self.organisation)
