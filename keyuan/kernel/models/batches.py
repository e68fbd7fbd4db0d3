"""Import batches: what a file held, what is wrong with it, and which of its rows have gone in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Batch(models.Model):
    """One file somebody sent to be taken in (导入批次); it is previewed, confirmed, then applied row by row."""

    class State(models.TextChoices):
        """Where the batch stands."""

        READING = "reading", _("读取中")
        PREVIEW = "preview", _("待确认")
        CONFIRMED = "confirmed", _("导入中")
        DONE = "done", _("已完成")
        DROPPED = "dropped", _("已放弃")

    school_id = models.BigIntegerField(_("分校"), null=True)
    person_id = models.BigIntegerField(_("上传人"), null=True)
    seat_id = models.BigIntegerField(null=True)
    purpose = models.CharField(_("用途"), max_length=60)
    context = models.JSONField(_("所属"), default=dict)
    file_name = models.CharField(_("文件名"), max_length=200)
    file_hash = models.CharField(max_length=64)
    titles = models.JSONField(_("原表头"), default=list)
    places = models.JSONField(default=dict)
    unread = models.JSONField(_("未读入的列"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READING)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("导入批次")
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["reading", "preview", "confirmed", "done", "dropped"]),
                name="batch_state_known",
            ),
        )
        indexes = (models.Index(fields=["person_id", "state"], name="batch_of_person"),)

    def __str__(self) -> str:
        return self.file_name


class BatchRow(models.Model):
    """One row of a batch (导入行): sealed as read; its state changes in the transaction of its effect."""

    class State(models.TextChoices):
        """What became of the row."""

        PENDING = "pending", _("待导入")
        APPLIED = "applied", _("已导入")
        REFUSED = "refused", _("未能导入")
        SKIPPED = "skipped", _("已跳过")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", verbose_name=_("批次"))
    sheet_row = models.PositiveIntegerField(_("行号"))
    # Values, repairs and the cells as sent, together, sealed by kernel.cipher.
    sealed = models.TextField()
    faults = models.JSONField(_("问题"), default=list)
    hints = models.JSONField(_("提示"), default=list)
    is_bad = models.BooleanField(_("需修改"), default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.PENDING)
    result_id = models.BigIntegerField(_("结果"), null=True)

    class Meta:
        verbose_name = _("导入行")
        ordering = ("sheet_row",)
        constraints = (
            models.UniqueConstraint(fields=["batch", "sheet_row"], name="batch_row_once"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "applied", "refused", "skipped"]),
                name="batch_row_state_known",
            ),
        )
        indexes = (models.Index(fields=["batch", "state", "sheet_row"], name="batch_row_next"),)

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.sheet_row}"
