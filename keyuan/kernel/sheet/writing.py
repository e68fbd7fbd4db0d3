"""Workbooks out: templates with text format set, exports with constant memory, and bad rows with their faults."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.sheet.child import column_name
from keyuan.kernel.sheet.describe import CellFault, Sheet
from keyuan.kernel.sheet.header import FAULT_TITLE

_TEMPLATE_ROWS = 500
CELL_LIMIT = 32_000
# Illegal in XML 1.0; a workbook holding one cannot be opened.
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def _book(out: BytesIO) -> Any:
    # Text stays text: no formula from "=…", no number from "0123", no link from "http…".
    return xlsxwriter.Workbook(
        out,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 14}),
        "note": book.add_format({**base, "font_color": "#5b6472", "text_wrap": True, "valign": "top"}),
        "head": book.add_format(
            {**base, "bold": True, "border": 1, "bg_color": "#f1f3f6", "align": "center", "text_wrap": True}
        ),
        "text": book.add_format({**base, "num_format": "@"}),
        "fault": book.add_format({**base, "num_format": "@", "bg_color": "#fdecea", "font_color": "#8c1d18"}),
    }


def clean(value: Any) -> str:
    """What is written into a cell: text without the controls that would spoil the file."""
    text = "" if value is None else str(value)
    return text.encode("utf-8", "ignore").decode("utf-8").translate(_CONTROLS)[:CELL_LIMIT]


@in_chinese
def template(sheet: Sheet, rows: Iterable[Mapping[str, Any]] = ()) -> bytes:
    """A workbook to fill in: title, notes, titles with remarks, 500 rows as text with choices to pick, `rows` first."""
    out = BytesIO()
    book = _book(out)
    formats, page = _formats(book), book.add_worksheet(_sheet_name(sheet.title))
    _layout(page, sheet, formats)
    last = max(len(sheet.columns) - 1, 1)
    page.merge_range(0, 0, 0, last, sheet.title, formats["title"])
    required = "、".join(column.title for column in sheet.columns if column.required)
    notes = list(sheet.notes)
    if required:
        notes.insert(0, _("带 * 的为必填：%(titles)s。") % {"titles": required})
    notes += [
        _("%(title)s：如 %(example)s") % {"title": column.title, "example": column.example}
        for column in sheet.columns
        if column.example
    ]
    page.set_row(1, 16 * max(2, -(-len("　".join(notes)) // 60)))
    page.merge_range(1, 0, 1, last, _("填表说明：") + "　".join(notes), formats["note"])
    for place, column in enumerate(sheet.columns):
        page.write_string(2, place, column.title + ("*" if column.required else ""), formats["head"])
        if column.note:
            page.write_comment(2, place, column.note)
        if column.choices:
            page.data_validation(
                3, place, 2 + _TEMPLATE_ROWS, place, {"validate": "list", "source": list(column.choices)}
            )
    page.freeze_panes(3, 0)
    given = list(rows)
    for number in range(max(_TEMPLATE_ROWS, len(given))):
        known = given[number] if number < len(given) else {}
        for place, column in enumerate(sheet.columns):
            if known.get(column.key):
                page.write_string(3 + number, place, clean(known[column.key]), formats["text"])
            else:
                page.write_blank(3 + number, place, None, formats["text"])
    book.close()
    return out.getvalue()


@in_chinese
def export(sheet: Sheet, rows: Iterable[Mapping[str, Any]], *, title: str = "") -> bytes:
    """A workbook of the rows, written one by one; every cell is text, so = + - @ start no formula."""
    return _table(
        title or sheet.title,
        [column.title for column in sheet.columns],
        [column.width for column in sheet.columns],
        ([row.get(column.key) for column in sheet.columns] for row in rows),
        fault_place=None,
    )


@in_chinese
def annotated(
    sheet: Sheet, titles: tuple[str, ...], rows: Iterable[tuple[list[str], list[CellFault]]]
) -> bytes:
    """The rows as they were sent, one more column saying what to mend; it can be uploaded again once mended."""
    kept = [title or _("第 %(n)s 列") % {"n": column_name(place + 1)} for place, title in enumerate(titles)]
    drop = kept.index(FAULT_TITLE) if FAULT_TITLE in kept else None
    if drop is not None:
        kept.pop(drop)

    def lines() -> Iterable[list[str]]:
        for cells, faults in rows:
            line = list(cells[: len(titles)]) + [""] * (len(titles) - len(cells))
            if drop is not None:
                line.pop(drop)
            yield [*line, "；".join(f"{fault.column}：{fault.message}" for fault in faults)]

    widths = {column.title: column.width for column in sheet.columns}
    return _table(
        _("需修改的行"),
        [*kept, FAULT_TITLE],
        [*(widths.get(title, 14) for title in kept), 60],
        lines(),
        fault_place=len(kept),
    )


def _table(
    name: str, titles: list[str], widths: list[int], lines: Iterable[list[Any]], *, fault_place: int | None
) -> bytes:
    out = BytesIO()
    book = _book(out)
    formats, page = _formats(book), book.add_worksheet(_sheet_name(name))
    for place, width in enumerate(widths):
        page.set_column(place, place, width, formats["text"])
    for place, title in enumerate(titles):
        page.write_string(0, place, title, formats["head"])
    page.freeze_panes(1, 0)
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line):
            text = clean(value)
            if text:
                page.write_string(number, place, text, formats["fault" if place == fault_place else "text"])
    book.close()
    return out.getvalue()


def _layout(page: Any, sheet: Sheet, formats: dict[str, Any]) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, formats["text"])


def _sheet_name(title: str) -> str:
    """A worksheet name as Excel allows it: 31 characters, none of the reserved marks."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "Sheet1"
