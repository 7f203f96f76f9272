"""Limits that bind at the optimum, each with its dual and the range of its right-hand side (METHODS 5).

Here: rows and bounds of the final LP that carry a planner's name, in the direction of relief: a limit raised by one
unit, a requirement (demand, least stock) lowered by one. Not here: what is printed of them (``shadow_prices``).
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np

from sop_pipeline.supply.arrays import INF, Floats, Ints
from sop_pipeline.supply.model.blocks import Block
from sop_pipeline.supply.model.constraints.materials import stated_pay
from sop_pipeline.supply.strategies.planner import Solved

HOUR_LIMITS = ("regular_hours", "overtime_limit_pct", "overtime_hours_per_unit", "min_utilisation")
REQUIREMENTS = ("maintenance_units_required", "min_utilisation")
NOT_LIMITS = ("level", "level_workforce", "chase", "campaign", "min_lot", "fixed_production", "given")
NOTHING = 1e-7


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


def binding_limits(solved: Solved) -> list[Limit]:
    """Every named limit with a dual that is not zero."""
    highs = solved.solver.highs
    solution, ranging = highs.getSolution(), highs.getRanging()[1]
    limits: list[Limit] = []
    row_range = (np.array(ranging.row_bound_dn.value_), np.array(ranging.row_bound_up.value_))
    column_range = (np.array(ranging.col_bound_dn.value_), np.array(ranging.col_bound_up.value_))
    row_dual, column_dual = np.array(solution.row_dual), np.array(solution.col_dual)
    lower, upper = _current_bounds(highs.getLp())
    supply = _supply(solved)
    for block in solved.draft.builder.rows.values():
        for place in _with_dual(block, row_dual):
            label = _label(block.label.limit, place)
            if label == "demand":
                limits += _demand_limit(solved, block, place, row_dual, column_dual, row_range)
            elif label and not label.startswith(NOT_LIMITS):
                limits.append(_row_limit(solved, block, place, label, row_dual, row_range, supply))
    for block in solved.draft.builder.columns.values():
        for place in _with_dual(block, column_dual):
            limit = _bound_limit(block, place, column_dual, lower, upper, column_range)
            if limit is not None:
                limits.append(limit)
    return limits


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
    supply: Floats = -(matrix.minimum(0) @ values)
    return supply


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
