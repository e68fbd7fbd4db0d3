"""The list's forms: one organisation, and the office's own file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.orgs.models import Organisation

FIELDS = (
    "name",
    "short_name",
    "kind",
    "field_or_region",
    "city_code",
    "credit_code",
    "certainty",
    "note",
    "active",
)


class OrganisationForm(forms.Form):
    """One organisation's entry in the list."""

    name = forms.CharField(
        label=_("名称"), max_length=80, help_text=_("写全称。改名后，原名称会留作曾用名。")
    )
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    kind = forms.ChoiceField(label=_("类别"), choices=Organisation.Kind.choices)
    field_or_region = forms.CharField(label=_("学科或片区"), max_length=20, required=False)
    city_code = forms.RegexField(
        r"^\d{4}(\d{2})?$", label=_("行政区划代码"), required=False,
        error_messages={"invalid": _("应为 4 位或 6 位数字，如 4401。")},
    )  # fmt: skip
    credit_code = forms.RegexField(
        r"^[0-9A-Z]{18}$", label=_("统一社会信用代码"), required=False,
        error_messages={"invalid": _("应为 18 位数字或大写字母。")},
    )  # fmt: skip
    certainty = forms.ChoiceField(label=_("核实情况"), choices=Organisation.Certainty.choices)
    note = forms.CharField(label=_("备注"), max_length=200, required=False)
    active = forms.BooleanField(label=_("在用（停用的单位不再分配名额，已有记录不变）"), required=False)

    def __init__(self, data: Any = None, organisation: Organisation | None = None) -> None:
        initial: dict[str, Any] = {"active": True, "certainty": Organisation.Certainty.OFFICE}
        if organisation is not None:
            initial = {name: getattr(organisation, name) for name in FIELDS}
        super().__init__(data, initial=initial)

    def facts(self) -> dict[str, Any]:
        """The entry as it was typed, cleaned."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class ListForm(forms.Form):
    """The office's own list."""

    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("Excel（.xlsx）或 CSV，至少有“单位名称”“类别”两列。"),
        error_messages={"required": _("请选择要导入的文件。")},
    )
    whole = forms.BooleanField(
        label=_("以此名单为准：同类别中未列出的单位停用（不删除）"), required=False, initial=False
    )


class RenameForm(forms.Form):
    """A new name and the day it holds from."""

    name = forms.CharField(label=_("新名称"), max_length=80)
    short_name = forms.CharField(label=_("新简称"), max_length=40, required=False, help_text=_("留空则不变"))
    on = forms.DateField(
        label=_("自哪天起"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("这天起用新名称，之前的日子仍显示原名称"),
    )  # fmt: skip
    basis = forms.CharField(
        label=_("更名依据"), max_length=100, required=False, help_text=_("批文、登记证书或会议名称")
    )
