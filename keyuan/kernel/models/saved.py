"""Filters that people keep."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """One person's named filter of one list (常用筛选)."""

    person_id = models.BigIntegerField(_("人员"))
    school_id = models.BigIntegerField(_("分校"), null=True)
    page = models.CharField(_("页面"), max_length=60)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(_("条件"), max_length=500)

    class Meta:
        """In the order they were first kept; a name stands once a list."""

        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("person_id", "page", "name"), name="saved_view_named_once"),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""), name="saved_view_whole"
            ),
        )

    def __str__(self) -> str:
        """Its name."""
        return self.name
