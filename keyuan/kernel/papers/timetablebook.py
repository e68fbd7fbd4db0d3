"""The timetable to be hung up as .xlsx: a worksheet a page, set for A4 on its side."""

import io
from typing import Any

import xlsxwriter

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers.facts import full_widths
from keyuan.kernel.papers.timetable import Leaf, TimetableFacts, cell_words, day_words, leaves
from keyuan.kernel.sheet.writing import clean

A4 = 9
# Characters of a worksheet's width that an A4 page on its side has for the days, and points of one line.
ROOM, LINE = 100, 16


@in_chinese
def timetable_xlsx(facts: TimetableFacts) -> bytes:
    """The timetable as a workbook; every cell is text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    )
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter", "text_wrap": True}
    framed = {**base, "border": 1}
    formats = {
        "title": book.add_format({**base, "font_size": 18, "bold": True, "align": "center"}),
        "under": book.add_format({**base, "align": "center"}),
        "head": book.add_format({**framed, "bold": True, "align": "center", "bg_color": "#f3f1ec"}),
        "cell": book.add_format({**framed, "valign": "top"}),
        "foot": book.add_format(base),
    }
    pages = leaves(facts)
    for number, leaf in enumerate(pages, 1):
        name = "课程表" if len(pages) == 1 else f"课程表{number}"
        _leaf(book.add_worksheet(name), facts, leaf, formats)
    book.close()
    return out.getvalue()


def _leaf(page: Any, facts: TimetableFacts, leaf: Leaf, formats: dict[str, Any]) -> None:
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.4, bottom=0.4)
    page.center_horizontally()
    page.fit_to_pages(1, 0)
    width = max(12.0, ROOM / max(len(leaf.days), 1))
    last = 1 + len(leaf.days)
    page.set_column(0, 0, 7)
    page.set_column(1, 1, 13)
    page.set_column(2, max(last, 2), width)
    page.merge_range(0, 0, 0, last, clean(facts.title), formats["title"])
    page.set_row(0, 30)
    said = "　".join(word for word in ("草稿" if facts.draft else "", facts.subtitle) if word)
    page.merge_range(1, 0, 1, last, clean(said), formats["under"])
    page.merge_range(2, 0, 2, 1, "时段", formats["head"])
    for place, day in enumerate(leaf.days, 2):
        page.write_string(2, place, day_words(day), formats["head"])
    page.repeat_rows(0, 2)
    for number, line in enumerate(leaf.lines, 3):
        if line.span > 1:
            page.merge_range(number, 0, number + line.span - 1, 0, line.half, formats["head"])
        elif line.span == 1:
            page.write_string(number, 0, line.half, formats["head"])
        page.write_string(number, 1, line.time, formats["head"])
        tallest = 2
        for place, entries in enumerate(line.cells, 2):
            words = [each for entry in entries for each in cell_words(entry, line)]
            page.write_string(number, place, clean("\n".join(words) or "—"), formats["cell"])
            tallest = max(tallest, sum(-(-int(full_widths(each) * 2 + 1) // int(width)) for each in words))
        page.set_row(number, LINE * tallest + 4)
    notes = [*facts.notes, f"备注：{facts.remark}" if facts.remark else "", facts.foot]
    for number, note in enumerate((each for each in notes if each), 3 + len(leaf.lines)):
        page.merge_range(number, 0, number, last, clean(note), formats["foot"])
