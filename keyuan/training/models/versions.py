"""What was released of a timetable: its versions, the final one, and what holds now session by session."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import triggers
from keyuan.orgs.models import School
from keyuan.people.models import Person
from keyuan.training.models.classes import TrainingClass
from keyuan.training.models.timetable import Session


class TimetableVersion(models.Model):
    """The timetable as it was released once (课程表版本); never changed, and it holds ids, not names."""

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="timetable_versions", verbose_name=_("班次")
    )
    number = models.PositiveIntegerField(_("版本"))
    released_at = models.DateTimeField(_("发布时间"), default=timezone.now)
    released_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("发布人")
    )
    # One dictionary a session, as `rules.differences.Line` writes and reads it.
    facts = models.JSONField(_("内容"))

    class Meta:
        """Numbered within a class."""

        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("training_class", "number"), name="one_timetable_version_a_number"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="timetable_version_from_one"),
        )

    def __str__(self) -> str:
        """Its number."""
        return f"v{self.number}"


class TimetableFinal(models.Model):
    """That a version was declared final, or is final no more (课程表终版认定); the newest turn of a class holds."""

    training_class = models.ForeignKey(
        TrainingClass, models.PROTECT, related_name="timetable_finals", verbose_name=_("班次")
    )
    turn = models.PositiveIntegerField(_("次序"))
    version = models.ForeignKey(
        TimetableVersion, models.PROTECT, null=True, related_name="finals", verbose_name=_("终版")
    )
    reason = models.CharField(_("取消理由"), max_length=200, blank=True)
    declared_at = models.DateTimeField(_("认定时间"), default=timezone.now)
    declared_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("认定人")
    )

    class Meta:
        """One after another; taking back says why."""

        ordering = ("-turn",)
        constraints = (
            models.UniqueConstraint(fields=("training_class", "turn"), name="one_timetable_final_a_turn"),
            models.CheckConstraint(
                condition=Q(version__isnull=False) | ~Q(reason=""), name="timetable_final_taken_back_says_why"
            ),
        )

    def __str__(self) -> str:
        """The version it declared."""
        return str(self.version or "—")


class ReleasedSession(models.Model):
    """A session as it was released last (已发布课次): what trainees, teachers and calendars see.

    A session no longer held stays as a cancelled row, so that calendars take it out; so does, for a teacher
    who gives a session no more, the row of that teacher alone (`for_class` is then false).
    """

    # The session's own number, which outlives the session.
    number = models.BigIntegerField(_("课次编号"))
    session = models.ForeignKey(Session, models.SET_NULL, null=True, related_name="+")
    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="released_sessions", verbose_name=_("班次")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", editable=False)
    kind = models.CharField(_("形式"), max_length=12, choices=Session.Kind)
    title = models.CharField(_("内容"), max_length=120)
    date = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Session.Half)
    starts = models.TimeField(_("开始"))
    ends = models.TimeField(_("结束"))
    teacher = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="released_sessions", verbose_name=_("主讲")
    )
    place = models.CharField(_("地点"), max_length=80, blank=True)
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1, default=Decimal(0))
    sitting_id = models.BigIntegerField(null=True, editable=False)
    # How often it was changed since it was first released (RFC 5545, SEQUENCE).
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True)
    for_class = models.BooleanField(default=True)

    class Meta:
        """A session holds once."""

        ordering = ("date", "starts", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("number",), condition=Q(cancelled_at__isnull=True), name="one_released_session_holds"
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="released_ends_after_start"),
            models.CheckConstraint(
                condition=Q(for_class=True) | Q(cancelled_at__isnull=False), name="released_holds_for_class"
            ),
        )
        indexes = (
            models.Index(fields=("teacher", "date"), name="released_by_teacher"),
            models.Index(fields=("school", "date"), name="released_by_day"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


triggers.guard("training_timetableversion", "training_timetableversion_no_update")
triggers.guard("training_timetablefinal", "training_timetablefinal_no_update")
