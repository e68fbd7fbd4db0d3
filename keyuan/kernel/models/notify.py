"""What people are told, on its way and arrived."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """One notice to many persons, written with the deed it tells of and not yet carried out (待发通知)."""

    kind = models.CharField(_("种类"), max_length=80)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    school_id = models.BigIntegerField(_("分校"), null=True)
    facts = models.JSONField(_("事实"), default=dict)
    person_ids = models.JSONField(_("收件人"), default=list)
    about_id = models.BigIntegerField(_("说到的人"), null=True)
    created_at = models.DateTimeField(_("时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("送达时间"), null=True)
    due_at = models.DateTimeField(_("最早送出"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    error = models.CharField(_("原因"), max_length=500, blank=True)

    class Meta:
        """In the order written; what waits is read alone."""

        ordering = ("id",)
        indexes = (models.Index(fields=("due_at", "id"), condition=Q(sent_at=None), name="outbox_waiting"),)

    def __str__(self) -> str:
        """The kind and how many it goes to."""
        return f"{self.kind} × {len(self.person_ids)}"


class Message(models.Model):
    """One notice in one person's inbox (消息)."""

    person_id = models.BigIntegerField(_("收件人"))
    outbox_id = models.BigIntegerField(_("来自"))
    about_id = models.BigIntegerField(_("说到的人"), null=True)
    school_id = models.BigIntegerField(_("分校"), null=True)
    kind = models.CharField(_("种类"), max_length=80)
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"), blank=True)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(_("已读时间"), null=True)
    # Mail is owed from then on; empty when none is, mailed_at when it went.
    mail_due = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """Newest first; the unread are counted from an index of their own."""

        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("outbox_id", "person_id"), name="one_message_a_notice"),
        )
        indexes = (
            models.Index(fields=("person_id", "-id"), name="message_by_person"),
            models.Index(fields=("person_id",), condition=Q(read_at=None), name="message_unread"),
            models.Index(
                fields=("mail_due",),
                condition=Q(mailed_at=None, mail_due__isnull=False),
                name="message_mail_due",
            ),
            models.Index(fields=("about_id",), condition=Q(about_id__isnull=False), name="message_about"),
        )

    def __str__(self) -> str:
        """Its title."""
        return self.title


class NoticePreference(models.Model):
    """How one person wants to be told (通知偏好)."""

    class Mail(models.TextChoices):
        """When mail goes out."""

        NONE = "none", _("只在站内")
        EACH = "each", _("每条都发邮件")
        DIGEST = "digest", _("每天汇总一封")

    person_id = models.BigIntegerField(_("人员"), unique=True)
    mail = models.CharField(_("邮件"), max_length=8, choices=Mail, default=Mail.NONE)
    quiet_from = models.TimeField(_("免打扰开始"), null=True, blank=True)
    quiet_until = models.TimeField(_("免打扰结束"), null=True, blank=True)

    class Meta:
        """Quiet hours have a beginning and an end."""

        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_whole",
            ),
        )

    def __str__(self) -> str:
        """Whose it is."""
        return f"{self.person_id} {self.mail}"
