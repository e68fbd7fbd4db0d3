"""At which table each trainee eats; that no table is filled beyond its seats is held by triggers of the database."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from keyuan.training.models import Nomination, TrainingClass


class MealTable(models.Model):
    """One table of a class's meals (餐桌); the head table is filled by hand alone."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="meal_tables")
    number = models.PositiveSmallIntegerField(_("桌号"), validators=[MinValueValidator(1)])
    title = models.CharField(_("桌名"), max_length=20, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("座位数"), default=10, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    is_head = models.BooleanField(_("主桌"), default=False)

    class Meta:
        """Numbered once in a class; one head table."""

        ordering = ("training_class_id", "-is_head", "number")
        constraints = (
            models.UniqueConstraint(fields=("training_class", "number"), name="one_table_a_number"),
            models.UniqueConstraint(
                fields=("training_class",), condition=Q(is_head=True), name="one_head_table"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=30), name="table_has_seats"),
            models.CheckConstraint(condition=Q(number__gte=1), name="table_counts_from_one"),
        )

    def __str__(self) -> str:
        """Its name, 主桌, or 3号桌."""
        return self.title or ("主桌" if self.is_head else f"{self.number}号桌")


class Diner(models.Model):
    """One trainee's table (桌位安排); one a trainee, never more than the table has seats."""

    nomination = models.OneToOneField(
        Nomination, models.CASCADE, related_name="dining", verbose_name=_("学员")
    )
    table = models.ForeignKey(MealTable, models.CASCADE, related_name="diners", verbose_name=_("餐桌"))
    locked = models.BooleanField(_("锁定"), default=False)

    class Meta:
        """Capacity is held by a trigger."""

        ordering = ("table_id", "id")

    def __str__(self) -> str:
        """Who and where."""
        return f"{self.nomination.person} {self.table}"
