"""What a mark rests on besides the scan itself: offline records, paper sheets, meeting minutes, corrections."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from keyuan.attendance.models.presence import CheckIn, Expected, Sitting
from keyuan.kernel import triggers


class DoorRecord(models.Model):
    """One arrival noted at the door by a phone that may have had no network (离线登记).

    The phone gives each a key of its own: however often it is sent, it is taken once. What cannot be entered
    as it stands (the person is no longer on the list, the sitting was called off) is kept and waits for a person.
    """

    class State(models.TextChoices):
        """What became of it."""

        TAKEN = "taken", _("已登记")
        OPEN = "open", _("待处理")
        ACCEPTED = "accepted", _("已补登")
        DISMISSED = "dismissed", _("不采用")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sitting = models.ForeignKey(
        Sitting, models.PROTECT, related_name="door_records", verbose_name=_("签到单元")
    )
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("学员"))
    at = models.DateTimeField(_("到场时间"))
    # Seconds by which the phone's clock was ahead of the server's; `at` is already put right.
    drift = models.IntegerField(_("手机时钟快（秒）"), default=0)
    how = models.CharField(_("方式"), max_length=6, choices=CheckIn.How, default=CheckIn.How.LIST)
    by = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("登记人"))
    received = models.DateTimeField(_("上传时间"))
    words = models.CharField(_("说明"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.TAKEN)

    class Meta:
        """The newest first."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("taken", "open", "accepted", "dismissed")),
                name="door_record_state_known",
            ),
            models.CheckConstraint(condition=Q(at__lte=F("received")), name="door_record_is_past"),
        )
        indexes = (models.Index(fields=("sitting", "state"), name="door_record_by_state"),)

    def __str__(self) -> str:
        """What was said of it."""
        return self.words or str(self.get_state_display())


class MarkChange(models.Model):
    """One change of somebody's mark by hand (考勤更正): from what to what, by whom, why; append-only."""

    expected = models.ForeignKey(Expected, models.PROTECT, related_name="changes", verbose_name=_("应到"))
    before = models.CharField(_("原登记"), max_length=8, blank=True)
    after = models.CharField(_("改为"), max_length=8, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("更正人")
    )
    at = models.DateTimeField(_("时间"))

    class Meta:
        """In the order of time; a change changes something."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(before=F("after")), name="mark_change_changes"),
            models.CheckConstraint(
                condition=Q(
                    before__in=("", "present", "late", "absent"), after__in=("", "present", "late", "absent")
                ),
                name="mark_change_words_known",
            ),
        )

    def __str__(self) -> str:
        """From and to."""
        return f"{self.before or '—'} → {self.after or '—'}"


class SheetPhoto(models.Model):
    """A photo of the signed paper sheet of one sitting (纸质签到表照片), to be copied into the list."""

    class State(models.TextChoices):
        """Whether its names have been copied."""

        WAITING = "waiting", _("待补登")
        COPIED = "copied", _("已补登")

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="photos", verbose_name=_("签到单元"))
    by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", verbose_name=_("上传人")
    )
    at = models.DateTimeField(_("上传时间"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)

    class Meta:
        """In the order they came."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "copied")), name="sheet_photo_state_known"
            ),
        )

    def __str__(self) -> str:
        """Where it stands."""
        return str(self.get_state_display())


class OnlineStay(models.Model):
    """One stay of one person in an online meeting, cut to the sitting (在线时段); raw, minutes are computed."""

    expected = models.ForeignKey(Expected, models.PROTECT, related_name="stays", verbose_name=_("应到"))
    starts = models.DateTimeField(_("入会"))
    ends = models.DateTimeField(_("退会"))
    # What the platform says was spent between the two, when it says so; never more than lies between them.
    seconds = models.PositiveIntegerField(_("在线秒数"))

    class Meta:
        """The same stay counts once, however often its sheet is sent."""

        ordering = ("starts", "id")
        constraints = (
            models.UniqueConstraint(fields=("expected", "starts", "ends", "seconds"), name="one_stay_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="stay_ends_after_start"),
        )

    def __str__(self) -> str:
        """From and to."""
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


triggers.guard("attendance_markchange", "attendance_markchange_no_update")
