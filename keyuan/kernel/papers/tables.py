"""Tables of official documents: measured columns, repeated heads, rows that do not tear."""

from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn

from keyuan.kernel.papers import layout
from keyuan.kernel.papers.facts import Block, Table, full_widths
from keyuan.kernel.papers.ooxml import HEI, Face, Setting, element, twips

PORTRAIT = twips(156)
CELL = 240  # twips a 12-point character takes
ASIDE = 170  # twips of both cell margins together
BLANK = 510  # twips a line to be filled in by hand is high
KEPT = 2  # rows that stay with the sum
LONGEST = 18  # characters after which a cell may as well wrap


def _wishes(table: Table) -> list[float]:
    """Twips each column would like: its longest cell, at most LONGEST characters, at least its head on two lines."""
    rows = (table.head, *table.rows, *((table.total,) if table.total else ()))
    wishes = []
    for at, title in enumerate(table.head):
        longest = max(full_widths(row[at]) for row in rows)
        chars = max(min(longest, LONGEST), -(-full_widths(title) // 2), 2.0)
        wishes.append(chars * CELL + ASIDE)
    return wishes


def is_wide(block: Block) -> bool:
    """Whether an upright page is too narrow for the block."""
    if not isinstance(block, Table):
        return False
    return len(block.head) > 10 or sum(_wishes(block)) > PORTRAIT * 1.15


def widths(table: Table, room: int) -> list[int]:
    """Whole twips that fill the room, after the weights given or the measured wishes."""
    shares: list[float] = list(table.weights) or _wishes(table)
    total = sum(shares)
    found = [int(room * share / total) for share in shares]
    found[-1] += room - sum(found)
    return found


def write(document: Any, table: Table, room: int) -> None:
    """Add the table, as wide as the type area."""
    columns = widths(table, room)
    made = document.add_table(rows=0, cols=len(columns))
    made.style = "Table Grid"
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fixed(made, columns)
    _row(made, table.head, columns, head=True)
    for left, row in zip(range(len(table.rows), 0, -1), table.rows, strict=True):
        # The sum never stands alone on a page.
        _row(made, row, columns, keep=bool(table.total) and left <= KEPT)
    for _blank in range(table.blank_rows):
        _row(made, ("",) * len(columns), columns, height=BLANK)
    if table.total:
        _row(made, table.total, columns, bold=True)
    # Word wants a paragraph after a table; this one takes no room of its own.
    last = document.add_paragraph()
    Setting(line=120, first=0, first_chars=0, grid=False).onto(last._p)


def _fixed(made: Any, columns: list[int]) -> None:
    """Fixed layout and a grid: WPS and LibreOffice widen columns as they like without both."""
    properties = made._tbl.tblPr
    for tag in ("w:tblW", "w:tblLayout"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    width = element("tblW", w=sum(columns), type="dxa")
    fixed = element("tblLayout", type="fixed")
    margins = element("tblCellMar")
    for side in ("left", "right"):
        margins.append(element(side, w=ASIDE // 2, type="dxa"))
    style = properties.find(qn("w:tblStyle"))
    style.addnext(width)
    for item in (margins, fixed):
        look = properties.find(qn("w:tblLook"))
        if look is None:
            properties.append(item)
        else:
            look.addprevious(item)
    # CT_TblPr orders tblLayout before tblCellMar.
    margins.addprevious(fixed)
    for column, grid in zip(columns, made._tbl.tblGrid.findall(qn("w:gridCol")), strict=True):
        grid.set(qn("w:w"), str(column))


def _row(
    made: Any,
    texts: tuple[str, ...],
    columns: list[int],
    *,
    head: bool = False,
    bold: bool = False,
    keep: bool = False,
    height: int = 454,
) -> None:
    row = made.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("trHeight", val=height, hRule="atLeast"))
    if head:
        properties.append(element("tblHeader"))
    for cell, text, width in zip(row.cells, texts, columns, strict=True):
        cell_properties = cell._tc.get_or_add_tcPr()
        for old in cell_properties.findall(qn("w:tcW")):
            cell_properties.remove(old)
        cell_properties.insert(0, element("tcW", w=width, type="dxa"))
        cell_properties.append(element("vAlign", val="center"))
        paragraph = cell.paragraphs[0]
        paragraph.style = "Table Text"
        # Long names read better from the left; figures and short words stand in the middle.
        fits = full_widths(text) * CELL <= width - ASIDE
        align = "center" if head or fits else "left"
        Setting(
            align=align, line=320, rule="atLeast", first=0, first_chars=0, grid=False, keep_next=keep
        ).onto(paragraph._p)
        run = paragraph.add_run(text)
        if head or bold:
            Face(HEI, 12).onto(run._r)
        else:
            layout.mark_language(run._r)
