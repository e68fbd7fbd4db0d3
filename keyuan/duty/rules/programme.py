"""A linear programme in whole numbers over HiGHS: columns, rows, a value and the bound that proves it."""

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import highspy
import numpy as np
from highspy._core import _Highs as Core

# One thread and one seed: the same instance gives the same plan, as long as the limit is not reached.
SETTINGS: tuple[tuple[str, bool | int | float | str], ...] = (
    ("output_flag", False),
    ("threads", 1),
    ("parallel", "off"),
    ("random_seed", 0),
    ("mip_rel_gap", 0.0),
    ("mip_abs_gap", 0.5),  # every value is whole: less than one apart is equal
    ("mip_feasibility_tolerance", 1e-7),
)
Term = tuple[int, int]  # (column, coefficient)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run of the solver came to (求解结果)."""

    values: list[int]
    value: int
    bound: int
    proven: bool
    seconds: float
    nodes: int


def solver_name() -> str:
    """The solver and its version."""
    return f"HiGHS {version('highspy')}"


class Programme:
    """Columns between nought and `most`, all whole, and rows between two bounds (整数规划)."""

    def __init__(self) -> None:
        self.most: list[int] = []
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._starts: list[int] = [0]
        self._index: list[int] = []
        self._worth: list[int] = []

    def column(self, *, most: int = 1) -> int:
        """A new unknown from 0 to `most`; its number."""
        self.most.append(most)
        return len(self.most) - 1

    def row(self, terms: Iterable[Term], *, least: float = -math.inf, most: float = math.inf) -> None:
        """Demand that a sum lies between two bounds."""
        for column, worth in terms:
            self._index.append(column)
            self._worth.append(worth)
        self._starts.append(len(self._index))
        self._lower.append(least)
        self._upper.append(most)

    def maximise(
        self, costs: Sequence[int], *, seconds: float, start: Sequence[int], ceiling: int
    ) -> Outcome:
        """The best plan found within some seconds, never worse than `start`, which must keep every row.

        `start` is not handed to the solver: version 1.16.0 took a start through its presolve at a better value
        than it has, and called that optimal. `ceiling` is what no plan exceeds by plain reckoning;
        the solver's bound replaces it when lower.
        """
        began = time.monotonic()
        model = Core()  # the outer class greets on standard output, where JSON goes
        for name, value in SETTINGS:
            model.setOptionValue(name, value)
        model.setOptionValue("time_limit", max(0.01, seconds))
        model.passModel(self._lp(costs))
        model.run()
        info = model.getInfo()
        worth = sum(cost * value for cost, value in zip(costs, start, strict=True))
        found, bound = list(start), ceiling
        if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
            values = [round(value) for value in model.getSolution().col_value]
            reached = sum(cost * value for cost, value in zip(costs, values, strict=True))
            if reached >= worth and self.keeps(values):
                found, worth = values, reached
        if info.valid and math.isfinite(info.mip_dual_bound):
            bound = max(worth, min(bound, math.floor(info.mip_dual_bound + 1e-4)))
        if model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            bound = min(bound, max(worth, math.floor(info.objective_function_value + 0.5)))
        nodes = max(0, int(info.mip_node_count))
        return Outcome(found, worth, bound, bound == worth, time.monotonic() - began, nodes)

    def keeps(self, values: Sequence[int]) -> bool:
        """Whether whole values keep every row and bound, reckoned exactly."""
        if any(not 0 <= value <= most for value, most in zip(values, self.most, strict=True)):
            return False
        for n, (least, most) in enumerate(zip(self._lower, self._upper, strict=True)):
            span = range(self._starts[n], self._starts[n + 1])
            if not least <= sum(self._worth[k] * values[self._index[k]] for k in span) <= most:
                return False
        return True

    def _lp(self, costs: Sequence[int]) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        count = len(self.most)
        lp.num_col_, lp.num_row_ = count, len(self._lower)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.array(costs, dtype=np.double)
        lp.col_lower_ = np.zeros(count)
        lp.col_upper_ = np.array(self.most, dtype=np.double)
        lp.row_lower_ = np.array(self._lower, dtype=np.double)
        lp.row_upper_ = np.array(self._upper, dtype=np.double)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self._starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self._index, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self._worth, dtype=np.double)
        return lp
