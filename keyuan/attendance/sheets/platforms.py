"""How meeting platforms write moments and durations, and their .csv as a workbook."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault
from keyuan.kernel.sheet import Reading, Unreadable
from keyuan.kernel.sheet.describe import Raw

SIZE = 20 * 1024 * 1024
FORMATS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y.%m.%d %H:%M:%S",
    "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S",
    "%m/%d/%y %I:%M:%S %p", "%m/%d/%y %I:%M %p",
)  # fmt: skip
_PARTS = re.compile(
    r"^(?:(?P<h>\d+)\s*(?:小时|时|h(?:ours?|rs?)?)\s*)?(?:(?P<m>\d+)\s*(?:分钟|分|m(?:in(?:ute)?s?)?)\s*)?"
    r"(?:(?P<s>\d+)\s*(?:秒钟|秒|s(?:ec(?:ond)?s?)?))?$",
    re.IGNORECASE,
)
# What follows the list of people in a Teams report: each person's comings and goings once more.
_AGAIN = re.compile(r"^[3-9]\.\s")


def moment(raw: Raw) -> Reading:
    """A point of time as 2026-11-23 09:00:05, by the academy's clock."""
    if raw is None or raw == "":
        return Reading("")
    if isinstance(raw, datetime):
        return Reading(raw.strftime("%Y-%m-%d %H:%M:%S"))
    if isinstance(raw, date):
        return Reading(f"{raw:%Y-%m-%d} 00:00:00")
    text = re.sub(r"\s+", " ", str(raw).replace(",", " ").replace("T", " ")).strip()
    for form in FORMATS:
        try:
            # The platform writes the wall clock of whoever asked for the list; zones are not in it.
            return Reading(datetime.strptime(text, form).strftime("%Y-%m-%d %H:%M:%S"))  # noqa: DTZ007 - see above
        except ValueError:
            continue
    raise Unreadable("moment", _("这里要填日期和时间，如 2026-11-23 09:00:05。"))


def duration(raw: Raw) -> Reading:
    """A length of time as whole seconds: 0:30:00, 1小时5分, 62分钟, 1h 2m 3s; a bare number is minutes."""
    if raw is None or str(raw).strip() in {"", "-", "--"}:
        return Reading("")
    if isinstance(raw, float) and 0 < raw < 1:
        return Reading(str(round(raw * 86400)))
    text = str(raw).strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return Reading(str(round(float(text) * 60)))
    parts = re.fullmatch(r"(?:(\d+):)?(\d{1,2}):(\d{2})", text)
    if parts:
        hours, minutes, seconds = (int(part or 0) for part in parts.groups())
        return Reading(str(hours * 3600 + minutes * 60 + seconds))
    found = _PARTS.match(text)
    if found is None or not any(found.groups()):
        raise Unreadable("duration", _("这里要填时长，如 0:30:00 或 30 分钟。"))
    hours, minutes, seconds = (int(found[key] or 0) for key in "hms")
    return Reading(str(hours * 3600 + minutes * 60 + seconds))


@contextmanager
def workbook(upload: UploadedFile) -> Iterator[UploadedFile | Path]:
    """The upload as it is when it is a workbook; a .csv (UTF-8, UTF-16 or GB18030) made into one for a while."""
    head = upload.read(4)
    upload.seek(0)
    if not (upload.name or "").lower().endswith((".csv", ".txt")) or head.startswith((b"PK", b"\xd0\xcf")):
        yield upload
        return
    if (upload.size or 0) > SIZE:
        raise Fault(_("文件超过 20 MB，请只留参会名单后再传。"), "file")
    with TemporaryDirectory(prefix="keyuan-meeting-") as folder:
        path = Path(folder) / f"{Path(upload.name or '参会记录').stem[:80]}.xlsx"
        _write(_lines(_text(upload.read())), path)
        yield path


def _text(data: bytes) -> str:
    codings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for coding in codings:
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise Fault(_("这个 CSV 文件的文字编码认不出来，请用 Excel 或 WPS 另存为 .xlsx 后再传。"), "file")


def _lines(text: str) -> Iterator[list[str]]:
    sign = "\t" if text.count("\t") > text.count(",") else ","
    for line in csv.reader(io.StringIO(text), delimiter=sign):
        if line and _AGAIN.match(line[0]):
            return
        yield line


def _write(lines: Iterator[list[str]], path: Path) -> None:
    # Without its time of making the same list gives the same file, and so the same preview.
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - a fixed stamp, no moment
    page = book.add_worksheet()
    for y, line in enumerate(lines):
        for x, cell in enumerate(line):
            page.write_string(y, x, cell[:32_000])
    book.close()
