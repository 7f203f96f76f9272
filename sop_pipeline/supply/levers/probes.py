"""What a lever moves in the planning problem: demand, its worth and least stock, found by planning with it.

A lever of demand or stock is a change as a scenario states it, so the problem is put together with and without it and
the difference is what the model is told. A price moves demand and revenue together, so each of its steps is a probe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

import numpy as np
import pandas as pd

from sop_pipeline import tables
from sop_pipeline.plan_change import PlanChange
from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.levers.lever import OF_DEMAND, OF_STOCK, Lever
from sop_pipeline.supply.levers.pulled import PLACES, Pull, changes
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.problem.data.plan_data import PlanData

MOST_STEPS = 10
"""Steps that a price is tried in: whole percents where there are no more of them."""


@dataclass(frozen=True)
class Valued:
    """A problem as arrays, with the standard cost of its items (P,), NaN where there is none."""

    data: PlanData
    standard: Floats

    @classmethod
    def of(cls, planning: PlanningTables, data: PlanData) -> Valued:
        """Read standard costs off the problem's products."""
        return cls(data, column_of(tables.frame(planning.planning_products), "standard_cost", data))


def column_of(products: pd.DataFrame, name: str, data: PlanData) -> Floats:
    """A figure of the planned items in the order of the arrays (P,), NaN where blank."""
    figures = products.set_index("product_id")[name].astype(float).reindex(data.products.names)
    found: Floats = np.array(figures, float)
    return found


@dataclass(frozen=True)
class Probe:
    """A lever pulled by ``amount``: what that adds to demand, revenue, margin, material; takes off least stock.

    All (P, T).
    """

    amount: float
    demand: Floats
    revenue: Floats
    margin: Floats
    material: Floats
    least_stock: Floats

    def of_one(self) -> Probe:
        """The same for one unit of the lever."""
        figures = {field.name: getattr(self, field.name) / self.amount for field in fields(self)}
        return Probe(**figures)


Problem = Callable[[Sequence[PlanChange]], Valued]


def probes(lever: Lever, base: Valued, problem: Problem) -> list[Probe]:
    """One probe at the limit, or of a price one for each step; BadInput where the lever names what there is not."""
    if lever.kind not in (*OF_DEMAND, OF_STOCK):
        return []
    amounts = steps(lever.limit) if lever.kind == "price" else [lever.limit]
    return [_probe(base, amount, problem(changes([_pull(lever, amount)]))) for amount in amounts if amount > 0]


def steps(limit: float) -> list[float]:
    """Amounts that a price is tried by."""
    if 1 <= limit <= MOST_STEPS:
        whole = [float(step) for step in range(1, int(limit) + 1)]
        return whole if whole[-1] == limit else [*whole, limit]
    count = MOST_STEPS if limit > 1 else 1
    return [round(limit * step / count, 4) for step in range(1, count + 1)]


def _pull(lever: Lever, amount: float) -> Pull:
    exact = Decimal(str(amount)).quantize(PLACES)
    return Pull(lever, dict.fromkeys(lever.months, exact))


def _probe(base: Valued, amount: float, after: Valued) -> Probe:
    before, then = base.data.products, after.data.products
    revenue = then.demand * then.price - before.demand * before.price
    cogs = then.demand * np.nan_to_num(after.standard)[:, None] - before.demand * np.nan_to_num(base.standard)[:, None]
    return Probe(
        amount=amount,
        demand=then.demand - before.demand,
        revenue=revenue,
        margin=np.where(np.isnan(base.standard)[:, None], 0.0, revenue - cogs),
        material=then.demand * then.material - before.demand * before.material,
        least_stock=before.least_stock - then.least_stock,
    )
