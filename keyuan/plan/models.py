"""The yearly plan: its types, its numbered key activities and the departments that lead them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School


class AnnualPlan(models.Model):
    """What a school has undertaken for one year (年度计划)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="plans", verbose_name=_("分校"))
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("标题"), max_length=200)
    source_note = models.CharField(_("依据"), max_length=120, blank=True)

    class Meta:
        """Newest first; a school has one plan a year."""

        ordering = ("-year", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "year"), name="one_plan_a_year"),
            models.CheckConstraint(
                condition=models.Q(year__gte=2000, year__lte=2099), name="plan_in_this_century"
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

    class Meta:
        """By number; a number and a name stand once in a plan."""

        ordering = ("plan", "number")
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="one_activity_a_number"),
            models.UniqueConstraint(fields=("plan", "name"), name="one_activity_a_name"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="activities_count_from_one"),
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
