"""QTI packages: a zip with a manifest that lists the items and says of each its tags, difficulty and category."""

import posixpath
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils.translation import gettext as _

from keyuan.questions.formats import qti, qtiold, qtioldwriting, qtiwriting
from keyuan.questions.formats.gathering import (
    Gathering,
    Notes,
    Reading,
    Told,
    Unreadable,
    Written,
    line,
    tag_words,
)
from keyuan.questions.formats.holding import held, written
from keyuan.questions.formats.opening import Box, boxed, tree_of
from keyuan.questions.items import Item

MANIFEST: Final = "imsmanifest.xml"
_DIFFICULTIES: Final = ("very easy", "easy", "medium", "difficult", "very difficult")
_TYPES: Final = {"2.1": "imsqti_item_xmlv2p1", "2.2": "imsqti_item_xmlv2p2", "3.0": "imsqti_item_xmlv3p0"}
_SKIPPED: Final = {"assessmentTest", "qti-assessment-test", "manifest", "quiz", "assessmentSection"}


def looks(box: Box) -> bool:
    """Whether a package may hold questions: it has XML in it."""
    return any(name.lower().endswith(".xml") for name in box.entries)


def read(box: Box) -> Reading:
    """The items of a package, in the order of its manifest; without one, of every XML file in it."""
    gathering = Gathering("QTI")
    listed = _documents(box, gathering)
    _gather(gathering, box, listed)
    if not gathering.number:
        known = {name for name, _about in listed}
        rest = [name for name in sorted(box.entries) if name.lower().endswith(".xml") and name not in known]
        _gather(gathering, box, [(name, None) for name in rest])
    if not gathering.number:
        gathering.about_file(_("压缩包里没有 QTI 试题。"))
    return gathering.reading()


def _gather(gathering: Gathering, box: Box, listed: list[tuple[str, Element | None]]) -> None:
    for name, about in listed:
        try:
            root = tree_of(box.read(name))
        except Unreadable as fault:
            gathering.number += 1
            gathering.faults.append(Told(gathering.number, name[-60:], str(fault)))
            continue
        _document(gathering, partial(_found, box, posixpath.dirname(name)), name, root, about)


def read_one(root: Element) -> Reading:
    """The items of a single XML document; files beside it are not there."""
    gathering = Gathering("QTI")
    _document(gathering, lambda _address: None, "", root, None)
    return gathering.reading()


def _document(
    gathering: Gathering, find: Callable[[str], bytes | None], name: str, root: Element, about: Element | None
) -> None:
    if qti.looks(root):
        gathering.name = qti.version(root)

        def make(notes: Notes) -> Item:
            return _described(qti.item_of(root, notes, find), about)

        gathering.take(make, root.get("title") or root.get("identifier") or name)
    elif qtiold.looks(root):
        gathering.name = qtiold.TITLE
        qtiold.gather(gathering, root, find)
    elif root.tag not in _SKIPPED and about is not None:
        gathering.about_file(_("没有读入“%(name)s”：不是试题。") % {"name": name[-60:]}, lost=False)


def _found(box: Box, folder: str, address: str) -> bytes | None:
    """The bytes of a file named from within a folder of the package."""
    for path in (address, unquote(address), unquote(address).replace("$IMS-CC-FILEBASE$/", "")):
        whole = posixpath.normpath(posixpath.join(folder, path.partition("?")[0]))
        for name in (whole, path.partition("?")[0], f"images/{posixpath.basename(path)}"):
            if name in box.entries:
                return box.read(name)
    return None


def _documents(box: Box, gathering: Gathering) -> list[tuple[str, Element | None]]:
    manifest = next(
        (name for name in sorted(box.entries, key=len) if posixpath.basename(name) == MANIFEST), None
    )
    if manifest is None:
        gathering.about_file(_("压缩包里没有 imsmanifest.xml，已逐个读取其中的 XML 文件。"), lost=False)
        return [(name, None) for name in sorted(box.entries) if name.lower().endswith(".xml")]
    folder, found = posixpath.dirname(manifest), dict[str, Element | None]()
    for resource in tree_of(box.read(manifest)).iter("resource"):
        hrefs = [resource.get("href") or "", *(each.get("href") or "" for each in resource.findall("file"))]
        for place, href in enumerate(dict.fromkeys(each for each in hrefs if each.lower().endswith(".xml"))):
            path = posixpath.normpath(posixpath.join(folder, unquote(href)))
            if path in box.entries:
                found.setdefault(path, resource)
            elif place == 0:
                gathering.about_file(_("清单里的“%(name)s”不在压缩包里。") % {"name": href[-60:]})
    return list(found.items())


