"""Regimes of hours with their dated figures, and to which part of them the hours of a class count."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.triggers import guard
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models import TrainingClass


class Span(models.TextChoices):
    """How the days are counted within which something is owed (周期)."""

    ROLLING = "rolling", _("滚动若干年")
    CALENDAR = "calendar", _("自然年度")
    FIXED = "fixed", _("固定起止日期")


class Bucket(models.TextChoices):
    """The parts of specialists' hours (学时构成)."""

    PROFESSIONAL = "professional", _("专业课")
    PUBLIC = "public", _("公需课")
    PERSONAL = "personal", _("个人选修")


class Regime(models.Model):
    """One measure of hours that people owe (学时制度), whatever its figures are today."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    code = models.SlugField(_("代码"), max_length=30)
    name = models.CharField(_("名称"), max_length=60)

    class Meta:
        """A code and a name stand once."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("school", "code"), name="one_regime_a_code"),
            models.UniqueConstraint(fields=("school", "name"), name="one_regime_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="regime_has_a_name"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class RegimeVersion(models.Model):
    """The figures of a regime from a day on, with the sentence they come from (学时标准); never overwritten."""

    regime = models.ForeignKey(Regime, models.PROTECT, related_name="versions", verbose_name=_("学时制度"))
    since = models.DateField(_("起用日期"))
    span = models.CharField(_("周期"), max_length=8, choices=Span, default=Span.CALENDAR)
    years = models.PositiveSmallIntegerField(_("年数"), default=1)
    first = models.DateField(_("自"), null=True, blank=True)
    last = models.DateField(_("至"), null=True, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=6, decimal_places=1)
    online = models.DecimalField(_("其中网络自学至少"), max_digits=6, decimal_places=1, default=0)
    professional = models.DecimalField(_("其中专业课至少"), max_digits=6, decimal_places=1, default=0)
    public = models.DecimalField(_("其中公需课至少"), max_digits=6, decimal_places=1, default=0)
    personal = models.DecimalField(_("其中个人选修至少"), max_digits=6, decimal_places=1, default=0)
    source = models.CharField(_("依据"), max_length=300)
    at = models.DateTimeField(_("登记时间"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))

    class Meta:
        """The newest first; one a day."""

        ordering = ("-since", "-id")
        constraints = (
            models.UniqueConstraint(fields=("regime", "since"), name="one_regime_version_a_day"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="regime_asks_for_hours"),
            models.CheckConstraint(
                condition=Q(online__gte=0, online__lte=F("hours")), name="regime_online_within_hours"
            ),
            models.CheckConstraint(
                condition=Q(professional__gte=0, public__gte=0, personal__gte=0)
                & Q(hours__gte=F("professional") + F("public") + F("personal")),
                name="regime_parts_within_hours",
            ),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=10), name="regime_years_sensible"),
            models.CheckConstraint(
                condition=(Q(span="fixed") & Q(first__isnull=False, last__gte=F("first")))
                | (Q(span__in=("rolling", "calendar")) & Q(first=None, last=None)),
                name="regime_days_where_fixed",
            ),
            models.CheckConstraint(
                condition=~Q(span="calendar") | Q(years=1), name="regime_calendar_is_one_year"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="regime_names_its_source"),
        )

    def __str__(self) -> str:
        """Which regime from when."""
        return f"{self.regime_id} {self.since:%Y-%m-%d}"


class ClassSort(models.Model):
    """To what the hours of a class count: part, and whether studied online (班次学时归类)."""

    training_class = models.OneToOneField(
        TrainingClass, models.CASCADE, related_name="hour_sort", verbose_name=_("班次")
    )
    bucket = models.CharField(_("学时构成"), max_length=12, choices=Bucket, blank=True)
    online = models.BooleanField(_("网络自学"), default=False)

    class Meta:
        """One a class."""

        ordering = ("training_class_id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(bucket__in=("", "professional", "public", "personal")), name="sort_bucket_known"
            ),
        )

    def __str__(self) -> str:
        """The part."""
        return str(self.get_bucket_display())


guard("rotation_regimeversion", "rotation_regimeversion_no_update")
