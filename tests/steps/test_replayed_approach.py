"""A past month planned by another forecast approach: its demand is that approach's, not only its safety stock."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.statistical.benchmark import benchmark_forecast
from sop_pipeline.errors import BadInput
from sop_pipeline.replay.problems import with_approach

CYCLE = Cycle.parse("2026-07")
OTHER = "top_down_forecast_proportions"


def test_demand_is_planned_by_the_approach_that_is_asked_for(starter, planned):
    made = with_approach(starter.lake, planned, starter.settings, CYCLE, OTHER)
    wanted = {
        (row["item_id"], row["month"]): row["mean"]
        for row in tables.rows(tables.where(planned["forecast"], approach=OTHER, level="product"))
    }
    assert {(row["product_id"], row["month"]): row["statistical"] for row in tables.rows(made["demand_plan"])} == wanted
    assert [row["approach"] for row in tables.rows(made["forecast_approach"]) if row["chosen"]] == [OTHER]
    with pytest.raises(BadInput, match="found forecast approach middle_up; needed one of bottom_up, "):
        with_approach(starter.lake, planned, starter.settings, CYCLE, "middle_up")


def test_the_benchmark_plans_what_was_sold_in_the_same_month_a_year_before(starter, planned):
    """Of the second year ahead too, whose year before is not over: the last one known."""
    sold: dict[tuple[str, int, int], Decimal] = defaultdict(Decimal)
    with (starter.path / "data" / "sales.csv").open() as file:
        for row in csv.DictReader(file):
            year, month = map(int, row["date"].split("-")[:2])
            sold[row["product_id"], year, month] += Decimal(row["quantity"])
    made = with_approach(starter.lake, planned, starter.settings, CYCLE, "naive")
    rows = tables.rows(made["demand_plan"])
    assert len(rows) == 5 * 24
    for row in rows:
        month = row["month"].month
        assert row["statistical"] == sold[row["product_id"], 2025 if month >= 7 else 2026, month]
    assert [row["approach"] for row in tables.rows(made["forecast_approach"]) if row["chosen"]] == ["naive"]
    same = [tables.where(month["forecast_backtest"], approach="naive") for month in (made, planned)]
    assert same[0].equals(same[1])


def test_the_benchmark_is_forecast_by_the_rule_of_its_backtest(starter, planned):
    """With what was known at each of its origins, the forecast is what the backtest has."""
    naive = tables.where(planned["forecast_backtest"], approach="naive", level="product")
    read = [planned[name] for name in ("product_lifecycle", "working_calendar", "demand_units")]
    origins = sorted(set(tables.days(naive, "origin")))
    for origin in (origins[0], origins[-1]):
        known = [row for row in tables.rows(planned["demand_history"]) if row["month"] < origin]
        history = tables.conform("demand_history", known)
        made = benchmark_forecast(history, *read, company=starter.settings, cycle=Cycle(origin))
        ahead = {(row["item_id"], row["month"]): row["mean"] for row in tables.rows(made)}
        of_origin = [row for row in tables.rows(naive) if row["origin"] == origin]
        assert of_origin
        assert all(ahead[row["item_id"], row["month"]] == row["forecast"] for row in of_origin)
