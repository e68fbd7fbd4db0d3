"""The page of an official document: paper, type area, grid, styles, page numbers, the letter's red lines."""

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as Line

from keyuan.kernel.papers import boxes
from keyuan.kernel.papers.ooxml import (
    FANG,
    HEI,
    KAI,
    P_ORDER,
    R_ORDER,
    SONG,
    TITLE,
    Face,
    Setting,
    borders,
    element,
    field,
    language,
    put,
    twips,
)

LINE = 579  # twips: 225 mm hold 22 lines
DRAFT_LINE = 300  # twips of the line that marks a draft
FOOT = 28  # mm from the sheet's lower edge to the dashes of the page number: 7 below the type area
BELOW = 335  # twips between the line of page numbers and the foot's lower edge
HEADROOM = (
    2.36  # twips a point of size: what stands between the top of an exact line of 1.2 and its characters
)
THICK, THIN = 18, 6  # eighths of a point of the letter's two rules
BAND = 360  # twips that a line of page numbers is high
CHAR = 316  # twips: 156 mm hold 28 characters
LEVEL_STYLES = ("Normal", "Heading 1", "Heading 2", "Heading 3", "Heading 4")


def prepare(document: Any, *, title: str, author: str) -> None:
    """Make python-docx's default document one of ours: its styles, settings, language and properties."""
    _defaults(document)
    body = Setting(align="both", line=LINE, before=0, after=0, first=2 * CHAR, first_chars=200)
    _style(document, "Normal", Face(), body)
    flush = Setting(align="center", line=680, before=0, after=0, first=0, first_chars=0)
    _style(document, "Title", Face(TITLE, 22), flush)
    for level, font in enumerate((HEI, KAI, FANG, FANG), 1):
        _style(document, f"Heading {level}", Face(font), Setting(outline=level - 1, keep_next=True))
    _style(document, "Annex List", Face(), Setting(first=0), new="附件说明")
    _style(document, "Attendance", Face(), Setting(first=0), new="出席名单")
    _style(document, "Annex Label", Face(HEI), Setting(first=0, first_chars=0, outline=0), new="附件序号")
    _style(document, "Annex Title", Face(TITLE, 22), flush, new="附件标题")
    _style(
        document,
        "Table Text",
        Face(FANG, 12),
        Setting(align="center", first=0, first_chars=0),
        new="表格文字",
    )
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, author[:255], "zh-CN"
    properties.comments = ""
    settings = document.settings.element
    document.settings.odd_and_even_pages_header_footer = True
    # Squeezed punctuation would leave the grid; the form asks for 28 characters a line.
    for old in settings.findall(qn("w:characterSpacingControl")):
        old.set(qn("w:val"), "doNotCompress")
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), "zh-CN")
        old.set(qn("w:eastAsia"), "zh-CN")


def _defaults(document: Any) -> None:
    props = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(props):
        props.remove(child)
    put(props, element("rFonts", ascii=FANG, hAnsi=FANG, eastAsia=FANG, cs=FANG), R_ORDER)
    put(props, element("sz", val=32), R_ORDER)
    put(props, element("szCs", val=32), R_ORDER)
    put(props, language(), R_ORDER)
    paragraph = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}/{qn('w:pPr')}")
    for child in list(paragraph):
        paragraph.remove(child)


def _style(document: Any, name: str, face: Face, setting: Setting, new: str = "") -> None:
    """Overwrite a style, or add one; what python-docx's template says of fonts and colours goes."""
    if new:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        style.quick_style = True
    else:
        style = document.styles[name]
        for tag in ("w:rPr", "w:pPr"):
            for old in style.element.findall(qn(tag)):
                style.element.remove(old)
    face.onto(style.element)
    setting.onto(style.element)


def mark_language(run: Any) -> None:
    """Mark a run that takes its looks from the style: still zh-CN, still East Asian marks."""
    props = run.get_or_add_rPr()
    put(props, element("rFonts", hint="eastAsia"), R_ORDER)
    put(props, language(), R_ORDER)


def keep_with_next(paragraph: Any) -> None:
    """This paragraph shares its page with the next one."""
    put(paragraph.get_or_add_pPr(), element("keepNext"), P_ORDER)


def portrait(section: Any) -> None:
    """A4 upright: 37 above, 35 below, 28 and 26 at the sides (§5.2), 22 lines of 28 characters (§5.2.3)."""
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    _grid(section, header=15, footer=19.2)


