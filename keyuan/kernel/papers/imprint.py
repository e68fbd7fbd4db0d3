"""The imprint (版记) at the foot of the last page: copies, printing unit and date between rules."""

from math import ceil
from typing import Any

from docx.oxml.ns import qn

from keyuan.kernel.papers import boxes
from keyuan.kernel.papers.facts import Form, Notice, chinese_day, full_widths
from keyuan.kernel.papers.ooxml import FANG, Face, Setting, element, twips

WIDTH = twips(156)  # the rules are as wide as the type area (§7.4.1)
FOUR = Face(FANG, 14)  # 4号
CHAR = 280  # twips of a 14-point character
LINE = 440  # twips of a line of the imprint
RIGHT = twips(62)  # the printing date's share of a row
FREE = 200  # twips kept free above it
OUTER, INNER = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm
COLUMNS = 26  # characters of a line of 抄送


def rows_of(notice: Notice) -> list[tuple[str, str]]:
    """The lines of the imprint as (left, right); a letter's has no printing line (§10.1)."""
    rows: list[tuple[str, str]] = []
    if notice.copies_to:
        rows.append(("抄送：" + "，".join(notice.copies_to) + "。", ""))
    if notice.printed_by and notice.form is not Form.LETTER:
        when = f"{chinese_day(notice.day)}印发" if notice.number else "（草稿，未印发）"
        rows.append((notice.printed_by, when))
    return rows


def write(document: Any, notice: Notice, *, anchor: Any = None) -> None:
    """Pin the imprint to the bottom of the type area of the page on which `anchor` (or a new line) stands.

    A letter's imprint has neither rules nor printer (§10.1).
    """
    rows = rows_of(notice)
    if not rows:
        return
    lines = sum(1 if right else ceil(full_widths(left) / COLUMNS) for left, right in rows)
    table = document.add_table(rows=0, cols=2)
    _shape(table, rules=notice.form is not Form.LETTER)
    for copies, when in rows:
        _row(table, copies, when)
    if anchor is None:
        anchor = document.add_paragraph()._p
        Setting(line=20, first=0, first_chars=0, grid=False).onto(anchor)
    _into_box(anchor, table._tbl, lines * LINE + 60)


def _into_box(anchor: Any, table: Any, height: int) -> None:
    # A box whose bottom edge is the type area's: Word, WPS and LibreOffice place it alike, which they do not do
    # with a floating table (LibreOffice before 7.6 lays one as wide as the text into the running text).
    content = boxes.put(anchor, boxes.Box("版记", 900, WIDTH, height, free=FREE))
    content.append(table)
    # Word wants a paragraph after a table; this one takes no room of its own.
    last = element("p")
    Setting(line=20, first=0, first_chars=0, grid=False).onto(last)
    content.append(last)


def _shape(table: Any, *, rules: bool) -> None:
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    properties.append(element("tblW", w=WIDTH, type="dxa"))
    if rules:
        box = element("tblBorders")
        for side, size in (("top", OUTER), ("bottom", OUTER), ("insideH", INNER)):
            box.append(element(side, val="single", sz=size, space=0, color="000000"))
        properties.append(box)
    properties.append(element("tblLayout", type="fixed"))
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=0, type="dxa"))
    properties.append(margins)
    for column, width in zip(
        table._tbl.tblGrid.findall(qn("w:gridCol")), (WIDTH - RIGHT, RIGHT), strict=True
    ):
        column.set(qn("w:w"), str(width))


def _row(table: Any, left: str, right: str) -> None:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(element("cantSplit"))
    cells = row.cells
    if right:
        _fill(cells[0], left, "left", WIDTH - RIGHT)
        _fill(cells[1], right, "right", RIGHT)
    else:
        _fill(cells[0].merge(cells[1]), left, "both", WIDTH)


def _fill(cell: Any, text: str, align: str, width: int) -> None:
    """One character free at the edge; a second line of 抄送 hangs under the first name."""
    properties = cell._tc.get_or_add_tcPr()
    for old in properties.findall(qn("w:tcW")):
        properties.remove(old)
    properties.insert(0, element("tcW", w=width, type="dxa"))
    paragraph = cell.paragraphs[0]
    if align == "both":
        setting = Setting(align=align, line=LINE, left=4 * CHAR, right=CHAR, first=-3 * CHAR, grid=False)
    elif align == "left":
        setting = Setting(align=align, line=LINE, left=CHAR, first=0, first_chars=0, grid=False)
    else:
        setting = Setting(align=align, line=LINE, right=CHAR, first=0, first_chars=0, grid=False)
    setting.onto(paragraph._p)
    FOUR.onto(paragraph.add_run(text)._r)
