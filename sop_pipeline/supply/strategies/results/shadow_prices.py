"""Shadow prices: what one more unit of each binding limit is worth, and how far that holds (METHODS 5).

Where the optimum is degenerate the dual says little: the model is solved again one unit richer and one unit poorer, and
the two values stand in two rows. That is done for every such limit of a problem of usual size, in a large one for as
many as cost about the same time, those of capacity before demand and stock; the others keep their dual with a range
that ends at the limit, and ``verified`` is false for them. Not here: which limits bind (``limits``), the model.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.strategies.planner import Solved
from sop_pipeline.supply.strategies.results.limits import Limit, binding_limits

COLUMNS = ["constraint", "item", "month", "price_per_unit", "unit", "valid_from", "valid_to", "verified"]
POORER = "_one_less"
NO_ROOM = 1e-7
# Re-solves times rows of the model: what verifying degenerate limits may cost, alike on every machine.
RESOLVED_ROWS = 100_000
LEAST_RESOLVES = 20
LAST_TO_RESOLVE = ("demand", "workforce", "safety_stock", "closing_stock", "cover_days_min", "min_stock")


def shadow_prices(solved: Solved) -> pd.DataFrame:
    """One row per binding limit (two where degenerate), those first that would bring most within their range."""
    _as_lp(solved)
    limits = binding_limits(solved)
    base = solved.solver.highs.getInfo().objective_function_value
    rows, worth = [], []
    resolved, most = 0, max(LEAST_RESOLVES, RESOLVED_ROWS // max(len(solved.model.row_lower), 1))
    for limit in sorted(limits, key=lambda entry: (entry.constraint in LAST_TO_RESOLVE, -abs(entry.price))):
        if limit.room > NO_ROOM or resolved >= most:
            priced = [limit.row(limit.price, limit.low, limit.high, verified=limit.room > NO_ROOM)]
        else:
            priced = _both_sides(solved, limit, base)
            priced = priced or [limit.row(limit.price, limit.low, limit.high, verified=False)]
            resolved += 1
        rows += priced
        worth += [_brings(limit, entry) for entry in priced]
    table = pd.DataFrame(rows, columns=COLUMNS).assign(worth=worth)
    order = table.sort_values(["worth", "constraint", "item", "month"], ascending=[False, True, True, True])
    return order[COLUMNS].reset_index(drop=True)


def _as_lp(solved: Solved) -> None:
    """Leave the solver at the optimal basis of the final LP."""
    solver = solved.solver
    if solver.integer:
        solver.fix_whole_numbers(solved.solution.values)
        solver.minimise()


def _brings(limit: Limit, row: tuple[object, ...]) -> float:
    """Money that relief brings until the price changes; rows of the poorer side come last."""
    if str(row[0]).endswith(POORER):
        return -1.0
    room = limit.room if limit.room > NO_ROOM else 1.0
    return abs(float(row[3])) * (room if np.isfinite(room) else max(1.0, abs(limit.bound + limit.shift)))  # type: ignore[arg-type]


def _both_sides(solved: Solved, limit: Limit, base: float) -> list[tuple[object, ...]]:
    """The limit's worth one unit richer and one unit poorer, each by a re-solve from the last basis."""
    sides = []
    for sign, suffix in ((1.0, ""), (-1.0, POORER)):
        value = objective_at(solved, limit, limit.bound + sign * limit.relief)
        if value is not None:
            edges = sorted((limit.bound, limit.bound + sign * limit.relief))
            sides.append(limit.row(sign * (base - value) + limit.gain, edges[0], edges[1], suffix))
    return sides


def objective_at(solved: Solved, limit: Limit, bound: float) -> float | None:
    """Optimal objective with the limit at another value, None when nothing is possible there; the limit is put back."""
    solver, model = solved.solver, solved.model
    _move(solved, limit, bound)
    if limit.partner >= 0:
        room = model.upper[limit.partner] + bound - limit.bound
        solver.set_columns(np.array([limit.partner]), np.zeros(1), np.array([max(room, 0.0)]))
    changed = solver.minimise()
    _move(solved, limit, limit.bound)
    if limit.partner >= 0:
        solver.set_columns(np.array([limit.partner]), np.zeros(1), model.upper[[limit.partner]])
    return changed.objective if changed.optimal else None


def _move(solved: Solved, limit: Limit, bound: float) -> None:
    """Set a limit's right-hand side; both sides of an equation move together."""
    solver, model, index = solved.solver, solved.model, limit.index
    if limit.is_row:
        low, high = model.row_lower[index], model.row_upper[index]
        solver.set_row(index, bound if low == limit.bound else low, bound if high == limit.bound else high)
        return
    low, high = model.lower[index], model.upper[index]
    new = (low, bound) if limit.relief > 0 else (bound, high)
    solver.set_columns(np.array([index]), np.array([new[0]]), np.array([new[1]]))
