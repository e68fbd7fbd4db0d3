"""The timetable to be hung up as .docx: the same pages as its PDF, in real tables that WPS and Word can change."""

import io
from typing import Any

import docx
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm

from keyuan.kernel.chinese import in_chinese
from keyuan.kernel.papers import layout
from keyuan.kernel.papers.facts import full_widths
from keyuan.kernel.papers.ooxml import FANG, HEI, KAI, TITLE, Face, Setting, element, twips
from keyuan.kernel.papers.timetable import Leaf, Line, TimetableFacts, cell_words, day_words, leaves

HALF, TIME = twips(14), twips(20)
ROOM = twips(297 - 15 - 15)
# Millimetres that the rows of a page share, twips a line of a cell is high, and points of its title by days a page.
HEIGHT, LINE = 142, 300
SMALLEST, MARGINS = 9, 220
DRAFT = "草稿　尚未发布"
SIZES = {1: 16, 2: 15, 3: 14, 4: 12, 5: 11}


@in_chinese
def timetable_docx(facts: TimetableFacts) -> bytes:
    """The timetable as the bytes of a .docx file: a section a page, the draft said in words on each."""
    document = docx.Document()
    layout.prepare(document, title=facts.title, author="")
    for number, leaf in enumerate(leaves(facts)):
        if number:
            document.add_section(WD_SECTION.NEW_PAGE)
        _page(document.sections[-1], draft=facts.draft and number == 0)
        _leaf(document, facts, leaf)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _page(section: Any, *, draft: bool) -> None:
    layout.landscape(section)
    section.top_margin, section.bottom_margin = Mm(14), Mm(12)
    section.left_margin = section.right_margin = Mm(15)
    section.header_distance = section.footer_distance = Mm(6)
    if draft:
        # Later sections follow the first one's head; odd pages have one of their own.
        for header in (section.header, section.even_page_header):
            header.is_linked_to_previous = False
            _set(header.paragraphs[0], DRAFT, Face(KAI, 12, "808080"), height=LINE, align="right")


def _leaf(document: Any, facts: TimetableFacts, leaf: Leaf) -> None:
    _line(document, facts.title, Face(TITLE, 20), height=560)
    if facts.subtitle:
        _line(document, facts.subtitle, Face(FANG, 11), height=320)
    timed = any(line.time for line in leaf.lines)
    labels = [HALF, TIME] if timed else [HALF]
    width = (ROOM - sum(labels)) // max(len(leaf.days), 1)
    size, heights = _fitted(leaf, width)
    columns = [*labels, *[width] * len(leaf.days)]
    table = document.add_table(rows=1 + len(leaf.lines), cols=len(columns))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fixed(table, columns)
    # Through the rows' own elements: asking python-docx for cell after cell is slow and merges shift its counting.
    head = ["时段", *(["时间"] if timed else []), *(day_words(day) for day in leaf.days)]
    for cell, words in zip(table.rows[0].cells, head, strict=True):
        _write(cell, [words], [Face(HEI, min(size, 12))], align="center")
    table.rows[0]._tr.get_or_add_trPr().append(element("tblHeader"))
    for row, line, height in zip(table.rows[1:], leaf.lines, heights, strict=True):
        _row(row, line, height, size, timed=timed)
    notes = [*facts.notes, f"备注：{facts.remark}" if facts.remark else "", facts.foot]
    for words in notes:
        if words:
            _line(document, words, Face(FANG, 10), height=280, align="left")
    if not any(notes):
        # Word wants a paragraph after a table; this one takes no room of its own.
        Setting(line=20, first=0, first_chars=0, grid=False).onto(document.add_paragraph()._p)


def _fitted(leaf: Leaf, width: int) -> tuple[int, list[int]]:
    """The largest size whose lines the page holds, and the twips each row is high at least: they share the page."""
    room, size = twips(HEIGHT), SIZES[max(1, len(leaf.days))]
    while True:
        line = LINE * size / 11
        counts = [_count(each, width, size) for each in leaf.lines]
        spare = room / (sum(counts) * line)
        if spare >= 1 or size == SMALLEST:
            return size, [int(line * count * min(max(spare, 1), 2)) for count in counts]
        size -= 1


