"""One plan run against the demand paths that a planner states beside it: what ``sop plan`` says of it.

Here: a solved plan brought to the simulation, and service, cost and stock over the paths. Not here: the recursion
(``robustness.simulation``), the cycle's tables (``robustness``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.products import ProductData
from sop_pipeline.supply.robustness.simulation import Decided, Outcome, repriced, simulate, unpaid

DEPENDENT = ("holding", "backlog", "lost_sales", "revenue")
FIGURES = ("plan", "mean", "p10", "p50", "p90")


def over_paths(
    data: PlanData, aggregate_plan: pd.DataFrame, costs: pd.DataFrame, *, profit: bool = False
) -> dict[str, dict[str, float]]:
    """Return service (share), cost, average_inventory, late_units, lost_units: ``plan``, mean, P10, P50, P90.

    ``plan`` is the figure when demand comes as planned; cost leaves priced shortfalls out, as ``total_cost`` does, and
    where ``profit`` was sought lost sales too. Units are weighted by ``equivalent_units``.
    """
    plan = _decided(data.products, aggregate_plan, data.month_count)
    fixed = float(costs.loc[~costs["kind"].isin(DEPENDENT), "amount"].sum())
    weight = data.products.equivalent[:, None]
    as_planned, sampled = simulate(plan, plan.demand[None]), simulate(plan, data.paths)
    planned = _figures(plan, as_planned, weight) | {"cost": fixed + _spent(plan, as_planned, profit)}
    figures = _figures(plan, sampled, weight) | {"cost": fixed + _spent(plan, sampled, profit)}
    return {name: _spread(planned[name][0], values) for name, values in figures.items()}


def _spent(plan: Decided, outcome: Outcome, profit: bool) -> Floats:
    spent = repriced(plan, outcome) - (unpaid(plan, outcome) if profit else 0.0)
    result: Floats = spent.sum(axis=1)
    return result


def _decided(products: ProductData, aggregate_plan: pd.DataFrame, months: int) -> Decided:
    shape = (months, len(products.names))

    def wide(column: str) -> Floats:
        return aggregate_plan[column].to_numpy(float).reshape(shape).T

    def spread(values: Floats) -> Floats:
        return np.array(np.broadcast_to(values if values.ndim == 2 else values[:, None], products.demand.shape))

    return Decided(
        demand=wide("demand"),
        supplied=wide("output") + wide("subcontract"),
        inventory=wide("inventory"),
        backlog=wide("backlog"),
        lost=wide("lost_sales"),
        opening=products.opening_stock,
        owed=products.opening_backlog,
        closing=products.closing_backlog,
        price=products.price,
        holding_cost=spread(products.holding),
        backlog_cost=spread(products.backlog_cost),
        lost_cost=spread(products.lost_cost),
    )


def _figures(plan: Decided, outcome: Outcome, weight: Floats) -> dict[str, Floats]:
    def total(values: Floats) -> Floats:
        result: Floats = (values * weight).sum(axis=(1, 2))
        return result

    demand = total(outcome.demand)
    return {
        "service": np.where(demand > 0, total(outcome.on_time) / np.where(demand > 0, demand, 1.0), 1.0),
        "average_inventory": total(outcome.inventory) / outcome.inventory.shape[2],
        "late_units": total(outcome.backlog),
        "lost_units": total(outcome.lost),
    }


def _spread(planned: float, values: Floats) -> dict[str, float]:
    figures = (planned, values.mean(), *np.quantile(values, (0.1, 0.5, 0.9)))
    return {name: round(float(value), 6) for name, value in zip(FIGURES, figures, strict=True)}
