"""The form by which the office corrects the calendar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

WORKING = (("work", _("上班（调休补班）")), ("rest", _("休息（放假）")))


class DayForm(forms.Form):
    """One day worked or rested against the published arrangement (工作日校正)."""

    day = forms.DateField(
        label=_("日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写日期。"), "invalid": _("日期请写成 2026-10-08 这样。")},
    )
    kind = forms.ChoiceField(label=_("这一天"), choices=WORKING, initial="rest")
    note = forms.CharField(label=_("说明"), max_length=80, required=False, help_text=_("如“国庆节调休”。"))

    def facts(self) -> dict[str, Any]:
        """What the action needs."""
        said = self.cleaned_data
        return {"day": said["day"], "working": said["kind"] == "work", "note": said["note"]}
