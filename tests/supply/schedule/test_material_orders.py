"""Material requirements become orders: by hand, in quantity, money and time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from sop_pipeline.supply.schedule.material_orders import material_orders

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]


COLUMNS = ("unit_cost", "on_hand", "on_order", "lead_days", "min_order", "max_receipt", "safety_stock")
Row = tuple[float, float, str | None, str | None, bool]


def ordered(need: Sequence[float], decided_on: date | None = None, **stated: float) -> list[Row]:
    """Receipt, stock, when it is needed, by when it is ordered, and whether that is late."""
    materials = pd.DataFrame([{"material_id": "resin", **dict.fromkeys(COLUMNS, float("nan")), **stated}])
    wide = pd.DataFrame([need], index=["resin"], columns=MONTHS)
    rows = material_orders(materials, wide, MONTHS, decided_on=decided_on).to_dict("records")
    days = [tuple(None if row[name] is None else str(row[name]) for name in ("needed_on", "order_by")) for row in rows]
    return [(row["receipt"], row["stock"], *day, row["late"]) for row, day in zip(rows, days, strict=True)]


NOTHING = (None, None, False)


def test_an_order_is_dated_by_days_against_the_day_the_stock_is_used_up():
    """50 serve January's 40 and half of February's 20: needed on the 15th, 40 days after 6 January."""
    assert ordered([40, 20, 20, 0], on_hand=30, on_order=20, lead_days=40) == [
        (0, 10, *NOTHING),
        (10, 0, "2026-02-15", "2026-01-06", False),
        (20, 0, "2026-03-01", "2026-01-20", False),
        (0, 0, *NOTHING),
    ]


def test_what_had_to_be_ordered_before_the_plan_is_late():
    """January lacks 10 of 60 from its 26th day on: to be ordered by 17 December. A day of lead makes the difference."""
    first = ordered([60, 0, 0, 0], on_hand=30, on_order=20, lead_days=40)[0]
    assert first == (10, 0, "2026-01-26", "2025-12-17", True)
    assert [ordered([60, 0, 0, 0], on_hand=50, lead_days=lead)[0][4] for lead in (25, 26)] == [False, True]


def test_fifty_nine_days_are_not_one_month():
    """All of 100 is used in January: February's had to be ordered by 4 December, and is late; so is none after it."""
    rows = ordered([100, 100, 100, 100], on_hand=100, on_order=0, lead_days=59)
    assert rows[1] == (100, 0, "2026-02-01", "2025-12-04", True)
    assert [row[3:] for row in rows[2:]] == [("2026-01-01", False), ("2026-02-01", False)]


def test_orders_are_placed_from_the_day_the_plan_is_decided_on():
    """35 days before 23 February is 19 January, the day before the meeting of the 20th."""
    need, stated = [0, 56, 0, 0], {"on_hand": 44, "lead_days": 35}
    assert ordered(need, date(2026, 1, 20), **stated)[1] == (12, 0, "2026-02-23", "2026-01-19", True)
    assert ordered(need, date(2026, 1, 19), **stated)[1][4] is False


def test_a_smallest_order_leaves_the_rest_in_stock():
    assert ordered([10, 10, 85, 0], min_order=100) == [
        (100, 90, "2026-01-01", "2026-01-01", False),
        (0, 80, *NOTHING),
        (100, 95, "2026-03-30", "2026-03-30", False),
        (0, 95, *NOTHING),
    ]


def test_safety_stock_is_kept_and_needed_before_stock_is_used_up():
    """60 less a safety stock of 40 serve two thirds of January's 30: needed on its 21st day, and 30 every month."""
    rows = ordered([30, 30, 30, 30], on_hand=60, on_order=0, safety_stock=40, lead_days=10)
    assert rows[0] == (10, 40, "2026-01-21", "2026-01-11", False)
    assert [row[:2] for row in rows[1:]] == [(30, 40)] * 3


def test_what_the_supplier_cannot_deliver_in_a_month_arrives_before():
    """100 in March and 30 in April at 40 a month: 20 have to come in January and 40 in February, by their last day."""
    rows = ordered([0, 0, 100, 30], on_hand=0, on_order=0, max_receipt=40, lead_days=10)
    assert [row[:2] for row in rows] == [(20, 20), (40, 60), (40, 0), (30, 0)]
    assert [row[2] for row in rows] == ["2026-01-31", "2026-02-28", "2026-03-19", "2026-04-01"]


def test_what_cannot_be_had_at_all_is_late_and_leaves_less_than_nothing():
    """100 in January at 40 a month and 50 held: 10 are missing."""
    assert ordered([100, 0, 0, 0], on_hand=50, max_receipt=40)[0] == (40, -10, "2026-01-16", "2026-01-16", True)


def test_without_stock_stated_what_is_due_before_counts_as_ordered():
    assert ordered([10, 10, 10, 10], lead_days=65) == [
        (10, 0, "2026-01-01", None, False),
        (10, 0, "2026-02-01", None, False),
        (10, 0, "2026-03-01", None, False),
        (10, 0, "2026-04-01", "2026-01-26", False),
    ]


def test_months_that_are_labels_name_the_month_of_the_order():
    materials = pd.DataFrame(
        [{"material_id": "resin", **dict.fromkeys(COLUMNS, 0.0), "lead_days": 31, "max_receipt": 99}]
    )
    wide = pd.DataFrame([[0.0, 0.0, 5.0]], index=["resin"], columns=["Jul", "Aug", "Sep"])
    rows = material_orders(materials, wide, ["Jul", "Aug", "Sep"])
    assert rows["needed_on"].tolist() == [None, None, "Sep"]
    assert rows["order_by"].tolist() == [None, None, "Jul"]


def test_receipts_cost_their_price():
    materials = pd.DataFrame(
        [{"material_id": "resin", "unit_cost": 1.5, "on_hand": 0, "on_order": 0, "lead_days": 0, "min_order": 100}]
    )
    wide = pd.DataFrame([[10.0]], index=["resin"], columns=MONTHS[:1])
    assert material_orders(materials, wide, MONTHS[:1])["cost"].tolist() == [150.0]
