"""The erasure journal's table."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ErasureEntry(models.Model):
    """A person whose data were erased, and when (注销登记); never changed, replayed after a restore."""

    person_id = models.BigIntegerField(_("人员编号"), unique=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        """In the order of erasure."""

        ordering = ("id",)

    def __str__(self) -> str:
        """Number and day only: there is nothing else left to say."""
        return f"{self.person_id} {self.at:%Y-%m-%d}"
