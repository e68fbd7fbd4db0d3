"""What a package says of itself: its standard, title, and what is launched in which order; pure."""

import codecs
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault
from keyuan.packages.rules.archive import Archive

SCORM, CMI5, H5P = "imsmanifest.xml", "cmi5.xml", "h5p.json"
MOST_UNITS = 500
MOST_DEPTH = 20
TITLE = 200
STANDARDS = ("scorm12", "scorm2004-3", "scorm2004-4", "cmi5", "h5p")
MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
_DECLARED = re.compile(rb"""^<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(frozen=True)
class Unit:
    """One thing that is launched (学习单元): a SCO, an assignable unit, or the whole of an H5P."""

    id: str
    title: str
    href: str
    depth: int = 0
    # What the standard's runtime is told at launch: mastery score, launch data, moveOn …
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """What a package holds (课件内容): by which standard, under which title, in which order."""

    standard: str
    title: str
    units: tuple[Unit, ...]
    warnings: tuple[str, ...] = ()


def read(archive: Archive) -> Contents:
    """The contents of a sound archive. Raises Fault when it is no package, or one that could not be launched."""
    found = [name for name in (CMI5, SCORM, H5P) if archive.has(name)]
    if not found:
        raise Fault(_no_manifest(archive), "file")
    contents = {SCORM: _scorm, CMI5: _cmi5, H5P: _h5p}[found[0]](archive)
    if not contents.units:
        raise Fault(_("清单里没有可以打开的学习单元。"), "file")
    if len(contents.units) > MOST_UNITS:
        raise Fault(_("清单里有超过 %(n)s 个学习单元。") % {"n": MOST_UNITS}, "file")
    old = [path for path in archive.files if path.lower().endswith(".swf")]
    said = [_("含 Flash 文件（如 %(name)s），今天的浏览器放不了。") % {"name": old[0]}] if old else []
    return Contents(contents.standard, contents.title, contents.units, (*contents.warnings, *said))


def _no_manifest(archive: Archive) -> str:
    inside = next((path for path in archive.files if path.rsplit("/", 1)[-1] in {SCORM, CMI5, H5P}), "")
    if inside:
        folder, _slash, name = inside.rpartition("/")
        return _("%(name)s 在文件夹“%(folder)s”里：请进入该文件夹，全选后再压缩。") % {
            "name": name,
            "folder": folder,
        }
    return _("不是课件包：没有 imsmanifest.xml（SCORM）、cmi5.xml 或 h5p.json。请从制作工具按这些格式导出。")


def _document(archive: Archive, name: str) -> Element:
    """The manifest as a tree, without anything it would pull in from elsewhere."""
    data = _in_utf8(archive.read(name), name)
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as hostile:
        raise Fault(
            _("%(name)s 里定义了实体或引用外部文件，没有收下。") % {"name": name}, "file"
        ) from hostile
    except (ParseError, ValueError, LookupError) as broken:
        raise Fault(_("%(name)s 不是完整的 XML：%(why)s") % {"name": name, "why": broken}, "file") from broken
    return root


def _in_utf8(data: bytes, name: str) -> bytes:
    """The bytes in UTF-8 whatever they declared: the parser knows no GBK."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
        return re.sub(r"^﻿?<\?xml[^>]*\?>", "", text).encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    said = _DECLARED.match(data)
    coding = said[1].decode("ascii").lower() if said else "utf-8"
    if coding in {"gb2312", "gbk", "gb18030", "big5"}:
        coding = "big5" if coding == "big5" else "gb18030"
        try:
            return re.sub(r"^<\?xml[^>]*\?>", "", data.decode(coding)).encode()
        except UnicodeDecodeError as wrong:
            raise Fault(_("%(name)s 的编码与声明的不符。") % {"name": name}, "file") from wrong
    return data


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, *names: str) -> Element | None:
    return next((each for each in element if _name(each) in names), None)


