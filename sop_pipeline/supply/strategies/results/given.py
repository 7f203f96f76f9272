"""A planner's own plan beside the limits it breaks.

Here: given figures compared with the standing limits that they replaced in the model. Not here: how they are kept
(``constraints``) or the hours they exceed, which the model prices itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.strategies.planner import Solved

TINY = 5e-6


def broken_limits(solved: Solved) -> list[dict[str, Any]]:
    """Given output, subcontracting, overtime and heads beyond their limits: rule, item, month, amount (price 0)."""
    data = solved.draft.data
    products, resources, given = data.products, data.resources, data.given
    if given.empty:
        return []
    table = resources.table
    heads = _heads(solved)
    change = np.diff(np.concatenate([np.nan_to_num(resources.opening)[:, None], heads], axis=1), axis=1)
    change[resources.free_start, 0] = 0.0
    most = table["max_units"].fillna(INF).to_numpy(float)[:, None]
    least = table["min_units"].fillna(0.0).to_numpy(float)[:, None]
    rise = np.where(resources.can_hire, table["max_hires"].fillna(INF).to_numpy(float), 0.0)[:, None]
    fall = np.where(resources.can_lay_off, table["max_layoffs"].fillna(INF).to_numpy(float), 0.0)[:, None]
    touched = ~np.isnan(given.units)
    breaches = _over("max_production", "unit", products.names, given.output - products.max_production, data.months)
    limit = np.where(np.isnan(products.subcontract_cost), 0.0, products.subcontract_limit)
    breaches += _over("subcontract_limit", "unit", products.names, given.subcontract - limit, data.months)
    breaches += _over("overtime limit", "hour", resources.names, given.overtime - _overtime_limit(solved), data.months)
    breaches += _over("max_units", "head", resources.names, given.units - most, data.months)
    breaches += _over("min_units", "head", resources.names, least - given.units, data.months)
    breaches += _over("hiring limit", "head", resources.names, np.where(touched, change - rise, 0.0), data.months)
    breaches += _over("layoff limit", "head", resources.names, np.where(touched, -change - fall, 0.0), data.months)
    return breaches


def _heads(solved: Solved) -> Floats:
    block = solved.draft.builder.columns.get("units")
    resources = solved.draft.data.resources
    if block is None:
        return np.zeros((len(resources.names), solved.draft.data.month_count))
    return block.value(solved.solution.values)


def _overtime_limit(solved: Solved) -> Floats:
    resources = solved.draft.data.resources
    working = _heads(solved) - resources.down
    share = np.where(np.isnan(resources.overtime_share), INF, resources.overtime_share * resources.hours * working)
    per_head = np.where(np.isnan(resources.overtime_per_unit), INF, resources.overtime_per_unit * working)
    limit = np.minimum(np.minimum(share, per_head), resources.overtime_cap)
    return np.where(resources.has_overtime[:, None], limit, 0.0)


def _over(rule: str, unit: str, items: list[str], excess: Floats, months: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "rule": rule,
            "item": items[item],
            "month": months[month],
            "amount": round(float(excess[item, month]), 4),
            "unit": unit,
            "price": 0.0,
            "cost": 0.0,
        }
        for item, month in np.argwhere(np.nan_to_num(excess) > TINY)
    ]
