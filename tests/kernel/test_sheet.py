from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.kernel.sheet import Column, Sheet, SheetFault, readers, writing
from tests.kernel.sheet_files import HEAD, SIMPLE, grid_of, inline, raw_workbook, sheet_xml, workbook


def read(tmp_path: Path, rows: list[list[Any]], **layout: Any) -> Any:
    return SIMPLE.read(workbook(tmp_path / "a.xlsx", rows, **layout))


def test_titles_are_found_below_a_letterhead_and_with_blanks_inside(tmp_path: Path) -> None:
    rows = [
        ["附件2"],
        ["报名回执"],
        ["填报单位：某学会"],
        [],
        ["姓  名", "联系\n电话*", "备 注（选填）"],
        ["张　三", 19900520181, ""],
    ]
    contents = read(tmp_path, rows, merges=("A2:C2",))
    assert (contents.header_row, contents.rows[0].number) == (5, 6)
    assert contents.rows[0].values == {"name": "张三", "phone": "19900520181", "remark": ""}


def test_titles_in_two_levels_are_read(tmp_path: Path) -> None:
    rows = [
        ["姓名", "联系方式", None, "备注"],
        [None, "手机", "邮箱", None],
        ["张三", "19900520181", "a@b.cn", "甲"],
    ]
    contents = read(tmp_path, rows, merges=("A1:A2", "B1:C1", "D1:D2"))
    assert contents.rows[0].values == {"name": "张三", "phone": "19900520181", "remark": "甲"}
    assert contents.titles == ("姓名", "手机", "邮箱", "备注")
    assert contents.unread == ("邮箱",)


def test_repairs_are_remembered_with_what_stood_there(tmp_path: Path) -> None:
    row = read(tmp_path, [["姓名", "手机"], ["张　三", "199-0052-0181/020-83550000"]]).rows[0]
    assert row.ok
    assert row.repairs == {"name": "张　三", "phone": "199-0052-0181/020-83550000"}
    assert row.values["phone_other"] == "020-83550000"


def test_a_title_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    with pytest.raises(SheetFault, match="“手机”出现了两次（B 列和 D 列）"):
        read(tmp_path, [["姓名", "手机", "备注", "手 机"], ["张三", "1", "", "2"]])


def test_a_missing_required_title_is_named(tmp_path: Path) -> None:
    with pytest.raises(SheetFault, match="缺少“姓名”"):
        read(tmp_path, [["手机", "备注"], ["19900520181", ""]])


def test_a_sheet_without_titles_or_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SheetFault, match="没有找到"):
        read(tmp_path, [["甲", "乙"], ["1", "2"]])
    with pytest.raises(SheetFault, match="没有数据"):
        read(tmp_path, [["姓名", "手机"]])
    with pytest.raises(SheetFault, match="没有内容"):
        read(tmp_path, [])


def test_notes_at_the_end_are_left_out_and_hidden_rows_are_read(tmp_path: Path) -> None:
    rows = [
        ["姓名", "手机"],
        ["张三", "19900520181"],
        ["李四", "19900520182"],
        [],
        ["填表人：", "陈某"],
        ["合计：2人"],
        ["注：请盖章"],
        ["下一行的说明"],
    ]
    contents = read(tmp_path, rows, hidden_rows=(3,))
    assert [row.number for row in contents.rows] == [2, 3]


def test_cells_merged_downwards_are_filled(tmp_path: Path) -> None:
    rows = [
        ["姓名", "手机", "备注"],
        ["张三", "19900520181", "同一单位"],
        ["李四", "19900520182", None],
        ["王五", "19900520183", None],
    ]
    contents = read(tmp_path, rows, merges=("C2:C3",))
    assert [row.values["remark"] for row in contents.rows] == ["同一单位", "同一单位", ""]


def test_the_second_of_two_equal_rows_is_at_fault(tmp_path: Path) -> None:
    contents = read(tmp_path, [["姓名", "手机"], ["张三", "19900520181"], ["张 三", "199-0052-0181"]])
    assert [row.ok for row in contents.rows] == [True, False]
    assert "第 2 行" in contents.bad[0].faults[0].message


