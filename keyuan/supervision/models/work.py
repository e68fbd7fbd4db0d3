"""What is done on an item: reports, evidence, postponements, and each step that was taken."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel import triggers
from keyuan.people.models import Person
from keyuan.supervision.models.items import Item


class Report(models.Model):
    """What the owner says of the progress (进展报告)."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="reports")
    stage = models.CharField(_("进度"), max_length=10, choices=Item.Stage)
    text = models.TextField(_("进展情况"), max_length=2000)
    at = models.DateTimeField(_("报送时间"), default=timezone.now)
    sent_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("报送人"))

    class Meta:
        """The latest first."""

        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=~Q(text=""), name="item_report_says_something"),)

    def __str__(self) -> str:
        """How far it said it was."""
        return self.get_stage_display()


class ReportFile(models.Model):
    """A file sent with a report (进展附件)."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    file_id = models.BigIntegerField(unique=True)
    name = models.CharField(_("文件名"), max_length=120)

    class Meta:
        """In the order they came."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Its name."""
        return self.name


class Evidence(models.Model):
    """What proves an item done (佐证材料): a file, or a proven thing of another room."""

    class Kind(models.TextChoices):
        """What sort of proof."""

        FILE = "file", _("文件")
        REFERENCE = "reference", _("系统记录")

    item = models.ForeignKey(Item, models.PROTECT, related_name="evidence")
    kind = models.CharField(_("形式"), max_length=10, choices=Kind)
    title = models.CharField(_("名称"), max_length=200)
    file_id = models.BigIntegerField(null=True, unique=True)
    # A thing of another room, as `kind:number`, with its address.
    ref = models.CharField(max_length=60, blank=True)
    link = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("提交时间"), default=timezone.now)
    added_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("提交人")
    )

    class Meta:
        """A file or a thing, never neither; a thing once an item."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="file", file_id__isnull=False, ref="")
                | (Q(kind="reference", file_id__isnull=True) & ~Q(ref="")),
                name="evidence_is_a_file_or_a_thing",
            ),
            models.UniqueConstraint(
                fields=("item", "ref"), condition=~Q(ref=""), name="one_evidence_a_thing"
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.title


class Postponement(models.Model):
    """A later deadline, asked for and decided (延期)."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已同意")
        REFUSED = "refused", _("未同意")

    item = models.ForeignKey(Item, models.CASCADE, related_name="postponements")
    old_deadline = models.DateField(_("原期限"))
    new_deadline = models.DateField(_("延至"))
    reason = models.CharField(_("理由"), max_length=200)
    state = models.CharField(_("结果"), max_length=10, choices=State, default=State.ASKED)
    asked_at = models.DateTimeField(_("申请时间"), default=timezone.now)
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("申请人")
    )
    note = models.CharField(_("审批意见"), max_length=200, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )

    class Meta:
        """One at a time; a refusal gives its reason."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("item",), condition=Q(state="asked"), name="one_open_postponement_an_item"
            ),
            models.CheckConstraint(
                condition=Q(new_deadline__gt=F("old_deadline")), name="postponed_to_later"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="postponement_gives_its_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at__isnull=True)
                | Q(state="granted", decided_at__isnull=False)
                | (Q(state="refused", decided_at__isnull=False) & ~Q(note="")),
                name="postponement_decided_says_when_and_why",
            ),
        )

    def __str__(self) -> str:
        """Until when."""
        return f"{self.new_deadline}"


class Step(models.Model):
    """One thing that happened to an item (办理记录); never changed."""

    class Kind(models.TextChoices):
        """What happened."""

        OPENED = "opened", _("登记")
        CHANGED = "changed", _("修改")
        ISSUED = "issued", _("交办")
        RECEIVED = "received", _("签收")
        REPORTED = "reported", _("报送进展")
        PROVED = "proved", _("补充佐证")
        UNPROVED = "unproved", _("去掉佐证")
        SUBMITTED = "submitted", _("提交核验")
        RETRACTED = "retracted", _("收回补充")
        RETURNED = "returned", _("退回补办")
        CLOSED = "closed", _("核验销号")
        REOPENED = "reopened", _("重新督办")
        SUSPENDED = "suspended", _("暂停")
        RESUMED = "resumed", _("恢复办理")
        WITHDRAWN = "withdrawn", _("撤销")
        ASKED = "asked", _("申请延期")
        GRANTED = "granted", _("同意延期")
        REFUSED = "refused", _("不同意延期")
        REMINDED = "reminded", _("催办")
        ESCALATED = "escalated", _("自动提醒")

    item = models.ForeignKey(Item, models.PROTECT, related_name="steps")
    kind = models.CharField(_("事项"), max_length=12, choices=Kind)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    # What may happen once only, such as a rung of the ladder for one deadline.
    once = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    done_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))

    class Meta:
        """The latest first."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("item", "once"), condition=~Q(once=""), name="one_step_of_a_rung"
            ),
        )
        indexes = (models.Index(fields=("item", "kind"), name="step_by_kind"),)

    def __str__(self) -> str:
        """What happened."""
        return self.get_kind_display()


triggers.guard("supervision_evidence", "supervision_evidence_kept", "supervision_evidence_stays")
triggers.guard("supervision_step", "supervision_step_no_update")