def _text(element: Element | None) -> str:
    return " ".join("".join(element.itertext()).split())[:TITLE] if element is not None else ""


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _start(archive: Archive, href: str) -> str:
    """The address of a start page, if it lies in the package and is there. Raises Fault otherwise."""
    parts = urlsplit(href)
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or path.startswith("/") or ".." in path.split("/"):
        raise Fault(_("起始页“%(href)s”不在包内，没有收下。") % {"href": href}, "file")
    if not archive.has(path):
        alike = next((name for name in archive.files if name.casefold() == path.casefold()), "")
        if not alike:
            raise Fault(_("清单里的起始页“%(href)s”不在包里。请重新导出。") % {"href": href}, "file")
        return alike + href[len(parts.path) :]
    return href


def _scorm(archive: Archive) -> Contents:
    root = _document(archive, SCORM)
    standard = _edition(root)
    organisations, resources = _child(root, "organizations"), _child(root, "resources")
    if _name(root) != "manifest" or organisations is None or resources is None:
        raise Fault(_("%(name)s 缺少 organizations 或 resources。") % {"name": SCORM}, "file")
    base = urljoin(root.get(_XML_BASE, ""), resources.get(_XML_BASE, ""))
    hrefs = {
        each.get("identifier", ""): urljoin(urljoin(base, each.get(_XML_BASE, "")), each.get("href", ""))
        for each in resources
        if _name(each) == "resource" and each.get("href")
    }
    wanted = organisations.get("default", "")
    several = [each for each in organisations if _name(each) == "organization"]
    chosen = next(
        (each for each in several if each.get("identifier") == wanted), several[0] if several else None
    )
    if chosen is None:
        raise Fault(_("%(name)s 里没有课程结构（organization）。") % {"name": SCORM}, "file")
    units: list[Unit] = []
    _items(archive, chosen, hrefs, units, 0)
    return Contents(
        standard, _text(_child(chosen, "title")) or (units[0].title if units else ""), tuple(units)
    )


def _edition(root: Element) -> str:
    """Which SCORM: by what it says, else by the namespaces it uses."""
    metadata = _child(root, "metadata")
    said = _text(_child(metadata, "schemaversion")).lower() if metadata is not None else ""
    if "4th" in said:
        return "scorm2004-4"
    if "2004" in said or "cam 1.3" in said:
        return "scorm2004-3"
    if said == "1.2":
        return "scorm12"
    names = {str(each.tag).partition("}")[0] for each in root.iter()} | {
        key.partition("}")[0] for each in root.iter() for key in each.attrib
    }
    if any("adlcp_rootv1p2" in name for name in names):
        return "scorm12"
    if any("adlcp_v1p3" in name for name in names):
        return "scorm2004-3"
    raise Fault(
        _("清单没有说明是 SCORM 1.2 还是 2004（schemaversion：“%(said)s”）。") % {"said": said}, "file"
    )


def _items(archive: Archive, parent: Element, hrefs: dict[str, str], units: list[Unit], depth: int) -> None:
    if depth > MOST_DEPTH:
        raise Fault(_("课程结构超过 %(n)s 层。") % {"n": MOST_DEPTH}, "file")
    for item in (each for each in parent if _name(each) == "item"):
        wanted, identifier = item.get("identifierref", ""), item.get("identifier", "")
        if wanted and wanted not in hrefs:
            raise Fault(
                _("清单里的“%(id)s”指向不存在的资源“%(wanted)s”。") % {"id": identifier, "wanted": wanted},
                "file",
            )
        if wanted:
            href = _with(_start(archive, hrefs[wanted]), item.get("parameters", ""))
            title = _text(_child(item, "title")) or identifier
            units.append(Unit(identifier, title, href, depth, _facts(item)))
        _items(archive, item, hrefs, units, depth + 1)