def test_a_formula_without_a_result_is_a_fault_and_with_one_is_its_value(tmp_path: Path) -> None:
    cells = f'<row r="2">{inline("A2", "张三")}<c r="B2"><f>1+1</f></c></row><row r="3"><c r="A3" t="str"><f>"李"</f><v>李四</v></c></row>'
    cells += f'<row r="4">{inline("A4", "王五")}<c r="B4" t="e"><f>NA()</f><v>#N/A</v></c></row>'
    contents = SIMPLE.read(raw_workbook(tmp_path / "a.xlsx", sheet_xml(HEAD + cells)))
    assert [[fault.code for fault in row.faults] for row in contents.rows] == [
        ["formula"],
        [],
        ["formula_error"],
    ]
    assert contents.rows[1].values["name"] == "李四"


def test_exported_cells_never_start_a_formula(tmp_path: Path) -> None:
    nasty = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://a.cn", "00123"]
    content = SIMPLE.export({"name": word, "phone": "", "remark": ""} for word in nasty)
    (tmp_path / "out.xlsx").write_bytes(content)
    from openpyxl import load_workbook

    page = load_workbook(tmp_path / "out.xlsx").active
    assert page is not None
    assert [page.cell(row, 1).value for row in range(2, 8)] == nasty
    assert {page.cell(row, 1).data_type for row in range(2, 8)} == {"s"} or all(
        page.cell(row, 1).data_type != "f" for row in range(3, 8)
    )
    import zipfile

    with zipfile.ZipFile(tmp_path / "out.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_the_template_presets_text_and_can_be_filled_and_read(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "t.xlsx"
    path.write_bytes(SIMPLE.template())
    book = load_workbook(path)
    page = book.active
    assert page is not None
    assert page["B4"].number_format == "@"
    page["A4"], page["B4"] = "张三", "19900520181"
    book.save(path)
    assert [row.values["name"] for row in SIMPLE.read(path).rows] == ["张三"]


def test_the_bad_rows_come_back_annotated_and_can_be_sent_again(tmp_path: Path) -> None:
    contents = read(
        tmp_path, [["姓名", "手机", "别的"], ["张三", "123", "甲"], ["李四", "19900520182", "乙"]]
    )
    content = writing.annotated(SIMPLE, contents.titles, [(row.cells, row.faults) for row in contents.bad])
    lines = grid_of(content)
    assert lines[0] == ("姓名", "手机", "别的", "需修改的问题")
    assert lines[1][:3] == ("张三", "123", "甲")
    assert "11 位" in lines[1][3]
    (tmp_path / "again.xlsx").write_bytes(content)
    again = SIMPLE.read(tmp_path / "again.xlsx")
    assert again.unread == ("别的",)
    assert (
        writing.annotated(SIMPLE, again.titles, [(row.cells, row.faults) for row in again.bad])[:2] == b"PK"
    )


WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
ECHO = Sheet("test.echo", "往返", (
    Column("key", "键", readers.text, required=True), Column("a", "甲", readers.text), Column("b", "乙", readers.text)
))  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=40))
def test_what_is_exported_is_read_back(pairs: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "r.xlsx"
        path.write_bytes(ECHO.export({"key": f"k{n}", "a": a, "b": b} for n, (a, b) in enumerate(pairs)))
        rows = ECHO.read(path).rows
    assert [row.values["key"] for row in rows] == [f"k{n}" for n in range(len(pairs))]
    for row, pair in zip(rows, pairs, strict=True):
        assert (row.values["a"], row.values["b"]) == tuple(
            readers.text(writing.clean(word)).value for word in pair
        )


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        (readers.day, "2020年5月6日", "2020-05-06"),
        (readers.day, datetime(2020, 5, 6, 9, 0), "2020-05-06"),  # noqa: DTZ001 - Excel knows no zones
        (readers.number(places=1), "１２.5", "12.5"),
        (readers.number(), 3.0, "3"),
        (readers.yes_no, "√", "是"),
        (readers.yes_no, "不住", "否"),
        (readers.email, " A@B.cn ", "a@b.cn"),
        (readers.phone, "无", ""),
        (readers.choice("甲", "乙"), "甲 ", "甲"),
        (readers.title, "广东省 药理 学会", "广东省药理学会"),
    ],
)
def test_readers_mend_what_is_safe(reader: Any, raw: Any, value: str) -> None:
    assert reader(raw).value == value
