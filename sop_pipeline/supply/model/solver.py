"""HiGHS, held so that the same model can be solved again after a change of a bound or of the objective.

Here: passing the arrays, every option checked, statuses turned into words. No time limit is ever set: a solve ends with
the optimum, with proof that there is none, or with the MIP gap that was asked for and is reported. Not here: what the
model means.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.model.blocks import LinearModel

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
    """HiGHS refused an option or ended in a state that is neither an optimum nor a proof."""


@dataclass(frozen=True)
class Solution:
    """Values by column; ``objective`` in money; ``gap`` relative MIP gap left (0 for an LP)."""

    status: str
    objective: float
    values: Floats
    gap: float

    @property
    def optimal(self) -> bool:
        """Whether this is an optimum (within the gap asked for)."""
        return self.status == "optimal"


def default_gap(model: LinearModel) -> float:
    """MIP gap by size: 0 up to 500 whole numbers, else 0.001 (METHODS 5: set explicitly, and reported)."""
    return 0.0 if int(model.integer.sum()) <= WHOLE_NUMBERS_EXACT else GAP_BEYOND


class Solver:
    """One model in HiGHS. Re-solves start from the last basis."""

    def __init__(self, model: LinearModel, *, gap: float | None = None) -> None:
        self.model = model
        self.integer = bool(model.integer.any())
        self.started = False
        self.highs = highspy.Highs()
        for name, value in OPTIONS.items():
            self.set_option(name, value)
        self.gap = default_gap(model) if gap is None else gap
        _accept(_pass(self.highs, model), "passing the model")

    def set_option(self, name: str, value: bool | int | float | str) -> None:
        """Set one option of HiGHS, or fail."""
        _accept(self.highs.setOptionValue(name, value), f"option {name} = {value}")

    def minimise(self, cost: Floats | None = None, *, gap: float | None = None) -> Solution:
        """Solve, with another objective or MIP gap when one is given.

        The status is ``optimal``, ``infeasible`` or ``unbounded``.
        """
        if cost is not None:
            self.set_cost(cost)
        self.set_option("mip_rel_gap", self.gap if gap is None else gap)
        status = self._run()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            status = self._told_apart()
        word = _WORDS.get(status)
        if word is None:
            raise SolverError(f"HiGHS ended with {self.highs.modelStatusToString(status)}")
        info = self.highs.getInfo()
        values = np.array(self.highs.getSolution().col_value) if word == "optimal" else np.zeros(0)
        gap = float(info.mip_gap) if self.integer and np.isfinite(info.mip_gap) else 0.0
        return Solution(word, float(info.objective_function_value), values, gap)

    def forget(self) -> None:
        """Start the next solve as if it were the first: the last basis is no help when the objective is another."""
        self.started = False

    def _run(self) -> highspy.HighsModelStatus:
        """Run HiGHS: from the last basis by simplex; a large LP the first time by interior point with crossover."""
        if not self.started and not self.integer and len(self.model.cost) >= INTERIOR_POINT_COLUMNS:
            self.set_option("solver", "ipm")
            _accept(self.highs.run(), "solving")
            self.set_option("solver", "choose")
        self.started = True
        # After an interior point solve this only confirms the vertex that crossover found, or mends it.
        _accept(self.highs.run(), "solving")
        return self.highs.getModelStatus()

    def _told_apart(self) -> highspy.HighsModelStatus:
        """Solve once more without presolve, which cannot always tell infeasible from unbounded."""
        self.set_option("presolve", "off")
        _accept(self.highs.run(), "solving")
        self.set_option("presolve", "choose")
        return self.highs.getModelStatus()

    def set_cost(self, cost: Floats) -> None:
        """Replace the objective."""
        count = len(cost)
        _accept(self.highs.changeColsCost(count, np.arange(count, dtype=np.int32), cost), "changing the objective")

    def set_row(self, row: int, lower: float, upper: float) -> None:
        """Replace the limits of one row."""
        _accept(self.highs.changeRowBounds(int(row), lower, upper), "changing a row")

    def set_columns(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of some columns."""
        if len(columns):
            index = np.asarray(columns, np.int32)
            low, high = np.asarray(lower, float), np.asarray(upper, float)
            _accept(self.highs.changeColsBounds(len(index), index, low, high), "changing bounds")

    def set_kinds(self, columns: Ints, *, whole: bool) -> None:
        """Make some columns whole numbers, or free to be fractions."""
        if len(columns):
            kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
            kinds = np.full(len(columns), int(kind), np.uint8)
            index = np.asarray(columns, np.int32)
            _accept(self.highs.changeColsIntegrality(len(index), index, kinds), "changing whole numbers")

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
