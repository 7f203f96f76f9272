"""What has to be ordered for a plan: materials month by month, in quantity and money, by lead time and smallest order.

The aggregate plan buys what it takes; a smallest order is kept here, when needs become orders. Here: netting against
what is held, receipts within the supplier's limit, and the days by which they are needed and ordered. Not here:
material that cannot arrive in time for a plan (``constraints.materials``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.problem.calendar_days import calendar_days, first_day
from sop_pipeline.supply.problem.definition import month_label

PLACES = 4
COLUMNS = ("material_id", "month", "requirement", "receipt", "stock", "needed_on", "order_by", "late", "cost")


def material_orders(
    materials: pd.DataFrame, requirement: pd.DataFrame, months: list[Any], *, decided_on: date | None = None
) -> pd.DataFrame:
    """Return ``material_orders``: a row for every material and month.

    ``materials`` has the columns of that table; ``requirement`` is material by month, in units (index material_id,
    columns ``months``, absent means none). What is held counts from the first month, with what is on order. A month
    that falls short of its requirement and the safety stock receives what is missing, at least the smallest order;
    beyond ``max_receipt`` a month it arrives in the months before. It is needed on the day on which stock, used evenly,
    comes down to the safety stock, and ordered ``lead_days`` before; ``late`` where that lies before ``decided_on``
    (the first planned day by default), or where stock runs out. Days are dates; months that are only labels have the
    label of the month in their place. Where neither stock nor orders are stated, what had to be ordered before counts
    as ordered already, as the plan takes it.
    """
    wide = requirement.reindex(index=materials["material_id"], columns=months).fillna(0.0).to_numpy(float).round(PLACES)
    days = _Days(months, decided_on)
    parts = [_one(row, need, days) for row, need in zip(materials.to_dict("records"), wide, strict=True)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))


class _Days:
    """Days counted from the start of the first month, and how they are written."""

    def __init__(self, months: list[Any], decided_on: date | None) -> None:
        self.months = months
        labels = [month_label(month) for month in months]
        self.lengths = calendar_days(labels)
        self.starts = np.concatenate([[0.0], np.cumsum(self.lengths)])
        self.first = first_day(labels[0])
        self.decided = (decided_on - self.first).days if decided_on and self.first else 0

    def within(self, place: int, share: float) -> int:
        """The day on which a share of a month has gone by; its last day at the latest."""
        passed = min(np.floor(share * self.lengths[place] + 1e-9), self.lengths[place] - 1)
        return int(np.ceil(self.starts[place]) + passed)

    def written(self, day: int | None) -> date | Any | None:
        """The date, or the label of the month the day lies in; None for no day, and for one before all labels."""
        if day is None:
            return None
        if self.first is not None:
            return self.first + timedelta(days=day)
        place = int(np.searchsorted(self.starts, day, side="right")) - 1
        return self.months[place] if place >= 0 else None


def _one(row: Mapping[Any, Any], need: Floats, days: _Days) -> pd.DataFrame:
    stated = not (pd.isna(row["on_hand"]) and pd.isna(row["on_order"]))
    stock = float(np.nan_to_num(row["on_hand"]) + np.nan_to_num(row["on_order"]))
    safety, least, lead = (float(np.nan_to_num(_of(row, name))) for name in ("safety_stock", "min_order", "lead_days"))
    most = _of(row, "max_receipt")
    wanted = _latest(np.maximum(np.cumsum(need) + safety - stock, 0.0), most)
    receipts, left, needed, order, late, received = [], [], [], [], [], 0.0
    for place, amount in enumerate(need):
        missing = round(wanted[place] - received, PLACES)
        receipt = min(max(missing, least), most) if missing > 0 else 0.0
        cover = (stock - safety) / amount if amount > 0 else float(stock >= safety)
        day = days.within(place, min(max(cover, 0.0), 1.0)) if receipt > 0 else None
        ordered = None if day is None else int(day - lead)
        past = ordered is not None and ordered < days.decided
        stock = round(stock + receipt - amount, PLACES)
        received += receipt
        receipts.append(receipt)
        left.append(stock)
        needed.append(days.written(day))
        order.append(days.written(ordered) if stated or not past else None)
        late.append(bool(stated and (past or stock < 0)))
    return pd.DataFrame(
        {
            "material_id": row["material_id"],
            "month": days.months,
            "requirement": need,
            "receipt": receipts,
            "stock": left,
            "needed_on": pd.Series(needed, dtype=object),
            "order_by": pd.Series(order, dtype=object),
            "late": late,
            "cost": np.round(np.array(receipts) * row["unit_cost"], 2),
        }
    )


def _of(row: Mapping[Any, Any], name: str) -> float:
    """A figure of the material; none of a smallest or safety stock is 0, none of a limit is no limit."""
    value = float(row.get(name, float("nan")))
    return np.inf if name == "max_receipt" and np.isnan(value) else value


def _latest(needed: Floats, most: float) -> Floats:
    """Receipts up to each month (T,) that cover what is needed up to it, as late as ``most`` a month allows."""
    total = np.maximum.accumulate(needed)
    for place in range(len(total) - 2, -1, -1):
        total[place] = max(total[place], total[place + 1] - most)
    return total
