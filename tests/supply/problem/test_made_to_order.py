"""Products made to order start with what is overdue and keep no stock for errors."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline import tables
from sop_pipeline.supply.problem.cycle.made_to_order import made_to_order

STATE = pd.DataFrame(
    {
        "product_id": ["A", "B", "C"],
        "family": ["Made", "Made", "Kept"],
        "opening_backlog": [5.0, 6.0, 7.0],
        "safety_stock": [50.0, 60.0, 70.0],
    }
)
FLOWS = dict.fromkeys(("opening_backlog", "bookings", "shipments", "closing_backlog", "requested"), 0)
BOOK = tables.conform(
    "order_book",
    [
        {"product_id": name, "family": family, "month": date(2026, month, 1), "overdue": overdue, **FLOWS}
        | {"lines_due": 0, "lines_in_full": 0}
        for name, family, month, overdue in [("A", "Made", 5, 90), ("A", "Made", 6, 12), ("C", "Kept", 6, 40)]
    ],
)


def test_the_newest_overdue_units_are_owed_and_no_safety_stock_is_kept():
    found = made_to_order(STATE, BOOK, ["Made"])
    assert found["opening_backlog"].tolist() == [12.0, 6.0, 7.0]
    assert found["safety_stock"].tolist() == [0.0, 0.0, 70.0]


def test_nothing_changes_where_nothing_is_made_to_order():
    pd.testing.assert_frame_equal(made_to_order(STATE, BOOK, []), STATE)
    assert made_to_order(STATE, None, ["Made"])["opening_backlog"].tolist() == [5.0, 6.0, 7.0]
