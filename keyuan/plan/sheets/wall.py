"""The wall as a workbook: an activity a row, a column a month, the months it runs in filled."""

import io
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from keyuan.kernel.chinese import in_chinese
from keyuan.plan.queries.wall import MONTHS, Bar, Wall

LEADING = 4
TOP = 2


@in_chinese
def wall_workbook(wall: Wall) -> bytes:
    """An .xlsx of the wall as it is grouped and narrowed, A3 across; the conflicts stand on a second sheet."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(_("{year}年计划上墙").format(year=wall.plan.year))
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
        filled = book.add_format({"border": 1, "bg_color": "#C9504A"})
        _top(book, sheet, wall)
        row = TOP + 1
        for group in wall.groups:
            for bar in group.bars:
                _bar(sheet, row, group.title, bar, (cell, filled))
                row += 1
        sheet.freeze_panes(TOP + 1, LEADING)
        sheet.repeat_rows(TOP)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        _conflicts(book, wall, cell)
    return target.getvalue()


def _top(book: Any, sheet: Any, wall: Wall) -> None:
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#EFEDE8"})
    sheet.merge_range(0, 0, 0, LEADING + 11, wall.plan.title, title)
    for column, width in enumerate((16, 34, 16, 12, *(6 for _month in MONTHS), 24)):
        sheet.set_column(column, column, width)
    words = [
        _("分组"),
        _("重点活动"),
        _("牵头部门"),
        _("负责人"),
        *(_("%(a)s月") % {"a": month} for month in MONTHS),
        _("班次起始"),
    ]
    for column, word in enumerate(words):
        sheet.write_string(TOP, column, word, head)


def _bar(sheet: Any, row: int, title: str, bar: Bar, forms: tuple[Any, Any]) -> None:
    cell, filled = forms
    owner = bar.activity.owner.name if bar.activity.owner else ""
    for column, words in enumerate((title, bar.activity.name, bar.leads, owner)):
        sheet.write_string(row, column, words, cell)
    for month in MONTHS:
        runs = bool(bar.length) and bar.before < month <= bar.before + bar.length
        sheet.write_string(row, LEADING + month - 1, "■" if runs else "", filled if runs else cell)
    sheet.write_string(row, LEADING + 12, bar.run_words, cell)


def _conflicts(book: Any, wall: Wall, cell: Any) -> None:
    sheet = book.add_worksheet(_("冲突"))
    sheet.set_column(0, 0, 90)
    for row, each in enumerate(wall.conflicts):
        sheet.write_string(row, 0, each.words, cell)