def _count(line: Line, width: int, size: int) -> int:
    """How many lines the fullest cell of a row has."""
    chars = max(1, (width - MARGINS) // (size * 20))
    found = [2]
    for cell in line.cells:
        words = [each for entry in cell for each in cell_words(entry, line)]
        found.append(sum(-(-int(full_widths(each) + 0.5) // chars) for each in words))
    return max(found)


def _row(row: Any, line: Line, height: int, size: int, *, timed: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("trHeight", val=height, hRule="atLeast"))
    cells = list(row.cells)
    _write(cells[0], [line.half if line.span else ""], [Face(HEI, size)], align="center")
    if line.span != 1:
        # Below the first row of a half-day the label goes on.
        cells[0]._tc.get_or_add_tcPr().append(element("vMerge", val="restart" if line.span else "continue"))
    if timed:
        _write(
            cells[1],
            _clock(line.time),
            [Face(HEI, min(size, 13) - 1)] * len(_clock(line.time)),
            align="center",
        )
    for cell, entries in zip(cells[2 if timed else 1 :], line.cells, strict=True):
        words: list[str] = []
        faces: list[Face] = []
        for entry in entries:
            said = cell_words(entry, line)
            words += said
            faces += [Face(HEI, size) if each == entry.title else Face(FANG, size - 1) for each in said]
        _write(cell, words or ["—"], faces or [Face(FANG, size)], align="left" if words else "center")


def _clock(words: str) -> list[str]:
    """09:00—11:30 in two lines: a narrow column leaves the days their room."""
    begins, dash, over = words.partition("—")
    return [begins + dash, over] if over else [words]


def _write(cell: Any, words: list[str], faces: list[Face], *, align: str) -> None:
    properties = cell._tc.get_or_add_tcPr()
    if align == "center":
        properties.append(element("vAlign", val="center"))
    paragraph = cell.paragraphs[0]
    for number, (text, face) in enumerate(zip(words, faces, strict=True)):
        if number:
            paragraph = cell.add_paragraph()
        paragraph.style = "Table Text"
        Setting(align=align, line=280, rule="atLeast", first=0, first_chars=0, grid=False).onto(paragraph._p)
        run = paragraph.add_run(text)
        face.onto(run._r)


def _line(document: Any, words: str, face: Face, *, height: int, align: str = "center") -> None:
    _set(document.add_paragraph(), words, face, height=height, align=align)


def _set(paragraph: Any, words: str, face: Face, *, height: int, align: str) -> None:
    setting = Setting(
        align=align, line=height, rule="atLeast", before=0, after=40, first=0, first_chars=0, grid=False
    )
    setting.onto(paragraph._p)
    face.onto(paragraph.add_run(words)._r)


def _fixed(table: Any, columns: list[int]) -> None:
    """Fixed layout and a grid: WPS and LibreOffice widen columns as they like without both."""
    properties = table._tbl.tblPr
    for tag in ("w:tblW", "w:tblLayout"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    properties.find(qn("w:tblStyle")).addnext(element("tblW", w=sum(columns), type="dxa"))
    look = properties.find(qn("w:tblLook"))
    fixed = element("tblLayout", type="fixed")
    if look is None:
        properties.append(fixed)
    else:
        look.addprevious(fixed)
    for width, grid in zip(columns, table._tbl.tblGrid.findall(qn("w:gridCol")), strict=True):
        grid.set(qn("w:w"), str(width))
    for row in table.rows:
        for width, cell in zip(columns, row.cells, strict=True):
            own = cell._tc.get_or_add_tcPr()
            for old in own.findall(qn("w:tcW")):
                own.remove(old)
            own.insert(0, element("tcW", w=width, type="dxa"))