def _with(href: str, parameters: str) -> str:
    """A start page with the item's parameters put behind it, as SCORM's content packaging says."""
    said = parameters.lstrip("?&")
    if not said:
        return href
    if said.startswith("#"):
        return href if "#" in href else href + said
    return f"{href}{'&' if '?' in href else '?'}{said}"


_FACTS = {
    "masteryscore": "mastery_score", "datafromlms": "launch_data", "dataFromLMS": "launch_data",
    "maxtimeallowed": "max_time", "timelimitaction": "time_limit_action", "timeLimitAction": "time_limit_action",
    "minNormalizedMeasure": "passing_score",
}  # fmt: skip


def _facts(item: Element) -> dict[str, str]:
    """What a SCO is told at launch; of its own element, not of those below."""
    found = {_FACTS[_name(each)]: _text(each) for each in item if _name(each) in _FACTS}
    sequencing = _child(item, "sequencing")
    for each in sequencing.iter() if sequencing is not None else ():
        if _name(each) == "minNormalizedMeasure":
            found.setdefault("passing_score", _text(each))
    return found


def _cmi5(archive: Archive) -> Contents:
    root = _document(archive, CMI5)
    course = _child(root, "course")
    if _name(root) != "courseStructure" or course is None:
        raise Fault(_("%(name)s 不是 cmi5 课程结构。") % {"name": CMI5}, "file")
    units: list[Unit] = []
    _blocks(archive, root, units, 0)
    return Contents("cmi5", _text(_child(course, "title")), tuple(units))


def _blocks(archive: Archive, parent: Element, units: list[Unit], depth: int) -> None:
    if depth > MOST_DEPTH:
        raise Fault(_("课程结构超过 %(n)s 层。") % {"n": MOST_DEPTH}, "file")
    for each in parent:
        if _name(each) == "block":
            _blocks(archive, each, units, depth + 1)
        elif _name(each) == "au":
            href, identifier = _text(_child(each, "url")), each.get("id", "")
            move_on, score = each.get("moveOn", "NotApplicable"), each.get("masteryScore", "")
            if not identifier or move_on not in MOVE_ON:
                raise Fault(
                    _("cmi5.xml 的学习单元“%(id)s”缺少 id 或 moveOn 不合规。") % {"id": identifier}, "file"
                )
            facts = {
                "move_on": move_on,
                "mastery_score": score,
                "launch_method": each.get("launchMethod", "AnyWindow"),
            }
            facts["launch_parameters"] = _text(_child(each, "launchParameters"))
            title = _text(_child(each, "title")) or identifier
            units.append(
                Unit(identifier, title, _start(archive, href), depth, {k: v for k, v in facts.items() if v})
            )


def _h5p(archive: Archive) -> Contents:
    try:
        said: Any = json.loads(archive.read(H5P))
    except (ValueError, RecursionError) as broken:
        raise Fault(_("%(name)s 不是完整的 JSON。") % {"name": H5P}, "file") from broken
    if not isinstance(said, dict) or not isinstance(said.get("mainLibrary"), str):
        raise Fault(_("%(name)s 没有说明主库（mainLibrary）。") % {"name": H5P}, "file")
    if not archive.has("content/content.json"):
        raise Fault(_("H5P 包里缺少 content/content.json。"), "file")
    main = str(said["mainLibrary"])
    needed = said.get("preloadedDependencies")
    named = [each for each in needed if isinstance(each, dict)] if isinstance(needed, list) else []
    folders = {path.split("/", 1)[0] for path in archive.files if "/" in path}
    lacking = [
        one for one in (f"{d.get('machineName')}-{d.get('majorVersion')}.{d.get('minorVersion')}" for d in named)
        if one not in folders
    ]  # fmt: skip
    if lacking:
        raise Fault(
            _("H5P 包里缺少库 %(names)s，请从完整的站点重新导出。") % {"names": "、".join(lacking[:5])},
            "file",
        )
    title = " ".join(str(said.get("title", "")).split())[:TITLE]
    return Contents("h5p", title, (Unit(main, title or main, H5P),))
