"""What then happened: the demand that came, and what the company made, by product and month.

Read as the newest cycle knows it, since later corrections belong to what happened. Sales of a month without stock are
what could be sold, not what was asked for, so that demand is cleansed there, and there alone (METHODS 2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables


@dataclass(frozen=True)
class Happened:
    """Demand and output (product, month) in units, and the months that are over."""

    demand: pd.Series
    made: pd.Series
    months: frozenset[pd.Timestamp]

    def is_over(self, month: date) -> bool:
        """Whether the month's demand is known to its end."""
        return pd.Timestamp(month) in self.months

    def demand_in(self, month: date) -> pd.Series:
        """Demand of a month by product."""
        return _of(self.demand, month)

    def made_in(self, month: date) -> pd.Series:
        """Output of a month by product."""
        return _of(self.made, month)


def happened(demand_history: pa.Table, production: pa.Table) -> Happened:
    """Return what happened; a month with a product whose data begin or end inside it is not over."""
    rows = tables.frame(demand_history)
    short = rows["flag"].eq("stock_out")
    asked = rows["quantity"].where(~short, rows["cleansed"]).clip(lower=0.0)
    partial = set(rows.loc[rows["flag"].eq("partial_month"), "month"])
    output = tables.frame(production)
    month = output["date"].dt.to_period("M").dt.to_timestamp()
    return Happened(
        demand=asked.groupby([rows["product_id"], rows["month"]]).sum(),
        made=output["quantity"].groupby([output["product_id"], month.rename("month")]).sum(),
        months=frozenset(set(rows["month"]) - partial),
    )


def _of(values: pd.Series, month: date) -> pd.Series:
    at = pd.Timestamp(month)
    if at not in values.index.get_level_values(1):
        return pd.Series(dtype=float)
    found: pd.Series = values.xs(at, level=1)
    return found


def by_item(values: pd.Series, members: Mapping[str, str]) -> tuple[pd.Series, float]:
    """Add products up to planned items; with the units of products that nobody planned."""
    items = values.index.map(lambda product: members.get(product))
    known = ~pd.isna(items)
    return values[known].groupby(items[known]).sum().round(4), float(values[~known].sum())
