"""Proposes who attends which class and who lectures in which slot, proven optimal or with its gap; re-plans gently."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from keyuan.duty.rules.explaining import Words, staircase
from keyuan.duty.rules.instance import ATTEND, Instance, Out, without
from keyuan.duty.rules.occupancy import Occupancy
from keyuan.duty.rules.options import Duty, Field, Option, moments
from keyuan.duty.rules.programme import Outcome, Programme, Term, solver_name
from keyuan.duty.rules.proposal import FEASIBLE, OPTIMAL, Place, Proposal, Stage

LIMIT = 60.0


def solve(instance: Instance, *, limit_seconds: float = LIMIT) -> Proposal:
    """The best plan: first most duties (urgent ones before all), then quality; see docs/duty-instance.md.

    The same instance gives the same plan as long as the limit is not reached. Never fails: what was fixed
    beforehand is possible by the reader's word, and nothing else must be.
    """
    return _proposed(instance, Out(), None, limit_seconds)


def replan(
    instance: Instance, previous: Proposal, *, out: Out | None = None, limit_seconds: float = LIMIT
) -> Proposal:
    """The plan after `out` dropped out (or the instance changed), moving as few of `previous` as possible.

    What had dropped out before stays out, unless the instance no longer holds it.
    One duty more is worth at most `rules.moves_per_duty` broken arrangements; the changes carry their reasons.
    """
    before = tuple(one.place for one in previous.assignments)
    gone = previous.out.joined(out or Out(), instance)
    return _proposed(instance, gone, before, limit_seconds)


def _proposed(whole: Instance, out: Out, before: tuple[Place, ...] | None, limit: float) -> Proposal:
    field = Field(without(whole, out))
    desk = Desk(field, before)
    covering = desk.cover(limit / 2)
    polishing = desk.polish(covering, max(0.01, limit - covering.seconds))
    chosen = desk.chosen(polishing.values)
    stages = (
        Stage("coverage", desk.coverage(chosen), covering.bound, covering.proven, *_effort(covering)),
        Stage("quality", polishing.value, polishing.bound, polishing.proven, *_effort(polishing)),
    )
    proven = all(stage.proven for stage in stages)
    words = Words(field, chosen, covered=covering.proven, proven=proven, before=before)
    return Proposal(
        instance=whole.fingerprint,
        status=OPTIMAL if proven else FEASIBLE,
        assignments=tuple(words.choices()),
        missed=tuple(words.missed()),
        objective=desk.objective(chosen),
        stages=stages,
        solver=solver_name(),
        out=out,
        before=before,
        changes=tuple(words.changes(out)),
    )


def _effort(outcome: Outcome) -> tuple[float, int]:
    return round(outcome.seconds, 2), outcome.nodes


class Desk:
    """The instance laid out as a programme in whole numbers: one column an option (排期模型)."""

    def __init__(self, field: Field, before: Iterable[Place] | None) -> None:
        self.field = field
        self.instance = field.instance
        self.agreed = frozenset(before or ())
        self.replanned = before is not None
        self.options: list[Option] = [one for duty in field.duties for one in field.options[duty]]
        self._at: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._of: dict[Duty, list[int]] = defaultdict(list)
        for column, one in enumerate(self.options):
            self._at[one.kind, one.at].append(column)
            self._of[one.duty].append(column)
        self._first = self._first_costs()

    def _base(self) -> Programme:
        """Every hard rule as rows."""
        programme = Programme()
        for _one in self.options:
            programme.column()
        for duty in self.field.duties:
            if columns := self._of[duty]:
                programme.row(_ones(columns), least=int(duty in self.field.fixed), most=1)
        lectures: dict[str, list[int]] = defaultdict(list)
        for (kind, at), columns in self._at.items():
            if kind == ATTEND:
                programme.row(_ones(columns), most=self.instance.offers[at].places)
            else:
                programme.row(_ones(columns), most=self.instance.slots[at].lecturers)
                lectures[self.instance.slots[at].offer] += columns
        for offer, columns in lectures.items():
            programme.row(_ones(columns), most=self.instance.offers[offer].lecturers)
        for columns in self._moments():
            programme.row(_ones(columns), most=1)
        return programme

    def _moments(self) -> Iterable[list[int]]:
        """Columns that want one person in the same month (or on the same day), where two duties meet."""
        meeting: dict[tuple[str, object], list[int]] = defaultdict(list)
        for column, one in enumerate(self.options):
            for moment in moments(self.instance, one):
                meeting[one.person, moment].append(column)
        return [
            columns
            for columns in meeting.values()
            if len({self.options[column].duty for column in columns}) > 1
        ]

    def _first_costs(self) -> list[int]:
        moves = self.instance.rules.moves_per_duty if self.replanned else 0
        ordinary, kept = (2 * moves + 1, 2) if self.replanned else (1, 0)
        urgent = (ordinary + kept) * len(self.field.duties) + 1
        return [
            (urgent if self.field.urgent(one.duty) else ordinary)
            + (kept if (one.leader, one.kind, one.at) in self.agreed else 0)
            for one in self.options
        ]

    def cover(self, seconds: float) -> Outcome:
        """First step: urgent duties before all, then all duties, then (re-planning) what was agreed."""
        return self._base().maximise(
            self._first, seconds=seconds, start=self._handy(), ceiling=self._ceiling(self._first)
        )

    def _handy(self) -> list[int]:
        """A plan that keeps every rule, made by hand: what is fixed, what was agreed, then whoever is hardest to place."""
        taken: set[Option] = set(self.field.fixed.values())
        placed = set(self.field.fixed)
        occupancy = Occupancy(self.instance, taken)
        for one in sorted(self.options, key=self._haste):
            if one.duty not in placed and next(occupancy.obstacles(one), None) is None:
                occupancy.take(one)
                placed.add(one.duty)
                taken.add(one)
        return [int(one in taken) for one in self.options]

    def _haste(self, one: Option) -> tuple[bool, bool, int, int, Duty, str]:
        agreed = (one.leader, one.kind, one.at) in self.agreed
        choice = len(self._of[one.duty])
        return not agreed, not self.field.urgent(one.duty), choice, -one.points, one.duty, one.at

    def _ceiling(self, costs: Sequence[int]) -> int:
        """What no plan exceeds: every duty done in its best place, nothing lost."""
        return sum(max([0, *(costs[column] for column in columns)]) for columns in self._of.values())

    def polish(self, covering: Outcome, seconds: float) -> Outcome:
        """Second step: the points, with the first step's value held."""
        programme = self._base()
        programme.row(_nonzero(enumerate(self._first)), least=covering.value)
        costs = [one.points for one in self.options]
        ceiling = self._ceiling(costs)
        start = list(covering.values)
        chosen = self.chosen(start)
        self._fairness(programme, costs, start, chosen)
        self._spread(programme, costs, start, chosen)
        return programme.maximise(costs, seconds=seconds, start=start, ceiling=ceiling)

    def _fairness(
        self, programme: Programme, costs: list[int], start: list[int], chosen: list[Option]
    ) -> None:
        done = Counter(self.instance.leaders[one.leader].field for one in chosen)
        columns: dict[str, list[int]] = defaultdict(list)
        for column, one in enumerate(self.options):
            columns[self.instance.leaders[one.leader].field].append(column)
        for name, size in self.sizes().items():
            steps = staircase(self.instance.rules.weights.fairness, size)
            stairs = _stairs(programme, costs, start, steps, size - done[name])
            programme.row(_ones([*columns[name], *stairs]), least=size, most=size)

    def _spread(self, programme: Programme, costs: list[int], start: list[int], chosen: list[Option]) -> None:
        guests = Counter(one.at for one in chosen if one.kind == ATTEND)
        for (kind, at), columns in self._at.items():
            places = self.instance.offers[at].places if kind == ATTEND else 0
            if places:
                steps = staircase(self.instance.rules.weights.spread, places)[: len(columns)]
                stairs = _stairs(programme, costs, start, steps, guests[at])
                programme.row([*_ones(columns), *((one, -1) for one in stairs)], least=0, most=0)

    def sizes(self) -> Counter[str]:
        """How many duties each field has."""
        return Counter(self.instance.leaders[leader].field for leader, _kind in self.field.duties)

    def chosen(self, values: Sequence[int]) -> list[Option]:
        """The options a solution takes."""
        return [one for one, value in zip(self.options, values, strict=False) if value]

    def coverage(self, chosen: Iterable[Option]) -> int:
        """The first step's value of a plan."""
        taken = set(chosen)
        return sum(cost for one, cost in zip(self.options, self._first, strict=True) if one in taken)

    def objective(self, chosen: list[Option]) -> dict[str, int]:
        """Every part of the objective, so that it can be reckoned again."""
        rules = self.instance.rules
        done = Counter(self.instance.leaders[one.leader].field for one in chosen)
        guests = Counter(one.at for one in chosen if one.kind == ATTEND)
        parts = {
            "urgent": sum(self.field.urgent(one.duty) for one in chosen),
            "covered": len(chosen),
            "duties": len(self.field.duties),
            "kept": sum((one.leader, one.kind, one.at) in self.agreed for one in chosen),
            "coverage": self.coverage(chosen),
            "expertise": sum(one.match * rules.weights.expertise for one in chosen),
            "distance": -sum(
                one.distance // self.instance.distances.step * rules.weights.distance for one in chosen
            ),
            "fairness": -sum(
                sum(staircase(rules.weights.fairness, size)[: size - done[name]])
                for name, size in self.sizes().items()
            ),
            "spread": -sum(
                sum(staircase(rules.weights.spread, self.instance.offers[at].places)[:count])
                for at, count in guests.items()
            ),
        }
        parts["quality"] = sum(parts[key] for key in ("expertise", "distance", "fairness", "spread"))
        return parts


def _ones(columns: Iterable[int]) -> list[Term]:
    return [(column, 1) for column in columns]


def _nonzero(terms: Iterable[Term]) -> list[Term]:
    return [(column, cost) for column, cost in terms if cost]


def _stairs(
    programme: Programme, costs: list[int], start: list[int], steps: Sequence[int], climbed: int
) -> list[int]:
    """Columns that cost ever more; equal steps become one column of several."""
    columns = []
    for cost, times in Counter(steps).items():  # steps grow, so the order of first sight is the order of cost
        columns.append(programme.column(most=times))
        costs.append(-cost)
        start.append(min(times, climbed))
        climbed -= start[-1]
    return columns
