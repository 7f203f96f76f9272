"""Shadow prices: what one more unit of each binding limit is worth, and how far that holds (METHODS 5).

Here: duals and ranging of the final LP (a MILP with its whole numbers fixed), turned into money per hour, head or unit,
in the direction of relief: a limit raised by one unit, a requirement (demand, least stock) lowered by one. Where the
optimum is degenerate the dual says little: the model is solved again one unit richer and one unit poorer, and the two
values stand in two rows. That is done for every such limit of a problem of usual size, in a large one for as many as
cost about the same time, those of capacity before demand and stock; the others keep their dual with a range that
ends at the limit, and ``verified`` is false for them. Not here: the model.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import INF, Floats, Ints
from sop_pipeline.supply.model.blocks import Block
from sop_pipeline.supply.model.constraints.materials import stated_pay
from sop_pipeline.supply.strategies.planner import Solved

COLUMNS = ["constraint", "item", "month", "price_per_unit", "unit", "valid_from", "valid_to", "verified"]
POORER = ", one unit less"
HOUR_LIMITS = ("regular hours", "overtime_limit_pct", "overtime_hours_per_unit", "min_utilisation")
REQUIREMENTS = ("maintenance_units_required", "min_utilisation")
NOT_LIMITS = ("level", "level workforce", "chase", "campaign", "min_lot", "fixed_production", "given")
NOTHING = 1e-7
NO_ROOM = 1e-7
# Re-solves times rows of the model: what verifying degenerate limits may cost, alike on every machine.
RESOLVED_ROWS = 100_000
LEAST_RESOLVES = 20
LAST_TO_RESOLVE = ("demand", "workforce", "safety_stock", "closing_stock", "cover_days_min", "min_stock")


@dataclass(frozen=True)
class Limit:
    """One binding limit of the LP: a row or a column's bound, with its dual and the range of its right-hand side.

    ``shift`` leads from the right-hand side to the planner's figure; ``gain`` is money outside the LP that a unit of
    relief brings (revenue of one more unit of demand); ``partner`` a column whose upper bound moves with the limit.
    """

    constraint: str
    item: str
    month: str
    unit: str
    index: int
    is_row: bool
    relief: float
    price: float
    bound: float
    low: float
    high: float
    shift: float
    gain: float = 0.0
    partner: int = -1

    @property
    def room(self) -> float:
        """How far the limit can be relieved before the price changes."""
        return self.high - self.bound if self.relief > 0 else self.bound - self.low

    def row(
        self, price: float, low: float, high: float, suffix: str = "", *, verified: bool = True
    ) -> tuple[object, ...]:
        """A row of the table, limits counted as the planner does (hours there are, not the model's right-hand side)."""
        shifted = (max(low + self.shift, 0.0), high + self.shift)
        edges = [round(edge, 6) + 0.0 if np.isfinite(edge) else None for edge in shifted]
        month = None if self.month == "all months" else self.month
        return (self.constraint + suffix, self.item, month, round(price, 6) + 0.0, self.unit, *edges, verified)


def shadow_prices(solved: Solved) -> pd.DataFrame:
    """One row per binding limit (two where degenerate), those first that would bring most within their range."""
    _as_lp(solved)
    limits = binding_limits(solved)
    base = solved.solver.highs.getInfo().objective_function_value
    rows, worth = [], []
    resolved, most = 0, max(LEAST_RESOLVES, RESOLVED_ROWS // max(len(solved.model.row_lower), 1))
    for limit in sorted(limits, key=lambda entry: (entry.constraint in LAST_TO_RESOLVE, -abs(entry.price))):
        if limit.room > NO_ROOM or resolved >= most:
            found = [limit.row(limit.price, limit.low, limit.high, verified=limit.room > NO_ROOM)]
        else:
            found = _both_sides(solved, limit, base)
            found = found or [limit.row(limit.price, limit.low, limit.high, verified=False)]
            resolved += 1
        rows += found
        worth += [_brings(limit, entry) for entry in found]
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


def binding_limits(solved: Solved) -> list[Limit]:
    """Every named limit with a dual that is not zero."""
    highs = solved.solver.highs
    solution, ranging = highs.getSolution(), highs.getRanging()[1]
    found: list[Limit] = []
    row_range = (np.array(ranging.row_bound_dn.value_), np.array(ranging.row_bound_up.value_))
    column_range = (np.array(ranging.col_bound_dn.value_), np.array(ranging.col_bound_up.value_))
    row_dual, column_dual = np.array(solution.row_dual), np.array(solution.col_dual)
    lower, upper = _current_bounds(highs.getLp())
    supply = _supply(solved)
    for block in solved.draft.builder.rows.values():
        for place in _with_dual(block, row_dual):
            label = _label(block.label.limit, place)
            if label == "demand":
                found += _demand_limit(solved, block, place, row_dual, column_dual, row_range)
            elif label and not label.startswith(NOT_LIMITS):
                found.append(_row_limit(solved, block, place, label, row_dual, row_range, supply))
    for block in solved.draft.builder.columns.values():
        for place in _with_dual(block, column_dual):
            limit = _bound_limit(block, place, column_dual, lower, upper, column_range)
            if limit is not None:
                found.append(limit)
    return found


def _with_dual(block: Block, dual: Floats) -> Ints:
    return np.argwhere((block.ids >= 0) & (np.abs(dual[np.maximum(block.ids, 0)]) > NOTHING))


def _label(label: str | np.ndarray, place: Ints) -> str:
    return label if isinstance(label, str) else str(label[tuple(place)])


def _current_bounds(lp: highspy.HighsLp) -> tuple[Floats, Floats]:
    return np.array(lp.col_lower_), np.array(lp.col_upper_)


def _supply(solved: Solved) -> Floats:
    """What the variables of each row add to its right-hand side: hours that heads and overtime give."""
    matrix = solved.model.matrix
    values = np.array(solved.solver.highs.getSolution().col_value)
    taken: Floats = -(matrix.minimum(0) @ values)
    return taken


def _row_limit(
    solved: Solved,
    block: Block,
    place: Ints,
    label: str,
    dual: Floats,
    ranges: tuple[Floats, Floats],
    supply: Floats,
) -> Limit:
    row = int(block.ids[tuple(place)])
    item, month = block.items[place[0]], block.months[place[1]]
    low_bound, high_bound = solved.model.row_lower[row], solved.model.row_upper[row]
    requirement = label in REQUIREMENTS or not np.isfinite(high_bound)
    bound = low_bound if requirement else high_bound
    relief = -1.0 if requirement else 1.0
    return Limit(
        constraint=label,
        item=item,
        month=month,
        unit=block.label.unit,
        index=row,
        is_row=True,
        relief=relief,
        price=-relief * float(dual[row]),
        bound=float(bound),
        low=_finite(min(ranges[0][row], bound)),
        high=_finite(max(ranges[1][row], bound)),
        shift=_shift(solved, label, place, bound, supply[row]),
    )


def _demand_limit(
    solved: Solved, block: Block, place: Ints, dual: Floats, column_dual: Floats, ranges: tuple[Floats, Floats]
) -> list[Limit]:
    """Demand of a product and month: what one unit less saves or, for profit, what one unit more earns.

    Demand bounds lost sales too: where all of it is lost, that bound moves along.
    """
    data, row, profit = solved.draft.data, int(block.ids[tuple(place)]), solved.draft.profit
    partner = int(solved.draft.ids("lost_sales", len(data.products.names))[tuple(place)])
    all_lost = partner >= 0 and column_dual[partner] < -NOTHING
    change = float(dual[row]) + (float(column_dual[partner]) if all_lost else 0.0)
    worth = float(data.products.price[tuple(place)]) - change if profit else change
    if abs(worth) <= NOTHING or (profit and data.products.demand[tuple(place)] == 0):
        return []
    bound = float(solved.model.row_lower[row])
    limit = Limit(
        constraint="demand",
        item=block.items[place[0]],
        month=block.months[place[1]],
        unit=block.label.unit,
        index=row,
        is_row=True,
        relief=1.0 if profit else -1.0,
        price=worth,
        bound=bound,
        low=_finite(min(ranges[0][row], bound)),
        high=_finite(max(ranges[1][row], bound)),
        shift=float(data.products.demand[tuple(place)] - bound),
        gain=float(data.products.price[tuple(place)]) if profit else 0.0,
        partner=partner,
    )
    return [limit]


def _shift(solved: Solved, label: str, place: Ints, bound: float, supply: float) -> float:
    """From the model's right-hand side to the limit as a planner states it."""
    data = solved.draft.data
    if label in HOUR_LIMITS:
        return float(supply)
    if label == "workforce":
        block = solved.draft.builder.columns["units"]
        values = np.array(solved.solver.highs.getSolution().col_value)
        return float(block.value(values)[tuple(place)] - bound)
    if label == "capacity" and place[0] < len(data.others) and (data.others["kind"] == "cash").any():
        return float(stated_pay(solved.draft).sum(axis=0)[place[1]])
    return 0.0


def _bound_limit(
    block: Block, place: Ints, dual: Floats, lower: Floats, upper: Floats, ranges: tuple[Floats, Floats]
) -> Limit | None:
    column = int(block.ids[tuple(place)])
    at_floor = dual[column] > 0
    bound = lower[column] if at_floor else upper[column]
    label = _label(block.label.floor if at_floor else block.label.limit, place)
    fixed = lower[column] == upper[column]
    if not label or fixed or label.startswith(NOT_LIMITS) or (at_floor and bound == 0) or not np.isfinite(bound):
        return None
    relief = -1.0 if at_floor else 1.0
    return Limit(
        constraint=label,
        item=block.items[place[0]],
        month=block.months[place[1]],
        unit=block.label.unit,
        index=column,
        is_row=False,
        relief=relief,
        price=-relief * float(dual[column]),
        bound=float(bound),
        low=_finite(min(ranges[0][column], bound)),
        high=_finite(max(ranges[1][column], bound)),
        shift=0.0,
    )


def _finite(value: float) -> float:
    return float(value) if abs(value) < highspy.kHighsInf else float(np.copysign(INF, value))


def _both_sides(solved: Solved, limit: Limit, base: float) -> list[tuple[object, ...]]:
    """The limit's worth one unit richer and one unit poorer, each by a re-solve from the last basis."""
    found = []
    for sign, suffix in ((1.0, ""), (-1.0, POORER)):
        value = objective_at(solved, limit, limit.bound + sign * limit.relief)
        if value is not None:
            edges = sorted((limit.bound, limit.bound + sign * limit.relief))
            found.append(limit.row(sign * (base - value) + limit.gain, edges[0], edges[1], suffix))
    return found


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
