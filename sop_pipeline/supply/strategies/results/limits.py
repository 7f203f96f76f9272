"""Limits at the optimum of the final LP, each with its dual and the planner's figure of it (METHODS 5).

Here: every row and bound that carries a planner's name and stands at its limit, whatever its dual in the basis found:
where two limits bind together one of them has none. In the direction of relief: a limit raised by one unit, a
requirement (demand, least stock) lowered by one. Not here: what relief is worth and how far (``value_of_relief``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from sop_pipeline.supply.arrays import Flags, Floats, Ints
from sop_pipeline.supply.model.blocks import Block
from sop_pipeline.supply.model.constraints.materials import stated_spending
from sop_pipeline.supply.model.solver import Duals, Ranging
from sop_pipeline.supply.strategies.planner import Solved
from sop_pipeline.supply.strategies.rules import UNSERVED

HOUR_LIMITS = ("regular_hours", "overtime_limit_pct", "overtime_hours_per_unit", "min_utilisation")
REQUIREMENTS = ("maintenance_units_required", "min_utilisation")
NOT_LIMITS = (
    *("level", "level_workforce", "chase", "campaign", "min_lot", "fixed_production", "given"),
    *("discontinued_on", "units_down"),
)
HEADS = ("units", "maintained")
NOTHING = 1e-7
AT_LIMIT = 1e-7


@dataclass(frozen=True)
class Limit:
    """A limit of the LP that the plan stands at: a row or a column's bound.

    ``slope`` is what the objective costs by a unit of the right-hand side in the basis found, ``low`` and ``high`` the
    right-hand sides for which that basis holds. The planner's figure is ``sign x right-hand side + shift``. ``gain`` is
    money outside the LP that a unit of right-hand side brings (revenue of one more unit of demand), ``partner`` a
    column whose upper bound moves with it, ``pay`` what a unit more is due in pay whether it is used or not;
    ``fixed``: nothing is left below it, ``both_ways``: an equation, of which more is not always better;
    ``least`` the smallest figure that contradicts no other.
    """

    constraint: str
    item: str
    month: str
    unit: str
    index: int
    is_row: bool
    relief: float
    slope: float
    bound: float
    low: float
    high: float
    shift: float = 0.0
    sign: float = 1.0
    gain: float = 0.0
    pay: float = 0.0
    partner: int = -1
    fixed: bool = False
    both_ways: bool = False
    least: float = 0.0

    @property
    def price(self) -> float:
        """What a unit of relief is worth in the basis found."""
        return -self.relief * self.slope

    @property
    def figure(self) -> float:
        """The limit as a planner states it."""
        return self.sign * self.bound + self.shift

    def room(self, direction: float) -> float:
        """How far the right-hand side can go up (1) or down (-1) in the basis found.

        Unknown, and so nothing, without a dual: of a basic row HiGHS gives the range of its activity.
        """
        if abs(self.slope + self.gain) <= NOTHING:
            return 0.0
        return max(self.high - self.bound if direction > 0 else self.bound - self.low, 0.0)

    def as_figures(self, low: float, high: float) -> tuple[float, float]:
        """Right-hand sides as the planner's figures, the smaller first; none lies below the least there can be."""
        ends = sorted((self.sign * low + self.shift, self.sign * high + self.shift))
        return max(ends[0], self.least), ends[1]


@dataclass(frozen=True)
class _Optimum:
    """The final LP's optimum: the values of columns and rows, duals and ranges, bounds as they are."""

    solved: Solved
    by_row: sparse.csr_matrix
    values: Floats
    activity: Floats
    duals: Duals
    ranging: Ranging
    lower: Floats
    upper: Floats


def limits_reached(solved: Solved, values: Floats) -> list[Limit]:
    """Every named limit that the optimum of the LP stands at; ``values`` are its columns."""
    lower, upper = solved.solver.bounds()
    by_row = solved.model.matrix.tocsr()
    duals, ranging = solved.solver.duals(), solved.solver.ranging()
    at = _Optimum(solved, by_row, values, by_row @ values, duals, ranging, lower, upper)
    found: list[Limit] = []
    for block in solved.draft.builder.rows.values():
        found += _row_limits(at, block)
    for block in solved.draft.builder.columns.values():
        found += _bound_limits(at, block)
    return found


def _row_limits(at: _Optimum, block: Block) -> Iterator[Limit]:
    model = at.solved.model
    for place in _placed(block, _reached(at.activity, model.row_lower, model.row_upper)):
        label = label_at(block.label.limit, place)
        if label == "demand":
            yield from _demand_limit(at, block, place)
        elif label and not label.startswith(NOT_LIMITS):
            yield _row_limit(at, block, place, label)


def _bound_limits(at: _Optimum, block: Block) -> Iterator[Limit]:
    for place in _placed(block, _reached(at.values, at.lower, at.upper)):
        limit = _bound_limit(at, block, place)
        if limit is not None:
            yield limit


def _reached(values: Floats, lower: Floats, upper: Floats) -> Flags:
    """Whether a value stands at one of its bounds, to the solver's tolerance."""
    reached: Flags = np.zeros(len(values), bool)
    for bound in (lower, upper):
        finite = np.isfinite(bound)
        off = np.abs(values - np.where(finite, bound, 0.0))
        reached |= finite & (off <= AT_LIMIT * np.maximum(1.0, np.abs(np.where(finite, bound, 0.0))))
    return reached


def _placed(block: Block, reached: Flags) -> Ints:
    return np.argwhere((block.ids >= 0) & reached[np.maximum(block.ids, 0)])


