"""What trainees are asked to write, and what each handed in, version by version."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.training.models import Nomination, TrainingClass

MOST_TEXT = 30_000  # characters of one hand-in


class Task(models.Model):
    """Something trainees write and hand in until a moment (学习任务)."""

    class Kind(models.TextChoices):
        """What sort of text."""

        REFLECTION = "reflection", _("学习心得")
        REPORT = "report", _("调研报告")
        PROPOSAL = "proposal", _("意见建议")
        OTHER = "other", _("其他作业")

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="tasks", verbose_name=_("班次")
    )
    kind = models.CharField(_("类型"), max_length=12, choices=Kind, default=Kind.REFLECTION)
    title = models.CharField(_("题目"), max_length=80)
    words = models.TextField(_("要求"), blank=True, max_length=1000)
    least = models.PositiveIntegerField(_("字数要求"), default=0, validators=[MaxValueValidator(MOST_TEXT)])
    due_at = models.DateTimeField(_("截止时间"))
    required = models.BooleanField(_("结业前应交"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    class Meta:
        """By deadline."""

        ordering = ("due_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["reflection", "report", "proposal", "other"]), name="task_kind_known"
            ),
            models.CheckConstraint(condition=Q(least__lte=MOST_TEXT), name="task_least_within_most"),
        )
        indexes = (models.Index(fields=("due_at",), name="task_by_due"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title


class Submission(models.Model):
    """What one trainee writes for one task (作业); handed in, it keeps every version."""

    class State(models.TextChoices):
        """Where it stands, in words; there is no mark."""

        DRAFT = "draft", _("草稿，未提交")
        SUBMITTED = "submitted", _("已提交，待阅")
        RETURNED = "returned", _("已退回，请修改")
        ACCEPTED = "accepted", _("已通过")
        EXCUSED = "excused", _("免交")

    task = models.ForeignKey(Task, models.CASCADE, related_name="submissions", verbose_name=_("任务"))
    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="submissions", verbose_name=_("学员")
    )
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    text = models.TextField(_("正文"), blank=True, max_length=MOST_TEXT)
    consent = models.BooleanField(_("同意收入汇编"), default=False)
    # Why it was returned or excused.
    reason = models.CharField(_("说明"), max_length=200, blank=True, editable=False)
    number = models.PositiveSmallIntegerField(_("第几稿"), default=0, editable=False)
    saved_at = models.DateTimeField(_("保存时间"), default=timezone.now, editable=False)
    first_at = models.DateTimeField(_("首次提交"), null=True, editable=False)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, editable=False)

    class Meta:
        """One a trainee and task, however often it is handed in again."""

        ordering = ("task_id", "nomination_id")
        constraints = (
            models.UniqueConstraint(fields=("task", "nomination"), name="one_submission_a_task"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "accepted", "excused"]),
                name="submission_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "excused"]) | Q(number__gte=1, submitted_at__isnull=False),
                name="submission_handed_in_has_a_version",
            ),
        )
        indexes = (models.Index(fields=("task", "state"), name="submission_by_state"),)

    def __str__(self) -> str:
        """The task it is for; the name of who wrote it stays with the nomination."""
        return f"{self.task}（第 {self.number} 稿）"

    @property
    def person_id(self) -> int:
        """Whose it is."""
        return self.nomination.person_id

    @property
    def training_class(self) -> TrainingClass:
        """The class it is written in."""
        return self.task.training_class


class Version(models.Model):
    """One hand-in as it was sent (稿次)."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField(_("第几稿"))
    text = models.TextField(_("正文"), blank=True)
    at = models.DateTimeField(_("提交时间"), default=timezone.now)

    class Meta:
        """The latest first."""

        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("submission", "number"), name="one_version_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_counts_from_one"),
        )

    def __str__(self) -> str:
        """Its number."""
        return f"第 {self.number} 稿"


class Enclosure(models.Model):
    """A file handed in with a text (附件): in the versions from `since` on, until it was taken out."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="enclosures")
    file_id = models.BigIntegerField(null=True, unique=True, editable=False)
    name = models.CharField(_("文件名"), max_length=120)
    kind = models.CharField(max_length=8, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("大小"), default=0, editable=False)
    since = models.PositiveSmallIntegerField(default=1, editable=False)
    until = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta:
        """In the order they came."""

        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="enclosure_ends_after_begin"
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name
