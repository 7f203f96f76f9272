"""What then happened: what could not be sold was asked for, an unfinished month is not over, strangers stand apart."""

from __future__ import annotations

from datetime import date

import pytest

from sop_pipeline import tables
from sop_pipeline.replay.happened import by_item, happened


def history(*rows):
    names = ("product_id", "month", "quantity", "cleansed", "flag")
    filled = [dict(zip(names, row, strict=True)) | {"family": "F", "returns": 0, "signal": "sales"} for row in rows]
    return tables.conform("demand_history", filled)


@pytest.fixture
def came():
    sold = history(
        ("A", date(2026, 5, 1), 80, 100, "stock_out"),
        ("B", date(2026, 5, 1), 300, 120, "outlier"),
        ("C", date(2026, 5, 1), -4, 0, "negative"),
        ("A", date(2026, 6, 1), 10, 95, "partial_month"),
    )
    output = [
        {"date": date(2026, 5, 3), "product_id": "A", "quantity": 40},
        {"date": date(2026, 5, 28), "product_id": "A", "quantity": 25},
    ]
    return happened(sold, tables.conform("production", output))


def test_demand_is_what_was_asked_for(came):
    """Without stock what was asked for; an outlier was asked for; returns are no demand."""
    assert came.demand_in(date(2026, 5, 1)).to_dict() == {"A": 100.0, "B": 300.0, "C": 0.0}


def test_a_month_whose_data_end_inside_it_is_not_over(came):
    assert came.is_over(date(2026, 5, 1))
    assert not came.is_over(date(2026, 6, 1))
    assert came.demand_in(date(2026, 7, 1)).empty


def test_output_is_added_up_by_month(came):
    assert came.made_in(date(2026, 5, 1)).to_dict() == {"A": 65.0}


def test_products_that_nobody_planned_stand_apart(came):
    items, unplanned = by_item(came.demand_in(date(2026, 5, 1)), {"A": "F", "C": "F"})
    assert items.to_dict() == {"F": 100.0}
    assert unplanned == 300.0
