"""The same plan from text, Word and Excel; hostile files are refused with a sentence."""

import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from keyuan.kernel.faults import Fault
from keyuan.plan import queries
from keyuan.plan.actions import STARTING_PLAN, load_starting_plan
from keyuan.plan.rules.annex import read_annex, text_rows
from keyuan.plan.sheets import read_file
from keyuan.plan.sheets.workbook import plan_workbook

EXPECTED = read_annex(text_rows(STARTING_PLAN.read_text("utf-8")))


def blocks():
    return [
        (kind, [line for line in EXPECTED.activities if line.type_name == kind.name])
        for kind in EXPECTED.types
    ]


def word(path: Path) -> Path:
    document = docx.Document()
    for text in ("粤科协组〔2020〕10号", "附件2", EXPECTED.title):
        document.add_paragraph(text)
    table = document.add_table(rows=1, cols=5)
    for column, text in ((0, "主要类型"), (1, "主要任务"), (4, "牵头部门")):
        table.cell(0, column).text = text
    table.cell(0, 2).merge(table.cell(0, 3)).text = "重点活动"
    for kind, lines in blocks():
        first = len(table.rows)
        for line in lines:
            cells = table.add_row().cells
            cells[2].text, cells[3].text, cells[4].text = str(line.number), line.name, "、".join(line.leads)
        for column, text in ((0, kind.name[:2] + "\u3000" + kind.name[2:]), (1, kind.task)):
            table.cell(first, column).merge(table.cell(len(table.rows) - 1, column)).text = text
    document.save(str(path))
    return path


def excel(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["A3"] = "粤科协组〔2020〕10号", "附件2", EXPECTED.title
    sheet.merge_cells("A3:E3")
    sheet.append(["主要类型", "主要任务", "重点活动", None, "牵头部门"])
    sheet.merge_cells("C4:D4")
    for kind, lines in blocks():
        first = sheet.max_row + 1
        for line in lines:
            sheet.append([kind.name, kind.task, line.number, line.name, "、".join(line.leads)])
        if len(lines) > 1:
            sheet.merge_cells(start_row=first, end_row=sheet.max_row, start_column=1, end_column=1)
            sheet.merge_cells(start_row=first, end_row=sheet.max_row, start_column=2, end_column=2)
    book.save(path)
    return path


@pytest.mark.parametrize("make", [word, excel])
def test_word_and_excel_say_the_same_as_the_text(make, tmp_path):
    assert read_file(make(tmp_path / "upload")) == EXPECTED


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_offices_use(encoding, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(STARTING_PLAN.read_text("utf-8"), encoding)
    assert read_file(path) == EXPECTED


def test_the_exported_workbook_reads_back_as_the_same_plan(school, tmp_path):
    found = load_starting_plan(school)
    from keyuan.kernel.access import system_of

    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_workbook(found.plan, queries.plan_table(system_of(school.pk), found.plan)))
    read = read_file(path)
    assert (read.types, read.activities, read.year) == (EXPECTED.types, EXPECTED.activities, 2020)


def archive(path: Path, body: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", body)
    return path


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "文件是空的"),
        (b"%PDF-1.7", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式"),
        (b"PK\x03\x04broken", "损坏"),
        (b"\x00\x01\x02" * 40, "不是可以读取的文本"),
        (b"x" * (10 * 1024 * 1024 + 1), "超过 10 MB"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(body, words, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(body)
    with pytest.raises(Fault, match=words):
        read_file(path)


def test_a_document_type_declaration_is_refused(tmp_path):
    body = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    with pytest.raises(Fault, match="DTD"):
        read_file(archive(tmp_path / "upload", body))


def test_a_document_that_inflates_beyond_all_measure_is_refused(tmp_path):
    with pytest.raises(Fault, match="解压后过大"):
        read_file(archive(tmp_path / "upload", b"<a>" + b" " * (41 * 1024 * 1024) + b"</a>"))
