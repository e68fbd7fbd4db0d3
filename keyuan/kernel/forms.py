"""What a person says of how they want to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.models import NoticePreference


class NoticePreferenceForm(forms.ModelForm[NoticePreference]):
    """Mail and quiet hours (接收方式)."""

    class Meta:
        """Times are picked, not typed."""

        model = NoticePreference
        fields = ("mail", "quiet_from", "quiet_until")
        widgets = {
            "mail": forms.RadioSelect,
            "quiet_from": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "quiet_until": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }
        help_texts = {"quiet_from": _lazy("这段时间内不发邮件，过后再发；站内消息不受影响。")}

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends or none."""
        values = super().clean() or self.cleaned_data
        if (values.get("quiet_from") is None) != (values.get("quiet_until") is None) and not self.errors:
            self.add_error("quiet_until", _("免打扰的开始和结束要么都填，要么都不填。"))
        return values