def _described(item: Item, about: Element | None) -> Item:
    """The item with what the manifest says of it."""
    if about is None:
        return item
    tags = [_words(each) for each in about.iter("keyword")]
    levels = [
        " ".join((each.findtext("value") or _words(each)).split()).lower()
        for each in about.iter("difficulty")
    ]
    level = next((_DIFFICULTIES.index(each) + 1 for each in levels if each in _DIFFICULTIES), 0)
    path = [line(_words(each), 60) for each in about.iter("taxon")]
    return replace(
        item, tags=tag_words(tags), difficulty=level, category="/".join(part for part in path if part)[:120]
    )


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def writer(version: str) -> Callable[[tuple[Item, ...]], Written]:
    """What writes a package of QTI 2.1, 2.2 or 3.0."""

    def write(items: tuple[Item, ...]) -> Written:
        return written(items, qtiwriting.hold, partial(_package, version))

    return write


def write_old(items: tuple[Item, ...]) -> Written:
    """A package of QTI 1.2: one document of all items."""
    kept, faults = held(items, qtioldwriting.hold)
    files = {
        f"{qtioldwriting.folder_of(number)}/{name}": data
        for number, item in enumerate(kept, 1)
        for name, data in _pictures(item)
    }
    document = {"questions.xml": qtioldwriting.document(kept)}
    manifest = _manifest("1.2", [("questions.xml", "imsqti_xmlv1p2", list(files), None)])
    return Written(boxed({MANIFEST: manifest, **document, **files}), len(kept), tuple(faults))


def _pictures(item: Item) -> list[tuple[str, bytes]]:
    return [(picture.name, picture.data) for picture in item.pictures]


def _package(version: str, items: list[Item]) -> bytes:
    files, resources = dict[str, bytes](), list[tuple[str, str, list[str], Item | None]]()
    for number, item in enumerate(items, 1):
        folder = f"q{number:04}"
        shown = {f"{folder}/images/{name}": data for name, data in _pictures(item)}
        files[f"{folder}/item.xml"] = qtiwriting.document(item, number, version)
        files |= shown
        resources.append((f"{folder}/item.xml", _TYPES[version], list(shown), item))
    return boxed({MANIFEST: _manifest(version, resources), **files})


def _manifest(version: str, resources: list[tuple[str, str, list[str], Item | None]]) -> bytes:
    root = Element("manifest", identifier="questions", xmlns="http://www.imsglobal.org/xsd/imscp_v1p1")
    metadata = SubElement(root, "metadata")
    SubElement(metadata, "schema").text = "QTI Package" if version != "1.2" else "IMS Content"
    SubElement(metadata, "schemaversion").text = f"{version}.0" if version != "1.2" else "1.1.3"
    SubElement(root, "organizations")
    into = SubElement(root, "resources")
    for number, (href, kind, others, item) in enumerate(resources, 1):
        resource = SubElement(into, "resource", identifier=f"r{number}", type=kind, href=href)
        if item is not None:
            _describe(resource, item)
        for path in [href, *others]:
            SubElement(resource, "file", href=quote(path))
    indent(root)
    found: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return found


def _describe(resource: Element, item: Item) -> None:
    """Tags, difficulty and category as learning object metadata."""
    lom = SubElement(SubElement(resource, "metadata"), "lom", xmlns="http://ltsc.ieee.org/xsd/LOM")
    general = SubElement(lom, "general")
    for tag in item.tags:
        SubElement(SubElement(general, "keyword"), "string").text = tag
    if item.difficulty:
        level = SubElement(SubElement(lom, "educational"), "difficulty")
        SubElement(level, "source").text = "LOMv1.0"
        SubElement(level, "value").text = _DIFFICULTIES[item.difficulty - 1]
    if item.category:
        path = SubElement(SubElement(lom, "classification"), "taxonPath")
        for part in item.category.split("/"):
            SubElement(SubElement(SubElement(path, "taxon"), "entry"), "string").text = part
