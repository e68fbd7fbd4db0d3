"""Import batches: what a file held, what is wrong with it, and which of its rows have gone in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Batch(models.Model):
    """One file somebody sent to be taken in (导入批次); it is previewed, confirmed, then applied row by row."""

    class State(models.TextChoices):
        """Where the batch stands."""

        READING = "reading", _("读取中")
        MAPPING = "mapping", _("待对应列")
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
    notes = models.JSONField(_("说明"), default=list)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.READING)
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta:
        verbose_name = _("导入批次")
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["reading", "mapping", "preview", "confirmed", "done", "dropped"]),
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
    # Whether the row may not go in as it stands: something is wrong or a question is open.
    is_bad = models.BooleanField(_("需处理"), default=False)
    is_asking = models.BooleanField(_("待确认"), default=False)
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


class BatchGrid(models.Model):
    """The sheet of a batch as it was sent (原表), sealed, so that its columns can be read anew."""

    batch = models.OneToOneField(Batch, models.CASCADE, related_name="grid", verbose_name=_("批次"))
    sealed = models.TextField()
    first_row = models.PositiveIntegerField(_("表头所在行"), default=1)
    levels = models.PositiveSmallIntegerField(_("表头行数"), default=1)

    class Meta:
        verbose_name = _("原表")

    def __str__(self) -> str:
        return str(self.batch_id)


class ColumnMap(models.Model):
    """Which title meant which column (列对应), remembered for a sender's next sheet with the same titles."""

    school_id = models.BigIntegerField(_("分校"), null=True)
    # "unit:7" for whoever sends for an organisation, "person:9" otherwise.
    sender = models.CharField(_("报送方"), max_length=40)
    purpose = models.CharField(_("用途"), max_length=60)
    # Of the titles in their order, in one or two lines.
    fingerprint = models.CharField(max_length=64)
    places = models.JSONField(_("对应"), default=dict)
    changed_at = models.DateTimeField(_("保存时间"), auto_now=True)

    class Meta:
        verbose_name = _("列对应")
        constraints = (
            models.UniqueConstraint(
                fields=["school_id", "sender", "purpose", "fingerprint"], name="column_map_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sender} {self.purpose}"
