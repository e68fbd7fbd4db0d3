"""Open-document and text tables made to exhaust whoever reads them."""

import zipfile
from pathlib import Path

import pytest

from keyuan.kernel.sheet import SheetFault
from tests.kernel.sheet_files import SIMPLE
from tests.kernel.sheet_formats import open_document

HEAD = '<table:table-row><table:table-cell office:value-type="string"><text:p>姓名</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>手机</text:p></table:table-cell></table:table-row>'
ONE = '<table:table-row><table:table-cell office:value-type="string"><text:p>张三</text:p></table:table-cell></table:table-row>'


def refusal(path: Path) -> str:
    with pytest.raises(SheetFault) as caught:
        SIMPLE.read(path)
    return caught.value.code


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string"><text:p>张三</text:p></table:table-cell></table:table-row>', "rows"),
        ('<table:table-row><table:table-cell office:value-type="string" table:number-columns-repeated="999999999"><text:p>张三</text:p></table:table-cell></table:table-row>', "far"),
        ('<table:table-row><table:table-cell table:number-rows-spanned="1048576" table:number-columns-spanned="16384" office:value-type="string"><text:p>张三</text:p></table:table-cell></table:table-row>', "heavy"),
        ('<table:table-row table:number-rows-repeated="many"><table:table-cell/></table:table-row>', "broken"),
        ("<table:table-row>", "broken"),
    ],
)  # fmt: skip
def test_repetition_in_an_open_document_is_never_laid_out(row: str, code: str, tmp_path: Path) -> None:
    tables = f'<table:table table:name="表">{HEAD}{row}</table:table>'
    assert refusal(open_document(tmp_path / "a.ods", tables)) == code


def test_a_million_blank_rows_harm_nobody(tmp_path: Path) -> None:
    blank = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    tables = f'<table:table table:name="表">{HEAD}{ONE}{blank}</table:table>'
    assert len(SIMPLE.read(open_document(tmp_path / "a.ods", tables)).rows) == 1


def test_a_document_type_a_password_and_a_text_document_are_refused(tmp_path: Path) -> None:
    for name, content, manifest, code in (
        ("a", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>', "<m/>", "dtd"),
        ("b", "<x/>", '<m><e:encryption-data xmlns:e="e"/></m>', "password"),
        ("c", "<x/>", "<m/>", "word"),
    ):
        with zipfile.ZipFile(tmp_path / f"{name}.ods", "w") as archive:
            archive.writestr("META-INF/manifest.xml", manifest)
            archive.writestr("content.xml", content)
        assert refusal(tmp_path / f"{name}.ods") == code


def test_blanks_inflating_without_end_are_counted(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", "<x>" + " " * (170 * 1024 * 1024) + "</x>")
    assert refusal(tmp_path / "a.ods") == "inflated"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("姓名,手机\n" + "张三,\n" * 31_000, "rows"),
        ("姓名,手机\n" + "张三" * 70_000 + ",1\n", "broken"),
        ("姓名,手机\n" + "张三," * 5_000 + "\n", "far"),
        ('姓名,手机\n"张三' + ",1\n" * 40_000, "broken"),
    ],
)
def test_text_without_end_is_refused(content: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(content, "utf-8")
    assert refusal(tmp_path / "a.csv") == code


def test_a_cell_kept_as_text_by_a_formula_sign_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes('姓名,手机\r\n张三,"=""19900520181"""\r\n'.encode("gb18030"))
    assert SIMPLE.read(tmp_path / "a.csv").rows[0].values["phone"] == "19900520181"
