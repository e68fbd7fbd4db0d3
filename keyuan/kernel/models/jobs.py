"""Background work and the times it fell due."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """Work done behind the page for somebody who waits (后台任务): the queue, the lease and the progress."""

    class State(models.TextChoices):
        """How far it is."""

        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("未完成")

    kind = models.CharField(_("种类"), max_length=80)
    title = models.CharField(_("名称"), max_length=120)
    args = models.JSONField(_("参数"), default=dict)
    actor = models.JSONField(_("以谁的身份"), default=dict)
    school_id = models.BigIntegerField(_("分校"), null=True)
    person_id = models.BigIntegerField(_("发起人"), null=True)
    once = models.CharField(_("去重键"), max_length=120, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(_("已办"), default=0)
    total = models.PositiveIntegerField(_("共"), default=0)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    error = models.CharField(_("原因"), max_length=500, blank=True)
    link = models.CharField(_("结果"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    created_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    due_at = models.DateTimeField(_("最早开始"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)
    # Who holds it (host:pid:number) and until when nobody else may; empty unless it runs.
    holder = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        """Newest first; the queue is read by due time."""

        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                name="job_leased_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed"]), name="job_state_word"
            ),
            models.UniqueConstraint(
                fields=("once",),
                condition=Q(state__in=["queued", "running"]) & ~Q(once=""),
                name="one_live_job_a_key",
            ),
        )
        indexes = (
            models.Index(fields=("state", "due_at", "id"), name="job_queue"),
            models.Index(fields=("person_id", "-id"), name="job_by_person"),
        )

    def __str__(self) -> str:
        """Its title and number."""
        return f"{self.title} {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether it will change no more."""
        return self.state in {self.State.DONE, self.State.FAILED}

    @property
    def is_late(self) -> bool:
        """Whether it waits so long that perhaps no worker runs."""
        return self.state == self.State.QUEUED and self.due_at < timezone.now() - timedelta(minutes=3)


class Tick(models.Model):
    """One slot of a schedule, taken by whoever wrote the row first (定时任务)."""

    name = models.CharField(_("名称"), max_length=120)
    slot = models.DateTimeField(_("时段"))
    job_id = models.BigIntegerField(_("任务"))

    class Meta:
        """A slot is taken once."""

        ordering = ("-slot",)
        constraints = (models.UniqueConstraint(fields=("name", "slot"), name="one_tick_a_slot"),)

    def __str__(self) -> str:
        """The schedule and its slot."""
        return f"{self.name} {self.slot:%Y-%m-%d %H:%M}"
