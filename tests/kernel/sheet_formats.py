"""The same cells written as .xlsx, .xls (and so .et), .ods and .csv, for tests of what offices really send."""

import csv
import io
import struct
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

Rows = list[list[Any]]
Merges = list[tuple[int, int, int, int]]
FORMATS = ("xlsx", "xls", "et", "ods", "csv-utf8", "csv-bom", "csv-gb18030", "tsv-utf16")
_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def written(
    folder: Path, kind: str, rows: Rows, merges: Merges | None = None, *, hidden: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
) -> Path:  # fmt: skip
    """A file of one of `FORMATS`, with hidden rows and columns; text formats know no merges and nothing hidden."""
    merges = merges or []
    path = folder / f"roster.{kind.partition('-')[0]}"
    if kind == "xlsx":
        _xlsx(path, rows, merges, *hidden)
    elif kind in {"xls", "et"}:
        path.write_bytes(_compound(_biff(rows, merges)))
    elif kind == "ods":
        _ods(path, _tables(rows, merges, *hidden))
    else:
        path.write_bytes(_text(kind, rows))
    return path


def _xlsx(
    path: Path, rows: Rows, merges: Merges, hidden_rows: tuple[int, ...], hidden: tuple[int, ...]
) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for top, left, bottom, right in merges:
        page.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for number in hidden_rows:
        page.row_dimensions[number].hidden = True
    for number in hidden:
        page.column_dimensions[chr(64 + number)].hidden = True
    book.save(path)


def _text(kind: str, rows: Rows) -> bytes:
    encoding = {"utf8": "utf-8", "bom": "utf-8-sig", "gb18030": "gb18030", "utf16": "utf-16"}[
        kind.partition("-")[2]
    ]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter="\t" if kind.startswith("tsv") else ",").writerows(
        ["" if cell is None else cell for cell in row] for row in rows
    )
    return out.getvalue().encode(encoding)


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _biff(rows: Rows, merges: Merges) -> bytes:
    """A workbook stream of BIFF8, what Excel 97 and WPS (.et) write."""
    page = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, int | float):
                page += _record(0x203, struct.pack("<HHHd", at, place, 0, cell))
            elif cell is not None:
                words = str(cell).encode("utf-16-le")
                page += _record(0x204, struct.pack("<HHHHB", at, place, 0, len(words) // 2, 1) + words)
    if merges:
        areas = b"".join(
            struct.pack("<HHHH", t - 1, b - 1, left - 1, right - 1) for t, left, b, right in merges
        )
        page += _record(0xE5, struct.pack("<H", len(merges)) + areas)
    page += _record(0x0A, b"")
    name = "名单".encode("utf-16-le")
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + _record(
        0x42, struct.pack("<H", 1200)
    )
    bound = struct.pack("<IBBBB", len(start) + 4 + 8 + len(name) + 4, 0, 0, len(name) // 2, 1) + name
    return start + _record(0x85, bound) + _record(0x0A, b"") + page


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    words = name.encode("utf-16-le")
    return (
        words.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(words) + 2 if words else 0, kind, 1, _FREE, _FREE, child)
        + b"\0" * 36
        + struct.pack("<IQ", start, size)
    )


def _compound(stream: bytes) -> bytes:
    """The stream as the only one of an OLE compound file."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    assert count + 2 <= 128, "one sector of the allocation table holds 128 entries"
    chain = [_FAT, _END, *range(3, count + 2), _END]
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, len(stream))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    return head + table + folder.ljust(_SECTOR, b"\0") + stream


def _tables(rows: Rows, merges: Merges, hidden_rows: tuple[int, ...], hidden: tuple[int, ...]) -> str:
    width = max(len(row) for row in rows)
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merges}
    columns = "".join(
        f"<table:table-column{' table:visibility=' + quoteattr('collapse') if n in hidden else ''}/>"
        for n in range(1, width + 1)
    )
    lines = []
    for at, row in enumerate(rows, 1):
        attribute = ' table:visibility="collapse"' if at in hidden_rows else ""
        cells = "".join(_cell(cell, spans.get((at, place))) for place, cell in enumerate(row, 1))
        lines.append(f"<table:table-row{attribute}>{cells}</table:table-row>")
    tail = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    return f'<table:table table:name="名单">{columns}{"".join(lines)}{tail}</table:table>'


def _cell(cell: Any, span: tuple[int, int] | None) -> str:
    spanned = (
        f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"' if span else ""
    )
    if cell is None:
        return f"<table:table-cell{spanned}/>"
    if isinstance(cell, int | float):
        return f'<table:table-cell{spanned} office:value-type="float" office:value="{cell!r}"><text:p>{cell}</text:p></table:table-cell>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
    return f'<table:table-cell{spanned} office:value-type="string">{lines}</table:table-cell>'


def _ods(path: Path, tables: str) -> None:
    names = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text", "style")
    )
    content = f"<office:document-content{names}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)


def open_document(path: Path, tables: str) -> Path:
    """An .ods with just these tables, for hostile ones."""
    _ods(path, tables)
    return path
