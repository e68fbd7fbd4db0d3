"""The plan as a workbook in the form of the official table: merged types and tasks, ready to print or edit."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from keyuan.kernel.chinese import in_chinese
from keyuan.plan.models import AnnualPlan
from keyuan.plan.queries import TypeBlock

WIDTHS = (14, 34, 6, 40, 20, 8, 8, 8)
HEADING_ROW = 2


@in_chinese
def plan_workbook(plan: AnnualPlan, blocks: Sequence[TypeBlock]) -> bytes:
    """An .xlsx of the blocks shown; read back by the import it gives the same plan.

    Words go in as text, so that a name beginning with “=” stays a name.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("{year}年计划").format(year=plan.year))
        text = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        middle = book.add_format({"border": 1, "text_wrap": True, "align": "center", "valign": "vcenter"})
        _head(book, sheet, plan)
        row = HEADING_ROW + 1
        for block in blocks:
            row = _block(sheet, block, row, text, middle)
        sheet.freeze_panes(HEADING_ROW + 1, 0)
        sheet.repeat_rows(HEADING_ROW)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return target.getvalue()


def _head(book: Any, sheet: Any, plan: AnnualPlan) -> None:
    """Title, source and the row of headings."""
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    style = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "bg_color": "#EFEDE8"}
    head = book.add_format(style)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, len(WIDTHS) - 1, plan.title, title)
    sheet.set_row(0, 30)
    sheet.write_string(1, 0, plan.source_note)
    words = (_("主要类型"), _("主要任务"), _("重点活动"), "", _("牵头部门"), _("筹备"), _("进行"), _("完成"))
    for column, word in enumerate(words):
        sheet.write_string(HEADING_ROW, column, word, head)
    sheet.merge_range(HEADING_ROW, 2, HEADING_ROW, 3, words[2], head)


def _block(sheet: Any, block: TypeBlock, row: int, text: Any, middle: Any) -> int:
    """One type with its activities, type and task merged down; the row after it."""
    last = row + len(block.lines) - 1
    for column, words, form in ((0, block.type.name, middle), (1, block.type.task, text)):
        if last > row:
            sheet.merge_range(row, column, last, column, words, form)
        else:
            sheet.write_string(row, column, words, form)
    for line in block.lines:
        sheet.write_number(row, 2, line.activity.number, middle)
        sheet.write_string(row, 3, line.activity.name, text)
        sheet.write_string(row, 4, "、".join(map(str, line.leads)), text)
        for offset, count in enumerate((line.progress.planned, line.progress.open, line.progress.done)):
            sheet.write_number(row, 5 + offset, count, middle)
        row += 1
    return row
