"""Workbooks made for tests: ordinary ones by openpyxl, hostile ones part by part."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from keyuan.kernel.codes import id_check_digit
from keyuan.kernel.sheet import Column, Sheet, readers

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

SIMPLE = Sheet(
    key="test.simple",
    title="试验表",
    columns=(
        Column("name", "姓名", readers.name, required=True),
        Column("phone", "手机", readers.phone, aliases=("联系电话",), secret=True),
        Column("remark", "备注", readers.text),
    ),
    unique=(("name", "phone"),),
)


def resident_number(serial: int, born: str = "19850312") -> str:
    """A well-formed number in the area 449999, which no real one uses."""
    first17 = f"449999{born}{serial:03d}"
    return first17 + id_check_digit(first17)


def workbook(
    path: Path, rows: list[list[Any]], *, merges: tuple[str, ...] = (), hidden_rows: tuple[int, ...] = ()
) -> Path:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    for area in merges:
        page.merge_cells(area)
    for number in hidden_rows:
        page.row_dimensions[number].hidden = True
    book.save(path)
    return path


def raw_workbook(path: Path, sheet_xml: str, *, extra: dict[str, str] | None = None) -> Path:
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
        '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
        **(extra or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def inline(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def sheet_xml(rows: str, tail: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


HEAD = f'<row r="1">{inline("A1", "姓名")}{inline("B1", "手机")}</row>'


def grid_of(content: bytes) -> list[tuple[Any, ...]]:
    from openpyxl import load_workbook

    page = load_workbook(BytesIO(content)).active
    assert page is not None
    return [tuple(row) for row in page.iter_rows(values_only=True)]
