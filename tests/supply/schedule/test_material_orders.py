"""Material requirements become orders: by hand, in quantity, money and time."""

from __future__ import annotations

import pandas as pd

from sop_pipeline.supply.schedule.material_orders import material_orders

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04"]


def ordered(need: list[float], **stated: float) -> list[tuple]:
    blank = dict.fromkeys(("unit_cost", "on_hand", "on_order", "lead_days", "min_order"), float("nan"))
    materials = pd.DataFrame([{"material_id": "resin", **blank, **stated}])
    wide = pd.DataFrame([need], index=["resin"], columns=MONTHS)
    rows = material_orders(materials, wide, MONTHS).to_dict("records")
    return [(row["receipt"], row["stock"], row["order_by"], row["late"]) for row in rows]


def test_what_is_short_is_ordered_a_lead_time_before():
    """Held 30 and 20 on order serve January and half of February; what January lacks could not be ordered in time."""
    assert ordered([40, 20, 20, 0], on_hand=30, on_order=20, lead_days=40) == [
        (0, 10, None, False),
        (10, 0, "2026-01", False),
        (20, 0, "2026-02", False),
        (0, 0, None, False),
    ]
    assert ordered([60, 0, 0, 0], on_hand=30, on_order=20, lead_days=40)[0] == (10, 0, None, True)


def test_a_smallest_order_leaves_the_rest_in_stock():
    assert ordered([10, 10, 85, 0], min_order=100) == [
        (100, 90, "2026-01", False),
        (0, 80, None, False),
        (100, 95, "2026-03", False),
        (0, 95, None, False),
    ]


def test_without_stock_stated_the_lead_time_counts_as_ordered():
    assert ordered([10, 10, 10, 10], lead_days=65)[:3] == [
        (10, 0, None, False),
        (10, 0, None, False),
        (10, 0, "2026-01", False),
    ]


def test_receipts_cost_their_price():
    materials = pd.DataFrame(
        [{"material_id": "resin", "unit_cost": 1.5, "on_hand": 0, "on_order": 0, "lead_days": 0, "min_order": 100}]
    )
    wide = pd.DataFrame([[10.0]], index=["resin"], columns=MONTHS[:1])
    assert material_orders(materials, wide, MONTHS[:1])["cost"].tolist() == [150.0]
