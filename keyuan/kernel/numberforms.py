"""Forms of the register of document numbers."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.models import DocSeries
from keyuan.kernel.papers import registering
from keyuan.kernel.papers.words import DRAWERS, FORMS

MODES = (
    ("draw", _("取下一个号")),
    ("type", _("录入已有的号（办公系统给的号或预留的号）")),
    ("reserve", _("预留几个号")),
)
DOCUMENT_PATTERN = "{mark}〔{year}〕{seq}号"


def year_field() -> forms.IntegerField:
    """The year of a number: no other than people still write into documents."""
    return forms.IntegerField(
        label=_("年份"), min_value=2000, max_value=2100, initial=lambda: timezone.localdate().year
    )


class TakeForm(forms.Form):
    """Take a number for a document made elsewhere (取号登记)."""

    series = forms.ModelChoiceField(
        DocSeries.objects.none(), label=_("编号系列"), error_messages={"required": _("请选择编号系列。")}
    )
    year = year_field()
    mode = forms.ChoiceField(label=_("方式"), choices=MODES, initial="draw", widget=forms.RadioSelect)
    typed = forms.CharField(
        label=_("已有的号"), max_length=80, required=False, help_text=_("可写全号，也可只写序号。")
    )
    count = forms.IntegerField(
        label=_("预留个数"), min_value=1, max_value=registering.AT_ONCE, initial=1, required=False
    )
    title = forms.CharField(
        label=_("文件标题"), max_length=200, help_text=_("预留时写用途。"),
        error_messages={"required": _("请填写文件标题；预留时写用途。")},
    )  # fmt: skip
    form = forms.ChoiceField(label=_("公文格式"), choices=(("", _("不注明")), *FORMS), required=False)

    def __init__(self, series: QuerySet[DocSeries], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["series"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = series
            field.empty_label = None

    def clean(self) -> dict[str, Any]:
        """A number to be entered is given."""
        values = super().clean() or self.cleaned_data
        if values.get("mode") == "type" and not values.get("typed"):
            self.add_error("typed", _("请填写已有的号，或改选“取下一个号”。"))
        return values


class VoidForm(forms.Form):
    """Why a number is void (作废原因)."""

    reason = forms.CharField(
        label=_("作废原因"), max_length=200, help_text=_("作废的号保留在登记簿里，不再使用。"),
        error_messages={"required": _("请写明作废原因。")},
    )  # fmt: skip


class SeriesForm(forms.Form):
    """A document series (编号系列)."""

    mark = forms.CharField(
        label=_("代字"), max_length=40, help_text=_("如“粤科协组”。取过号以后不能再改。"),
        error_messages={"required": _("请填写代字，如“粤科协组”。")},
    )  # fmt: skip
    pattern = forms.CharField(
        label=_("编号式样"), max_length=80, initial=DOCUMENT_PATTERN,
        help_text=_("{mark} 代字，{year} 年份，{seq} 序号；公文的序号不编虚位，不加“第”。"),
    )  # fmt: skip
    drawers = forms.MultipleChoiceField(
        label=_("可以取号的身份"), choices=DRAWERS, initial=["registrar"], widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一种可以取号的身份。")},
    )  # fmt: skip
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)
    year = year_field()
    following = forms.IntegerField(
        label=_("下一个号"), min_value=1, max_value=9_999_999, required=False,
        help_text=_("本年度前面的号已在别处发出时填写；留空为不改。"),
    )  # fmt: skip
