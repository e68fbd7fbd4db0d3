"""Files of questions: read by what is in them, written as asked; what a file or a format cannot hold is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from keyuan.questions.formats import (
    aiken,
    gift,
    giftwriting,
    moodle,
    moodlewriting,
    packages,
    qti,
    qtiold,
    tables,
    tablewriting,
)
from keyuan.questions.formats.gathering import Reading, Row, Told, Unreadable, Written
from keyuan.questions.formats.opening import FILE_LIMIT, Box, text_of, tree_of
from keyuan.questions.formats.tables import returned, template
from keyuan.questions.items import Item

__all__ = ["FORMATS", "Format", "Reading", "Row", "Told", "Written", "read", "returned", "template", "write"]


@dataclass(frozen=True)
class Format:
    """A format to write (导出格式): its key, its name to people, and how its files end."""

    key: str
    title: str
    ending: str
    make: Callable[[tuple[Item, ...]], Written]


FORMATS: Final = {
    each.key: each
    for each in (
        Format("xlsx", tables.TITLE, "xlsx", tablewriting.write),
        Format("moodle", moodle.TITLE, "xml", moodlewriting.write),
        Format("qti30", "QTI 3.0", "zip", packages.writer("3.0")),
        Format("qti22", "QTI 2.2", "zip", packages.writer("2.2")),
        Format("qti21", "QTI 2.1", "zip", packages.writer("2.1")),
        Format("qti12", qtiold.TITLE, "zip", packages.write_old),
        Format("gift", gift.TITLE, "txt", giftwriting.write),
        Format("aiken", aiken.TITLE, "txt", aiken.write),
    )
}


def read(name: str, data: bytes) -> Reading:
    """The items of a file, whatever it is called, and all that is to be told of it; never an error."""
    try:
        return _read(data)
    except Unreadable as fault:
        return Reading("", faults=(Told(0, "", str(fault)),))


def write(key: str, items: Sequence[Item]) -> Written:
    """The items as a file of the format. Raises KeyError for an unknown format."""
    return FORMATS[key].make(tuple(items))


def _read(data: bytes) -> Reading:
    if len(data) > FILE_LIMIT:
        raise Unreadable(_("文件超过 30 MB，请分成几个文件。"))
    if not data.strip():
        raise Unreadable(_("文件是空的，请检查是否选错了文件。"))
    if data.startswith(b"PK"):
        return _packed(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("旧版 Office 文件（.xls、.doc）不能读取；题目表格请另存为 .xlsx 后再传。"))
    if data.startswith((b"%PDF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x89PNG", b"\xff\xd8\xff")):
        raise Unreadable(_unknown())
    text = text_of(data)
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _marked(data)
    if aiken.looks(text):
        return aiken.read(text)
    if gift.looks(text):
        return gift.read(text)
    raise Unreadable(_unknown())


def _unknown() -> str:
    return _(
        "认不出这是哪种题目文件。可以读入 GIFT、Aiken、Moodle XML、QTI（XML 或压缩包）和题目表格（.xlsx）。"
    )


def _packed(data: bytes) -> Reading:
    box = Box(data)
    if "[Content_Types].xml" in box.entries:
        return tables.read(data)
    if packages.looks(box):
        return packages.read(box)
    raise Unreadable(_unknown())


def _marked(data: bytes) -> Reading:
    root = tree_of(data)
    if moodle.looks(root):
        return moodle.read(root)
    if qti.looks(root) or qtiold.looks(root):
        return packages.read_one(root)
    if root.tag in {"assessmentTest", "qti-assessment-test", "manifest"}:
        raise Unreadable(_("这是 QTI 试卷的目录，里面没有试题；请上传整个压缩包。"))
    raise Unreadable(_unknown())
