"""Chase: the least deviation in the earliest month first, then in the next, before cost (METHODS 5).

Here: the order of solves. Months that a solution already meets without deviation need no solve of their own. Not here:
what a deviation is (``strategies.chase``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.blocks import INF
from sop_pipeline.supply.draft import Draft
from sop_pipeline.supply.solve import Solution, Solver

SLACK = 1e-8


def settle_deviations(draft: Draft, solver: Solver) -> Solution | None:
    """Cap every chased month's deviation at its least; return the first solution when there is none, else None.

    Deviations of products add up in equivalent units, with what they leave unserved. The caps stay in the
    solver for the solve by cost that follows.
    """
    months = chased_months(draft)
    if not months:
        return None
    rows = solver.model.matrix.tocsr()
    weights = [rows[cap].toarray().ravel() for cap in months]
    solution = solver.minimise(np.sum(weights, axis=0))
    for position, (cap, weight) in enumerate(zip(months, weights, strict=True)):
        if not solution.optimal:
            return solution
        least = float(weight @ solution.values)
        if least > _slack(least):
            solution = solver.minimise(weight)
            if not solution.optimal:
                return solution
            least = float(weight @ solution.values)
        solver.set_row(cap, -INF, max(least, 0.0) + _slack(least))
        if position + 1 == len(months):
            break
    solver.set_cost(solver.model.cost)
    return None


def _slack(value: float) -> float:
    return SLACK * max(1.0, abs(value))


def chased_months(draft: Draft) -> list[int]:
    """The rows that cap each chased month's deviation, earliest month first."""
    found: dict[int, int] = {}
    place = {month: index for index, month in enumerate(draft.data.months)}
    for name, block in draft.builder.rows.items():
        if name.startswith("chase ") and name.endswith(" total"):
            found |= {place[month]: int(block.ids[0, index]) for index, month in enumerate(block.months)}
    return [found[month] for month in sorted(found)]
