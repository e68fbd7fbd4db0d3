"""The independent verifier rejects every kind of corrupted proposal."""

import copy
from typing import Any

import pytest

from keyuan.duty.rules.instance import Out
from keyuan.duty.rules.proposal import FORMAT, read_proposal
from keyuan.duty.rules.reading import read
from keyuan.duty.rules.solving import replan, solve
from keyuan.duty.rules.verifying import verify
from keyuan.kernel.faults import Fault


def as_text(raw: Any) -> str:
    import json

    return json.dumps(raw, ensure_ascii=False)


def faults(year: dict[str, Any], raw: dict[str, Any]) -> str:
    return "\n".join(verify(read(year), read_proposal(as_text(raw))).faults)


def row(raw: dict[str, Any], leader: str, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        one for one in raw["assignments"] if (one["leader"], one["kind"]) == (leader, kind)
    )
    return found


@pytest.fixture
def proposal(year) -> dict[str, Any]:
    return solve(read(year)).as_json()


def test_a_true_proposal_passes_the_way_over_its_file(year, proposal):
    verdict = verify(read(year), read_proposal(as_text(proposal)))
    assert verdict.sound
    assert verdict.objective == proposal["objective"]
    assert verdict.most_covered == 5


def spoil_rows(raw: dict[str, Any], **changes: Any) -> None:
    raw["assignments"] = [one | changes for one in raw["assignments"]]


def test_every_single_rule_is_asked_again(year, proposal):
    for path, words in (
        (("term", {"to": "2027-03-01"}), "不在任期之内"),
        (("unavailable", [["2027-01-01", "2027-12-31"]]), "没空"),
        (("expertise", {}), "专业不符"),
        (("city", "湛江"), "路程过远"),
        (("needs", {"attend": 0, "lecture": 0}), "没有这项任务"),
    ):
        spoilt = copy.deepcopy(year)
        spoilt["leaders"][0][path[0]] = path[1]
        raw = proposal | {"instance": read(spoilt).fingerprint}
        assert words in faults(spoilt, raw), path


def test_what_is_shared_is_counted_again(year, proposal):
    for spoil, words in (
        (
            lambda raw: raw["classes"][0].update(places=0) or raw["classes"][1].update(places=0),
            "名额只有 0 个",
        ),
        (lambda raw: [one.update(lecturers=0) for one in raw["slots"]], "只要 0 人"),
        (lambda raw: raw["rules"].update(lecturers_per_class=0), "最多 0 人"),
    ):
        spoilt = copy.deepcopy(year)
        spoil(spoilt)
        assert words in faults(spoilt, proposal | {"instance": read(spoilt).fingerprint})


def test_twice_in_a_month_is_found(year, proposal):
    row(proposal, "甲", "attend")["at"] = {"S1": "C1", "S2": "C2"}[row(proposal, "甲", "lecture")["at"]]
    assert "同月或同日" in faults(year, proposal)


def test_a_duty_done_twice_is_found(year, proposal):
    proposal["assignments"].append(proposal["assignments"][0])
    assert "排了 2 次" in faults(year, proposal)


def test_a_forgotten_duty_is_found(year, proposal):
    proposal["assignments"].pop()
    assert "没有说明原因" in faults(year, proposal)


def test_a_false_reason_is_found(year, proposal):
    gone = proposal["assignments"].pop()
    proposal["missed"].append(
        {
            "leader": gone["leader"],
            "kind": gone["kind"],
            "reason": "rules",
            "binding": [],
            "exhausted": [],
            "why": "",
        }
    )
    assert "原因与规则不符" in faults(year, proposal)
    proposal["assignments"].append(gone)
    assert "却已排上" in faults(year, proposal)


def test_strangers_and_unknown_places_are_found(year, proposal):
    proposal["assignments"][0]["at"] = "C9"
    proposal["assignments"][1]["leader"] = "丁"
    found = faults(year, proposal)
    assert "没有班次或课次 C9" in found
    assert "没有此人" in found


def test_a_moved_fixed_arrangement_is_found(year):
    raw = solve(read(year)).as_json()
    at = row(raw, "乙", "lecture")["at"]
    year["leaders"][1]["fixed"] = {"lecture": next(one for one in ("S2", "S3") if one != at)}
    assert "事先定下的是" in faults(year, raw | {"instance": read(year).fingerprint})
    raw["assignments"].remove(row(raw, "乙", "lecture"))
    assert "没有排" in faults(year, raw | {"instance": read(year).fingerprint})


@pytest.mark.parametrize("key", ["urgent", "covered", "duties", "kept", "coverage", "expertise", "distance", "fairness", "spread", "quality"])  # fmt: skip
def test_every_figure_is_reckoned_again(year, proposal, key):
    proposal["objective"][key] += 1
    assert f"目标 {key}" in faults(year, proposal)


def test_a_false_proof_is_found(year, proposal):
    for change, words in (
        ({"bound": proposal["proof"]["stages"][0]["bound"] + 1}, "是否最优与界不符"),
        ({"bound": 0}, "值或界与复算不符"),
        ({"value": 1}, "值或界与复算不符"),
        ({"proven": False}, "是否最优与界不符"),
        ({"name": "luck"}, "两步"),
    ):
        raw = copy.deepcopy(proposal)
        raw["proof"]["stages"][0].update(change)
        assert words in faults(year, raw), change
    assert "状态 feasible" in faults(year, proposal | {"status": "feasible"})


def test_a_proposal_for_another_instance_is_refused(year, proposal):
    year["leaders"][0]["field"] = "农科"
    assert "指纹不同" in faults(year, proposal)


def test_a_change_left_out_is_found(year):
    instance = read(year)
    raw = replan(instance, solve(instance), out=Out(leaders=frozenset(["甲"]))).as_json()
    assert faults(year, raw) == ""
    raw["changes"].pop()
    assert "调整清单" in faults(year, raw)


def test_who_is_out_may_not_be_placed(year, proposal):
    raw = proposal | {"out": {"leaders": ["甲"], "classes": [], "slots": []}, "before": [], "changes": []}
    assert "已退出" in faults(year, raw)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "7", '{"format": []}', f'{{"format": "{FORMAT}"}}', "[" * 100_000]
)  # fmt: skip
def test_what_is_no_proposal_is_refused_in_words(text):
    with pytest.raises(Fault, match="不是排期方案"):
        read_proposal(text)
