"""A planning problem with some of its limits raised: everything else stays, so that two plans differ by them alone.

Not here: which limits are worth raising (``candidates``), or what that brings (``replan``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.data.plan_data import PlanData

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
    """A limit of a resource, product or material, and by how much it is raised in which month (``YYYY-MM``)."""

    constraint: str
    item: str
    more: Mapping[str, float]


def raised(data: PlanData, limit: Raise) -> PlanData:
    """Return the problem with the limit raised in its months; stock no further than its next limit."""
    by_month = np.array([limit.more.get(month, 0.0) for month in data.months])
    if limit.constraint in OF_HOURS:
        name = OF_HOURS[limit.constraint]
        more = _added(data.resources.more(name), data.resources.names, limit.item, by_month)
        return replace(data, resources=replace(data.resources, raised={**data.resources.raised, name: more}))
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


def _added(limits: Floats, names: list[str], item: str, more: Floats) -> Floats:
    out: Floats = np.array(limits, float)
    out[names.index(item)] += more
    return out
