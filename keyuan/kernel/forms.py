"""What a person says of how they want to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.kernel.models import NoticePreference


def _clock(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, help_text=help_text)


class NoticePreferenceForm(forms.Form):
    """Mail and quiet hours (接收方式)."""

    mail = forms.ChoiceField(
        label=_lazy("邮件"), choices=NoticePreference.Mail.choices, widget=forms.RadioSelect
    )
    quiet_from = _clock(_lazy("免打扰开始"), _lazy("这段时间内不发邮件，过后再发；站内消息不受影响。"))
    quiet_until = _clock(_lazy("免打扰结束"))

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends or none."""
        values = super().clean() or self.cleaned_data
        if (values.get("quiet_from") is None) != (values.get("quiet_until") is None) and not self.errors:
            self.add_error("quiet_until", _("免打扰的开始和结束要么都填，要么都不填。"))
        return values
