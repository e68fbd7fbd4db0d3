"""`manage duty` reads, proposes, re-plans, judges and makes up a year."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command


def run(*words: object) -> str:
    out = StringIO()
    call_command("duty", *map(str, words), stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path, year: dict[str, Any]) -> Path:
    path = tmp_path / "year.json"
    path.write_text(json.dumps(year, ensure_ascii=False), "utf-8")
    return path


def test_a_plan_is_printed_with_its_proof_and_its_reasons(file, year):
    said = run("solve", file)
    assert "排上 5 项，共 5 项" in said
    assert "已证明最优" in said
    assert "结论：最优" in said
    assert "甲听课：班次" in said
    year["leaders"][0]["expertise"] = {}
    file.write_text(json.dumps(year), "utf-8")
    assert "甲的讲课：共 3 个课次" in run("solve", file)


def test_solve_check_and_replan_work_on_each_others_files(file, tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(run("solve", file, "--json"), "utf-8")
    assert "复核无误" in run("check", file, first)
    assert "调整" in run("replan", file, first, "--out-leader", "甲")
    second.write_text(run("replan", file, first, "--out-leader", "甲", "--json"), "utf-8")
    assert json.loads(run("check", file, second, "--json"))["sound"] is True


def test_a_corrupted_plan_ends_with_one(file, tmp_path):
    spoilt = json.loads(run("solve", file, "--json"))
    spoilt["objective"]["covered"] = 9
    path = tmp_path / "spoilt.json"
    path.write_text(json.dumps(spoilt), "utf-8")
    with pytest.raises(SystemExit) as caught:
        run("check", file, path)
    assert caught.value.code == 1


def test_refusals_are_clear(file, tmp_path):
    with pytest.raises(CommandError, match="读不出文件"):
        run("solve", tmp_path / "none.json")
    with pytest.raises(CommandError, match="--limit"):
        run("solve", file, "--limit", "0")
    (tmp_path / "bad.json").write_text("{}", "utf-8")
    with pytest.raises(CommandError, match="缺少“leaders”"):
        run("solve", tmp_path / "bad.json")
    (tmp_path / "plan.json").write_text(run("solve", file, "--json"), "utf-8")
    with pytest.raises(CommandError, match="没有编号“戊”"):
        run("replan", file, tmp_path / "plan.json", "--out-leader", "戊")
    with pytest.raises(CommandError, match="0 到 5000"):
        run("generate", "--leaders", "-1")


def test_a_made_up_year_can_be_solved_and_checked(tmp_path):
    path, plan = tmp_path / "year.json", tmp_path / "plan.json"
    path.write_text(run("generate", "--leaders", 30, "--classes", 6, "--slots", 36, "--seed", 2), "utf-8")
    plan.write_text(run("solve", path, "--json"), "utf-8")
    assert json.loads(plan.read_text("utf-8"))["status"] == "optimal"
    assert "复核无误" in run("check", path, plan)
