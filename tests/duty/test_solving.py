"""The scheduler against brute force: the same optimum, true reasons, gentle re-planning."""

import copy
from dataclasses import replace
from typing import Any

from hypothesis import given, settings

from keyuan.duty.rules import programme
from keyuan.duty.rules.instance import Out
from keyuan.duty.rules.proposal import FEASIBLE, Proposal
from keyuan.duty.rules.reading import read
from keyuan.duty.rules.solving import replan, solve
from keyuan.duty.rules.verifying import verify
from tests.duty.conftest import small_years
from tests.duty.oracle import Oracle, Plan

RELAXED = {"term", "match", "far", "unavailable"}


def plan_of(found: Proposal) -> Plan:
    return {(one.leader, one.kind): one.at for one in found.assignments}


@settings(max_examples=120, deadline=None)
@given(small_years())
def test_no_plan_is_better_than_the_proposal(raw: dict[str, Any]):
    oracle = Oracle(raw)
    best = max(map(oracle.worth, oracle.plans()))
    found = solve(read(raw))
    parts = found.objective
    assert found.status == "optimal"
    assert (parts["urgent"], parts["covered"], parts["quality"]) == best == oracle.worth(plan_of(found))
    assert verify(read(raw), found).faults == []


@settings(max_examples=80, deadline=None)
@given(small_years())
def test_every_reason_is_true(raw: dict[str, Any]):
    oracle = Oracle(raw)
    plans = list(oracle.plans())
    found = solve(read(raw))
    placed = plan_of(found)
    for one in found.missed:
        duty = (one.leader, one.kind)
        assert one.why.endswith("。")
        who = oracle.leaders[one.leader]["person"]
        mine = {other for other in placed if oracle.leaders[other[0]]["person"] == who} | {duty}
        possible = any(duty in plan for plan in plans)
        beside_himself = any(mine <= plan.keys() for plan in Oracle(alone(raw, who)).plans())
        assert one.reason == ("joint" if beside_himself else "own" if possible else "rules")
        assert not any(placed.keys() | {duty} <= plan.keys() for plan in plans), "it could have been placed"
        for resource in one.exhausted:
            full = [at for (_leader, kind), at in placed.items() if kind == one.kind == "attend"]
            if one.kind == "attend":
                assert full.count(resource) == oracle.classes[resource]["places"]
        if one.reason == "rules":
            check_binding(raw, one.leader, one.kind, set(one.binding))


def alone(raw: dict[str, Any], person: str) -> dict[str, Any]:
    """Nobody but one person, and room for everybody wherever there is any: only dates can stand in the way."""
    other = copy.deepcopy(raw)
    other["leaders"] = [one for one in other["leaders"] if one["person"] == person]
    for row in [*other["classes"], *other["slots"]]:
        for key in {"places", "lecturers"} & row.keys():
            row[key] *= 9
    return other


def check_binding(raw: dict[str, Any], leader: str, kind: str, binding: set[str]) -> None:
    """Lifting a binding rule alone opens a way, lifting another does not; unless only several together do."""
    opening = {rule for rule in RELAXED if can_do(lifted(raw, leader, rule), leader, kind)}
    opening |= {"places"} & binding
    if opening & RELAXED:
        assert opening == binding


def lifted(raw: dict[str, Any], leader: str, rule: str) -> dict[str, Any]:
    other = copy.deepcopy(raw)
    one = next(each for each in other["leaders"] if each["id"] == leader)
    if rule == "term":
        one["term"] = {"to": "2099-01-01"}
    elif rule == "unavailable":
        one["unavailable"] = []
    elif rule == "match":
        other["rules"]["least_match"] = 0
    else:
        other["rules"]["farthest"] = None
    return other


def can_do(raw: dict[str, Any], leader: str, kind: str) -> bool:
    oracle = Oracle(raw)
    return any(
        oracle.fits({}, (leader, kind), at) for at in (oracle.classes if kind == "attend" else oracle.slots)
    )


