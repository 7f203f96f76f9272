"""Frozen months: what the last approved plan had for the first months stays as it is (METHODS 5).

The month's output (and subcontracting) of every product that the last plan knows is fixed, but for what has ended since
and what is above today's limit of subcontracting. Here: reading the last plan, fixing its figures in the problem. Not
here: which plan is the last one (the pipeline's business), releasing what no plan can make (``strategies.frozen``), or
the rows that fix output.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.defaults import Defaults
from sop_pipeline.past import PastCycle
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.build import FreeProblem
from sop_pipeline.supply.problem.cycle.tables import PlanningTables

FLOWS = ("output", "subcontract")
COLUMNS = ("product_id", "family", "item_id", "month", *FLOWS, "kept", "reason", "limit")
TINY = 0.00005
"""Half of the last place of a quantity: less is rounding, not a quantity above its limit."""


@dataclass(frozen=True)
class LastProduction(PastCycle):
    """What the last cycle planned to make."""

    production_plan: pa.Table


def frozen_rows(
    last: LastProduction | None, problem: FreeProblem, *, company: SupplySettings, defaults: Defaults
) -> pd.DataFrame:
    """Return product_id, family, item_id, month, output, subcontract, kept, reason, limit for the frozen months.

    Products that the last plan does not know are free, and counted; so is what has ended in the month since.
    Subcontracting above the product's limit of today frees its planned item for the month: of a family all products,
    since output that is fixed for some of them would leave none for the others.
    """
    ahead = problem.months[: company.supply.frozen_months]
    if not ahead:
        return pd.DataFrame(columns=list(COLUMNS))
    if last is None or not last.production_plan.num_rows:
        defaults.use("frozen_months", len(ahead))
        return pd.DataFrame(columns=list(COLUMNS))
    plan = tables.frame(last.production_plan)
    plan = plan[plan["month"].isin(ahead)][["product_id", "month", *FLOWS]]
    items, products = problem.items, problem.products
    rows = plan.merge(items[["product_id", "family", "item_id"]], on="product_id")
    unknown = int((~items["product_id"].isin(rows["product_id"])).sum())
    defaults.use("frozen_unknown", unknown)
    ends = pd.to_datetime(rows["product_id"].map(products.set_index("product_id")["discontinued_on"]))
    ended = ends.notna() & (rows["month"] > ends) & (rows["output"] > 0)
    rows["limit"] = _exceeded_limit(rows, products).mask(ended)
    over = set(zip(*(rows.loc[rows["limit"].notna(), name] for name in ("item_id", "month")), strict=True))
    places = zip(rows["item_id"], rows["month"], strict=True)
    above = pd.Series([place in over for place in places], index=rows.index, dtype=bool)
    reason = pd.Series(None, index=rows.index, dtype=object)
    reason = reason.mask(above, "subcontract_limit").mask(ended, "ended")
    return rows.assign(kept=reason.isna(), reason=reason)


def _exceeded_limit(rows: pd.DataFrame, products: pd.DataFrame) -> pd.Series:
    """Today's limit of subcontracting, by row, where the row is above it; none elsewhere.

    A product without price and limit is not subcontracted at all; one with a price alone has no limit.
    """
    prices = products.set_index("product_id")[["subcontract_cost", "subcontract_limit"]].reindex(rows["product_id"])
    none = prices.isna().all(axis=1).to_numpy()
    limit = prices["subcontract_limit"].fillna(np.inf).mask(none, 0.0).to_numpy(float)
    return pd.Series(limit, index=rows.index).where(rows["subcontract"].to_numpy(float) > limit + TINY)


def with_fixed_months(planning: PlanningTables, rows: pd.DataFrame) -> PlanningTables:
    """Return the problem with the kept rows as hard ``fixed_production`` and, where any, ``fixed_subcontract``."""
    kept = rows[rows["kept"].astype(bool)]
    if kept.empty:
        return planning
    fixed = kept.groupby(["item_id", "month"], as_index=False)[list(FLOWS)].sum()
    fixed = fixed.rename(columns={"item_id": "product_id", "output": "fixed_production"}).assign(frozen=True)
    fixed["fixed_subcontract"] = fixed.pop("subcontract")
    months = tables.frame(planning.planning_months).drop(columns=["fixed_production", "fixed_subcontract", "frozen"])
    merged = months.merge(fixed, on=["product_id", "month"], how="outer")
    return replace(planning, planning_months=tables.conform("planning_months", merged))
