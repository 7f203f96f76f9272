"""Chase: the least deviation in the earliest month first, then in the next, before cost (METHODS 5).

Here: the order of solves. Months that a solution already meets without deviation need no solve of their own. With many
whole numbers (set-ups) they are decided month by month: those of later months are free to be fractions while an earlier
month is settled, and those of earlier months stay as they were found. Not here: what a deviation is
(``strategies.rules.chase``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop_pipeline.supply.arrays import INF, Floats, Ints
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.solver import WHOLE_NUMBERS_EXACT, Solution, Solver

SLACK = 1e-7
"""Share of a settled deviation it may differ by: the solver keeps no row more exactly, so less can leave no plan."""
WRITTEN = 2e-6
"""Units that a plan's four written places do not show: more slack than that would be told as units not served."""
# A month's set-ups among those of equal deviation: of the cost of the whole horizon.
MONTH_GAP = 5e-3


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
    if int(solver.model.integer.sum()) > WHOLE_NUMBERS_EXACT:
        settled = _month_by_month(draft, solver, months, weights)
        if settled is not None:
            return settled
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


def _month_by_month(draft: Draft, solver: Solver, caps: list[int], weights: list[Floats]) -> Solution | None:
    """Settle each month with its own whole numbers alone, by deviation, then by cost; None where that leads nowhere.

    The gap is to the cost with fractions for every whole number, at the same deviations: it is reported, as no search
    over all months at once has been made.
    """
    model, by_month = solver.model, _whole_by_month(draft, solver)
    whole = np.flatnonzero(model.integer)
    months = _months_of(draft, caps)
    solver.set_kinds(whole, whole=False)
    solution: Solution | None = None
    for month, columns in enumerate(by_month):
        solver.set_kinds(columns, whole=True)
        if month in months:
            cap, weight = caps[months.index(month)], weights[months.index(month)]
            solution = solver.minimise(weight)
            if not solution.optimal:
                break
            least = max(float(weight @ solution.values), 0.0)
            solver.set_row(cap, -INF, least + _slack(least))
        solution = solver.minimise(model.cost, gap=MONTH_GAP)
        if not solution.optimal:
            break
        fixed = np.round(solution.values[columns])
        solver.set_columns(columns, fixed, fixed)
        solver.set_kinds(columns, whole=False)
    solver.set_cost(model.cost)
    solver.set_columns(whole, model.lower[whole], model.upper[whole])
    settled = solution is not None and solution.optimal
    bound = solver.minimise() if settled else None
    solver.set_kinds(whole, whole=True)
    if solution is None or bound is None or not bound.optimal:
        for cap in caps:
            solver.set_row(cap, -INF, INF)
        return None
    gap = max(solution.objective - bound.objective, 0.0) / max(abs(solution.objective), 1.0)
    return replace(solution, gap=gap)


def _months_of(draft: Draft, caps: list[int]) -> list[int]:
    """Months of the rows that cap deviations, in their order."""
    place = {month: index for index, month in enumerate(draft.data.months)}
    rows = []
    for name, block in draft.builder.rows.items():
        if name.startswith("chase ") and name.endswith(" total"):
            rows += [(place[month], int(block.ids[0, index])) for index, month in enumerate(block.months)]
    by_row = {row: month for month, row in rows}
    return [by_row[cap] for cap in caps]


def _whole_by_month(draft: Draft, solver: Solver) -> list[Ints]:
    """Columns of whole numbers by month; what belongs to no single month goes with the first."""
    months = draft.data.months
    place = {month: index for index, month in enumerate(months)}
    by_month: list[list[int]] = [[] for _ in months]
    for block in draft.builder.columns.values():
        for column, label in enumerate(block.months):
            ids = block.ids[:, column]
            ids = ids[ids >= 0]
            by_month[place.get(label, 0)] += [int(entry) for entry in ids[solver.model.integer[ids]]]
    return [np.array(sorted(columns), np.int64) for columns in by_month]


def _slack(value: float) -> float:
    """What a settled month may differ by: the solver's noise, never so much that it is written as a loss."""
    return min(SLACK * max(1.0, abs(value)), WRITTEN)


def chased_months(draft: Draft) -> list[int]:
    """The rows that cap each chased month's deviation, earliest month first."""
    row_of: dict[int, int] = {}
    place = {month: index for index, month in enumerate(draft.data.months)}
    for name, block in draft.builder.rows.items():
        if name.startswith("chase ") and name.endswith(" total"):
            row_of |= {place[month]: int(block.ids[0, index]) for index, month in enumerate(block.months)}
    return [row_of[month] for month in sorted(row_of)]
