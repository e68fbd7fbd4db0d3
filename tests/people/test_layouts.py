"""The same six people come out of every layout in which offices send a roster."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keyuan.kernel.codes import id_number_fault
from keyuan.kernel.sheet import Contents
from keyuan.people.sheets import ROSTER
from tests.kernel.sheet_files import resident_number
from tests.kernel.sheet_formats import FORMATS, Merges, Rows, written

UNITS = ("演示省药理学会", "演示市科学技术协会")
PEOPLE = [
    {"name": name, "sex": "男" if n % 2 else "女", "born": f"198{n}-03", "unit": UNITS[n // 3], "post": "主任 教授",
     "phone": f"1990000000{n}", "mail": f"a{n}@example.com", "id": resident_number(n, f"198{n}0312"), "bed": "是"}
    for n, name in enumerate(("演示甲", "演示乙", "演示丙", "欧阳演示", "演示戊", "阿里木·演示"))
]  # fmt: skip
KEYS = ("name", "sex", "born", "unit", "post", "phone", "mail", "id", "bed")
FIELDS = {"born": "birth_month", "unit": "organisation", "post": "post_title", "mail": "email", "id": "id_number", "bed": "lodging"}  # fmt: skip
TITLES = ("姓名", "性别", "出生年月", "单位", "职务/职称", "手机", "邮箱", "证件号码", "是否住宿")
TEXT_FORMATS = tuple(kind for kind in FORMATS if "-" in kind)
FOOTERS: list[Rows] = [
    [],
    [["备注：请于3月5日前报送"], ["填表人：演示", None, None, "联系电话：0756-0000000"]],
    [[], ["合计", "6人"], ["（盖章）"]],
]
HOW_UNIT = ("column", "merged", "carried", "above", "above-beside", "sections", "repeated-titles")
SHEETS = list(product(HOW_UNIT, FORMATS))


def dirty(n: int, row: dict[str, str]) -> dict[str, Any]:
    """The ways people write the same thing; each is read without a question."""
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    name = row["name"]
    return row | {
        "name": f"{name[0]}　{name[1:]}" if n % 2 else f" {name} ",
        "sex": row["sex"] + " ",
        "born": ("1980年3月", "1981.3", "1982.03", "19830312", "84.03", "1985/3")[n],
        "post": "主任\n教授",
        "phone": f"{row['phone'][:3]}-{row['phone'][3:7]}-{row['phone'][7:]}" if n % 2 else row["phone"].translate(wide),
        "id": row["id"].translate(wide) if n % 2 else f"{row['id'][:6]} {row['id'][6:]}",
        "bed": ("√", "住", "是", "需要", "要", "Y")[n],
    }  # fmt: skip


def laid_out(
    how: str, *, text_only: bool, lines_above: int, levels: int, footer: int, mess: bool
) -> tuple[Rows, Merges]:
    keys = [key for key in KEYS if key != "unit" or how in {"column", "merged", "carried", "repeated-titles"}]
    head: list[Any] = ["序号", *(TITLES[KEYS.index(key)] for key in keys)]
    width = len(head)
    rows: Rows = [["附件2"], ["演示研修班报名回执"], []][:lines_above]
    merges: Merges = [(2, 1, 2, width)] if lines_above > 1 and not text_only else []
    if how == "above":
        rows.append([f"填报单位（盖章）：{UNITS[0]}　　　填报日期：2026年3月1日"])
    elif how == "above-beside":
        rows.append(["单位名称：", UNITS[0], None, "联系人：", "演示联系人"])
    rows, merges = _with_titles(rows, merges, head, levels=levels, text_only=text_only)
    top = rows[len(rows) - levels :]
    unit = ""
    for n, clean in enumerate(PEOPLE):
        person: dict[str, Any] = dirty(n, clean) if mess else dict(clean)
        begins = clean["unit"] != unit
        unit = clean["unit"]
        if begins and how == "sections":
            if not text_only:
                merges.append((len(rows) + 1, 1, len(rows) + 1, width))
            rows.append([f"填报单位：{unit}" if text_only or n else f"一、{unit}（3人）"])
        if begins and n and how.startswith("above"):
            rows.append([f"填报单位：{unit}"])
        if begins and n and how == "repeated-titles":
            rows.extend([list(line) for line in top])
        if not begins and how in {"merged", "carried"}:
            person["unit"] = None
        if begins and how == "merged" and not text_only:
            place = 2 + keys.index("unit")
            merges.append((len(rows) + 1, place, len(rows) + 3, place))
        rows.append([n % 3 + 1, *(person[key] for key in keys)])
    rows += FOOTERS[footer]
    return rows, merges


def _with_titles(
    rows: Rows, merges: Merges, head: list[Any], *, levels: int, text_only: bool
) -> tuple[Rows, Merges]:
    if levels == 1:
        return [*rows, head], merges
    first: list[Any] = list(head)
    second: list[Any] = [None] * len(head)
    at = head.index("手机")
    first[at], first[at + 1] = "联系方式", None
    second[at], second[at + 1] = "手机号码", "电子邮箱"
    row = len(rows) + 1
    if not text_only:
        merges = [*merges, (row, at + 1, row, at + 2)]
        merges += [(row, n + 1, row + 1, n + 1) for n in range(len(head)) if n not in {at, at + 1}]
    return [*rows, first, second], merges


def people_of(contents: Contents) -> list[dict[str, str]]:
    return [{key: row.values.get(FIELDS.get(key, key), "") for key in KEYS} for row in contents.rows]


@pytest.mark.parametrize(("serial", "how", "kind"), [(n, *pair) for n, pair in enumerate(SHEETS)])
def test_the_same_people_come_out_of_every_layout(serial: int, how: str, kind: str, tmp_path: Path) -> None:
    rows, merges = laid_out(
        how,
        text_only=kind in TEXT_FORMATS,
        lines_above=serial % 4,
        levels=1 + serial // 2 % 2,
        footer=serial % 3,
        mess=serial % 5 < 3,
    )
    contents = ROSTER.read(written(tmp_path, kind, rows, merges))
    assert people_of(contents) == PEOPLE
    assert all(row.ok for row in contents.rows)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_was_hidden_is_read_and_told(kind: str, tmp_path: Path) -> None:
    rows, merges = laid_out("column", text_only=False, lines_above=2, levels=1, footer=0, mess=False)
    contents = ROSTER.read(written(tmp_path, kind, rows, merges, hidden=((5,), (4,))))
    assert people_of(contents) == PEOPLE
    assert [hint.code for hint in contents.rows[1].hints] == ["hidden"]
    assert len(contents.notes) == 2
    assert "D（出生年月）" in contents.notes[0]
    assert "第 5 行" in contents.notes[1]


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_number_in_an_identity_cell_is_damaged_even_if_its_check_digit_passes(
    kind: str, tmp_path: Path
) -> None:
    passing = next(
        n
        for n in map(resident_number, range(1000))
        if not n.endswith("X") and not id_number_fault(f"{float(n):.0f}")
    )
    rows: Rows = [["姓名", "身份证号"], ["演示甲", float(passing)]]
    row = ROSTER.read(written(tmp_path, kind, rows)).rows[0]
    assert [fault.code for fault in row.faults] == ["id_number"]


def test_a_measure_above_the_titles_is_no_unit(tmp_path: Path) -> None:
    rows: Rows = [["单位：人"], ["姓名", "身份证号", "单位"], ["演示甲", resident_number(1), None]]
    assert not ROSTER.read(written(tmp_path, "xlsx", rows)).rows[0].values["organisation"]


LETTERS = st.text(st.sampled_from("演示甲乙丙丁欧阳药理学会市科协一二三"), min_size=2, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.lists(st.tuples(LETTERS, LETTERS, st.booleans()), min_size=1, max_size=8),
    kind=st.sampled_from(FORMATS),
    layout=st.tuples(st.integers(0, 6), st.permutations(range(4)), st.integers(0, 1)),
)
def test_any_order_of_columns_in_any_format_is_read_back(
    people: list[tuple[str, str, bool]], kind: str, layout: tuple[int, list[int], int], tmp_path: Path
) -> None:
    titles = ["姓名", "工作单位", "身份证号码", "住宿"]
    above, order, blank_rows = layout
    rows: Rows = [[f"第{n}行的话"] for n in range(above)]
    rows.append([titles[place] for place in order])
    wanted = [
        [name, f"{unit}学会", resident_number(n), "是" if bed else "否"]
        for n, (name, unit, bed) in enumerate(people)
    ]
    for cells in wanted:
        rows.append([cells[place] for place in order])
        rows.extend([] for _blank in range(blank_rows))
    contents = ROSTER.read(written(tmp_path, kind, rows))
    keys = ("name", "organisation", "id_number", "lodging")
    assert [[row.values[key] for key in keys] for row in contents.rows] == wanted
