"""What is required: of which groups, how much, within what time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation, School
from keyuan.people.models import Person
from keyuan.rotation.models.groups import CohortLabel
from keyuan.rotation.models.regimes import Regime, Span
from keyuan.terms.models import Post


class Requirement(models.Model):
    """Who must be trained within which window (轮训调训要求): everybody of a group, or those named on a list."""

    class Kind(models.TextChoices):
        """For whom."""

        UNIVERSAL = "universal", _("轮训（这类人员普遍参加）")
        TARGETED = "targeted", _("调训（重点对象或名单）")

    class Measure(models.TextChoices):
        """What is counted."""

        CLASSES = "classes", _("参训结业次数")
        HOURS = "hours", _("学时")

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    title = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=10, choices=Kind, default=Kind.UNIVERSAL)
    measure = models.CharField(_("按什么计算"), max_length=8, choices=Measure, default=Measure.CLASSES)
    regime = models.ForeignKey(
        Regime, models.PROTECT, null=True, blank=True, related_name="requirements", verbose_name=_("学时制度")
    )
    span = models.CharField(_("周期"), max_length=8, choices=Span, default=Span.ROLLING)
    years = models.PositiveSmallIntegerField(_("年数"), default=5)
    first = models.DateField(_("自"), null=True, blank=True)
    last = models.DateField(_("至"), null=True, blank=True)
    times = models.PositiveSmallIntegerField(_("结业次数"), default=1)
    # Codes of TrainingClass.Kind; none means that every kind counts.
    class_kinds = models.JSONField(_("哪些类型的班次算数"), default=list, blank=True)
    class_hours = models.DecimalField(_("每班至少学时"), max_digits=5, decimal_places=1, default=0)
    join_months = models.PositiveSmallIntegerField(_("新进人员免计（月）"), default=3)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("在用"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """In their order; a title stands once."""

        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "title"), name="one_requirement_a_title"),
            models.CheckConstraint(condition=~Q(title=""), name="requirement_has_a_title"),
            models.CheckConstraint(
                condition=Q(measure="hours", regime__isnull=False) | Q(measure="classes", regime=None),
                name="requirement_of_hours_has_a_regime",
            ),
            models.CheckConstraint(
                condition=Q(times__gte=1, times__lte=20, years__gte=1, years__lte=10, join_months__lte=36),
                name="requirement_figures_sensible",
            ),
            models.CheckConstraint(
                condition=(Q(span="fixed") & Q(first__isnull=False, last__gte=F("first")))
                | (Q(span__in=("rolling", "calendar")) & Q(first=None, last=None)),
                name="requirement_days_where_fixed",
            ),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class RequirementGroup(models.Model):
    """A group the requirement holds for (对象): whoever fits all that is said; several groups add up."""

    requirement = models.ForeignKey(
        Requirement, models.CASCADE, related_name="groups", verbose_name=_("要求")
    )
    organisation_kind = models.CharField(_("单位类别"), max_length=20, choices=Organisation.Kind, blank=True)
    duty = models.CharField(_("职务"), max_length=20, choices=Post.Duty, blank=True)
    label = models.ForeignKey(
        CohortLabel, models.PROTECT, null=True, blank=True, related_name="groups", verbose_name=_("人员标签")
    )
    cohort = models.CharField(_("三支队伍"), max_length=16, choices=Person.Cohort, blank=True)

    class Meta:
        """Says something at least."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(organisation_kind="") | ~Q(duty="") | ~Q(cohort="") | Q(label__isnull=False),
                name="requirement_group_says_something",
            ),
        )

    def __str__(self) -> str:
        """Kind, post, label and cohort in words."""
        parts = (
            self.get_organisation_kind_display() if self.organisation_kind else "",
            self.get_duty_display() if self.duty else "",
            self.label.name if self.label else "",
            self.get_cohort_display() if self.cohort else "",
        )
        return " · ".join(str(part) for part in parts if part)
