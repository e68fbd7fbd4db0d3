"""Text boxes that stand at a fixed place of a page, which floating tables and frames do not in every program."""

from dataclasses import dataclass
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

EMU = 635  # a twip in the unit of drawings
_WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
_XML = (
    '<w:r {names}><w:drawing><wp:anchor distT="{free}" distB="0" distL="0" distR="0" simplePos="0" '
    'relativeHeight="{order}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
    '<wp:simplePos x="0" y="0"/>'
    '<wp:positionH relativeFrom="{aside}">{x}</wp:positionH>'
    '<wp:positionV relativeFrom="{down}">{y}</wp:positionV>'
    '<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
    '{wrap}<wp:docPr id="{order}" name="{name}" descr="{name}"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="{uri}">'
    '<wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    "<a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr><wps:txbx><w:txbxContent/></wps:txbx>"
    '<wps:bodyPr {turned}wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{stand}"><a:noAutofit/>'
    "</wps:bodyPr></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></w:r>"
)


@dataclass(frozen=True)
class Box:
    """Where a text box stands; lengths in twips. At the foot of the type area, or at (x, y) of the page.

    `turned` lays the text on its side, to be read when the page is turned upright.
    """

    name: str
    order: int
    width: int
    height: int
    place: tuple[int, int] | None = None
    free: int = 0
    turned: bool = False


def put(paragraph: Any, box: Box) -> Any:
    """Hang the box on a paragraph and give its content, an empty w:txbxContent, to be filled."""
    at = box.place
    run = parse_xml(
        _XML.format(
            names=f'{nsdecls("w", "wp", "a")} xmlns:wps="{_WPS}"', uri=_WPS, name=box.name, order=box.order,
            width=box.width * EMU, height=box.height * EMU, free=box.free * EMU,
            aside="page" if at else "margin", down="page" if at else "margin",
            x=f"<wp:posOffset>{at[0] * EMU}</wp:posOffset>" if at else "<wp:align>left</wp:align>",
            y=f"<wp:posOffset>{at[1] * EMU}</wp:posOffset>" if at else "<wp:align>bottom</wp:align>",
            wrap="<wp:wrapNone/>" if at else "<wp:wrapTopAndBottom/>",
            turned='vert="vert" ' if box.turned else "", stand="t" if box.turned else "b",
        )
    )  # fmt: skip
    paragraph.append(run)
    return next(run.iter(qn("w:txbxContent")))
