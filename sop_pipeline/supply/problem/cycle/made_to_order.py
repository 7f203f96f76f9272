"""Where products made to order start: with what is owed of their orders, and without stock to be kept.

What is asked for in months to come is their demand; what was asked for and not shipped by the cut-off is their backlog
and is served first. Not here: the order book itself (demand step).
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables


def made_to_order(state: pd.DataFrame, order_book: pa.Table | None, families: Collection[str]) -> pd.DataFrame:
    """Return the rows of ``opening_state`` with what is overdue as backlog and no safety stock, of these families.

    A product of them without orders on file keeps the backlog of its count.
    """
    if not families:
        return state
    chosen = state["family"].isin(set(families))
    overdue = state["product_id"].map(_overdue(order_book)).where(chosen)
    backlog = overdue.fillna(state["opening_backlog"])
    return state.assign(opening_backlog=backlog, safety_stock=state["safety_stock"].mask(chosen, 0.0))


def _overdue(order_book: pa.Table | None) -> dict[str, float]:
    """Units overdue at the cut-off by product."""
    if order_book is None or not order_book.num_rows:
        return {}
    rows = tables.frame(order_book).sort_values("month").drop_duplicates("product_id", keep="last")
    return {str(name): float(units) for name, units in zip(rows["product_id"], rows["overdue"], strict=True)}
