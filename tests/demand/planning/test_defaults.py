"""Given gaps in the company's files, the defaults that were used, each in words with its number."""

from datetime import date

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.review.defaults import demand_defaults
from sop_pipeline.language.reconciliation import default_words

CYCLE = Cycle.parse("2026-01")


def life(product_id, status="active", months=36, **given):
    return {
        "product_id": product_id,
        "product_name": product_id,
        "family": "F",
        "status": status,
        "history_months": months,
        **given,
    }


def defaults(lifecycle, signals, inputs=(), inventory=(), backtest=False, **settings):
    history = [
        {
            "product_id": name,
            "family": "F",
            "month": date(2025, 12, 1),
            "quantity": 1,
            "cleansed": 1,
            "returns": 0,
            "signal": signal,
        }
        for name, signal in signals.items()
    ]
    tested = [
        {
            "approach": "bottom_up",
            "level": "product",
            "item_id": "A",
            "origin": date(2025, 12, 1),
            "lag": 0,
            "month": date(2025, 12, 1),
            "forecast": 1,
            "actual": 1,
        }
    ]
    result = demand_defaults(
        tables.conform("demand_history", history),
        tables.conform("product_lifecycle", lifecycle),
        tables.conform("inventory", list(inventory)),
        tables.conform("demand_inputs", list(inputs)),
        tables.conform("forecast_backtest", tested if backtest else []),
        company=Company.model_validate({"company": "Acme", "sources": {}, **settings}),
        cycle=CYCLE,
    )
    return {row["default_id"]: row for row in tables.rows(result)}


def test_a_company_that_gives_everything_uses_no_default():
    stock = [{"product_id": "A", "date": date(2025, 12, 31), "on_hand": 5}]
    entry = [{"stream": "sales", "product_id": "A", "month_from": date(2026, 1, 1), "change_units": 1}]
    assert defaults([life("A")], {"A": "sales"}, entry, stock, backtest=True) == {}


def test_each_gap_is_named_with_its_number():
    lifecycle = [
        life("A", months=5),
        life("M", months=20),
        life("N1", "never_sold", 0),
        life("N2", "never_sold", 0),
        life("O", "ended"),
        life("E", "ended", discontinued_on=date(2025, 1, 1), successor_id="A"),
        life("L", "launching", 0, launch_month=date(2026, 3, 1), like_product_id="A", probability=0.5),
    ]
    entries = [
        {"stream": "sales", "product_id": "nowhere", "month_from": date(2026, 1, 1), "change_units": 1},
        {"stream": "sales", "family": "nowhere", "month_from": date(2026, 2, 1), "change_pct": 1},
        {"stream": "sales", "product_id": "A", "month_from": date(2026, 1, 1)},
        {"stream": "sales", "month_from": date(2026, 1, 1), "change_pct": 1},
        {"stream": "sales", "month_from": date(2027, 12, 1), "change_pct": 1},
        {"stream": "sales", "month_from": date(2028, 1, 1), "change_pct": 1},
        {"stream": "sales", "month_from": date(2026, 3, 1), "month_to": date(2026, 2, 1), "change_pct": 1},
    ]
    found = defaults(lifecycle, {"A": "sales", "M": "production"}, entries)
    assert {name: row["items"] for name, row in found.items()} == {
        "demand_from_production": 1,
        "demand_inputs_of_no_planned_month": 2,
        "demand_inputs_of_nothing_known": 2,
        "demand_inputs_without_a_number": 1,
        "ended_without_a_date": 1,
        "handed_over": 1,
        "launch_probability": 1,
        "launch_ramp": 1,
        "launch_scale": 1,
        "never_sold": 2,
        "no_backtest": 1,
        "no_stock_outs_found": 1,
        "production_without_stock": 1,
        "short_history": 2,
        "very_short_history": 1,
    }
    assert found["never_sold"]["subject"] == "N1, N2"
    assert default_words(found["never_sold"], currency="EUR")[0] == "sales, output or a launch of N1, N2"


def test_no_entries_at_all_is_a_default_too():
    assert "no_demand_inputs" in defaults([life("A")], {"A": "sales"})
