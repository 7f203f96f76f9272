"""Factors of a family month by month, by hand: what its products take, weighed by what is asked of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.supply.problem.cycle.items import item_feature_months

MONTHS = list(pd.date_range("2026-01-01", periods=3, freq="MS"))
ITEMS = pd.DataFrame(
    {
        "product_id": ["rye", "oat", "cake"],
        "item_id": ["Flour", "Flour", "cake"],
        "item_level": ["family", "family", "product"],
        "share": [0.5, 0.5, 1.0],
    }
)
ASKED = np.array([[10.0, 30.0, 0.0], [30.0, 10.0, 0.0], [5.0, 5.0, 5.0]])


def features(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["product_id", "feature", "quantity"])
    return frame.assign(lead_months=np.nan, option_group=None)


def test_a_family_takes_what_its_products_take_of_the_month() -> None:
    """(10 x 1 + 30 x 3) / 40 = 2.5, then (30 x 1 + 10 x 3) / 40 = 1.5; nothing is asked in March; cake is its own."""
    takes = features(("rye", "mill", 1), ("oat", "mill", 3), ("oat", "husker", 2), ("cake", "oven", 9))
    found = item_feature_months(takes, ITEMS, ASKED, MONTHS)
    rows = found.to_dict("records")
    told = {(row["product_id"], row["feature"], row["month"].month): row["quantity"] for row in rows}
    assert told == {
        ("Flour", "mill", 1): 2.5,
        ("Flour", "mill", 2): 1.5,
        ("Flour", "husker", 1): pytest.approx(60 / 40),
        ("Flour", "husker", 2): pytest.approx(20 / 40),
    }


def test_products_planned_alone_have_no_factors_by_month() -> None:
    found = item_feature_months(features(("cake", "oven", 9)), ITEMS, ASKED, MONTHS)
    assert (len(found), "month" in found, "quantity" in found) == (0, True, True)
