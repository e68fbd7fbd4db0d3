"""A proposal as people read it: each line with its reason, what changed, figures and proof; two proposals side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from keyuan.duty.models import Acceptance, AcceptedLine, DutyPlan, Proposal, Season
from keyuan.duty.queries.drafting import place_of
from keyuan.duty.rules.instance import ATTEND, LECTURE
from keyuan.duty.rules.plain import key_of, plain
from keyuan.kernel.access import Actor, visible
from keyuan.kernel.search import normal
from keyuan.terms.models import Term
from keyuan.training.models import Session

PLACED, MISSED, GONE = "placed", "missed", "gone"
RESULTS = (
    (PLACED, _lazy("排上")),
    (MISSED, _lazy("没有排上")),
    ("changed", _lazy("有调整")),
    ("waiting", _lazy("待采纳")),
)
KINDS = ((ATTEND, _lazy("听一课")), (LECTURE, _lazy("讲一课")))
SORTS = ("name", "unit", "field", "day")
# How a line stands to the plans there are.
NOTHING, SAME, OTHER = "", "same", "other"


@dataclass(frozen=True)
class Line:
    """One duty in a proposal (方案的一行)."""

    key: str
    term: Term | None
    leader: str
    kind: str
    area: str
    at: str
    place: str
    offer: str
    day: date | None
    told: str
    result: str
    was: str = ""
    moved: str = ""
    stands: str = NOTHING
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def why(self) -> str:
        """The reason as people read it; made for the lines shown only."""
        return plain(self.told, self.names)

    @cached_property
    def change(self) -> str:
        """Why it differs from the proposal before; empty where it does not."""
        return plain(self.moved, self.names)

    @property
    def name(self) -> str:
        """Who it is."""
        return self.term.holder.name if self.term and self.term.holder else self.leader

    @property
    def unit(self) -> str:
        """Of which organisation."""
        return str(self.term.organisation) if self.term else ""

    @property
    def person_id(self) -> int | None:
        """The person's key."""
        return self.term.holder_id if self.term else None

    @cached_property
    def words(self) -> str:
        """What it is found by."""
        pinyin = self.term.holder.pinyin if self.term and self.term.holder else ""
        return normal(f"{self.name} {pinyin} {self.unit} {self.place}")

    @property
    def is_open(self) -> bool:
        """Whether accepting it would do something."""
        return self.result != MISSED and self.stands != SAME


@dataclass(frozen=True)
class Figure:
    """One step of the proof in words (证明的一步)."""

    title: str
    value: int
    bound: int
    gap: int
    proven: bool
    seconds: float


