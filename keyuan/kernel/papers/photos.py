"""Photographs in documents: two in a row, of one height where they can be, captions below."""

import io
from typing import Any

from docx.shared import Mm, Twips

from keyuan.kernel.papers.facts import Pictures
from keyuan.kernel.papers.ooxml import FANG, Face, Setting, element

COLUMNS = 2
GAP = 200  # twips between two pictures
TALLEST = 58.0  # millimetres


def write(document: Any, block: Pictures, room: int) -> None:
    """Add the pictures as a table without rules, as wide as the type area; one alone stands in the middle."""
    columns = min(COLUMNS, len(block.shots))
    if not columns:
        return
    width = room // columns
    for at in range(0, len(block.shots), columns):
        shots = block.shots[at : at + columns]
        table = document.add_table(rows=1, cols=len(shots))
        table._tbl.tblPr.append(element("jc", val="center"))
        table.rows[0]._tr.get_or_add_trPr().append(element("cantSplit"))
        for cell, (content, caption) in zip(table.rows[0].cells, shots, strict=True):
            _place(cell, content, caption, width - GAP)
        # Word joins two tables that touch; this line keeps them apart.
        Setting(line=120, first=0, first_chars=0, grid=False).onto(document.add_paragraph()._p)


def _place(cell: Any, content: bytes, caption: str, width: int) -> None:
    middle = Setting(
        align="center", line=240, rule="auto", first=0, first_chars=0, grid=False, keep_next=True
    )
    paragraph = cell.paragraphs[0]
    middle.onto(paragraph._p)
    shape = paragraph.add_run().add_picture(io.BytesIO(content), width=min(Twips(width), Mm(110)))
    tall = Mm(TALLEST)
    if shape.height > tall:
        shape.width, shape.height = int(shape.width * tall / shape.height), tall
    shape._inline.docPr.set("descr", caption)
    if caption:
        low = cell.add_paragraph(style="Table Text")
        Face(FANG, 12).onto(low.add_run(caption)._r)
