"""Limits of hours and heads as the company's files have them, before anything is raised, by month.

Hours are those of the heads there are at the start: what a plan hires or lets go is no limit of the files.
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.raised import OF_HOURS
from sop_pipeline.supply.problem.data.resources import ResourceData

HOURS = ("regular_hours", "overtime_hours", "overtime_limit_pct", "overtime_hours_per_unit")
"""Limits that follow the heads there are, where no figure of the month stands in their place."""
_NONE = {"temporary_max": 0.0}


def own_limit(data: PlanData, limit: str, item: str) -> Floats:
    """Return a limit of labour or machines (T,); infinite where nothing limits it."""
    resources = data.resources
    place = resources.names.index(item)
    if limit == "regular_hours":
        return _regular(resources, place)
    if OF_HOURS[limit] == "overtime":
        return _overtime(resources, place)
    stated = float(resources.table[limit].fillna(_NONE.get(limit, INF)).iloc[place])
    return np.full(data.month_count, stated)


def _regular(resources: ResourceData, place: int) -> Floats:
    stated = resources.fixed_hours[place]
    return np.where(np.isnan(stated), resources.hours[place] * _heads(resources, place), stated)


def _overtime(resources: ResourceData, place: int) -> Floats:
    limits = (
        resources.overtime_cap[place],
        resources.overtime_share[place] * _regular(resources, place),
        resources.overtime_per_unit[place] * _heads(resources, place),
    )
    return np.array([np.where(np.isnan(limit), INF, limit) for limit in limits]).min(axis=0)


def _heads(resources: ResourceData, place: int) -> Floats:
    heads: Floats = np.nan_to_num(resources.opening[place]) - resources.down[place]
    return heads