def label_at(label: str | np.ndarray, place: Ints) -> str:
    """The planner's name of a member of a block."""
    return label if isinstance(label, str) else str(label[tuple(place)])


def _row_limit(at: _Optimum, block: Block, place: Ints, label: str) -> Limit:
    row, model = int(block.ids[tuple(place)]), at.solved.model
    requirement = label in REQUIREMENTS or not np.isfinite(model.row_upper[row])
    bound = float(model.row_lower[row] if requirement else model.row_upper[row])
    return Limit(
        constraint=label,
        item=block.items[place[0]],
        month=block.months[place[1]],
        unit=block.label.unit,
        index=row,
        is_row=True,
        relief=-1.0 if requirement else 1.0,
        slope=float(at.duals.rows[row]),
        bound=bound,
        low=min(float(at.ranging.row_low[row]), bound),
        high=max(float(at.ranging.row_high[row]), bound),
        shift=_shift(at, block, place, label),
        both_ways=bool(model.row_lower[row] == model.row_upper[row]),
        pay=_pay(at.solved, block, place, label),
    )


def _demand_limit(at: _Optimum, block: Block, place: Ints) -> Iterator[Limit]:
    """Demand of a product and month: what one unit less saves or, for profit, what one unit more earns.

    Demand bounds lost sales too, and that bound moves along.
    """
    solved, row = at.solved, int(block.ids[tuple(place)])
    products, profit = solved.draft.data.products, solved.draft.profit
    if profit and products.demand[tuple(place)] == 0:
        return
    partner = int(solved.draft.ids("lost_sales", len(products.names))[tuple(place)])
    gain = float(products.price[tuple(place)]) if profit else 0.0
    along = min(float(at.duals.columns[partner]), 0.0) if partner >= 0 else 0.0
    bound = float(solved.model.row_lower[row])
    yield Limit(
        constraint="demand",
        item=block.items[place[0]],
        month=block.months[place[1]],
        unit=block.label.unit,
        index=row,
        is_row=True,
        relief=1.0 if profit else -1.0,
        slope=float(at.duals.rows[row]) + along - gain,
        bound=bound,
        # Where the bound of lost sales moves along, the range of the row alone says nothing.
        low=bound if along else min(float(at.ranging.row_low[row]), bound),
        high=bound if along else max(float(at.ranging.row_high[row]), bound),
        shift=float(products.demand[tuple(place)] - bound),
        gain=gain,
        partner=partner,
        both_ways=True,
        least=float(products.must_serve[tuple(place)]),
    )


def _shift(at: _Optimum, block: Block, place: Ints, label: str) -> float:
    """From the model's right-hand side to the limit as a planner states it: hours that heads give belong to it."""
    solved, row = at.solved, int(block.ids[tuple(place)])
    if label in HOUR_LIMITS:
        heads = np.zeros(len(at.values), bool)
        for name in HEADS:
            ids = solved.draft.ids(name, len(solved.draft.data.resources.names))
            heads[ids[ids >= 0]] = True
        own = slice(*at.by_row.indptr[row : row + 2])
        columns, share = at.by_row.indices[own], at.by_row.data[own]
        return -float((share * at.values[columns])[heads[columns]].sum())
    if label == "workforce":
        units = solved.draft.builder.columns["units"].value(at.values)[tuple(place)]
        return float(units - solved.model.row_upper[row])
    if block.name == "cash":
        return float(stated_spending(solved.draft).sum(axis=0)[place[1]])
    return 0.0


def _pay(solved: Solved, block: Block, place: Ints, label: str) -> float:
    """Pay of one more regular hour where it is due whether used or not; hours paid when worked are priced after it."""
    resources = solved.draft.data.resources
    if label != "regular_hours" or block.name != "hours" or not resources.paid[place[0]]:
        return 0.0
    return float(resources.regular_rate[place[0]] * resources.pay_factor[tuple(place)])


def _bound_limit(at: _Optimum, block: Block, place: Ints) -> Limit | None:
    column = int(block.ids[tuple(place)])
    slope, value = float(at.duals.columns[column]), float(at.values[column])
    low, high = float(at.lower[column]), float(at.upper[column])
    floor, limit = label_at(block.label.floor, place), label_at(block.label.limit, place)
    at_floor = slope > NOTHING or (slope >= -NOTHING and abs(value - low) < abs(value - high))
    if low == high:
        # No room at all: raising the upper limit is the only relief there is.
        at_floor, model = False, at.solved.model
        if floor or slope > -NOTHING or model.lower[column] != model.upper[column]:
            return None
    if at.solved.draft.service is not None and block.name in UNSERVED:
        # What the first stage leaves unserved bounds these, and no limit of a planner.
        return None
    label, bound = (floor, low) if at_floor else (limit, high)
    if not label or label.startswith(NOT_LIMITS) or (at_floor and bound == 0) or not np.isfinite(bound):
        return None
    sign, shift = 1.0, 0.0
    if label == "min_quantity":
        # Lost sales are bounded by demand less what must be served: the planner's figure falls as the bound rises.
        sign, shift = -1.0, float(at.solved.draft.data.products.demand[tuple(place)])
    return Limit(
        constraint=label,
        item=block.items[place[0]],
        month=block.months[place[1]],
        unit=block.label.unit,
        index=column,
        is_row=False,
        relief=-1.0 if at_floor else 1.0,
        slope=slope,
        bound=bound,
        low=min(float(at.ranging.column_low[column]), bound),
        high=max(float(at.ranging.column_high[column]), bound),
        shift=shift,
        sign=sign,
        fixed=low == high,
    )
