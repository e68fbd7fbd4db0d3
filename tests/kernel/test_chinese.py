"""Office documents stay Chinese when the screens are English."""

import io

import openpyxl
from django.utils import translation
from django.utils.translation import gettext as _

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet import Column, Sheet, readers

SHEET = Sheet("demo", "演示", (Column("half", "时段", readers.text),))


def test_a_sheet_asked_for_under_the_english_screens_is_chinese():
    with translation.override("en"):
        assert _("上午") != "上午", "the English screens have a word of their own for it"
        data = SHEET.export({"half": _("上午")} for _row in range(1))
        template = SHEET.template()
        assert translation.get_language() == "en", "the screens go on as they were"
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)
    assert rows == [("时段",), ("上午",)]
    assert "填表说明" in str(openpyxl.load_workbook(io.BytesIO(template)).active["A2"].value)


def test_a_writer_that_fails_leaves_the_screens_as_they_were():
    @in_chinese
    def failing() -> None:
        raise ValueError

    with translation.override("en"):
        try:
            failing()
        except ValueError:
            assert translation.get_language() == "en"
