"""The audit chain's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One thing done by somebody in a seat (操作日志); never changed, never deleted, chained by hash.

    Person and school are plain numbers: the line outlives what it speaks of, and the kernel
    stands below the rooms that own those rows.
    """

    seq = models.BigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"))
    school_id = models.BigIntegerField(_("分校"), null=True)
    person_id = models.BigIntegerField(_("操作人"), null=True)
    seat_id = models.BigIntegerField(_("身份"), null=True)
    action = models.CharField(_("动作"), max_length=80)
    thing = models.CharField(_("对象类型"), max_length=80, blank=True)
    thing_id = models.BigIntegerField(_("对象编号"), null=True)
    facts = models.JSONField(_("事实"), default=dict)
    previous = models.CharField(_("上一条摘要"), max_length=64, unique=True)
    digest = models.CharField(_("摘要"), max_length=64, unique=True)

    class Meta:
        """Read by thing (a timeline) and by school (the log page)."""

        ordering = ("-seq",)
        indexes = (
            models.Index(fields=("thing", "thing_id", "-seq"), name="audit_by_thing"),
            models.Index(fields=("school_id", "-seq"), name="audit_by_school"),
            models.Index(fields=("person_id", "-seq"), name="audit_by_person"),
        )

    def __str__(self) -> str:
        """The number and the action."""
        return f"{self.seq} {self.action}"


class AuditHead(models.Model):
    """The end of the chain; its row is the lock under which the next entry is written."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        """There is one head."""

        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_audit_head"),)

    def __str__(self) -> str:
        """The number of the last entry."""
        return str(self.seq)
