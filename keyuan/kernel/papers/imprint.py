"""The imprint (版记) at the foot of the last page: copies, printing unit and date between rules."""

from typing import Any

from docx.oxml.ns import qn

from keyuan.kernel.papers.facts import Form, Notice, chinese_day, full_widths
from keyuan.kernel.papers.ooxml import FANG, Face, Setting, element, twips

WIDTH = twips(156) - 60  # a float as wide as the text is laid inline by LibreOffice
FOUR = Face(FANG, 14)  # 4号
CHAR = 280  # twips of a 14-point character
LINE = 440  # twips of a line of the imprint
FREE = 200  # twips kept free above it
RIGHT = twips(62)  # the printing date's share of a row
# Measured from the page, since LibreOffice knows no "bottom of the type area" for tables.
BOTTOM = twips(297 - 35)
OUTER, INNER = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm


def write(document: Any, notice: Notice) -> None:
    """Pin the imprint to the bottom of the type area (§7.4.1); a letter's has neither rules nor printer (§10.1)."""
    letter = notice.form is Form.LETTER
    rows: list[tuple[str, str]] = []
    if notice.copies_to:
        rows.append(("抄送：" + "，".join(notice.copies_to) + "。", ""))
    if notice.printed_by and not letter:
        when = f"{chinese_day(notice.day)}印发" if notice.number else "（草稿，未印发）"
        rows.append((notice.printed_by, when))
    if not rows:
        return
    table = document.add_table(rows=0, cols=2)
    lines = sum(-(-full_widths(left) // 26) if not right else 1 for left, right in rows)
    _float(table, height=round(lines * LINE + 40), rules=not letter)
    for copies, when in rows:
        _row(table, copies, when)
    last = document.add_paragraph()
    Setting(line=20, first=0, first_chars=0, grid=False).onto(last._p)


def _float(table: Any, *, height: int, rules: bool) -> None:
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    properties.append(
        element(
            "tblpPr",
            leftFromText=0,
            rightFromText=0,
            topFromText=FREE,
            bottomFromText=0,
            vertAnchor="page",
            horzAnchor="margin",
            tblpXSpec="left",
            tblpY=BOTTOM - height,
        )
    )
    properties.append(element("tblOverlap", val="never"))
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
