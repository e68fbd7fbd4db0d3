"""What a host has to do: the list of tasks, lecturers, figures of people, the report."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.duty.models import Duty
from keyuan.hosting.models.rotas import Rota
from keyuan.hosting.models.turns import Turn
from keyuan.people.models import Person


class TaskTemplate(models.Model):
    """One line of the list every host of a rota gets (任务模板), due so many days from the event."""

    rota = models.ForeignKey(Rota, models.CASCADE, related_name="templates", verbose_name=_("轮值"))
    order = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("任务"), max_length=120)
    # Negative before the event, positive after it.
    days = models.SmallIntegerField(_("活动前后（天）"))

    class Meta:
        """In their order."""

        ordering = ("rota", "order", "id")
        constraints = (
            models.CheckConstraint(condition=Q(days__gte=-365, days__lte=365), name="task_within_a_year"),
        )

    def __str__(self) -> str:
        """What."""
        return self.title


class Task(models.Model):
    """One thing the host of a turn has to do (承办任务)."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="tasks", verbose_name=_("期次"))
    order = models.PositiveSmallIntegerField(_("次序"))
    title = models.CharField(_("任务"), max_length=120)
    days = models.SmallIntegerField(_("活动前后（天）"))
    due = models.DateField(_("期限"))
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("完成人"))
    note = models.CharField(_("完成情况"), max_length=200, blank=True)

    class Meta:
        """By due date."""

        ordering = ("due", "order", "id")
        constraints = (models.UniqueConstraint(fields=("turn", "order"), name="one_task_a_place"),)

    def __str__(self) -> str:
        """What."""
        return self.title


class Lecturer(models.Model):
    """Who is invited to lecture at the event (授课人); a president's lecture counts for 讲一课."""

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="lecturers", verbose_name=_("期次"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("授课人"))
    topic = models.CharField(_("题目"), max_length=120)
    # The duty it was planned for, once the office linked it.
    duty = models.ForeignKey(
        Duty, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("讲一课")
    )
    proven = models.BooleanField(_("已认定"), default=False, editable=False)

    class Meta:
        """A person once a turn."""

        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("turn", "person"), name="one_lecturer_a_turn"),)

    def __str__(self) -> str:
        """The topic."""
        return self.topic


class Headcount(models.Model):
    """How many of one cohort are expected at an event and how many came (参加人数)."""

    class Cohort(models.TextChoices):
        """The three bodies of people, and others."""

        CADRE = "cadre", _("科协系统干部")
        LEADING_TALENT = "leading_talent", _("科技领军人才")
        OVERSEAS_TALENT = "overseas_talent", _("海外科技人才")
        OTHER = "other", _("其他")

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="headcounts", verbose_name=_("期次"))
    cohort = models.CharField(_("人员类别"), max_length=16, choices=Cohort)
    expected = models.PositiveIntegerField(_("预计人数"), default=0)
    actual = models.PositiveIntegerField(_("实到人数"), null=True, blank=True)

    class Meta:
        """A cohort once a turn."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("turn", "cohort"), name="one_headcount_a_cohort"),
            models.CheckConstraint(
                condition=Q(cohort__in=("cadre", "leading_talent", "overseas_talent", "other")),
                name="headcount_cohort_known",
            ),
        )

    def __str__(self) -> str:
        """Whom it counts."""
        return str(self.get_cohort_display())


class Report(models.Model):
    """The host's report on the event (活动总结), handed in by a day, accepted or returned by the office."""

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("待报送")
        SUBMITTED = "submitted", _("待审核")
        RETURNED = "returned", _("退回补充")
        ACCEPTED = "accepted", _("已通过")

    turn = models.OneToOneField(Turn, models.CASCADE, related_name="report", verbose_name=_("期次"))
    due = models.DateField(_("报送期限"))
    summary = models.TextField(_("活动情况"), max_length=6000, blank=True)
    results = models.TextField(_("成效和建议"), max_length=3000, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    note = models.CharField(_("审核意见"), max_length=200, blank=True, editable=False)
    handed_in_at = models.DateTimeField(_("报送时间"), null=True, editable=False)
    handed_in_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("报送人"), editable=False
    )
    opened_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """By its day; what was handed in says something."""

        ordering = ("due", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("draft", "returned")) | ~Q(summary=""), name="report_says_something"
            ),
        )

    def __str__(self) -> str:
        """Of which event."""
        return str(self.turn)
