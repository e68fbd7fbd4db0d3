"""Forms of the certificate page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevokeForm(forms.Form):
    """Why a certificate is revoked (作废理由)."""

    reason = forms.CharField(
        label=_("作废理由"),
        max_length=200,
        help_text=_("理由会告知持证人，不会出现在公开核验页上。编号作废后不再使用。"),
        error_messages={"required": _("请写明作废理由。"), "max_length": _("理由请控制在 200 字以内。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
