"""The office's dated figures for classes, and how a class ended for each trainee."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School
from keyuan.training.models.classes import Nomination, TrainingClass


class ClassPolicy(models.Model):
    """Figures for running classes, dated (办班规定): what holds is the newest not after the day asked."""

    school = models.ForeignKey(School, models.CASCADE, related_name="class_policies", verbose_name=_("分校"))
    valid_from = models.DateField(_("起用日期"))
    short_days = models.PositiveSmallIntegerField(_("短班天数上限"), default=7)
    contact_days = models.PositiveSmallIntegerField(_("结班后通讯录保留天数"), default=30)
    travel_minutes = models.PositiveSmallIntegerField(_("换地点至少间隔（分钟）"), default=30)
    retention = models.CharField(
        _("档案保管期限"),
        max_length=8,
        choices=TrainingClass.Retention,
        default=TrainingClass.Retention.THIRTY,
    )
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        """One a day."""

        ordering = ("-valid_from",)
        constraints = (
            models.UniqueConstraint(fields=("school", "valid_from"), name="one_class_policy_a_day"),
        )

    def __str__(self) -> str:
        """Since when."""
        return f"{self.valid_from:%Y-%m-%d}"


class Completion(models.Model):
    """How one trainee's class ended, frozen at closing (结业); one row a closing."""

    nomination = models.ForeignKey(
        Nomination, models.PROTECT, related_name="completions", verbose_name=_("学员")
    )
    closing = models.PositiveIntegerField(_("第几次结班"))
    completed = models.BooleanField(_("结业"))
    hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=1)
    attended_share = models.DecimalField(_("出勤率"), max_digits=5, decimal_places=4)
    leave_share = models.DecimalField(_("请假占比"), max_digits=5, decimal_places=4)
    reason = models.CharField(_("说明"), max_length=120, blank=True)
    override_reason = models.CharField(_("特批理由"), max_length=120, blank=True)

    class Meta:
        """Once a closing."""

        ordering = ("nomination_id", "-closing")
        constraints = (
            models.UniqueConstraint(fields=("nomination", "closing"), name="one_completion_a_closing"),
        )

    def __str__(self) -> str:
        """The trainee and the outcome."""
        return f"{self.nomination} {'结业' if self.completed else '未结业'}"
