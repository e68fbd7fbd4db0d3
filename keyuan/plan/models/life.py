"""What happens to an activity in its year: its milestones and what was learnt from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from keyuan.people.models import Person
from keyuan.plan.models.plan import KeyActivity


class Milestone(models.Model):
    """A day by which something of an activity is to stand (里程碑); done only with a word of what shows it."""

    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, related_name="milestones", verbose_name=_("重点活动")
    )
    name = models.CharField(_("里程碑"), max_length=80)
    due = models.DateField(_("应完成日期"))
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="milestones", verbose_name=_("负责人")
    )
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    evidence = models.CharField(_("完成依据"), max_length=300, blank=True)

    class Meta:
        """By day; a name stands once under an activity."""

        ordering = ("due", "id")
        constraints = (
            models.UniqueConstraint(fields=("activity", "name"), name="one_milestone_a_name"),
            models.CheckConstraint(
                condition=models.Q(done_on=None, evidence="")
                | (models.Q(done_on__isnull=False) & ~models.Q(evidence="")),
                name="milestone_done_with_evidence",
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Lesson(models.Model):
    """What was learnt from an activity in its year (经验教训); shown again when the next year is planned."""

    activity = models.ForeignKey(
        KeyActivity, models.PROTECT, related_name="lessons", verbose_name=_("重点活动")
    )
    text = models.CharField(_("经验教训"), max_length=600)
    at = models.DateTimeField(_("记录时间"), auto_now_add=True)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("记录人"))

    class Meta:
        """Newest first; lessons are only added."""

        ordering = ("-at", "-id")

    def __str__(self) -> str:
        """Its text."""
        return self.text
