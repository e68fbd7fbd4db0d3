"""What people are besides their post: labels with days, names on lists, exemptions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import School
from keyuan.people.models import Person


class CohortLabel(models.Model):
    """A group people belong to for a time (人员标签): 三长, 省科协常委, 县处级以上干部."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("分校"))
    name = models.CharField(_("名称"), max_length=40)
    order = models.PositiveSmallIntegerField(_("次序"), default=0)
    active = models.BooleanField(_("在用"), default=True)

    class Meta:
        """In their order; a name stands once."""

        ordering = ("order", "id")
        constraints = (
            models.UniqueConstraint(fields=("school", "name"), name="one_cohort_label_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="cohort_label_has_a_name"),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name


class CohortMember(models.Model):
    """That somebody bears a label from a day to a day (标签人员); a person bears several at once."""

    label = models.ForeignKey(CohortLabel, models.PROTECT, related_name="members", verbose_name=_("人员标签"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="cohort_labels", verbose_name=_("人员"))
    starts = models.DateField(_("自"))
    ends = models.DateField(_("至"), null=True, blank=True)
    note = models.CharField(_("说明"), max_length=100, blank=True)

    class Meta:
        """One running time a label and person."""

        ordering = ("label", "starts", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("label", "person"), condition=Q(ends=None), name="one_running_label_a_person"
            ),
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=F("starts")), name="label_ends_after_start"
            ),
        )

    def __str__(self) -> str:
        """Label and since when."""
        return f"{self.label} {self.starts:%Y-%m-%d}"


class ListedPerson(models.Model):
    """Somebody named for a requirement (调训名单), until taken off the list."""

    requirement = models.ForeignKey(
        "rotation.Requirement", models.PROTECT, related_name="listed", verbose_name=_("要求")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    since = models.DateField(_("列入日期"))
    note = models.CharField(_("说明"), max_length=100, blank=True)
    removed_at = models.DateTimeField(_("移出时间"), null=True, blank=True)

    class Meta:
        """Named once at a time."""

        ordering = ("since", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("requirement", "person"), condition=Q(removed_at=None), name="listed_once"
            ),
        )

    def __str__(self) -> str:
        """Since when."""
        return f"{self.since:%Y-%m-%d}"


class Exemption(models.Model):
    """That somebody need not fulfil a requirement, why, and until when (免训)."""

    requirement = models.ForeignKey(
        "rotation.Requirement", models.PROTECT, related_name="exemptions", verbose_name=_("要求")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    reason = models.CharField(_("理由"), max_length=200)
    until = models.DateField(_("免至"), null=True, blank=True)
    at = models.DateTimeField(_("登记时间"), default=timezone.now)
    by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人"))
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        """One standing a requirement and person; none without a reason."""

        ordering = ("-at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("requirement", "person"), condition=Q(revoked_at=None), name="one_exemption_stands"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="rotation_exemption_says_why"),
        )

    def __str__(self) -> str:
        """Until when."""
        return f"{self.until:%Y-%m-%d}" if self.until else "—"
