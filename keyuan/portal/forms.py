"""The form of the verification page."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LookupForm(forms.Form):
    """A certificate by its number, together with its holder's name (证书核验)."""

    number = forms.CharField(
        label=_("证书编号"),
        max_length=60,
        help_text=_("照证书上的编号填写，括号和空格不影响核验。"),
        error_messages={"required": _("请填写证书编号。"), "max_length": _("编号太长，请照证书填写。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label=_("持证人姓名"),
        max_length=60,
        help_text=_("编号与姓名都相符才会显示结果。"),
        error_messages={"required": _("请填写持证人姓名。"), "max_length": _("姓名太长，请照证书填写。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
