"""What departments ask into a plan before it is issued, and what is changed in it afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation
from keyuan.people.models import Person
from keyuan.plan.models.plan import ActivityType, AnnualPlan, KeyActivity


class PlanProposal(models.Model):
    """An activity that a department asks into next year's plan (活动申报)."""

    class State(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", _("待审核")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已列入")
        WITHDRAWN = "withdrawn", _("已撤回")

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="proposals", verbose_name=_("年度计划"))
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("申报部门"))
    type = models.ForeignKey(ActivityType, models.PROTECT, related_name="+", verbose_name=_("主要类型"))
    name = models.CharField(_("活动名称"), max_length=120)
    reason = models.CharField(_("申报理由"), max_length=600)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    note = models.CharField(_("退回理由"), max_length=200, blank=True)
    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, null=True, blank=True, related_name="proposals", verbose_name=_("重点活动")
    )  # fmt: skip
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("申报人"))

    class Meta:
        """In the order they came; an accepted one says which activity it became."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | models.Q(activity__isnull=False),
                name="proposal_accepted_into_an_activity",
            ),
        )

    def __str__(self) -> str:
        """The activity's name."""
        return self.name


class PlanChange(models.Model):
    """What is added to, altered in or taken out of an issued plan (临时计划); the issued text stays."""

    class Kind(models.TextChoices):
        """What is asked."""

        ADD = "add", _("增加")
        ALTER = "alter", _("调整")
        WITHDRAW = "withdraw", _("取消")

    class State(models.TextChoices):
        """How far it is."""

        SUBMITTED = "submitted", _("审批中")
        APPROVED = "approved", _("已批准")
        RETURNED = "returned", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    plan = models.ForeignKey(AnnualPlan, models.PROTECT, related_name="changes", verbose_name=_("年度计划"))
    kind = models.CharField(_("变更"), max_length=10, choices=Kind)
    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name=_("重点活动")
    )  # fmt: skip
    type = models.ForeignKey(
        ActivityType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主要类型")
    )
    unit = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("牵头部门")
    )
    name = models.CharField(_("活动名称"), max_length=120, blank=True)
    before = models.CharField(_("原名称"), max_length=120, blank=True)
    reason = models.CharField(_("变更理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.SUBMITTED)
    seq = models.PositiveSmallIntegerField(_("批准序号"), null=True, blank=True)
    decided_on = models.DateField(_("批准日期"), null=True, blank=True)

    class Meta:
        """In the order they came; approvals of a plan are numbered from one."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "seq"), name="one_plan_change_a_number"),
            models.CheckConstraint(
                condition=models.Q(kind="add") | models.Q(activity__isnull=False),
                name="plan_change_names_an_activity",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(seq__isnull=False, decided_on__isnull=False),
                name="plan_change_approved_has_a_number",
            ),
        )

    def __str__(self) -> str:
        """What is asked, in words."""
        return f"{self.get_kind_display()}：{self.before or self.name}"
