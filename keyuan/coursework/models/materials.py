"""What is given out in a class."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.people.models import Person
from keyuan.training.models import Session, TrainingClass


class Material(models.Model):
    """A file given out to a class, or for one of its sessions (学习资料)."""

    class Use(models.TextChoices):
        """What its author allows beyond the class."""

        CLASS = "class", _("只供本班学习")
        SCHOOL = "school", _("可供本校其他班次使用")

    training_class = models.ForeignKey(
        TrainingClass, models.CASCADE, related_name="materials", verbose_name=_("班次")
    )
    session = models.ForeignKey(
        Session, models.SET_NULL, null=True, blank=True, related_name="materials", verbose_name=_("课次")
    )
    title = models.CharField(_("名称"), max_length=80)
    use = models.CharField(_("使用范围"), max_length=8, choices=Use, default=Use.CLASS)
    order = models.PositiveIntegerField(_("顺序"), default=0, editable=False)
    # The stored file and what a list shows of it, so that a list asks nothing of another room.
    file_id = models.BigIntegerField(null=True, unique=True, editable=False)
    kind = models.CharField(max_length=8, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("大小"), default=0, editable=False)
    # How often it was opened, never by whom.
    taken = models.PositiveIntegerField(_("打开次数"), default=0, editable=False)
    added_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="+", verbose_name=_("上传人"), editable=False
    )
    added_at = models.DateTimeField(_("上传时间"), default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, editable=False)

    class Meta:
        """In the order the class reads them."""

        ordering = ("order", "id")
        constraints = (
            models.CheckConstraint(condition=Q(use__in=["class", "school"]), name="material_use_known"),
        )
        indexes = (models.Index(fields=("training_class", "order"), name="material_by_class"),)

    def __str__(self) -> str:
        """Its title."""
        return self.title
