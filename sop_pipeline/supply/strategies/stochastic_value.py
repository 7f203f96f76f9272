"""What a plan made for sampled demand is worth: against the plan made for one demand, and against foresight.

Here: three more optima of the same model. Not here: the model (``stochastic``), its order of solves (``planner``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.model.draft_model import draft_model
from sop_pipeline.supply.strategies.planner import Solved, solve_by_rules, solver_of
from sop_pipeline.supply.strategies.rules import Part
from sop_pipeline.supply.strategies.stochastic import DECIDED, add_paths, weigh_recourse

KEPT = 1e-9
"""Room, relative, in which a decision counts as kept: the solver's own tolerance."""


@dataclass(frozen=True)
class Worth:
    """Expected money over the paths, the plan's own demand among them (Birge, Louveaux ch. 4).

    ``expected_cost`` is the stochastic plan's (RP), ``mean_plan_cost`` that of the plan made for the plan's own demand
    (EEV), ``foresight_cost`` the average of what each path would cost if it were known (WS), None where not asked for.
    """

    expected_cost: float
    mean_plan_cost: float
    foresight_cost: float | None

    @property
    def vss(self) -> float:
        """Value of the stochastic solution, EEV - RP."""
        return self.mean_plan_cost - self.expected_cost

    @property
    def evpi(self) -> float | None:
        """Expected value of perfect information, RP - WS."""
        return None if self.foresight_cost is None else self.expected_cost - self.foresight_cost


def worth(solved: Solved, *, integer: bool, profit: bool, foresight: bool = False) -> Worth:
    """Return what ``solved``, a plan of the strategy ``stochastic``, is worth; money of the objective.

    Raises ValueError where the problem has no paths. The mean plan's output and subcontracting are kept and everything
    else is chosen anew, so that both plans make the best of each path.
    """
    data = solved.draft.data
    if not len(data.paths):
        raise ValueError("a plan without sampled demand has no stochastic value")
    mean = solve_by_rules(data, [Part("blended", range(data.month_count))], integer=integer, profit=profit)
    foresight_cost = None
    if foresight:
        each = [_known(solved, number, integer=integer, profit=profit) for number in range(len(data.paths))]
        foresight_cost = float(np.mean([*each, mean.solution.objective]))
    return Worth(solved.solution.objective, _kept(solved, mean), foresight_cost)


def _kept(solved: Solved, mean: Solved) -> float:
    """Objective of the stochastic model with another plan's output and subcontracting; the solver is left as it was."""
    solver, model = solved.solver, solved.model
    columns, values = [], []
    for name in DECIDED:
        block, other = solved.draft.builder.column(name), mean.draft.builder.column(name)
        if block is not None and other is not None:
            present = block.ids >= 0
            columns.append(block.ids[present])
            values.append(other.value(mean.solution.values)[present])
    ids, decided = np.concatenate(columns), np.concatenate(values)
    room: Floats = KEPT * np.maximum(1.0, np.abs(decided))
    solver.set_columns(ids, np.maximum(decided - room, model.lower[ids]), np.minimum(decided + room, model.upper[ids]))
    found = solver.minimise()
    solver.set_columns(ids, model.lower[ids], model.upper[ids])
    return found.objective if found.optimal else float("inf")


def _known(solved: Solved, number: int, *, integer: bool, profit: bool) -> float:
    """Cost of one path when it is known beforehand, by the rules that hold for the plan's own demand."""
    draft = solved.draft
    alone = draft_model(
        draft.data,
        integer=integer,
        profit=profit,
        elastic=draft.elastic,
        overload=draft.overload,
        deviate=draft.deviate,
    )
    weigh_recourse(alone, 0.0)
    add_paths(alone, draft.data.paths[[number]], 1.0)
    return solver_of(alone, alone.builder.assemble()).minimise().objective
