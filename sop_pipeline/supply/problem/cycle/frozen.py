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
from sop_pipeline.past import PastCycle
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.defaults import Defaults
from sop_pipeline.supply.problem.cycle.build import FreeProblem
from sop_pipeline.supply.problem.cycle.tables import PlanningTables

FLOWS = ("output", "subcontract")
COLUMNS = ("product_id", "family", "item_id", "month", *FLOWS, "kept", "reason")
TINY = 0.00005
"""Half of the last place of a quantity: less is rounding, not a quantity above its limit."""


@dataclass(frozen=True)
class LastProduction(PastCycle):
    """What the last cycle planned to make."""

    production_plan: pa.Table


def frozen_rows(
    last: LastProduction | None, problem: FreeProblem, *, company: SupplySettings, defaults: Defaults
) -> pd.DataFrame:
    """Return product_id, family, item_id, month, output, subcontract, kept, reason for the frozen months.

    Products that the last plan does not know are free, and counted; so is what has ended in the month since.
    Subcontracting above the product's limit of today frees its planned item for the month: of a family all products,
    since output that is fixed for some of them would leave none for the others.
    """
    ahead = problem.months[: company.supply.frozen_months]
    if not ahead:
        return pd.DataFrame(columns=list(COLUMNS))
    if last is None or not last.production_plan.num_rows:
        defaults.use("frozen_months", "a last plan for the frozen months", "nothing is frozen", len(ahead))
        return pd.DataFrame(columns=list(COLUMNS))
    plan = tables.frame(last.production_plan)
    plan = plan[plan["month"].isin(ahead)][["product_id", "month", *FLOWS]]
    items, products = problem.items, problem.products
    rows = plan.merge(items[["product_id", "family", "item_id"]], on="product_id")
    unknown = int((~items["product_id"].isin(rows["product_id"])).sum())
    defaults.use("frozen_unknown", "products in the last plan's frozen months", "their output is free", unknown)
    ends = pd.to_datetime(rows["product_id"].map(products.set_index("product_id")["discontinued_on"]))
    ended = ends.notna() & (rows["month"] > ends) & (rows["output"] > 0)
    reason = _subcontracted_above_limit(rows[~ended], products).reindex(rows.index)
    reason = reason.mask(ended, "the product has ended before the month")
    named = pd.Series([None if pd.isna(text) else text for text in reason], index=rows.index, dtype=object)
    return rows.assign(kept=named.isna(), reason=named)


def _subcontracted_above_limit(rows: pd.DataFrame, products: pd.DataFrame) -> pd.Series:
    """Why rows are released, by their index: the item's month has more of a product subcontracted than may be now.

    A product without price and limit is not subcontracted at all; one with a price alone has no limit.
    """
    prices = products.set_index("product_id")[["subcontract_cost", "subcontract_limit"]].reindex(rows["product_id"])
    none = prices.isna().all(axis=1).to_numpy()
    limit = prices["subcontract_limit"].fillna(np.inf).mask(none, 0.0).to_numpy(float)
    over = rows.assign(limit=limit)[rows["subcontract"].to_numpy(float) > limit + TINY]
    reasons: dict[tuple[str, pd.Timestamp], str] = {}
    for row in over.sort_values(["month", "item_id", "product_id"]).to_dict("records"):
        text = (
            f"{row['subcontract']:,.10g} of {row['product_id']} were to be bought in, at most {row['limit']:,.10g} "
            f"may be in {row['month']:%Y-%m}"
        )
        place = (row["item_id"], row["month"])
        reasons[place] = f"{reasons[place]}; {text}" if place in reasons else text
    places = zip(rows["item_id"], rows["month"], strict=True)
    return pd.Series([reasons.get(place) for place in places], index=rows.index, dtype=object)


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
