"""From a file a person sent to an annex: what it is is told by its bytes, not by its name."""

import zipfile
from pathlib import Path

from django.utils.translation import gettext as _

from keyuan.kernel.sheet.describe import Grid
from keyuan.kernel.sheet.parse import SheetFault, grids
from keyuan.kernel.sheet.readers import plain
from keyuan.plan.rules.annex import Annex, AnnexFault, Cell, Row, read_annex, text_rows
from keyuan.plan.sheets.word import BODY, word_rows

FILE_LIMIT = 10 * 1024 * 1024
TEXT_LIMIT = 2 * 1024 * 1024
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF"


def read_file(path: Path) -> Annex:
    """The plan in a .txt, .docx or .xlsx file. Raises AnnexFault or SheetFault with what to mend."""
    size = path.stat().st_size
    if not size:
        raise AnnexFault([_("文件是空的，请检查是否选错了文件。")])
    if size > FILE_LIMIT:
        raise AnnexFault([_("文件超过 10 MB，请只保留附件中的计划表后再传。")])
    with path.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(_ZIP):
        return read_annex(word_rows(path)) if _is_word(path) else _read_workbook(path)
    if head.startswith(_OLE):
        raise AnnexFault(
            [_("这是旧格式（.doc、.xls）或有密码的文件，请去掉密码并另存为 .docx 或 .xlsx 后再传。")]
        )
    if head.startswith(_PDF):
        raise AnnexFault([_("不能从 PDF 读取计划表，请上传原来的 Word、Excel 或文本文件。")])
    return read_annex(text_rows(_text(path)))


def _is_word(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return BODY in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _text(path: Path) -> str:
    data = path.read_bytes()
    if len(data) <= TEXT_LIMIT:
        encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
        for encoding in encodings:
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" not in text:
                return text
    raise AnnexFault([_("这不是可以读取的文本，请上传 .txt（UTF-8）、.docx 或 .xlsx 文件。")])


def _read_workbook(path: Path) -> Annex:
    """The first worksheet that holds the table; the first one's faults when none does."""
    first: AnnexFault | None = None
    for grid in grids(path):
        try:
            return read_annex(_grid_rows(grid))
        except AnnexFault as fault:
            # A sheet that has the table but with mistakes tells more than a sheet without it.
            if first is None or len(fault.faults) > len(first.faults):
                first = fault
    raise first or SheetFault("empty", _("表格里没有内容，请检查是否选错了文件。"))


def _grid_rows(grid: Grid) -> list[Row]:
    """The worksheet's rows; the cells of a merged area repeat its words and say that they continue it."""
    rows = [[Cell(plain(raw)) for raw in cells] for cells in grid.rows]
    for top, left, bottom, right in grid.merges:
        if top > len(rows) or left > len(rows[top - 1]):
            continue
        text = rows[top - 1][left - 1].text
        for number in range(top, min(bottom, len(rows)) + 1):
            cells = rows[number - 1]
            cells.extend([Cell()] * (min(right, left + 40) - len(cells)))
            for column in range(left, min(right, len(cells)) + 1):
                if (number, column) != (top, left):
                    cells[column - 1] = Cell(text if column == left else "", continued=True)
    return [
        Row(tuple(cells), _("第 {number} 行").format(number=number)) for number, cells in enumerate(rows, 1)
    ]
