"""The form a file of questions is sent with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from keyuan.questions import formats
from keyuan.questions.formats import Reading
from keyuan.questions.formats.opening import FILE_LIMIT

LOOK, CONVERT, LEFT = "look", "convert", "left"


class ExchangeForm(forms.Form):
    """A file, and into which format it is to be changed."""

    file = forms.FileField(
        label=_("题目文件"),
        help_text=_(
            "题目表（.xlsx）、Moodle XML、QTI（XML 或压缩包）、GIFT 或 Aiken，最大 30 MB；按内容识别格式。"
        ),
        error_messages={"required": _("请选择题目文件。"), "empty": _("文件是空的，请检查是否选错了文件。")},
    )
    format = forms.ChoiceField(
        label=_("转换为"), required=False, help_text=_("写不进该格式的题会逐题说明，不会悄悄丢掉。"),
        choices=[(each.key, each.title) for each in formats.FORMATS.values()],
    )  # fmt: skip

    reading: Reading

    def clean_file(self) -> Any:
        """The file as read; one of which nothing at all can be said item by item is refused here."""
        upload = self.cleaned_data["file"]
        if upload.size > FILE_LIMIT:
            raise forms.ValidationError(_("文件超过 30 MB，请分成几个文件。"))
        self.reading = formats.read(upload.name or "", upload.read())
        if not self.reading.items and not any(told.number for told in self.reading.faults):
            raise forms.ValidationError([told.message for told in self.reading.faults])
        return upload
