"""The few pieces of WordprocessingML that python-docx has no words for."""

from dataclasses import dataclass
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

FANG = "仿宋_GB2312"
KAI = "楷体_GB2312"
HEI = "黑体"
SONG = "宋体"
TITLE = "方正小标宋简体"

# CT_PPr and CT_RPr are sequences: Word refuses or "repairs" a file whose children stand in another order.
P_ORDER = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "framePr",
    "widowControl",
    "numPr",
    "suppressLineNumbers",
    "pBdr",
    "shd",
    "tabs",
    "suppressAutoHyphens",
    "kinsoku",
    "wordWrap",
    "overflowPunct",
    "topLinePunct",
    "autoSpaceDE",
    "autoSpaceDN",
    "bidi",
    "adjustRightInd",
    "snapToGrid",
    "spacing",
    "ind",
    "contextualSpacing",
    "mirrorIndents",
    "suppressOverlap",
    "jc",
    "textDirection",
    "textAlignment",
    "textboxTightWrap",
    "outlineLvl",
    "divId",
    "cnfStyle",
    "rPr",
    "sectPr",
    "pPrChange",
]
R_ORDER = [
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "caps",
    "smallCaps",
    "strike",
    "dstrike",
    "outline",
    "shadow",
    "emboss",
    "imprint",
    "noProof",
    "snapToGrid",
    "vanish",
    "webHidden",
    "color",
    "spacing",
    "w",
    "kern",
    "position",
    "sz",
    "szCs",
    "highlight",
    "u",
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
    "specVanish",
    "oMath",
]

# Twentieths of a point taken from each 16-point character, so that 28 fill the 442.2 points of a line.
TIGHT = -5


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point, the unit of most of OOXML."""
    return round(mm / 25.4 * 1440)


def element(tag: str, **attributes: object) -> Any:
    """A w: element with w: attributes."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def put(parent: Any, child: Any, order: list[str]) -> None:
    """Place the child where the schema's sequence wants it, instead of one of the same name."""
    tag = child.tag.rsplit("}", 1)[1]
    for old in parent.findall(child.tag):
        parent.remove(old)
    later = {qn(f"w:{name}") for name in order[order.index(tag) + 1 :]}
    for at, sibling in enumerate(parent):
        if sibling.tag in later:
            parent.insert(at, child)
            return
    parent.append(child)


@dataclass(frozen=True)
class Face:
    """How characters look: font, size in points, colour, scale in percent."""

    font: str = FANG
    size: float = 16
    colour: str = ""
    scale: int = 100

    def onto(self, parent: Any) -> None:
        """Write the face into the rPr of a run or style."""
        props = parent.get_or_add_rPr()
        fonts = element("rFonts", ascii=self.font, hAnsi=self.font, eastAsia=self.font, cs=self.font)
        # Without the hint Word takes “”…— from the Latin font and draws them narrow.
        fonts.set(qn("w:hint"), "eastAsia")
        put(props, fonts, R_ORDER)
        for tag in ("b", "bCs", "i", "iCs"):
            put(props, element(tag, val="0"), R_ORDER)
        if self.colour:
            put(props, element("color", val=self.colour), R_ORDER)
        if self.scale != 100:
            put(props, element("w", val=self.scale), R_ORDER)
        put(props, element("spacing", val=TIGHT if self.size == 16 else 0), R_ORDER)
        half_points = round(self.size * 2)
        put(props, element("sz", val=half_points), R_ORDER)
        put(props, element("szCs", val=half_points), R_ORDER)
        # The language decides where 。and ， stand in their square: lower left for zh-CN, centred for zh-TW.
        put(props, language(), R_ORDER)


def language() -> Any:
    """The language mark of a run: mainland Chinese throughout."""
    return element("lang", val="zh-CN", eastAsia="zh-CN", bidi="ar-SA")


@dataclass(frozen=True)
class Setting:
    """How a paragraph is set; lengths in twips, None leaves what the style says."""

    align: str = ""
    line: int | None = None
    rule: str = "exact"
    before: int | None = None
    after: int | None = None
    left: int | None = None
    right: int | None = None
    first: int | None = None
    first_chars: int | None = None
    keep_next: bool = False
    keep_lines: bool = False
    grid: bool = True
    page_before: bool = False
    outline: int | None = None
    tabs: tuple[tuple[str, int], ...] = ()

    def onto(self, parent: Any) -> None:
        """Write the setting into the pPr of a paragraph or style."""
        props = parent.get_or_add_pPr()
        for wanted, tag in (
            (self.keep_next, "keepNext"),
            (self.keep_lines, "keepLines"),
            (self.page_before, "pageBreakBefore"),
        ):
            if wanted:
                put(props, element(tag), P_ORDER)
        if self.tabs:
            stops = element("tabs")
            for kind, at in self.tabs:
                stops.append(element("tab", val=kind, pos=at))
            put(props, stops, P_ORDER)
        if not self.grid:
            put(props, element("snapToGrid", val="0"), P_ORDER)
        self._spacing(props)
        self._indent(props)
        if self.align:
            put(props, element("jc", val=self.align), P_ORDER)
        if self.outline is not None:
            put(props, element("outlineLvl", val=self.outline), P_ORDER)

    def _spacing(self, props: Any) -> None:
        spacing: dict[str, object] = {}
        if self.before is not None:
            spacing["before"] = self.before
        if self.after is not None:
            spacing["after"] = self.after
        if self.line is not None:
            spacing |= {"line": self.line, "lineRule": self.rule}
        if spacing:
            put(props, element("spacing", **spacing), P_ORDER)

    def _indent(self, props: Any) -> None:
        indent: dict[str, object] = {}
        if self.left is not None:
            indent["left"] = self.left
        if self.right is not None:
            indent["right"] = self.right
        if self.first is not None:
            indent["firstLine" if self.first >= 0 else "hanging"] = abs(self.first)
        if self.first_chars is not None:
            indent["firstLineChars"] = self.first_chars
        if indent:
            put(props, element("ind", **indent), P_ORDER)


def borders(parent: Any, **sides: tuple[str, int, int, str]) -> None:
    """Paragraph rules: side = (kind, eighths of a point, space in points, colour)."""
    box = element("pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            kind, size, space, colour = sides[side]
            box.append(element(side, val=kind, sz=size, space=space, color=colour))
    put(parent.get_or_add_pPr(), box, P_ORDER)


def field(paragraph: Any, code: str, face: Face) -> None:
    """A field that Word computes, as PAGE."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        face.onto(run._r)
        if kind == "":
            instruction = element("instrText")
            instruction.text = f" {text} "
            instruction.set(qn("xml:space"), "preserve")
            run._r.append(instruction)
        elif kind == "shown":
            run.text = text
        else:
            run._r.append(element("fldChar", fldCharType=kind))
