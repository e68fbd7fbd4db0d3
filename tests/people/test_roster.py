import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from keyuan.people.sheets import ROSTER
from tests.kernel.sheet_files import resident_number, workbook

TITLES = ["序号", "姓名", "性别", "出生年月", "单位", "职务/职称", "手机", "邮箱", "证件号码", "是否住宿"]
ORIGINALS = Path(os.environ.get("KEYUAN_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data"


def line(serial: int, **other: Any) -> list[Any]:
    kept = {"name": f"演示{'甲乙丙丁戊己庚辛壬癸'[serial % 10]}", "sex": "男", "born": "1985-03", "unit": "演示学会",
            "post": "主任\n教授", "phone": f"199000000{serial:02d}", "mail": None, "id": resident_number(serial), "bed": "√"}  # fmt: skip
    return [serial, *{**kept, **other}.values()]


def judged(tmp_path: Path, *lines: list[Any]) -> list[Any]:
    return ROSTER.read(workbook(tmp_path / "r.xlsx", [["附件2"], TITLES, *lines])).rows


def test_a_numeric_identity_number_is_damaged_whatever_its_checksum(tmp_path: Path) -> None:
    row = judged(tmp_path, line(1, id=float(resident_number(1)[:15] + "000")))[0]
    assert [fault.code for fault in row.faults] == ["id_number"]


def test_a_missing_name_or_identity_number_keeps_the_row_out(tmp_path: Path) -> None:
    rows = judged(tmp_path, line(1, name=None), line(2, id=None))
    assert [[(fault.column, fault.code) for fault in row.faults] for row in rows] == [
        [("姓名", "required")],
        [("身份证号", "required")],
    ]


def test_a_person_listed_twice_is_refused_and_two_people_under_one_number_are_pointed_out(
    tmp_path: Path,
) -> None:
    rows = judged(tmp_path, line(1), line(1), line(2, id=resident_number(1)))
    assert [row.ok for row in rows] == [True, False, True]
    assert "alike" in [hint.code for hint in rows[2].hints]


def test_safe_repairs_do_not_keep_a_row_out(tmp_path: Path) -> None:
    rows = judged(
        tmp_path,
        line(1, name="演　示　甲", sex="男 ", phone="199-0000-0001/0756-2222222"),
        line(2, unit=None, born="1985年3月", phone="１９９００００００２２"),
    )
    assert all(row.ok for row in rows)
    assert rows[0].values["name"] == "演示甲"
    assert rows[0].values["post_title"] == "主任 教授"
    assert rows[1].values["organisation"] == "演示学会"


def test_the_identity_number_settles_an_unclear_month(tmp_path: Path) -> None:
    clear, unclear = judged(
        tmp_path,
        line(1, born=1985.1, id=resident_number(1, "19851003")),
        line(2, born=1985.1, id="H12345678"),
    )
    assert clear.values["birth_month"] == "1985-10"
    assert unclear.ok
    assert unclear.values["birth_month_either"] == "1985-01/1985-10"
    question = unclear.open_questions[0]
    assert [option.label for option in question.options] == ["1985年1月", "1985年10月"]
    assert not question.proposed
    assert not unclear.ready


def test_two_mobiles_in_a_cell_keep_the_first_and_propose_the_second(tmp_path: Path) -> None:
    row = judged(tmp_path, line(1, phone="19900000009 / 199 0000 0001"))[0]
    assert row.ok
    assert not row.ready
    assert row.values["phone"] == "19900000009"
    question = row.open_questions[0]
    assert question.option(question.proposed).sets["phone"] == "19900000009"
    assert "19900000001" not in json.dumps([option.label for option in question.options])


def test_a_name_written_with_a_comma_asks_for_its_order(tmp_path: Path) -> None:
    row = judged(tmp_path, line(1, name="Smith, John"))[0]
    assert [option.label for option in row.open_questions[0].options] == ["John Smith", "Smith John"]


def test_a_contradiction_with_the_identity_number_is_a_hint(tmp_path: Path) -> None:
    row = judged(tmp_path, line(1, sex="女", born="1960-01"))[0]
    assert row.ok
    assert {hint.code for hint in row.hints} >= {"sex_differs", "birth_month_differs"}


def test_faults_never_repeat_an_identity_number(tmp_path: Path) -> None:
    wrong = resident_number(1)[:-1] + ("1" if resident_number(1)[-1] != "1" else "2")
    row = judged(tmp_path, line(1, id=wrong))[0]
    assert not row.ok
    assert wrong not in json.dumps([fault.as_json() for fault in row.faults], ensure_ascii=False)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code: Any = 0
    try:
        call_command("roster", "check", *words)
    except SystemExit as end:
        code = end.code
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command_judges_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(workbook(tmp_path / "r.xlsx", [TITLES, line(1), line(2, name=None)]))
    code, out, _err = run(capsys, path, "--json")
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [(row["row"], row["name"], row["ok"]) for row in rows] == [(2, "演示乙", True), (3, "", False)]
    assert rows[1]["faults"] == [{"column": "姓名", "code": "required", "message": "请填写姓名。"}]
    code, out, _err = run(capsys, path)
    assert code == 1
    assert "第 3 行" in out


def test_the_command_says_in_one_line_that_a_file_is_no_roster(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.xlsx").write_text("一段话\n", "utf-8")
    code, _out, err = run(capsys, str(tmp_path / "a.xlsx"))
    assert code == 2
    assert err.strip().count("\n") == 0
    assert "CSV" in err
    code, _out, err = run(capsys, str(tmp_path / "none.xlsx"))
    assert code == 2
    assert "找不到" in err


@pytest.mark.skipif(not ORIGINALS.is_dir(), reason="the original rosters are not here")
@pytest.mark.parametrize("name", ["roster-clean.xlsx", "roster-messy.xlsx", "roster-large.xlsx"])
def test_the_original_rosters_are_judged_as_they_should_be(name: str) -> None:
    truth = json.loads((ORIGINALS / "roster-truth.json").read_text("utf-8"))[name]
    rows = ROSTER.read(ORIGINALS / name).rows
    assert [row.ok for row in rows] == [each["ok"] for each in truth]
    assert [row.number for row in rows] == [each.get("row", at) for at, each in enumerate(truth, 2)]
