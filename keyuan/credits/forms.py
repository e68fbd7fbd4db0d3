"""Forms of the certificate page."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from keyuan.kernel.papers.certificate import HEADING, TEXT


class RevokeForm(forms.Form):
    """Why a certificate is revoked (作废理由)."""

    reason = forms.CharField(
        label=_("作废理由"),
        max_length=200,
        help_text=_("理由会告知持证人，不会出现在公开核验页上。编号作废后不再使用。"),
        error_messages={"required": _("请写明作废理由。"), "max_length": _("理由请控制在 200 字以内。")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TemplateForm(forms.Form):
    """A certificate template (证书模板)."""

    name = forms.CharField(
        label=_("模板名称"), max_length=40, error_messages={"required": _("请填写模板名称。")}
    )
    heading = forms.CharField(
        label=_("证书标题"),
        max_length=16,
        initial=HEADING,
        error_messages={"required": _("请填写证书标题。")},
    )
    text = forms.CharField(
        label=_("正文"), max_length=600, initial=TEXT, widget=forms.Textarea(attrs={"rows": 5}),
        # The names of the fields stay as they are in every language: they are what one types.
        help_text=format_lazy(
            _("一行一段。可用栏目：{fields}，其中姓名、班次、学时必须有。"),
            fields="{姓名}{单位}{日期}{班次}{学时}{颁发日期}",
        ),
    )  # fmt: skip
    upright = forms.BooleanField(label=_("竖版（不勾选为横版 A4）"), required=False)
    seal_x = forms.IntegerField(label=_("印章左边距纸左边（毫米）"), min_value=0, max_value=290, initial=205)
    seal_y = forms.IntegerField(label=_("印章上边距纸上边（毫米）"), min_value=0, max_value=290, initial=142)
    seal_side = forms.IntegerField(label=_("印章边长（毫米）"), min_value=10, max_value=80, initial=42)
    active = forms.BooleanField(label=_("在用"), required=False, initial=True)


class SealForm(forms.Form):
    """A seal's picture (印章图样)."""

    file = forms.FileField(
        label=_("印章图样"), help_text=_("PNG，底色透明为佳；不上传则打印后盖章。"),
        error_messages={"required": _("请选择印章图样。"), "empty": _("这是一个空文件，请重新选择。")},
    )  # fmt: skip
