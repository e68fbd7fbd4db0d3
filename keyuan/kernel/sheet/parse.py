"""From a file a person sent to plain grids of cells: judged by its first bytes, parsed in a limited child."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault
from keyuan.kernel.sheet.describe import Grid, Raw

FILE_LIMIT = 20 * 1024 * 1024
WALL_SECONDS = 60
_CHILD = Path(__file__).with_name("child.py")
_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class SheetFault(Fault):
    """The whole file cannot be read (表格无法读取); `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def _sentence(code: str, facts: dict[str, Any]) -> str:
    sentences = {
        "password": _("表格有密码，请去掉密码后再传。"),
        "word": _("这是 Word 文档，不是 Excel 表格。请把表格另存为 .xlsx 后再传。"),
        "resave": _("这种表格格式不能直接读取，请用 Excel 或 WPS 另存为 .xlsx 后再传。"),
        "other": _("这不是表格文件（.xlsx、.xls、.et、.ods 或 .csv），请检查是否选错了文件。"),
        "text": _("这是文本文件，里面没有用逗号或制表符分开的列，不是 CSV 表格。请另存为 .xlsx 后再传。"),
        "broken": _("表格文件已损坏或不完整，请用 Excel 或 WPS 打开后另存为 .xlsx 再传。"),
        "empty": _("文件是空的，请检查是否选错了文件。"),
        "dtd": _("表格里含有不允许的内容（DTD），已拒绝读取。请用 Excel 或 WPS 另存为 .xlsx 再传。"),
        "inflated": _("表格解压后超过 %(megabytes)s MB，已拒绝读取。请只留下名单，删去多余内容后再传。"),
        "merge": _("合并单元格 %(cells)s 的范围过大，请取消合并后再传。"),
        "far": _("工作表“%(sheet)s”的 %(cell)s 远离名单却有内容，请删去后再传。"),
        "rows": _("工作表“%(sheet)s”有 %(rows)s 行，一次最多 20000 行，请分成几个文件。"),
        "heavy": _("表格过于庞大，无法读取。请只留下名单，删去多余内容后再传。"),
        "size": _("文件有 %(megabytes)s MB，最大 20 MB。请删去图片等多余内容后再传。"),
    }
    return sentences[code] % facts


def refused(code: str, **facts: Any) -> SheetFault:
    """The fault with its Chinese sentence."""
    return SheetFault(code, _sentence(code, facts))


def check_outside(path: Path) -> None:
    """Refuse by size and first bytes, whatever the file is called."""
    size = path.stat().st_size
    if size > FILE_LIMIT:
        raise refused("size", megabytes=-(-size // 1024 // 1024))
    if size == 0:
        raise refused("empty")
    with path.open("rb") as stream:
        head = stream.read(4096)
        if head.startswith(_OLE_MAGIC):
            # The directory of an encrypted workbook names this stream; it may stand anywhere in the file.
            if _ENCRYPTED in head + stream.read():
                raise refused("password")
            return
    if head.startswith(_ZIP_MAGIC):
        return
    if not _looks_like_text(head):
        raise refused("other")


def _looks_like_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if head.startswith((b"%PDF", b"{\\rtf")) or b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def _cell(value: Any) -> Raw:
    if isinstance(value, list):
        moment = datetime.fromisoformat(value[1])
        return moment.date() if moment.time() == datetime.min.time() else moment
    found: Raw = value if isinstance(value, str | int | float | bool) else None
    return found


def grids(path: Path) -> list[Grid]:
    """The visible worksheets. The child has 30 s of CPU, 1 GB and 60 s by the clock; then it is ended."""
    check_outside(path)
    try:
        child = subprocess.run(  # noqa: S603 - our own file under our own interpreter, no shell
            [sys.executable, "-I", str(_CHILD), str(path)],
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        found = json.loads(child.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise refused("heavy") from error
    if "refused" in found:
        raise refused(found["refused"], **found["facts"])
    return [
        Grid(
            sheet["name"],
            [[_cell(value) for value in row] for row in sheet["rows"]],
            [(merge[0], merge[1], merge[2], merge[3]) for merge in sheet["merges"]],
            {_place(key): mark for key, mark in sheet["marks"].items()},
            sheet["hidden_rows"],
            sheet["hidden_columns"],
        )
        for sheet in found["sheets"]
    ]


def _place(key: str) -> tuple[int, int]:
    row, _comma, column = key.partition(",")
    return int(row), int(column)
