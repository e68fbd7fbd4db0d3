"""The words of a document of the class, its number, and photographs."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.models import DocSeries
from keyuan.kernel.papers.words import FORMS
from keyuan.training.forms.classes import day_input
from keyuan.training.papers.annexes import CHOICES

NAMES = ("present", "excused", "observing")


def _text(label: Any, rows: int, help_text: Any = "", most: int = 4000) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=False, help_text=help_text, max_length=most)


class WriteForm(forms.Form):
    """A document of the class (公文稿)."""

    form = forms.ChoiceField(label=_("公文格式"), choices=FORMS, widget=forms.RadioSelect)
    title = forms.CharField(label=_("标题"), max_length=120)
    addressees = forms.CharField(label=_("主送机关"), max_length=300, required=False)
    body = _text(
        _("正文"),
        18,
        _("一行一段；行首写“一、”“（一）”“1.”“（1）”的按标题排版。不改则随班次信息更新。"),
        20_000,
    )
    annexes = forms.MultipleChoiceField(
        label=_("附件"), choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    signer = forms.CharField(label=_("发文机关署名"), max_length=120)
    mark = forms.CharField(
        label=_("发文机关标志"),
        max_length=60,
        help_text=_("红头文件加“文件”二字；信函用机关名称；纪要为“××会议纪要”。"),
    )
    day = forms.DateField(label=_("成文日期"), required=False, widget=day_input())
    copies_to = forms.CharField(
        label=_("抄送"), max_length=400, required=False, help_text=_("多个机关用逗号隔开。")
    )
    printed_by = forms.CharField(label=_("印发机关"), max_length=60, required=False)
    remark = forms.CharField(
        label=_("附注"), max_length=80, required=False, help_text=_("如：此件公开发布。")
    )
    present = _text(_("出席"), 2, _("姓名用顿号隔开；仅纪要列出。"))
    excused = _text(_("请假"), 1)
    observing = _text(_("列席"), 1)

    def __init__(self, kind: str, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        if kind == "minutes":
            for name in ("form", "addressees", "annexes", "remark"):
                del self.fields[name]
        self.kind = kind


class NumberForm(forms.Form):
    """A number for the document (取号)."""

    series = forms.ModelChoiceField(
        DocSeries.objects.none(), label=_("编号系列"), empty_label=None, error_messages={"required": _("请选择编号系列。")}
    )  # fmt: skip
    typed = forms.CharField(
        label=_("办公系统给的号"),
        max_length=80,
        required=False,
        help_text=_("留空则取下一个号；已有或预留的号填在这里，可只写序号。"),
    )

    def __init__(self, series: QuerySet[DocSeries], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        field = self.fields["series"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = series


class PhotoForm(forms.Form):
    """A photograph of the class (照片)."""

    file = forms.FileField(
        label=_("照片"),
        help_text=_("JPG 或 PNG，20 MB 以内。上传时去掉照片里的位置、时间和设备信息。"),
        error_messages={"required": _("请选择照片。"), "empty": _("这是一个空文件，请重新选择。")},
    )
    caption = forms.CharField(
        label=_("说明"), max_length=60, error_messages={"required": _("请写一句说明，如“开班式”。")}
    )
