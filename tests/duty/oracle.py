"""Brute force: every plan of a small instance, judged from the raw file without a line of the room's code."""

from collections.abc import Iterator
from datetime import date
from typing import Any

Plan = dict[tuple[str, str], str]
MAKE = {"expertise": 10, "distance": 1, "fairness": 400, "spread": 12}


def _day(text: str) -> date:
    return date.fromisoformat(text)


class Oracle:
    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.rules = raw["rules"]
        self.weights = MAKE | self.rules.get("weights", {})
        self.leaders = {one["id"]: one for one in raw["leaders"]}
        self.classes = {one["id"]: one for one in raw["classes"]}
        self.slots = {one["id"]: one for one in raw["slots"]}
        self.far = {frozenset(row[:2]): row[2] for row in raw["distance"]["between"]}
        self.duties = [
            (key, kind) for key, one in self.leaders.items() for kind in one["needs"] if one["needs"][kind]
        ]
        last = max((one["ends"] for one in raw["classes"]), default="0001-01-01")
        self.urgent_until = self.rules.get("urgent_until", last)

    def span(self, kind: str, at: str) -> tuple[str, str]:
        if kind == "attend":
            return self.classes[at]["starts"], self.classes[at]["ends"]
        return self.slots[at]["date"], self.slots[at]["date"]

    def city(self, kind: str, at: str) -> str:
        return self.classes[at if kind == "attend" else self.slots[at]["class"]]["city"]

    def match(self, leader: str, kind: str, at: str) -> int:
        tags = self.leaders[leader].get("expertise", {})
        themes = self.classes[at].get("themes", []) if kind == "attend" else [self.slots[at]["theme"]]
        return max((tags.get(theme, 0) for theme in themes), default=0)

    def distance(self, leader: str, kind: str, at: str) -> int:
        one, other = self.leaders[leader]["city"], self.city(kind, at)
        return 0 if one == other else self.far[frozenset((one, other))]

    def allowed(self, leader: str, kind: str, at: str) -> bool:
        one = self.leaders[leader]
        first, last = self.span(kind, at)
        fixed = one.get("fixed", {}).get(kind)
        if fixed is not None:
            return fixed == at
        if last > one["term"]["to"] or first < one["term"].get("from", ""):
            return False
        if any(begins <= last and first <= ends for begins, ends in one.get("unavailable", [])):
            return False
        if kind == "lecture" and self.match(leader, kind, at) < self.rules.get("least_match", 1):
            return False
        return self.rules.get("farthest") is None or self.distance(leader, kind, at) <= self.rules["farthest"]

    def clash(self, one: tuple[str, str], other: tuple[str, str]) -> bool:
        (a, b), (c, d) = self.span(*one), self.span(*other)
        if self.rules["once_a_month"]:
            a, b, c, d = a[:7], b[:7], c[:7], d[:7]
        return a <= d and c <= b

    def fits(self, plan: Plan, duty: tuple[str, str], at: str) -> bool:
        leader, kind = duty
        if not self.allowed(leader, kind, at):
            return False
        who = self.leaders[leader].get("person", leader)
        there = in_class = 0
        for (other, each), place in plan.items():
            if self.leaders[other].get("person", other) == who and self.clash((kind, at), (each, place)):
                return False
            there += (each, place) == (kind, at)
            if each == kind == "lecture":
                in_class += self.slots[place]["class"] == self.slots[at]["class"]
        if kind == "attend":
            return there < self.classes[at]["places"]
        owner = self.classes[self.slots[at]["class"]]
        cap = owner.get("lecturers", self.rules["lecturers_per_class"])
        return there < self.slots[at].get("lecturers", 1) and in_class < cap

    def plans(self, plan: Plan | None = None, n: int = 0) -> Iterator[Plan]:
        plan = plan or {}
        if n == len(self.duties):
            yield dict(plan)
            return
        leader, kind = duty = self.duties[n]
        if kind not in self.leaders[leader].get("fixed", {}):
            yield from self.plans(plan, n + 1)
        for at in self.classes if kind == "attend" else self.slots:
            if self.fits(plan, duty, at):
                yield from self.plans({**plan, duty: at}, n + 1)

    def quality(self, plan: Plan) -> int:
        step = self.raw["distance"]["step"]
        points = sum(
            self.weights["expertise"] * self.match(leader, kind, at)
            - self.weights["distance"] * (self.distance(leader, kind, at) // step)
            for (leader, kind), at in plan.items()
        )
        fields = {one["field"] for one in self.leaders.values()}
        for name in fields:
            mine = [duty for duty in self.duties if self.leaders[duty[0]]["field"] == name]
            missed = sum(duty not in plan for duty in mine)
            points -= sum(self.weights["fairness"] * (2 * k + 1) // len(mine) for k in range(missed))
        for key, one in self.classes.items():
            guests = sum(kind == "attend" and at == key for (_leader, kind), at in plan.items())
            points -= sum(self.weights["spread"] * (2 * k + 1) // one["places"] for k in range(guests))
        return points

    def urgent(self, plan: Plan) -> int:
        return sum(self.leaders[leader]["term"]["to"] <= self.urgent_until for leader, _kind in plan)

    def worth(self, plan: Plan) -> tuple[int, int, int]:
        return self.urgent(plan), len(plan), self.quality(plan)

    def kept_worth(self, plan: Plan, before: Plan) -> tuple[int, int, int]:
        """Urgent duties first; then a duty more is worth `moves_per_duty` broken arrangements, not one more."""
        moves, urgent = self.rules.get("moves_per_duty", 2), self.urgent(plan)
        kept = sum(before.get(duty) == at for duty, at in plan.items())
        return urgent, (2 * moves + 1) * (len(plan) - urgent) + 2 * kept, self.quality(plan)