@settings(max_examples=80, deadline=None)
@given(small_years())
def test_a_new_plan_keeps_what_can_stay(raw: dict[str, Any]):
    instance = read(raw)
    first = solve(instance)
    gone = raw["leaders"][0]["id"]
    slots = frozenset(raw["slots"][0]["id"] for _one in raw["slots"][:1])
    found = replan(instance, first, out=Out(leaders=frozenset([gone]), slots=slots))
    rest = {
        **raw,
        "leaders": [one for one in raw["leaders"] if one["id"] != gone],
        "slots": [one for one in raw["slots"] if one["id"] not in slots],
    }
    oracle, before = Oracle(rest), plan_of(first)
    assert oracle.kept_worth(plan_of(found), before) == max(
        oracle.kept_worth(plan, before) for plan in oracle.plans()
    )
    assert verify(instance, found).faults == []
    now = plan_of(found)
    assert {(one.leader, one.kind) for one in found.changes} == {
        duty for duty in before.keys() | now.keys() if before.get(duty) != now.get(duty)
    }
    assert all("没有证明" not in one.why for one in found.changes)


def test_nothing_moves_when_nothing_changed(year: dict[str, Any]):
    instance = read(year)
    first = solve(instance)
    found = replan(instance, first)
    assert plan_of(found) == plan_of(first)
    assert found.changes == ()
    assert found.objective["kept"] == len(first.assignments) == 5


def test_who_dropped_out_stays_out_in_the_plan_after_next(year: dict[str, Any]):
    instance = read(year)
    second = replan(instance, solve(instance), out=Out(leaders=frozenset(["甲"])))
    third = replan(instance, second, out=Out(slots=frozenset(["S1"])))
    assert third.out.leaders == {"甲"}
    assert all(one.leader != "甲" for one in third.assignments)
    assert verify(instance, third).faults == []


def test_the_same_instance_gives_the_same_plan(year: dict[str, Any]):
    first, second = solve(read(year)), solve(read(year))
    assert first.as_json()["assignments"] == second.as_json()["assignments"]
    year["leaders"].reverse()
    third = solve(read(year))
    assert first.as_json()["assignments"] == third.as_json()["assignments"]


def test_a_term_that_ends_too_soon_is_named_with_the_day(year: dict[str, Any]):
    year["leaders"][0]["term"]["to"] = "2027-02-28"
    missed = {(one.leader, one.kind): one for one in solve(read(year)).missed}
    assert missed["甲", "lecture"].binding == ("term",)
    assert "任期 2027-02-28 届满，任期内能完成的 0 个" in missed["甲", "lecture"].why


def test_too_few_places_are_told_with_the_class_and_the_figures(year: dict[str, Any]):
    year["classes"] = year["classes"][:1]
    year["classes"][0]["places"] = 1
    year["slots"] = []
    for one in year["leaders"]:
        one["needs"]["lecture"] = 0
    found = {one.leader: one for one in solve(read(year)).missed}
    joint = [one for one in found.values() if one.reason == "joint"]
    assert len(joint) == 1
    assert joint[0].exhausted == ("C1",)
    assert "只能去这 1 个班次的有 2 人，名额共 1 个" in joint[0].why


def test_what_was_fixed_beforehand_stays_and_says_so(year: dict[str, Any]):
    year["leaders"][0]["fixed"] = {"lecture": "S3"}
    found = solve(read(year))
    assert plan_of(found)["甲", "lecture"] == "S3"
    assert next(one for one in found.assignments if one.at == "S3").why.endswith("事先已定。")
    assert verify(read(year), found).faults == []


class Idle(programme.Core):
    """No time at all: not even the solver's presolve."""

    def run(self) -> None:
        """Nothing."""


def test_out_of_time_is_not_called_optimal(year: dict[str, Any], monkeypatch):
    monkeypatch.setattr(programme, "Core", Idle)
    found = solve(read(year))
    assert found.status == FEASIBLE
    assert found.stages[1].gap > 0
    assert verify(read(year), found).faults == []


def test_out_of_time_nobody_is_told_that_nothing_can_be_done(year: dict[str, Any], monkeypatch):
    monkeypatch.setattr(programme, "Core", Idle)
    year["classes"][1]["places"] = 0
    year["classes"][0]["places"] = 1
    missed = {(one.leader, one.kind): one for one in solve(read(year)).missed}
    assert {one.reason for one in missed.values()} == {"unproven", "rules"}
    assert all("没有证明" in one.why for one in missed.values() if one.reason == "unproven")


def test_the_solver_is_silent(year: dict[str, Any], capfd):
    solve(read(year))
    assert capfd.readouterr() == ("", "")


def test_two_posts_of_one_person_never_meet_in_a_month(year: dict[str, Any]):
    for one in year["leaders"][:2]:
        one["person"] = "同一人"
    found = solve(read(year))
    assert found.objective["covered"] < 5
    assert verify(read(year), replace(found)).faults == []