def landscape(section: Any) -> None:
    """A4 lying: the same type area turned, the table's head at the binding edge (§7.4)."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(28), Mm(26)
    section.left_margin, section.right_margin = Mm(35), Mm(37)
    _grid(section, header=12, footer=14)


def _grid(section: Any, *, header: float, footer: float) -> None:
    section.header_distance, section.footer_distance = Mm(header), Mm(footer)
    section.gutter = 0
    props = section._sectPr
    for old in props.findall(qn("w:docGrid")):
        props.remove(old)
    # Lines only: with "linesAndChars" LibreOffice gives a 16-point character two cells of 15.8. The 28 characters
    # a line come from the styles' spacing (ooxml.TIGHT), which Word, WPS and LibreOffice all measure alike.
    grid = element("docGrid", type="lines", linePitch=LINE)
    props.append(grid)


def is_landscape(section: Any) -> bool:
    """Whether the section lies on its side."""
    return bool(section.orientation == WD_ORIENT.LANDSCAPE)


def inner_width(section: Any) -> int:
    """The width of the type area in twips."""
    return int((section.page_width - section.left_margin - section.right_margin) / 635)


def page_numbers(section: Any, *, first: bool) -> None:
    """— 1 — in 14-point Song at the outer edge (§7.5); a letter's first page bears none (§10.1)."""
    section.different_first_page_header_footer = not first
    for footer, align in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        if is_landscape(section):
            _number(_beside(paragraph, order=910 if align == "right" else 911), align)
        else:
            _number(paragraph, align, after=BELOW)
    for header in (section.header, section.even_page_header):
        header.is_linked_to_previous = False
        _quiet(header.paragraphs[0])


def _number(paragraph: Any, align: str, *, after: int = 0) -> None:
    right, left = (CHAR, None) if align == "right" else (None, CHAR)
    setting = Setting(
        align=align, line=320, rule="atLeast", right=right, left=left, first=0, first_chars=0, grid=False,
        after=after,
    )  # fmt: skip
    setting.onto(paragraph._p)
    face = Face(SONG, 14)
    for part in ("— ", "PAGE", " —"):
        if part == "PAGE":
            field(paragraph, part, face)
        else:
            run = paragraph.add_run(part)
            face.onto(run._r)


def _beside(paragraph: Any, *, order: int) -> Any:
    """A line at the left edge of a page that lies on its side: turned upright, it stands where all numbers stand.

    The number of a turned page keeps its place on the sheet (§7.4).
    """
    _quiet(paragraph)
    place = (twips(FOOT) - BAND // 2, twips(28))
    content = boxes.put(paragraph._p, boxes.Box("页码", order, BAND, twips(156), place, turned=True))
    content.append(element("p"))
    return Line(content[0], paragraph._parent)


def _quiet(paragraph: Any) -> None:
    """An empty line of a head or foot, as low as a line may be."""
    Setting(line=20, first=0, first_chars=0, grid=False).onto(paragraph._p)


def draft_line(section: Any) -> None:
    """Say on every page, in words, that this is a draft."""
    headers = [section.header, section.even_page_header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    for header in headers:
        header.is_linked_to_previous = False
        first = header.paragraphs[0]
        paragraph = first if not first.text else first.insert_paragraph_before()
        Setting(align="right", line=DRAFT_LINE, first=0, first_chars=0, grid=False).onto(paragraph._p)
        run = paragraph.add_run("草稿　未经签发，不作正式公文使用")
        Face(KAI, 12, "808080").onto(run._r)


def letter_rules(
    section: Any, mark: str, size: tuple[float, int], red: str, font: str, *, draft: bool
) -> None:
    """The letter's first page (§10.1): red mark 30 mm from the top, 170 mm double lines below it and 20 mm up.

    Mark and lines stand in the first page's head and foot, so that typing in the body never moves them.
    """
    # Centred on the sheet, not on the type area, whose margins are 28 and 26.
    left, right = -twips(8), -twips(6)
    header, footer = section.first_page_header, section.first_page_footer
    header.is_linked_to_previous = footer.is_linked_to_previous = False
    top = header.paragraphs[0]
    setting = Setting(
        align="center", before=twips(15) - round(size[0] * HEADROOM) - (DRAFT_LINE if draft else 0),
        line=round(size[0] * 24), left=left, right=right, first=0, first_chars=0, grid=False, after=0,
    )  # fmt: skip
    setting.onto(top._p)
    # The line box ends some points below the characters; with 6 more the rule stands 4 mm off. Two rules of two
    # paragraphs, since programs disagree which line of a double border is the thick one.
    borders(top._p, bottom=("single", THICK, 6, red))
    run = top.add_run(mark)
    Face(font, size[0], red, size[1]).onto(run._r)
    edges = Setting(line=20, left=left, right=right, first=0, first_chars=0, grid=False, before=0, after=0)
    _rule(header.add_paragraph()._p, edges, bottom=("single", THIN, 0, red))
    _rule(footer.paragraphs[0]._p, edges, top=("single", THIN, 0, red))
    _rule(footer.add_paragraph()._p, edges, top=("single", THICK, 0, red))


def _rule(paragraph: Any, edges: Setting, **side: tuple[str, int, int, str]) -> None:
    """A line without words that carries one rule."""
    edges.onto(paragraph)
    borders(paragraph, **side)
