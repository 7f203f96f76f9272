"""What has to be ordered for a plan: materials month by month, in quantity and money, by lead time and smallest order.

The aggregate plan buys what it takes; a smallest order is kept here, when needs become orders. Here: netting against
what is held. Not here: material that cannot arrive in time (``constraints.materials``), or monthly limits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.calendar_days import AVERAGE_MONTH

PLACES = 4
COLUMNS = ("material_id", "month", "requirement", "receipt", "stock", "order_by", "late", "cost")


def material_orders(materials: pd.DataFrame, requirement: pd.DataFrame, months: list[Any]) -> pd.DataFrame:
    """Return ``material_orders``: a row for every material and month.

    ``materials`` has the columns of that table; ``requirement`` is material by month, in units (index material_id,
    columns ``months``, absent means none). What is held counts from the first month, with what is on order. A month
    that is short receives what is missing, at least the smallest order; what is over stays in stock. It is ordered
    ``lead_days`` (whole average months) before; ``late`` where that is past. Where neither stock nor orders are
    stated, months inside the lead time count as ordered already, as the plan takes it.
    """
    wide = requirement.reindex(index=materials["material_id"], columns=months).fillna(0.0).to_numpy(float).round(PLACES)
    parts = [_one(row, need, months) for row, need in zip(materials.to_dict("records"), wide, strict=True)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


def _one(row: Mapping[Any, Any], need: Floats, months: list[Any]) -> pd.DataFrame:
    stated = not (pd.isna(row["on_hand"]) and pd.isna(row["on_order"]))
    stock = float(np.nan_to_num(row["on_hand"]) + np.nan_to_num(row["on_order"]))
    least = float(np.nan_to_num(row["min_order"]))
    lead = int(np.nan_to_num(row["lead_days"]) // AVERAGE_MONTH)
    receipts, left, order_by, late = [], [], [], []
    for place, amount in enumerate(need):
        short = round(amount - stock, PLACES)
        receipt = max(short, least) if short > 0 else 0.0
        stock = round(stock + receipt - amount, PLACES)
        receipts.append(receipt)
        left.append(stock)
        order_by.append(months[place - lead] if receipt > 0 and place >= lead else None)
        late.append(receipt > 0 and place < lead and stated)
    return pd.DataFrame(
        {
            "material_id": row["material_id"],
            "month": months,
            "requirement": need,
            "receipt": receipts,
            "stock": left,
            "order_by": order_by,
            "late": late,
            "cost": np.round(np.array(receipts) * row["unit_cost"], 2),
        }
    )
