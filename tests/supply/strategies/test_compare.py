"""Every strategy of a company on one problem, side by side, accepted by the independent checker."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline.config import Company, Supply
from sop_pipeline.validation.plan_checker import check_plan, plan_holds


@pytest.mark.parametrize("approach", ["top_down", "bottom_up"])
def test_every_plan_of_the_cycle_holds(small_company, company, cycle, approach, planned_cycle):
    known = planned_cycle(small_company(), company, cycle, approach)
    assert check_plan(known) == []
    assert plan_holds(known).passed
    assert {row["item_level"] for row in known["aggregate_plan"].to_pylist()} == {
        "family" if approach == "top_down" else "product"
    }


def test_strategies_stand_side_by_side(small_company, company, cycle, planned_cycle):
    known = planned_cycle(small_company(), company, cycle, "bottom_up")
    rows = {row["strategy"]: row for row in known["plan_summary"].to_pylist()}
    assert list(rows) == ["blended", "chase", "level"]
    assert [name for name, row in rows.items() if row["chosen"]] == ["blended"]
    real = {name: row["total_cost"] + row["shortfall_cost"] for name, row in rows.items()}
    assert real["blended"] <= min(real.values())
    assert rows["level"]["instability"] <= rows["chase"]["instability"]
    demand = sum(row["quantity"] for row in known["planning_demand"].to_pylist())
    assert rows["blended"]["total_revenue"] == 20 * (demand - rows["blended"]["lost_units"])


def test_a_strategy_of_the_planners_own_is_compared(small_company, cycle, planned_cycle):
    company = Company(
        company="Small",
        sources={},
        horizon_months=6,
        supply=Supply(strategy="level:3,chase", strategies=["blended"]),
    )
    known = planned_cycle(small_company(), company, cycle, "bottom_up")
    chosen = {row["strategy"]: row["chosen"] for row in known["plan_summary"].to_pylist()}
    assert chosen == {"blended": False, "level:3,chase": True}
    assert check_plan(known) == []


def test_a_shortage_of_capacity_is_lost_or_late_where_it_falls(small_company, company, cycle, planned_cycle):
    """Line 2 gives 40 hours a month for a demand of 100: what cannot be made is lost or owed, of its products alone."""
    resources = [row for row in small_company()["resources"].to_pylist() if row["resource_id"] != "line 2"]
    short = {"resource_id": "line 2", "kind": "machine", "opening_units": 1, "hours_per_day": 2}
    known = planned_cycle(small_company(resources=[*resources, short]), company, cycle, "bottom_up")
    assert check_plan(known) == []
    row = next(row for row in known["plan_summary"].to_pylist() if row["chosen"])
    assert row["lost_units"] + row["late_units"] > 0
    assert row["service"] < 1
    rows = [row for row in known["aggregate_plan"].to_pylist() if row["strategy"] == "blended"]
    assert {row["item_id"] for row in rows if row["lost_sales"]} <= {"B1", "B2"}


def test_a_policy_that_cannot_be_kept_is_named_by_product_and_month(small_company, company, cycle, planned_cycle):
    """Line 2 is down in July: 55 in stock serve the demand of 50, and the rest falls short of the safety stock."""
    inventory = [{"date": date(2026, 6, 30), "product_id": name, "on_hand": 55} for name in ("A1", "A2", "B1", "B2")]
    down = [{"resource_id": "line 2", "month": date(2026, 7, 1), "units_down": 1}]
    known = planned_cycle(small_company(inventory=inventory, resource_months=down), company, cycle, "bottom_up")
    assert check_plan(known) == []
    target = next(row["target_low"] for row in known["stock_targets"].to_pylist() if row["product_id"] == "B1")
    named = {
        (row["item"], row["month"]): row["quantity"]
        for row in known["plan_shortfalls"].to_pylist()
        if row["strategy"] == "blended" and row["rule"] == "stock_below_target"
    }
    assert named["B1", date(2026, 7, 1)] == named["B2", date(2026, 7, 1)] == target - 5
    served = [row for row in known["aggregate_plan"].to_pylist() if row["item_id"] in ("B1", "B2")]
    assert not any(row["backlog"] or row["lost_sales"] for row in served if row["strategy"] == "blended")


def test_no_plan_holds_and_owes_the_same_product(small_company, company, cycle, planned_cycle):
    resources = [row for row in small_company()["resources"].to_pylist() if row["resource_id"] != "line 1"]
    short = {"resource_id": "line 1", "kind": "machine", "opening_units": 4, "hours_per_day": 8}
    known = planned_cycle(small_company(resources=[*resources, short]), company, cycle, "bottom_up")
    assert check_plan(known) == []
    assert not any(row["inventory"] and row["backlog"] for row in known["aggregate_plan"].to_pylist())


def test_storage_materials_and_cash_are_part_of_the_resource_plan(small_company, company, cycle, planned_cycle):
    given = small_company()
    resources = [
        *given["resources"].to_pylist(),
        {"resource_id": "store", "kind": "storage", "capacity": 400},
        {"resource_id": "till", "kind": "cash", "capacity": 100_000},
    ]
    features = [
        *given["product_features"].to_pylist(),
        *({"product_id": name, "feature": "store", "quantity": 2} for name in ("A1", "A2", "B1", "B2")),
    ]
    known = planned_cycle(small_company(resources=resources, product_features=features), company, cycle, "bottom_up")
    assert check_plan(known) == []
    rows = [row for row in known["resource_plan"].to_pylist() if row["strategy"] == "blended"]
    stock: dict[date, Decimal] = {}
    for row in known["aggregate_plan"].to_pylist():
        if row["strategy"] == "blended":
            stock[row["month"]] = stock.get(row["month"], 0) + row["inventory"]
    for row in rows:
        if row["resource_id"] == "store":
            assert row["regular_hours"] == 2 * stock[row["month"]]
            assert row["available"] == 400
            assert row["utilisation"] == pytest.approx(row["regular_hours"] / 400)
    assert {row["kind"] for row in rows} == {"labour", "machine", "storage", "cash"}


def test_the_frontier_runs_from_least_cost_to_most_stable(small_company, company, cycle, planned_cycle):
    points = planned_cycle(small_company(), company, cycle, "bottom_up")["plan_frontier"].to_pylist()
    curve = [row for row in points if row["on_frontier"]]
    assert len(curve) >= 9
    assert curve[0]["label"] == "blended"
    costs, changes = [row["cost"] for row in curve], [row["instability"] for row in curve]
    assert costs == sorted(costs)
    assert changes == sorted(changes, reverse=True)
    assert sum(row["recommended"] for row in points) == 1
    assert "chase" in {row["label"] for row in points if not row["on_frontier"]}
