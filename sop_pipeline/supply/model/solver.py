"""HiGHS, held so that the same model can be solved again after a change of a bound or of the objective.

Here: passing the arrays in the data's own units, every option checked, the ladder that every solve climbs, statuses
turned into words, duals. No time limit is ever set: a solve ends with the optimum, with proof that there is none, or
with the MIP gap that was asked for and is reported. Not here: what the model means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import highspy
import numpy as np

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.scaling import Scale, cost_unit, fitting, own_units
from sop_pipeline.tables.outputs.supply import RUNGS

SEED = 20260101
OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": SEED,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
    "mip_abs_gap": 1e-9,
}
WHOLE_NUMBERS_EXACT = 500
GAP_BEYOND = 1e-3
INTERIOR_POINT_COLUMNS = 3000


class SolverError(RuntimeError):
    """HiGHS refused an option, or every rung ended in a state that is neither an optimum nor a proof."""


@dataclass(frozen=True)
class Solution:
    """Values by column; ``objective`` in money; ``gap`` relative MIP gap left (0 for an LP); ``rung`` that found it."""

    status: str
    objective: float
    values: Floats
    gap: float
    rung: str = RUNGS[1]

    @property
    def optimal(self) -> bool:
        """Whether this is an optimum (within the gap asked for)."""
        return self.status == "optimal"


@dataclass(frozen=True)
class Duals:
    """Money that a unit more of each row's limit and of each column's bound costs, at the last optimum."""

    rows: Floats
    columns: Floats


@dataclass(frozen=True)
class Ranging:
    """Ends between which the basis stays optimal, as limits of rows and bounds of columns."""

    row_low: Floats
    row_high: Floats
    column_low: Floats
    column_high: Floats


def default_gap(model: LinearModel) -> float:
    """MIP gap by size: 0 up to 500 whole numbers, else 0.001 (METHODS 5: set explicitly, and reported)."""
    return 0.0 if int(model.integer.sum()) <= WHOLE_NUMBERS_EXACT else GAP_BEYOND


class Solver:
    """One model in HiGHS. Re-solves start from the last basis; ``model`` has the bounds and objective it was given.

    Raises OutOfScale for a coefficient that the solver would drop in whatever units.
    """

    def __init__(self, model: LinearModel, *, gap: float | None = None) -> None:
        self.model = model
        self.integer = bool(model.integer.any())
        self.gap = default_gap(model) if gap is None else gap
        self.highest_rung = RUNGS[0]
        self._options = dict(OPTIONS)
        self._now = replace(model, lower=model.lower.copy(), upper=model.upper.copy(), integer=model.integer.copy())
        self._now = replace(self._now, row_lower=model.row_lower.copy(), row_upper=model.row_upper.copy())
        self._hold(fitting(model))

    def _hold(self, scale: Scale) -> None:
        """Hand the model as it stands to a new HiGHS, in these units."""
        self.scale, self.started = scale, False
        self._highs = highspy.Highs()
        for name, value in self._options.items():
            _accept(self._highs.setOptionValue(name, value), f"option {name} = {value}")
        _accept(_pass(self._highs, scale.of(self._now)), "passing the model")

    def set_option(self, name: str, value: bool | int | float | str) -> None:
        """Set one option of HiGHS, or fail."""
        self._options[name] = value
        _accept(self._highs.setOptionValue(name, value), f"option {name} = {value}")

    def minimise(self, cost: Floats | None = None, *, gap: float | None = None) -> Solution:
        """Solve, with another objective or MIP gap when one is given.

        The status is ``optimal``, ``infeasible`` or ``unbounded``. Raises SolverError when no rung of the ladder ends
        in one of them.
        """
        if cost is not None:
            self.set_cost(cost)
        self.set_option("mip_rel_gap", self.gap if gap is None else gap)
        status, rung = self._climbed()
        self.highest_rung = max(self.highest_rung, rung, key=RUNGS.index)
        word = _WORDS[status]
        info = self._highs.getInfo()
        values = np.zeros(0)
        if word == "optimal":
            values = np.array(self._highs.getSolution().col_value) * self.scale.column
        left = float(info.mip_gap) if self.integer and np.isfinite(info.mip_gap) else 0.0
        return Solution(word, float(info.objective_function_value) / self.scale.cost, values, left, rung)

    def forget(self) -> None:
        """Start the next solve as if it were the first: the last basis is no help when the objective is another."""
        self.started = False
        self._highs.clearSolver()

    def _climbed(self) -> tuple[highspy.HighsModelStatus, str]:
        """The first verdict of the ladder (``RUNGS``), and its rung; a warm start is believed an optimum alone."""
        ends: list[str] = []
        for rung in RUNGS if self.started else RUNGS[1:]:
            status = self._attempt(rung, again=bool(ends))
            if status in _WORDS and not (rung == RUNGS[0] and _WORDS[status] != "optimal"):
                return status, rung
            ends.append(f"{rung.replace('_', ' ')}: {self._highs.modelStatusToString(status)}")
        raise SolverError("HiGHS ended with neither an optimum nor a proof; " + ", ".join(ends))

    def _attempt(self, rung: str, *, again: bool) -> highspy.HighsModelStatus:
        """Solve by one rung; ``again`` after another one, of which nothing is kept."""
        if rung == "scaled":
            self._hold(own_units(self._now))
        elif again:
            self._highs.clearSolver()
        off = rung == "presolve_off"
        first = not self.started and not off
        by_points = not self.integer and len(self.model.cost) >= INTERIOR_POINT_COLUMNS
        self.started = True
        if rung == "other_method":
            return self._by("simplex" if by_points else "ipm", presolve=True)
        if (first or again) and by_points and not off:
            # The run that follows only confirms the vertex that crossover found, or mends it.
            self._by("ipm", presolve=True)
        return self._by("choose", presolve=not off)

    def _by(self, method: str, *, presolve: bool) -> highspy.HighsModelStatus:
        """Run HiGHS by a method, with presolve or without; the options of the other rungs are put back."""
        given = {"solver": method, "presolve": "choose" if presolve else "off"}
        if self.integer and method != "choose":
            given = {"mip_lp_solver": method, "presolve": "choose"}
        for name, value in given.items():
            _accept(self._highs.setOptionValue(name, value), f"option {name} = {value}")
        ran = self._highs.run()
        status = self._highs.getModelStatus()
        if ran == highspy.HighsStatus.kError and status == highspy.HighsModelStatus.kNotset:
            # Threads belong to the process: after another solve with other threads in it HiGHS refuses ours.
            highspy.Highs.resetGlobalScheduler(True)
            ran, status = self._highs.run(), self._highs.getModelStatus()
        for name in given:
            _accept(self._highs.setOptionValue(name, self._options.get(name, "choose")), f"option {name}")
        if ran == highspy.HighsStatus.kError and status in _WORDS:
            return highspy.HighsModelStatus.kSolveError
        return status

    def duals(self) -> Duals:
        """Duals of the last solve, an LP's optimum."""
        solution, scale = self._highs.getSolution(), self.scale
        rows = np.array(solution.row_dual) * scale.row / scale.cost
        return Duals(rows, np.array(solution.col_dual) / (scale.column * scale.cost))

    def ranging(self) -> Ranging:
        """Ends of every limit at the last solve, an LP's optimum; without end as infinite."""
        found, scale = self._highs.getRanging()[1], self.scale
        ends = (found.row_bound_dn, found.row_bound_up, found.col_bound_dn, found.col_bound_up)
        low, high, column_low, column_high = (_without_end(np.array(end.value_)) for end in ends)
        return Ranging(low / scale.row, high / scale.row, column_low * scale.column, column_high * scale.column)

    def conflict(self) -> tuple[set[int], set[int]]:
        """Rows and columns of an infeasible set that HiGHS finds and reduces; empty where it finds none."""
        self.set_option("iis_strategy", int(highspy.IisStrategy.kIisStrategyIrreducible))
        _, found = self._highs.getIis()
        return {int(row) for row in found.row_index_}, {int(column) for column in found.col_index_}

    def bounds(self) -> tuple[Floats, Floats]:
        """Lower and upper bounds of the columns as they now are."""
        return self._now.lower.copy(), self._now.upper.copy()

    def set_cost(self, cost: Floats) -> None:
        """Replace the objective."""
        count, column = len(cost), self.scale.column
        self._now = replace(self._now, cost=np.array(cost, float))
        unit = cost_unit(self._now.cost, column) if (column != 1.0).any() else 1.0
        self.scale = replace(self.scale, cost=unit)
        scaled = self._now.cost * column * unit
        _accept(self._highs.changeColsCost(count, np.arange(count, dtype=np.int32), scaled), "changing the objective")

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replace the limits of one row."""
        self._now.row_lower[row], self._now.row_upper[row] = lower, upper
        unit = float(self.scale.row[row])
        _accept(self._highs.changeRowBounds(int(row), lower * unit, upper * unit), "changing a row")

    def set_columns(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of some columns."""
        if len(columns):
            index = np.asarray(columns, np.int32)
            low, high = np.asarray(lower, float), np.asarray(upper, float)
            self._now.lower[index], self._now.upper[index] = low, high
            unit = self.scale.column[index]
            _accept(self._highs.changeColsBounds(len(index), index, low / unit, high / unit), "changing bounds")

    def set_kinds(self, columns: Ints, *, whole: bool) -> None:
        """Make some columns whole numbers, or free to be fractions."""
        if len(columns):
            kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            kinds = np.full(len(columns), int(kind), np.uint8)
            index = np.asarray(columns, np.int32)
            self._now.integer[index] = whole
            _accept(self._highs.changeColsIntegrality(len(index), index, kinds), "changing whole numbers")

    def fix_whole_numbers(self, values: Floats) -> None:
        """Turn a MILP into the LP with its integers at ``values`` (METHODS 5, shadow prices)."""
        columns = np.flatnonzero(self.model.integer)
        fixed = np.round(values[columns])
        self.set_columns(columns, fixed, fixed)
        self.set_kinds(columns, whole=False)
        self.integer = False


_WORDS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnbounded: "unbounded",
    highspy.HighsModelStatus.kModelEmpty: "optimal",
}


def _without_end(values: Floats) -> Floats:
    """Infinite where HiGHS writes its own infinity."""
    return np.where(np.abs(values) < highspy.kHighsInf, values, np.copysign(np.inf, values))


def _accept(status: highspy.HighsStatus, what: str) -> None:
    if status == highspy.HighsStatus.kError:
        raise SolverError(f"HiGHS refused: {what}")


def _pass(highs: highspy.Highs, model: LinearModel) -> highspy.HighsStatus:
    """Hand the arrays over as they are: filling a HighsLp field by field takes five times as long."""
    return highs.passModel(
        len(model.cost),
        len(model.row_lower),
        model.matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        model.cost,
        model.lower,
        model.upper,
        model.row_lower,
        model.row_upper,
        model.matrix.indptr.astype(np.int32),
        model.matrix.indices.astype(np.int32),
        model.matrix.data,
        model.integer.astype(np.int32),
    )
