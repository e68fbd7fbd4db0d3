"""A proposal with its proof, as an object and as JSON."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from keyuan.duty.rules.instance import Out
from keyuan.kernel.faults import Fault

FORMAT = "keyuan.duty.proposal/1"
OPTIMAL, FEASIBLE = "optimal", "feasible"
Place = tuple[str, str, str]  # (leader id, kind, class or slot id)


@dataclass(frozen=True, slots=True)
class Assignment:
    """One duty with the class or slot proposed for it (安排), and why there."""

    leader: str
    kind: str
    at: str
    why: str = ""

    @property
    def place(self) -> Place:
        """The three ids."""
        return self.leader, self.kind, self.at


@dataclass(frozen=True, slots=True)
class Missed:
    """One duty for which nothing was found (未排上), and exactly why."""

    leader: str
    kind: str
    reason: str  # rules, own, joint or unproven
    binding: tuple[str, ...] = ()
    exhausted: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the previous proposal for one duty (调整), and why."""

    leader: str
    kind: str
    was: str
    now: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the objective with its proof (求解步骤): the value reached and what no plan can exceed."""

    name: str
    value: int
    bound: int
    proven: bool
    seconds: float
    nodes: int

    @property
    def gap(self) -> int:
        """How much better a plan could still be at most."""
        return self.bound - self.value


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who attends which class and who lectures in which slot (排期方案), with its proof and its reasons."""

    instance: str
    status: str
    assignments: tuple[Assignment, ...]
    missed: tuple[Missed, ...]
    objective: dict[str, int]
    stages: tuple[Stage, ...]
    solver: str
    out: Out = field(default_factory=Out)
    before: tuple[Place, ...] | None = None
    changes: tuple[Change, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For files and programs; see docs/duty-instance.md."""
        found: dict[str, Any] = {
            "format": FORMAT,
            "instance": self.instance,
            "status": self.status,
            "objective": self.objective,
            "proof": {
                "solver": self.solver,
                "stages": [asdict(stage) | {"gap": stage.gap} for stage in self.stages],
            },
            "assignments": [asdict(one) for one in self.assignments],
            "missed": [asdict(one) for one in self.missed],
        }
        if self.before is not None:
            found["out"] = {
                "leaders": sorted(self.out.leaders),
                "classes": sorted(self.out.offers),
                "slots": sorted(self.out.slots),
            }
            found["before"] = [list(place) for place in self.before]
            found["changes"] = [asdict(one) for one in self.changes]
        return found


def read_proposal(text: str) -> Proposal:
    """The proposal a JSON text holds; a Fault when it is none."""
    try:
        raw = json.loads(text)
        return _read({FORMAT: raw}[raw["format"]])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Fault(
            _("这不是排期方案（格式 {format}）。请用 manage duty solve … --json 的输出。").format(
                format=FORMAT
            )
        ) from error


def _read(raw: dict[str, Any]) -> Proposal:
    out, before = raw.get("out", {}), raw.get("before")
    return Proposal(
        instance=str(raw["instance"]),
        status=str(raw["status"]),
        assignments=tuple(Assignment(**_texts(row)) for row in raw["assignments"]),
        missed=tuple(
            Missed(
                **_texts({key: row[key] for key in ("leader", "kind", "reason", "why")}),
                binding=tuple(map(str, row["binding"])),
                exhausted=tuple(map(str, row["exhausted"])),
            )
            for row in raw["missed"]
        ),
        objective={str(key): int(value) for key, value in raw["objective"].items()},
        stages=tuple(_stage(row) for row in raw["proof"]["stages"]),
        solver=str(raw["proof"]["solver"]),
        out=Out(
            frozenset(out.get("leaders", ())),
            frozenset(out.get("classes", ())),
            frozenset(out.get("slots", ())),
        ),
        before=None if before is None else tuple((str(a), str(b), str(c)) for a, b, c in before),
        changes=tuple(Change(**_texts(row)) for row in raw.get("changes", ())),
    )


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in row.items()}


def _stage(row: dict[str, Any]) -> Stage:
    return Stage(
        name=str(row["name"]),
        value=int(row["value"]),
        bound=int(row["bound"]),
        proven=row["proven"] is True,
        seconds=float(row["seconds"]),
        nodes=int(row["nodes"]),
    )
