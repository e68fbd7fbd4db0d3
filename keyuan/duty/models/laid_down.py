"""The dated rules of a school: which posts owe what, what counts, when people are reminded."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School
from keyuan.terms.models import Post
from keyuan.training.models import Session, TrainingClass


class Kind(models.TextChoices):
    """The two duties of a term of office (听一课讲一课)."""

    ATTEND = "attend", _("听一课")
    LECTURE = "lecture", _("讲一课")


class DutyRule(models.Model):
    """That terms in posts of one sort owe a duty from a day on (应尽职责规定), or from that day on no longer.

    `months` is the set date: so long after the term began the duty is overdue; without it the term's end is.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    kind = models.CharField(_("职责"), max_length=8, choices=Kind)
    organisation_kind = models.CharField(_("单位类别"), max_length=20, choices=Organisation.Kind)
    post_duty = models.CharField(_("职务"), max_length=20, choices=Post.Duty)
    since = models.DateField(_("起用日期"))
    owed = models.BooleanField(_("须履行"), default=True)
    acting = models.BooleanField(_("代理人员也须履行"), default=False)
    months = models.PositiveSmallIntegerField(_("任职后多少个月内完成"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        """The newest first; what holds is the newest not after the day asked."""

        ordering = ("kind", "organisation_kind", "post_duty", "-since")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "kind", "organisation_kind", "post_duty", "since"),
                name="one_duty_rule_a_day",
            ),
            models.CheckConstraint(condition=Q(kind__in=("attend", "lecture")), name="duty_rule_kind_known"),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__gte=1, months__lte=120), name="duty_rule_months_sensible"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="duty_rule_has_a_basis"),
        )

    def __str__(self) -> str:
        """Whose, what and from when."""
        return f"{self.get_organisation_kind_display()}{self.get_post_duty_display()} {self.get_kind_display()}（{self.since:%Y-%m-%d} 起）"


class CountingRule(models.Model):
    """That attending or lecturing at something counts for a duty in a span of days (计入规定), or never counts.

    Every condition that is filled in must hold; of several rules that fit, one that refuses is stronger.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    kind = models.CharField(_("职责"), max_length=8, choices=Kind)
    since = models.DateField(_("起用日期"))
    until = models.DateField(_("停用日期"), null=True, blank=True)
    activity = models.CharField(_("重点活动名称"), max_length=120, blank=True)
    class_kind = models.CharField(_("班次类型"), max_length=16, choices=TrainingClass.Kind, blank=True)
    session_kind = models.CharField(_("课次形式"), max_length=12, choices=Session.Kind, blank=True)
    host = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("举办分校")
    )
    counts = models.BooleanField(_("计入"), default=True)
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        """By duty, the newest first."""

        ordering = ("kind", "-since", "id")
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=("attend", "lecture")), name="counting_kind_known"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("since")), name="counting_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind="lecture") | Q(session_kind=""), name="only_lectures_ask_for_a_session"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="counting_rule_has_a_basis"),
        )
        indexes = (models.Index(fields=("school", "kind", "-since"), name="counting_by_day"),)

    def __str__(self) -> str:
        """For what, and from when."""
        return f"{self.get_kind_display()}（{self.since:%Y-%m-%d} 起）"


class ReminderRule(models.Model):
    """So many days before the end people are reminded (提醒时点), as laid down from a day on."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    since = models.DateField(_("起用日期"))
    # Whole days before the term's end, each once: [180, 90, 30].
    days = models.JSONField(_("任期届满前多少天提醒"))
    liaison = models.BooleanField(_("同时提醒单位联络员"), default=True)

    class Meta:
        """The newest first; one a day."""

        ordering = ("-since",)
        constraints = (models.UniqueConstraint(fields=("school", "since"), name="one_reminder_rule_a_day"),)

    def __str__(self) -> str:
        """The days."""
        return "、".join(str(day) for day in self.days)
