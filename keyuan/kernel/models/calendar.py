"""The office's own corrections of the calendar."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CalendarDay(models.Model):
    """A day worked or rested against the published arrangement (工作日校正)."""

    day = models.DateField(_("日期"), unique=True)
    working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=80, blank=True)

    class Meta:
        """In order of days."""

        ordering = ("day",)

    def __str__(self) -> str:
        """The day and whether it is worked."""
        return f"{self.day} {_('上班') if self.working else _('休息')}"
