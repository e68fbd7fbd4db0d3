"""From bytes that came from anywhere to text, XML or the files of a package; every danger is refused by name."""

import codecs
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from keyuan.questions.formats.gathering import Unreadable

FILE_LIMIT: Final = 30 * 1024 * 1024
UNPACKED_LIMIT: Final = 120 * 1024 * 1024
ENTRIES: Final = 4000
RATIO: Final = 200
DEPTH: Final = 100
ELEMENTS: Final = 500_000
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
# What files name themselves, and the wider set that holds it.
_WIDER: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso-8859-1": "cp1252",
    "ascii": "cp1252",
}
_ALLOWED: Final = {"gb18030", "big5hkscs", "cp1252", "utf-8", "shift_jis", "euc-kr"}


def text_of(data: bytes) -> str:
    """The text of some bytes: by mark, by what an XML file says of itself, as UTF-8, UTF-16 or GB18030."""
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return _decoded(data, codec)
    pairs = data[:400]
    if len(pairs) > 3 and pairs[1::2].count(0) > len(pairs) // 5:
        return _decoded(data, "utf-16-le")
    if len(pairs) > 3 and pairs[::2].count(0) > len(pairs) // 5:
        return _decoded(data, "utf-16-be")
    found = _DECLARED.match(data)
    named = found[1].decode("ascii").lower() if found else ""
    codec = _WIDER.get(named, named)
    if codec in _ALLOWED and codec != "utf-8":
        return _decoded(data, codec)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "gb18030")


def _decoded(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as fault:
        raise Unreadable(_("文件的文字编码读不出来或文件不完整，请另存为 UTF-8 后再传。")) from fault


class _Bounded:
    """Builds the tree without namespaces, and stops at a depth or a size no question has."""

    def __init__(self) -> None:
        self.builder, self.depth, self.count = TreeBuilder(), 0, 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > DEPTH or self.count > ELEMENTS:
            raise Unreadable(_("文件里的元素嵌套过深或过多，不是试题文件。"))
        self.builder.start(_local(tag), {_local(name): value for name, value in attributes.items()})

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth -= 1
        self.builder.end(_local(tag))

    def data(self, words: str) -> None:
        """Characters."""
        self.builder.data(words)

    def close(self) -> Element:
        """The root."""
        return self.builder.close()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def tree_of(data: bytes) -> Element:
    """The XML in some bytes, without namespaces. Raises Unreadable for entities, outside references, broken files."""
    words = _DECLARATION.sub("", text_of(data), count=1)
    parser = DefusedXMLParser(target=_Bounded(), encoding="utf-8", forbid_dtd=False)
    try:
        parser.feed(words.encode("utf-8", "surrogatepass"))
        root: Element = parser.close()
    except DefusedXmlException as fault:
        raise Unreadable(_("文件里含有不允许的内容（XML 实体或外部引用），已拒绝读取。")) from fault
    except (ParseError, AssertionError, ValueError) as fault:
        place = getattr(fault, "position", (0, 0))[0]
        where = _("（第 %(line)s 行附近）") % {"line": place} if place else ""
        raise Unreadable(
            _("XML 文件不完整或有错误%(where)s，请重新导出后再传。") % {"where": where}
        ) from fault
    return root


class Box:
    """The files of a package (zip), looked over before anything is unpacked, read one by one within bounds."""

    def __init__(self, data: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
            entries = self.zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
            raise Unreadable(_("压缩包已损坏或不完整，请重新导出后再传。")) from fault
        if len(entries) > ENTRIES:
            raise Unreadable(_("压缩包里超过 %(most)s 个文件，请拆分后再传。") % {"most": ENTRIES})
        self.entries: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            self._look(entry)
        if sum(entry.file_size for entry in entries) > UNPACKED_LIMIT:
            raise Unreadable(_("压缩包解压后过大，已拒绝读取。"))

    def _look(self, entry: zipfile.ZipInfo) -> None:
        name = entry.filename
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or ".." in parts or ":" in name or "\x00" in name:
            raise Unreadable(_("压缩包里的路径“%(name)s”越出了压缩包，已拒绝读取。") % {"name": name[:80]})
        if stat.S_IFMT(entry.external_attr >> 16) == stat.S_IFLNK:
            raise Unreadable(_("压缩包里有符号链接“%(name)s”，已拒绝读取。") % {"name": name[:80]})
        if entry.flag_bits & 1:
            raise Unreadable(_("压缩包有密码，请去掉密码后再传。"))
        if entry.file_size > 1024 * 1024 and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise Unreadable(_("压缩包里的“%(name)s”压缩得异常，已拒绝读取。") % {"name": name[:80]})
        if name in self.entries:
            raise Unreadable(_("压缩包里有两个“%(name)s”，已拒绝读取。") % {"name": name[:80]})
        if not entry.is_dir():
            self.entries[name] = entry

    def read(self, name: str) -> bytes:
        """The bytes of one file; raises Unreadable when it is not there, is larger than it says, or broken."""
        entry = self.entries.get(name)
        if entry is None:
            raise Unreadable(_("压缩包里没有“%(name)s”。") % {"name": name[:80]})
        try:
            with self.zip.open(entry) as file:
                data = file.read(entry.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as fault:
            raise Unreadable(_("压缩包里的“%(name)s”已损坏。") % {"name": name[:80]}) from fault
        if len(data) > entry.file_size:
            raise Unreadable(_("压缩包里的“%(name)s”大小与所说不符，已拒绝读取。") % {"name": name[:80]})
        return data


def boxed(files: Mapping[str, bytes]) -> bytes:
    """A package of files, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in files.items():
            box.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
