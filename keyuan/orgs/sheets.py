"""The list of organisations as a spreadsheet: one description for the template, the export and the import."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from keyuan.kernel.faults import Fault
from keyuan.kernel.sheet import Column, Reading, Row, Sheet, SheetFault, Unreadable, readers
from keyuan.kernel.sheet.describe import Raw
from keyuan.kernel.sheet.reading import judge_cells, judge_doubles
from keyuan.orgs.models import Organisation
from keyuan.orgs.queries import FIELDS, ListedOrganisation

TEXT_LIMIT = 2 * 1024 * 1024


def _one_of(choices: Any, fallback: str) -> Any:
    """A reader of a choice by its code or its Chinese word."""
    words = {str(label): value for value, label in choices} | {value: value for value, _label in choices}

    def read(raw: Raw) -> Reading:
        given = "".join(readers.plain(raw).split())
        if not given:
            return Reading(fallback)
        if given not in words:
            shown = "、".join(str(label) for _value, label in choices)
            raise Unreadable("choice_bad", _("请填以下之一：{words}。").format(words=shown))
        return Reading(words[given])

    return read


def _code(length: int, words: str) -> Any:
    """A reader of a code of fixed length in digits and capitals; an empty cell is allowed."""

    def read(raw: Raw) -> Reading:
        given = "".join(readers.plain(raw).split()).upper()
        if given and not (len(given) == length and given.isascii() and given.isalnum()):
            raise Unreadable("code_bad", words)
        return Reading(given)

    return read


ORGANISATIONS = Sheet(
    "organisations",
    "单位名单",
    (
        Column("name", "单位名称", readers.title, required=True, aliases=("name", "名称", "单位全称", "单位"), width=40),
        Column("short_name", "简称", readers.limited(40), aliases=("short_name",), width=16),
        Column(
            "kind", "类别", _one_of(Organisation.Kind.choices, ""), required=True, aliases=("kind", "单位类别"), width=12,
            choices=tuple(str(label) for label in Organisation.Kind.labels),
        ),
        Column("field_or_region", "学科或片区", readers.limited(20), aliases=("field_or_region", "学科", "片区"), width=12),
        Column("city_code", "行政区划代码", _code(4, "行政区划代码应为 4 位数字，如 4401。"), aliases=("city_code",), width=12),
        Column(
            "credit_code", "统一社会信用代码", _code(18, "统一社会信用代码应为 18 位数字或大写字母。"),
            aliases=("credit_code", "信用代码"), width=22,
        ),
        Column(
            "certainty", "核实情况", _one_of(Organisation.Certainty.choices, Organisation.Certainty.OFFICE.value),
            aliases=("certainty",), width=14, choices=tuple(str(label) for label in Organisation.Certainty.labels),
        ),
        Column("note", "备注", readers.limited(200), aliases=("note",), width=24),
    ),
    notes=("一行一个单位；已登记的单位按统一社会信用代码或名称对应，空白格不会清除已有内容。",),
    unique=(("name",),),
    row_limit=5000,
)  # fmt: skip


def read_list(path: Path) -> list[ListedOrganisation]:
    """The organisations in an .xlsx or .csv file, all rows good.

    Raises Fault naming every bad row with its reason: a list is taken whole or not at all.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    binary = head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or not head
    rows = ORGANISATIONS.read(path).rows if binary else _read_csv(path)
    bad = [
        _("第 {row} 行 {column}：{message}").format(
            row=row.number, column=fault.column, message=fault.message
        )
        for row in rows
        for fault in row.faults
    ]
    if bad:
        more = [_("……另有 {count} 处问题。").format(count=len(bad) - 20)] if len(bad) > 20 else []
        raise Fault("\n".join([*bad[:20], *more]), "file")
    return [ListedOrganisation(**{name: row.values.get(name, "") for name in FIELDS}) for row in rows]


def _read_csv(path: Path) -> list[Row]:
    """The rows of a comma-separated text, judged by the same columns as a workbook."""
    lines = list(csv.reader(io.StringIO(_text(path))))
    columns = {
        word: column.key for column in ORGANISATIONS.columns for word in (column.title, *column.aliases)
    }
    header = next(
        (index for index, cells in enumerate(lines) if "name" in {columns.get(_bare(one)) for one in cells}),
        None,
    )
    if header is None:
        raise SheetFault("no_header", _("没有找到表头：第一行应有“单位名称”“类别”等列名，或下载模板填写。"))
    keys = [columns.get(_bare(one)) for one in lines[header]]
    rows = []
    for number, cells in enumerate(lines[header + 1 :], header + 2):
        if not any(cell.strip() for cell in cells):
            continue
        raws: dict[str, Raw] = {key: cell for key, cell in zip(keys, cells, strict=False) if key}
        row = Row(number, cells=cells)
        judge_cells(ORGANISATIONS, row, raws, {})
        rows.append(row)
    if not rows or len(rows) > ORGANISATIONS.row_limit:
        raise SheetFault("rows", _("名单应有 1 至 {most} 行数据。").format(most=ORGANISATIONS.row_limit))
    judge_doubles(ORGANISATIONS, rows)
    return rows


def _bare(text: str) -> str:
    return "".join(text.split())


def _text(path: Path) -> str:
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if len(data) <= TEXT_LIMIT and "\0" not in text:
            return text
    raise SheetFault("other", _("这不是单位名单：请上传 .xlsx 或 .csv 文件，或下载模板填写。"))


def export_rows(rows: Iterable[Organisation]) -> Iterable[dict[str, str]]:
    """Organisations as rows of the sheet, choices in words."""
    for one in rows:
        values = {name: getattr(one, name) for name in FIELDS}
        yield values | {"kind": one.get_kind_display(), "certainty": one.get_certainty_display()}
