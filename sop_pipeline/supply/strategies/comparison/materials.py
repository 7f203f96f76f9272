"""What arrives of every material for a strategy's plan, and what is left of it, in quantity and money.

Not here: what a plan takes (``results.materials``), when the chosen plan's materials have to be ordered
(``schedule.material_orders``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.schedule.material_orders import material_orders
from sop_pipeline.supply.strategies.plan import PlanResult
from sop_pipeline.supply.strategies.results.materials import plan_requirement


def material_flows(result: PlanResult, routes: pd.DataFrame) -> pd.DataFrame:
    """Return material_id, month, requirement, receipt, stock, stock_value and stock_change (months as text).

    What is on order arrives in the first month. ``stock_change`` adds up to what stock is worth more at the end than
    what is on hand at the start, so that receipts in money are what is used plus this.
    """
    data = result.solved.draft.data
    needed = plan_requirement(result.solved, result.aggregate_plan, routes)
    rows = material_orders(data.materials, needed, data.months)
    columns = ["material_id", "month", "requirement", "receipt", "stock"]
    if rows.empty:
        return pd.DataFrame(columns=[*columns, "stock_value", "stock_change"])
    held = data.materials.set_index("material_id")[["unit_cost", "on_hand", "on_order"]].astype(float)
    first = rows["month"] == data.months[0]
    rows["receipt"] += rows["material_id"].map(held["on_order"]).fillna(0.0).where(first, 0.0)
    rows["stock_value"] = (rows["stock"] * rows["material_id"].map(held["unit_cost"])).round(2)
    opening = (held["on_hand"].fillna(0.0) * held["unit_cost"]).round(2)
    before = rows.groupby("material_id")["stock_value"].shift()
    before = before.where(~first, rows["material_id"].map(opening))
    rows["stock_change"] = np.round(rows["stock_value"] - before, 2)
    return rows[[*columns, "stock_value", "stock_change"]]
