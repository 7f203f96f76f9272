"""A planning problem with some of its limits raised: everything else stays, so that two plans differ by them alone.

What a decision raises and what an option tries are raised here alike. Not here: which limits are worth raising
(``options.candidates``), what that brings (``options.replan``), or which decisions are in force (``cycle.decided``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.resources import HEADS_FOR_HOURS, PAID_HOURS, ResourceData

OF_HOURS = {
    "regular_hours": "regular_hours",
    "overtime_hours": "overtime",
    "overtime_limit_pct": "overtime",
    "overtime_hours_per_unit": "overtime",
    "max_units": "max_units",
    "max_hires": "max_hires",
    "temporary_max": "temporary_max",
}
"""Limits of labour and machines, as ``ResourceData.raised`` names them; more overtime is more by each of its limits."""
OF_PRODUCTS = ("subcontract_limit", "max_stock", "cover_days_max")
OF_OTHERS = "capacity"
OF_MATERIALS = ("max_receipt", "on_hand and on_order")
"""What there can be of a material by the end of a month: more of it is more by then, not later."""
LIMITS = (*OF_HOURS, OF_OTHERS, *OF_PRODUCTS, *OF_MATERIALS)
"""Limits that can be raised, as shadow prices name them."""


@dataclass(frozen=True)
class Raise:
    """A limit of a resource, product or material, and by how much it is raised in which month (``YYYY-MM``).

    ``paid``: regular hours added are paid whether used or not, where the resource's own are, and ``heads`` are hired
    for them; a lever of gap closing has a price of its own instead.
    """

    constraint: str
    item: str
    more: Mapping[str, float]
    heads: Mapping[str, float] = field(default_factory=dict)
    paid: bool = False


def raised(data: PlanData, limit: Raise) -> PlanData:
    """Return the problem with the limit raised in its months; stock no further than its next limit."""
    by_month = _by_month(limit.more, data)
    if limit.constraint in OF_HOURS:
        added = {OF_HOURS[limit.constraint]: by_month, HEADS_FOR_HOURS: _by_month(limit.heads, data)}
        if limit.paid and limit.constraint == "regular_hours":
            added[PAID_HOURS] = by_month
        return replace(data, resources=_with_more(data.resources, limit.item, added))
    if limit.constraint == OF_OTHERS:
        names = list(data.others["resource_id"])
        return replace(data, other_capacity=_added(data.other_capacity, names, limit.item, by_month))
    if limit.constraint in OF_MATERIALS:
        names = list(data.materials["material_id"])
        more = _added(data.more_material(limit.constraint), names, limit.item, by_month)
        return replace(data, materials_raised={**data.materials_raised, limit.constraint: more})
    products = data.products
    if limit.constraint == "subcontract_limit":
        more = _added(products.subcontract_limit, products.names, limit.item, by_month)
        return replace(data, products=replace(products, subcontract_limit=more))
    more = _added(products.most_stock, products.names, limit.item, by_month)
    return replace(data, products=replace(products, most_stock=np.minimum(more, products.next_most_stock)))


def with_raised_limits(data: PlanData, raised_limits: pd.DataFrame) -> PlanData:
    """Return the problem with the limits raised that the table ``raised_limits`` names, their hours paid."""
    for (constraint, item), rows in raised_limits.groupby(["limit", "resource_id"], sort=True):
        more, heads = (
            dict(zip(rows["month"], rows[name].fillna(0.0).to_numpy(float), strict=True)) for name in ("more", "heads")
        )
        data = raised(data, Raise(str(constraint), str(item), more, heads, paid=True))
    return data


def _by_month(amounts: Mapping[str, float], data: PlanData) -> Floats:
    return np.array([amounts.get(month, 0.0) for month in data.months])


def _with_more(resources: ResourceData, item: str, added: Mapping[str, Floats]) -> ResourceData:
    more = {name: _added(resources.more(name), resources.names, item, amounts) for name, amounts in added.items()}
    return replace(resources, raised={**resources.raised, **more})


def _added(limits: Floats, names: list[str], item: str, more: Floats) -> Floats:
    out: Floats = np.array(limits, float)
    out[names.index(item)] += more
    return out
