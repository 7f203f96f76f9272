"""What a unit of shortfall costs, derived from the company's own prices (METHODS 5, "Always an answer").

Here: prices for demand not served, stock below target or above its limit, and limits of resources exceeded. They rank
what is given up first: stock policies, then demand, then the limit of a resource. Not here: where shortfalls enter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.data.plan_data import PlanData

DEMAND_FACTOR = 10.0
STOCK_SHARE = 0.5
BELOW_DEMAND = 0.95
ABOVE_REPLACEMENT = 1.01
ABOVE_HOLDING = 2.0
OVERLOAD_FACTOR = 10.0


@dataclass(frozen=True)
class ShortfallPrices:
    """Money per unit (P,), per unit and month (P, T), per hour (H,), per unit of another resource (others,)."""

    unmet: Floats
    stock: Floats
    hours: Floats
    other: Floats
    deviation: Floats


def shortfall_prices(data: PlanData) -> ShortfallPrices:
    """Return the prices; ``unmet`` lies above the cost of one more unit by hiring for it and keeping the head.

    A month of stock below its target costs half of what losing the sale would, its making saved, and more than holding
    the unit; which customers are served is decided before (``strategies.customers_first``). At the end of the horizon
    it costs more than making and holding the unit, or the plan would sell its safety stock to save that; but
    less than losing the sale.
    """
    products, features = data.products, data.features
    unmet = DEMAND_FACTOR * _dearest_unit(data)
    lost_allowed = ~np.isnan(products.lost_cost)
    served = np.where(lost_allowed, np.maximum(np.nan_to_num(products.lost_cost), products.holding), unmet[:, None])
    value = np.maximum(served, 1e-3)
    replacement = _replacement(data)
    most = STOCK_SHARE * value
    stock = np.clip(STOCK_SHARE * (value - replacement), np.minimum(ABOVE_HOLDING * products.holding, most), most)
    closing = ABOVE_REPLACEMENT * (replacement + products.holding)
    stock[:, -1] = np.clip(closing, most, BELOW_DEMAND * value)[:, -1]
    takes = features.quantity > 0
    per_feature: dict[str, float] = {}
    for name, worth in zip(
        features.feature[takes], unmet[features.product[takes]] / features.quantity[takes], strict=True
    ):
        per_feature[name] = max(per_feature.get(name, 0.0), float(worth))
    top = OVERLOAD_FACTOR * float(unmet.max(initial=1.0))
    return ShortfallPrices(
        unmet=unmet,
        stock=stock,
        hours=np.array([OVERLOAD_FACTOR * per_feature.get(name, top) for name in data.resources.names]),
        other=np.array([OVERLOAD_FACTOR * per_feature.get(name, top) for name in data.others["resource_id"]]),
        deviation=2 * value.max(axis=1),
    )


def _replacement(data: PlanData) -> Floats:
    """What one more unit costs, material and pay at the dearest hour, or subcontracting (P, T)."""
    products, resources, features = data.products, data.resources, data.features
    pay = np.fmax(np.nan_to_num(resources.overtime_rate), resources.regular_rate)
    place = {name: index for index, name in enumerate(resources.names)}
    rate = np.array([pay[place[name]] if name in place else 0.0 for name in features.feature])
    cost = products.material.copy()
    np.add.at(cost, features.product, (features.quantity * rate)[:, None])
    return np.fmax(cost, products.subcontract_cost)


def _dearest_unit(data: PlanData) -> Floats:
    """Cost of one more unit made the dearest way, at least its price and at least 1 (P,)."""
    products, resources, months = data.products, data.resources, data.month_count
    pay = np.fmax(np.nan_to_num(resources.overtime_rate), resources.regular_rate)
    turnover = np.nan_to_num(resources.table[["hire_cost", "layoff_cost"]].to_numpy(float)).sum(axis=1)
    hours = np.where(resources.hours > 0, resources.hours, np.inf).min(axis=1, initial=np.inf)
    per_hour = pay * (1 + months) + np.where(np.isfinite(hours), turnover / np.maximum(hours, 1e-9), 0.0)
    place = {name: index for index, name in enumerate(resources.names)}
    features = data.features
    rate = np.array([per_hour[place[name]] if name in place else 0.0 for name in features.feature])
    unit = (products.material + np.nan_to_num(products.subcontract_cost)).max(axis=1)
    np.add.at(unit, features.product, features.quantity * rate)
    late = months * (products.holding + np.nan_to_num(products.backlog_cost)).max(axis=1)
    return np.maximum(np.maximum(unit + late, products.price.max(axis=1, initial=0.0)), 1.0)
