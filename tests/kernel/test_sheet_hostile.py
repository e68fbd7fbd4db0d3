import os
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from keyuan.kernel.sheet import SheetFault, child, parse
from tests.kernel.sheet_files import HEAD, SIMPLE, inline, raw_workbook, sheet_xml, workbook

ONE = f'<row r="2">{inline("A2", "张三")}</row>'


def refusal(path: Path) -> str:
    with pytest.raises(SheetFault) as caught:
        SIMPLE.read(path)
    return caught.value.code


def test_a_merge_bomb_is_refused_by_its_area(tmp_path: Path) -> None:
    path = raw_workbook(
        tmp_path / "a.xlsx", sheet_xml(HEAD + ONE, '<mergeCells><mergeCell ref="A1:XFD100"/></mergeCells>')
    )
    assert path.stat().st_size < 5000
    assert refusal(path) == "merge"


def test_a_cell_in_the_last_corner_is_refused_by_name(tmp_path: Path) -> None:
    far = f'<row r="1048576">{inline("XFD1048576", "x")}</row>'
    with pytest.raises(SheetFault, match="XFD1048576"):
        SIMPLE.read(raw_workbook(tmp_path / "a.xlsx", sheet_xml(HEAD + ONE + far)))


def test_a_formatted_empty_cell_far_away_harms_nobody(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    contents = SIMPLE.read(raw_workbook(tmp_path / "a.xlsx", sheet_xml(HEAD + ONE + far)))
    assert len(contents.rows) == 1


def zeros(path: Path, megabytes: int, declared: int | None) -> Path:
    """A workbook whose extra part inflates to zeros and declares another size and its checksum."""
    raw_workbook(path, sheet_xml(HEAD + ONE), extra={"xl/extra.bin": "\0" * (megabytes * 1024 * 1024)})
    if declared is not None:
        with zipfile.ZipFile(path) as archive:
            info = archive.getinfo("xl/extra.bin")
        data, real = path.read_bytes(), info.file_size.to_bytes(4, "little")
        lie = zlib.crc32(b"\0" * declared).to_bytes(4, "little")
        data = data.replace(info.CRC.to_bytes(4, "little"), lie).replace(real, declared.to_bytes(4, "little"))
        path.write_bytes(data)
    return path


def test_a_zip_of_zeros_is_counted_as_it_comes_out(tmp_path: Path) -> None:
    path = zeros(tmp_path / "a.xlsx", 2, None)
    with pytest.raises(child.Refused, match="inflated"):
        child.scan_workbook(path, limit=1024 * 1024)
    assert child.scan_workbook(path)


def test_a_size_that_lies_is_refused_even_with_a_matching_checksum(tmp_path: Path) -> None:
    assert refusal(zeros(tmp_path / "a.xlsx", 1, declared=100)) == "broken"


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + sheet_xml(HEAD + ONE)
    assert refusal(raw_workbook(tmp_path / "a.xlsx", bomb)) == "dtd"
    shared = {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>'}
    assert refusal(raw_workbook(tmp_path / "b.xlsx", sheet_xml(HEAD + ONE), extra=shared)) == "dtd"


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = raw_workbook(tmp_path / "a.xlsx", sheet_xml(HEAD + ONE))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(HEAD))
    assert refusal(path) == "broken"


def test_a_password_is_named_as_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 1024
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 99
    )
    with pytest.raises(SheetFault, match="有密码，请去掉密码后再传"):
        SIMPLE.read(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("只有一段话，没有列。\n第二行".replace("，", "").encode(), "text"),
        ("<html><table><tr><td>姓名,手机</td></tr></table>".encode("gb18030"), "text"),
        (b"", "empty"),
        (b"%PDF-1.7 \x00\x01", "other"),
        (b"\x89PNG\r\n\x1a\n\0\0", "other"),
        (b"PK\x03\x04 broken", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "broken"),
    ],
)
def test_what_is_no_workbook_is_told_by_its_bytes_not_its_name(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_word_file_is_called_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert refusal(tmp_path / "a.xlsx") == "word"


def test_a_file_too_big_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as out:
        out.truncate(parse.FILE_LIMIT + 1)
    with pytest.raises(SheetFault, match="21 MB"):
        SIMPLE.read(path)


def many(path: Path, rows: int) -> Path:
    lines = "".join(
        f'<row r="{n}">{inline(f"A{n}", f"人{n:05d}".translate(DIGITS))}</row>' for n in range(2, rows + 2)
    )
    return raw_workbook(path, sheet_xml(HEAD + lines))


DIGITS = str.maketrans("0123456789", "零一二三四五六七八九")


def test_twenty_thousand_rows_are_read_and_one_more_refused_with_the_number(tmp_path: Path) -> None:
    assert len(SIMPLE.read(many(tmp_path / "a.xlsx", 20_000)).rows) == 20_000
    with pytest.raises(SheetFault, match="20001 行"):
        SIMPLE.read(many(tmp_path / "b.xlsx", 20_001))
    with pytest.raises(SheetFault, match="40001 行"):
        SIMPLE.read(many(tmp_path / "c.xlsx", 40_000))


def test_a_parser_that_hangs_or_dies_is_one_clear_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", [["姓名", "手机"], ["张三", ""]])
    slow = tmp_path / "slow.py"
    slow.write_text("import time; time.sleep(30)")
    monkeypatch.setattr(parse, "_CHILD", slow)
    monkeypatch.setattr(parse, "WALL_SECONDS", 0.3)
    began = time.monotonic()
    assert refusal(path) == "heavy"
    assert time.monotonic() - began < 20
    slow.write_text("import os; os.abort()")
    assert refusal(path) == "heavy"


@pytest.mark.skipif(os.name != "posix", reason="limits of memory and CPU exist on POSIX only")
def test_the_child_binds_itself(tmp_path: Path) -> None:
    import subprocess
    import sys

    probe = (
        "import sys; sys.path.insert(0, sys.argv[1]); import child; child.limit_self(); bytearray(2 << 30)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, str(Path(child.__file__).parent)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert "MemoryError" in done.stderr
