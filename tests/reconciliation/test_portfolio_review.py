"""Each product's year, the long tail, and the stock that is at risk: of ended products all of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation import portfolio_review

CYCLE = Cycle.parse("2026-07")
STATUS = {"BIG": "active", "SMALL": "active", "OLD": "ended", "LEAVING": "phase_out", "NEVER": "never_sold"}


def review():
    life = [
        {"product_id": name, "product_name": name.title(), "family": "F", "status": status, "history_months": 1}
        | {"discontinued_on": date(2026, 8, 20) if name == "LEAVING" else None}
        for name, status in STATUS.items()
    ]
    flows = [
        ("BIG", 2025, 6, 999, 99900, 10),
        ("BIG", 2025, 7, 50, 9000, 30),
        ("BIG", 2026, 6, 40, 1000, 20),
        ("SMALL", 2026, 6, 10, 300, 5),
        ("OLD", 2026, 6, 0, 0, 70),
        ("LEAVING", 2026, 6, 5, 200, 90),
    ]
    came = [
        {"product_id": name, "family": "F", "month": date(year, month, 1), "sales": sold, "output": 0}
        | {"inventory": stock, "revenue": 2 * margin, "margin": margin}
        for name, year, month, sold, margin, stock in flows
    ]
    ahead = [
        {"product_id": "LEAVING", "product_name": "Leaving", "family": "F", "kind": "phase_out"}
        | {"month": date(2026, month, 1), "units": 10, "cannibalised": 0, "inventory": stock}
        for month, stock in ((7, 60), (8, 25), (9, 24))
    ]
    goods = [
        {"product_id": name, "product_name": name, "family": "F", "standard_cost": 4 if name != "SMALL" else None}
        for name in STATUS
    ]
    found = portfolio_review(
        tables.conform("product_lifecycle", life),
        tables.conform("actuals", came),
        tables.conform("new_product_plan", ahead),
        tables.conform("products", goods),
        cycle=CYCLE,
    )
    return {row["product_id"]: row for row in found.to_pylist()}


def test_a_year_is_the_twelve_months_before_the_cut_off():
    rows = review()
    assert (rows["BIG"]["units_year"], rows["BIG"]["margin_year"]) == (90, 10000)
    assert rows["BIG"]["revenue_year"] == 20000
    assert rows["NEVER"]["units_year"] is None


def test_stock_at_risk_is_all_of_an_ended_product_and_what_a_phase_out_leaves():
    rows = review()
    assert {name: row["stock_at_risk"] for name, row in rows.items() if row["stock_at_risk"] is not None} == {
        "OLD": 70,
        "LEAVING": 25,
    }
    assert (rows["OLD"]["value_at_risk"], rows["LEAVING"]["value_at_risk"]) == (Decimal(280), Decimal(100))
    assert rows["BIG"]["stock_value"] == 80
    assert rows["SMALL"]["stock_value"] is None


def test_the_long_tail_brings_a_twentieth_of_the_margin_at_most():
    assert [name for name, row in review().items() if row["is_tail"]] == ["SMALL"]
