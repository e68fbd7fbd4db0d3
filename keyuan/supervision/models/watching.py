"""How items are watched: the ladder of reminders by date, and the weekly digest."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School
from keyuan.people.models import Person


class Ladder(models.Model):
    """Who is reminded when, from a day on (提醒规则)."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    since = models.DateField(_("起用日期"))
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        """The latest first; one a day."""

        ordering = ("-since", "-id")
        constraints = (models.UniqueConstraint(fields=("school", "since"), name="one_ladder_a_day"),)

    def __str__(self) -> str:
        """From when."""
        return f"{self.since}"


class Rung(models.Model):
    """One step of the ladder (提醒档): so many days after the deadline, before it when negative."""

    class To(models.TextChoices):
        """Who is told."""

        OWNER = "owner", _("责任单位和责任人")
        HEAD = "head", _("责任单位、督办部门负责人")
        LEADER = "leader", _("责任单位、督办部门负责人、校领导")

    ladder = models.ForeignKey(Ladder, models.CASCADE, related_name="rungs")
    days = models.SmallIntegerField(_("期限前后（天）"))
    to = models.CharField(_("提醒对象"), max_length=8, choices=To)

    class Meta:
        """By day; one a day."""

        ordering = ("days",)
        constraints = (
            models.UniqueConstraint(fields=("ladder", "days"), name="one_rung_a_day"),
            models.CheckConstraint(condition=Q(days__gte=-90, days__lte=365), name="rung_is_sensible"),
            models.CheckConstraint(condition=Q(to__in=("owner", "head", "leader")), name="rung_to_known"),
        )

    def __str__(self) -> str:
        """When."""
        return f"{self.days}"


class Digest(models.Model):
    """What one person is told of a week (督办通报): frozen facts, no names of persons."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("收件人"))
    # The Monday of its week.
    week = models.DateField(_("周"))
    whole = models.BooleanField(_("全部事项"), default=False)
    facts = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("生成时间"), default=timezone.now)

    class Meta:
        """The latest first; one a person and week."""

        ordering = ("-week", "-id")
        constraints = (
            models.UniqueConstraint(fields=("school", "week", "person"), name="one_digest_a_week"),
        )

    def __str__(self) -> str:
        """Its week."""
        return f"{self.week}"