class Board:
    """One proposal with every name it needs, in a handful of queries (方案一览)."""

    def __init__(self, actor: Actor, proposal: Proposal) -> None:
        self.proposal, self.instance = proposal, proposal.instance
        self.result: dict[str, Any] = proposal.result or {}
        self.leaders: dict[str, dict[str, Any]] = {row["id"]: row for row in self.instance["leaders"]}
        self.classes: dict[str, dict[str, Any]] = {row["id"]: row for row in self.instance["classes"]}
        self.slots: dict[str, dict[str, Any]] = {row["id"]: row for row in self.instance["slots"]}
        self._titles = self._titles_of(self._slots_named())
        wanted = {key_of(key) for key in self.leaders} | {key_of(one["leader"]) for one in self._changes()}
        terms = visible(actor, Term).filter(pk__in=wanted)
        self.terms = {one.pk: one for one in terms.select_related("holder", "organisation", "post")}
        self.standing = self._standing(wanted)

    def _changes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.result.get("changes", [])
        return found

    def _slots_named(self) -> set[int]:
        named = {one["at"] for one in self.result.get("assignments", ()) if one["kind"] == LECTURE}
        named |= {at for one in self._changes() for at in (one["was"], one["now"]) if at.startswith("S")}
        return {key_of(at) for at in named} | {key_of(key) for key in self.slots}

    @staticmethod
    def _titles_of(keys: set[int]) -> dict[int, str]:
        return dict(Session.objects.filter(pk__in=keys).values_list("pk", "title"))

    @staticmethod
    def _standing(terms: set[int]) -> dict[tuple[int, str], str]:
        rows = DutyPlan.objects.filter(duty__term__in=terms, cancelled_at=None).select_related("duty")
        return {(one.duty.term_id, one.duty.kind): place_of(one.duty, one) or "…" for one in rows}

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What every number of the file is called."""
        found = {key: self.called(key) for key in self.leaders}
        found |= {key: f"“{row['name']}”" for key, row in self.classes.items()}
        return found | {key: f"“{self._session(key)}”" for key in self.slots}

    def called(self, leader: str) -> str:
        """A leader by name and unit."""
        term = self.terms.get(key_of(leader))
        return f"{term.holder}（{term.organisation}）" if term else leader

    def _session(self, slot: str) -> str:
        return self._titles.get(key_of(slot)) or str(self.slots.get(slot, {}).get("theme", slot))

    def offer_of(self, at: str) -> str:
        """The class of a place."""
        return at if at.startswith("C") else str(self.slots.get(at, {}).get("class", ""))

    def day_of(self, at: str) -> date | None:
        """When a place is, by its first day."""
        row = self.classes.get(at) or self.slots.get(at)
        return date.fromisoformat(row.get("starts") or row["date"]) if row else None

    def place(self, at: str) -> str:
        """A class or a slot in words."""
        offer = self.classes.get(self.offer_of(at))
        if offer is None:
            return _("已取消的班次或课次") if at else ""
        if at.startswith("C"):
            return str(offer["name"])
        return _("%(title)s（%(class)s）") % {"title": self._session(at), "class": offer["name"]}

    @cached_property
    def lines(self) -> list[Line]:
        """Every duty: where it is placed, or why not; then those that fell away."""
        moved = {(one["leader"], one["kind"]): one for one in self._changes()}
        rows = [
            self._line(one, PLACED, moved.pop((one["leader"], one["kind"]), None))
            for one in self.result.get("assignments", ())
        ]
        rows += [
            self._line({**one, "at": ""}, MISSED, moved.pop((one["leader"], one["kind"]), None))
            for one in self.result.get("missed", ())
        ]
        gone = [self._line({**one, "at": ""}, GONE, one) for one in moved.values()]
        return [*rows, *gone]

    def _line(self, one: Mapping[str, Any], result: str, change: Mapping[str, Any] | None) -> Line:
        leader, kind, at = one["leader"], one["kind"], one["at"]
        stands = self.standing.get((key_of(leader), kind), "")
        if result == MISSED and change is not None:
            result = GONE if stands else MISSED
        return Line(
            key=f"{leader}-{kind}",
            term=self.terms.get(key_of(leader)),
            leader=leader,
            kind=kind,
            area=str(self.leaders.get(leader, {}).get("field", "")),
            at=at,
            place=self.place(at),
            offer=self.offer_of(at),
            day=self.day_of(at),
            told=one["why"],
            result=result,
            was=self.place(change["was"]) if change else "",
            moved=change["why"] if change else "",
            stands=SAME if stands == at else OTHER if stands else NOTHING,
            names=self.names,
        )

    @cached_property
    def figures(self) -> list[Figure]:
        """Both steps of the objective with their bounds."""
        titles = {"coverage": _("尽量都排上"), "quality": _("专业、路程、公平、均匀")}
        return [
            Figure(titles[one["name"]], one["value"], one["bound"], one["gap"], one["proven"], one["seconds"])
            for one in self.result.get("proof", {}).get("stages", ())
        ]

    @property
    def objective(self) -> dict[str, int]:
        """Every part of the objective."""
        found: dict[str, int] = self.result.get("objective", {})
        return found


@dataclass(frozen=True)
class Wanted:
    """What is looked for in a proposal (筛选条件)."""

    q: str = ""
    kind: str = ""
    field: str = ""
    offer: str = ""
    result: str = ""


def narrowed(lines: Sequence[Line], wanted: Wanted) -> list[Line]:
    """The lines that fit every condition."""
    words = normal(wanted.q).split()

    def fits(line: Line) -> bool:
        results = {"changed": bool(line.moved), "waiting": line.is_open, "": True}
        return (
            wanted.kind in {"", line.kind}
            and wanted.field in {"", line.area}
            and wanted.offer in {"", line.offer}
            and results.get(wanted.result, line.result == wanted.result)
            and all(word in line.words for word in words)
        )

    return [line for line in lines if fits(line)]


def in_order(lines: Sequence[Line], sort: str) -> list[Line]:
    """By a column (`-` turns it round); as a rule those not placed first, then by day."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    if key not in SORTS:
        return sorted(
            lines, key=lambda line: (not line.moved, line.result == PLACED, line.day or date.max, line.key)
        )
    values = {
        "name": lambda line: line.term.holder.pinyin if line.term and line.term.holder else line.name,
        "unit": lambda line: line.unit,
        "field": lambda line: line.area,
        "day": lambda line: str(line.day or "9999"),
    }
    return sorted(lines, key=values[key], reverse=down)


def proposals_of(season: Season) -> QuerySet[Proposal]:
    """The proposals of a season, the newest first, without their long texts."""
    rows = season.proposals.select_related("after", "asked_by")
    return rows.defer("instance", "result", "after__instance", "after__result")


def neighbour_of(proposal: Proposal) -> int:
    """The newest other proposal of the season; itself where there is none."""
    other = proposals_of(proposal.season).exclude(pk=proposal.pk).exclude(solved_at=None).first()
    return other.pk if other else proposal.pk


def acceptances_of(proposal: Proposal) -> list[Acceptance]:
    """When lines of it were accepted, the newest first."""
    return list(proposal.acceptances.select_related("accepted_by", "undone_by"))


def accepted_count(proposal: Proposal) -> int:
    """How many duties stand planned by it."""
    rows = AcceptedLine.objects.filter(acceptance__proposal=proposal, acceptance__undone_at=None)
    return rows.filter(plan__cancelled_at=None, plan__isnull=False).count()


@dataclass(frozen=True)
class Pair:
    """A duty that two proposals place differently (两案不同的一行)."""

    name: str
    unit: str
    kind: str
    one: str
    other: str
    why: str


def compared(one: Board, other: Board) -> list[Pair]:
    """Every duty that two proposals place differently, with the second one's reason."""
    left, right = ({line.key: line for line in board.lines} for board in (one, other))
    found = []
    for key in sorted(left.keys() | right.keys()):
        a, b = left.get(key), right.get(key)
        if (a.at if a else "") == (b.at if b else ""):
            continue
        line = b or a
        if line is not None:
            found.append(
                Pair(line.name, line.unit, line.kind, _dated(a), _dated(b), b.why if b else "")
            )  # fmt: skip
    return found


def _dated(line: Line | None) -> str:
    if line is None or not line.at:
        return _("没有排上")
    return f"{line.day:%Y-%m-%d} {line.place}" if line.day else line.place
