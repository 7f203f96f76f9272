"""Where a loop stands at a month's start: stock, what is owed, heads, scarce material, and what was planned last.

Here: putting a cycle's problem on the ground that the loop's own months left. Not here: the months (``month``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.defaults import Defaults
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.strategies.frozen import freeze


@dataclass(frozen=True)
class Standing:
    """Units by planned item, heads by resource, what is held of scarce material; ``asked`` is recent demand not lost.

    ``planned`` is the last plan (``aggregate_plan`` of the planner), None before the first.
    """

    stock: Mapping[str, float]
    owed: Mapping[str, float]
    heads: Mapping[str, float] = field(default_factory=dict)
    held: Mapping[str, float] = field(default_factory=dict)
    asked: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    planned: pd.DataFrame | None = None


def start(planning: PlanningTables) -> Standing:
    """Where the company really stood at the first cycle."""
    state = tables.frame(planning.planning_state).set_index("product_id").fillna(0.0)
    return Standing(stock=by_name(state["opening_stock"]), owed=by_name(state["opening_backlog"]))


def by_name(values: pd.Series) -> dict[str, float]:
    """A column as a mapping from the names of its rows."""
    return {str(name): float(value) for name, value in values.items()}


def standing_on(planning: PlanningTables, standing: Standing, *, company: SupplySettings) -> PlanningTables:
    """Return the problem from where the loop stands; an item that it has not had starts with nothing."""
    placed = replace(
        planning,
        planning_state=_with_state(planning.planning_state, standing),
        planning_resources=_with_heads(planning.planning_resources, standing),
        planning_materials=_with_held(planning.planning_materials, standing),
    )
    return _with_frozen(placed, standing, company)


def _with_state(planning_state: pa.Table, standing: Standing) -> pa.Table:
    rows = tables.frame(planning_state)
    rows["opening_stock"] = rows["product_id"].map(standing.stock).fillna(0.0)
    rows["opening_backlog"] = rows["product_id"].map(standing.owed).fillna(0.0)
    return tables.conform("planning_state", rows)


def _with_heads(planning_resources: pa.Table, standing: Standing) -> pa.Table:
    rows = tables.frame(planning_resources)
    rows["opening_units"] = rows["resource_id"].map(standing.heads).fillna(rows["opening_units"])
    return tables.conform("planning_resources", rows)


def _with_held(planning_materials: pa.Table, standing: Standing) -> pa.Table:
    rows = tables.frame(planning_materials)
    own = rows["material_id"].map(standing.held)
    rows["on_hand"] = own.fillna(rows["on_hand"])
    rows["on_order"] = rows["on_order"].mask(own.notna(), 0.0)
    return tables.conform("planning_materials", rows)


def _with_frozen(planning: PlanningTables, standing: Standing, company: SupplySettings) -> PlanningTables:
    """What the loop's own last plan had for the frozen months stays, as far as a plan can keep it."""
    months = sorted(set(tables.days(planning.planning_demand, "month")))[: company.supply.frozen_months]
    if standing.planned is None or not months:
        return planning
    known = tables.frame(planning.planning_products).set_index("product_id")
    rows = standing.planned.rename(columns={"product_id": "item_id"})
    rows = rows.assign(month=pd.to_datetime(rows["month"] + "-01"), product_id=rows["item_id"])
    rows = rows[rows["month"].isin([pd.Timestamp(month) for month in months]) & rows["item_id"].isin(known.index)]
    ends = rows["item_id"].map(known["discontinued_on"])
    rows = rows[~(ends.notna() & (rows["month"] > ends))]
    rows = rows.assign(family=rows["item_id"].map(known["family"]), kept=True, reason=None, limit=np.nan)
    planned, _ = freeze(planning, rows, company=company, defaults=Defaults())
    return planned
