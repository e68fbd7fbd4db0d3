"""What was done about who is due: places given in a class, liaisons reminded."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.rotation.models.requirements import Requirement
from keyuan.training.models import TrainingClass


class QuotaDraw(models.Model):
    """A list of people due turned into places of a class (转为名额): counts only, so that it can be taken back."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    requirement = models.ForeignKey(Requirement, models.PROTECT, related_name="draws", verbose_name=_("要求"))
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="quota_draws", verbose_name=_("班次")
    )
    # [{"organisation": id, "before": places, "after": places, "due": people, "cohorts": {words: people}}]
    lines = models.JSONField(_("名额"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-id",)

    def __str__(self) -> str:
        """Which class."""
        return str(self.training_class)

    @property
    def places(self) -> int:
        """How many places were added."""
        return sum(line["after"] - line["before"] for line in self.lines)


class Reminder(models.Model):
    """That the liaisons of a unit were told who is due (提醒), by whom and when."""

    requirement = models.ForeignKey(
        Requirement, models.PROTECT, related_name="reminders", verbose_name=_("要求")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("单位"))
    due = models.PositiveIntegerField(_("应训人数"))
    told = models.PositiveIntegerField(_("通知联络员人数"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))

    class Meta:
        """Newest first."""

        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=Q(due__gte=1), name="reminder_of_somebody"),)

    def __str__(self) -> str:
        """When."""
        return f"{self.at:%Y-%m-%d %H:%M}"
