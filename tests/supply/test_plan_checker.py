"""A plan broken by hand, one figure at a time: each identity is caught, by its own name."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from sop_pipeline import tables
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan
from sop_pipeline.validation.plan_checker import check_frames, check_plan, plan_holds

MONTHS = ["2026-07", "2026-08", "2026-09", "2026-10"]
JULY, AUGUST, SEPTEMBER, OCTOBER = MONTHS
DAYS = 20


def problem_frames() -> dict[str, pd.DataFrame]:
    """Two products, a crew, a machine, storage, two materials, cash; every kind of limit and cost is in it."""
    demand = {"P": [120, 150, 90, 140], "Q": [60, 60, 80, 50]}
    return {
        "products": pd.DataFrame(
            [
                {
                    "product_id": "P",
                    "unit_price": 60,
                    "unit_material_cost": 8,
                    "holding_cost": 1,
                    "backlog_cost": 3,
                    "lost_sales_cost": 70,
                    "subcontract_cost": 40,
                    "subcontract_limit": 25,
                    "min_lot": 20,
                    "setup_cost": 30,
                    "shelf_life_months": 2,
                    "max_stock": 90,
                },
                {
                    "product_id": "Q",
                    "unit_price": 50,
                    "holding_cost": 1,
                    "cover_days_max": 45,
                    "discontinued_on": "2026-09-15",
                },
            ]
        ),
        "resources": pd.DataFrame(
            [
                {
                    "resource_id": "crew",
                    "kind": "labour",
                    "opening_units": 2,
                    "hours_per_day": 8,
                    "regular_rate": 10,
                    "overtime_limit_pct": 10,
                    "hire_cost": 200,
                    "layoff_cost": 300,
                    "max_hires": 1,
                    "max_layoffs": 1,
                    "hire_lead_months": 1,
                    "min_units": 1,
                    "max_units": 4,
                    "temporary_max": 0.5,
                    "temporary_rate": 18,
                },
                {
                    "resource_id": "press",
                    "kind": "machine",
                    "opening_units": 2,
                    "hours_per_day": 16,
                    "rate_up_cost": 4,
                    "rate_down_cost": 6,
                    "maintenance_units_required": 1,
                },
                {"resource_id": "store", "kind": "storage", "capacity": 150},
                {"resource_id": "steel", "kind": "material", "capacity": 700},
                {"resource_id": "till", "kind": "cash", "capacity": 20000},
            ]
        ),
        "resource_months": pd.DataFrame([{"resource_id": "press", "month": AUGUST, "units_down": 0.5}]),
        "product_features": pd.DataFrame(
            [
                {"product_id": "P", "feature": "crew", "quantity": 1.5},
                {"product_id": "Q", "feature": "crew", "quantity": 1.0},
                {"product_id": "P", "feature": "press", "quantity": 2.0},
                {"product_id": "P", "feature": "store", "quantity": 1.0},
                {"product_id": "Q", "feature": "store", "quantity": 1.0},
                {"product_id": "P", "feature": "steel", "quantity": 3.0},
                {"product_id": "Q", "feature": "resin", "quantity": 2.0},
            ]
        ),
        "materials": pd.DataFrame(
            [{"material_id": "resin", "unit_cost": 4, "on_hand": 300, "on_order": 0, "lead_days": 35}]
        ),
        "calendar": pd.DataFrame([{"month": month, "working_days": DAYS} for month in MONTHS]),
        "demand_plan": pd.DataFrame(
            [
                {"product_id": name, "month": month, "quantity": amount, "min_quantity": 20 if name == "P" else None}
                for name, amounts in demand.items()
                for month, amount in zip(MONTHS, amounts, strict=True)
            ]
        ),
        "product_state": pd.DataFrame(
            [
                {
                    "product_id": "P",
                    "opening_stock": 30,
                    "safety_stock": 5,
                    "closing_stock": 12,
                    "closing_backlog": 0,
                    "opening_rate": 5,
                },
                {"product_id": "Q", "opening_stock": 100},
            ]
        ),
        "product_months": pd.DataFrame(
            [
                {"product_id": "P", "month": SEPTEMBER, "max_production": 130},
                {"product_id": "Q", "month": AUGUST, "fixed_production": 70, "frozen": True},
            ]
        ),
    }


@pytest.fixture(scope="module")
def solved() -> tuple[dict, dict]:
    frames = problem_frames()
    result = plan(PlanningProblem(**frames, options=PlanOptions()), "blended")
    return frames, {
        "aggregate_plan": result.aggregate_plan,
        "resource_plan": result.resource_plan,
        "costs": result.costs,
    }


def broken(solved, table: str, where: dict, column: str, change) -> set[str]:
    """Names of the identities that fail after one figure is changed by an amount, or set by a function."""
    frames, made = solved
    copy = {name: frame.copy() for name, frame in made.items()}
    chosen = pd.Series(True, index=copy[table].index)
    for key, value in where.items():
        chosen &= copy[table][key] == value
    assert chosen.sum() == 1, f"{where} is {chosen.sum()} rows of {table}"
    old = float(copy[table].loc[chosen, column].iloc[0])
    copy[table][column] = copy[table][column].astype(float)
    copy[table].loc[chosen, column] = change(old) if callable(change) else old + change
    return {item.identity for item in check_frames(frames, copy)}


def p_in(month: str) -> dict:
    return {"product_id": "P", "month": month}


def q_in(month: str) -> dict:
    return {"product_id": "Q", "month": month}


def crew_in(month: str) -> dict:
    return {"resource_id": "crew", "month": month}


def press_in(month: str) -> dict:
    return {"resource_id": "press", "month": month}


def test_the_plan_itself_holds(solved):
    frames, made = solved
    assert check_frames(frames, made) == []


PLAN_FAULTS = [
    ("demand", p_in(JULY), "demand", 1),
    ("non_negative", p_in(JULY), "output", lambda old: -5),
    ("inventory_balance", p_in(JULY), "output", 0.01),
    ("lost_sales_within_demand", p_in(JULY), "lost_sales", lambda old: 121),
    ("must_serve", p_in(JULY), "lost_sales", lambda old: 101),
    ("lost_sales_allowed", q_in(JULY), "lost_sales", 1),
    ("backlog_allowed", q_in(JULY), "backlog", 1),
    ("closing_backlog", p_in(OCTOBER), "backlog", 1),
    ("subcontract_limit", p_in(JULY), "subcontract", lambda old: 26),
    ("subcontract_limit", q_in(JULY), "subcontract", 1),
    ("max_production", p_in(SEPTEMBER), "output", lambda old: 131),
    ("fixed_production", q_in(AUGUST), "output", 1),
    ("discontinued", q_in(OCTOBER), "output", 1),
    ("min_lot", p_in(JULY), "output", lambda old: 19),
    ("set_up", p_in(JULY), "set_up", lambda old: 0),
    ("target_stock", p_in(JULY), "inventory", lambda old: 4),
    ("closing_stock", p_in(OCTOBER), "inventory", lambda old: 11),
    ("max_stock", p_in(JULY), "inventory", lambda old: 91),
    ("max_cover", q_in(JULY), "inventory", lambda old: 110),
    ("shelf_life", p_in(AUGUST), "inventory", lambda old: 231),
    ("storage", p_in(JULY), "inventory", lambda old: 151),
    ("material_limit", p_in(JULY), "output", lambda old: 250),
    ("material_stock", q_in(JULY), "output", lambda old: 151),
    ("load", p_in(JULY), "output", 1),
    ("cost_material", p_in(JULY), "output", 1),
    ("cost_holding", p_in(JULY), "inventory", 1),
    ("cost_backlog", p_in(JULY), "backlog", 1),
    ("cost_lost_sales", p_in(JULY), "lost_sales", 1),
    ("cost_subcontracting", p_in(JULY), "subcontract", 1),
    ("cost_setup", p_in(JULY), "set_up", lambda old: 2),
    ("cost_rate_change", p_in(JULY), "output", 1),
]
RESOURCE_FAULTS = [
    ("load", crew_in(JULY), "regular_hours", -1),
    ("hours", crew_in(JULY), "regular_hours", 500),
    ("idle_hours", press_in(JULY), "idle_hours", 1),
    ("overtime_limit", crew_in(JULY), "overtime_hours", 100),
    ("overtime_limit", press_in(JULY), "overtime_hours", 1),
    ("workforce_balance", crew_in(AUGUST), "units", 1),
    ("unit_limits", crew_in(JULY), "units", lambda old: 5),
    ("unit_limits", crew_in(JULY), "units", lambda old: 0.5),
    ("hire_limit", crew_in(AUGUST), "hires", lambda old: 2),
    ("hire_limit", press_in(AUGUST), "hires", 1),
    ("hire_lead", crew_in(JULY), "hires", lambda old: 1),
    ("layoff_limit", crew_in(JULY), "layoffs", lambda old: 2),
    ("temporary_limit", crew_in(JULY), "temporary", lambda old: 1),
    ("units_down", press_in(AUGUST), "units_down", lambda old: 0),
    ("maintenance", press_in(JULY), "units_down", 1),
    ("cost_regular_pay", crew_in(JULY), "units", 1),
    ("cost_overtime", crew_in(JULY), "overtime_hours", 1),
    ("cost_temporary", crew_in(JULY), "temporary", -0.1),
    ("cost_hiring", crew_in(SEPTEMBER), "hires", 1),
    ("cost_layoff", crew_in(SEPTEMBER), "layoffs", 1),
]


@pytest.mark.parametrize(("identity", "where", "column", "change"), PLAN_FAULTS)
def test_a_fault_of_the_plan_is_caught_by_name(solved, identity, where, column, change):
    assert identity in broken(solved, "aggregate_plan", where, column, change)


@pytest.mark.parametrize(("identity", "where", "column", "change"), RESOURCE_FAULTS)
def test_a_fault_of_the_resources_is_caught_by_name(solved, identity, where, column, change):
    assert identity in broken(solved, "resource_plan", where, column, change)


def test_every_cost_is_recomputed(solved):
    """Money added to any kind of cost is caught as that kind."""
    _, made = solved
    names = {"overtime_pay": "overtime", "temporary_pay": "temporary", "layoffs": "layoff", "set_up": "setup"}
    kinds = made["costs"][made["costs"]["kind"] != "revenue"].drop_duplicates("kind")
    assert len(kinds) >= 6
    for row in kinds.itertuples(index=False):
        where = {"month": row.month, "item": row.item, "kind": row.kind}
        found = broken(solved, "costs", where, "amount", 2.0)
        assert f"cost_{names.get(row.kind, row.kind)}" in found, where


def test_a_missing_cost_and_an_unknown_one_are_caught(solved):
    frames, made = solved
    short = made["costs"][made["costs"]["kind"] != "holding"]
    assert {item.identity for item in check_frames(frames, {**made, "costs": short})} == {"cost_holding"}
    strange = pd.concat([made["costs"], pd.DataFrame([{"month": JULY, "item": "P", "kind": "gift", "amount": 5.0}])])
    assert {item.identity for item in check_frames(frames, {**made, "costs": strange})} == {"cost_unknown"}


def test_cash_is_counted_from_what_is_paid(solved):
    frames, made = solved
    poor = frames["resources"].copy()
    poor.loc[poor["resource_id"] == "till", "capacity"] = 100.0
    assert {item.identity for item in check_frames({**frames, "resources": poor}, made)} == {"cash_limit"}


def test_whole_workers_are_checked_when_asked_for(solved):
    frames, made = solved
    heads = made["resource_plan"].copy()
    chosen = (heads["resource_id"] == "crew") & (heads["month"] == AUGUST)
    heads.loc[chosen, ["units", "hires"]] += 0.25
    names = {item.identity for item in check_frames(frames, {**made, "resource_plan": heads}, whole_workers=True)}
    assert "whole_workers" in names
    assert "whole_workers" not in {item.identity for item in check_frames(frames, {**made, "resource_plan": heads})}


def test_an_admitted_shortfall_is_no_violation_and_no_more_than_admitted(solved):
    frames, made = solved
    least = frames["product_state"].copy()
    stock = made["aggregate_plan"].set_index(["product_id", "month"]).loc[("P", JULY), "inventory"]
    least.loc[least["product_id"] == "P", "safety_stock"] = stock + 10
    raised = {**frames, "product_state": least}
    short = [item for item in check_frames(raised, made) if item.identity == "target_stock" and item.month == JULY]
    assert len(short) == 1
    entry = {"rule": "stock_below_target", "item": "P", "month": JULY}
    for amount, count in ((10.0, 0), (9.0, 1)):
        admitted = pd.DataFrame([{**entry, "amount": amount}])
        found = check_frames(raised, {**made, "shortfalls": admitted})
        assert sum(item.identity == "target_stock" and item.month == JULY for item in found) == count


def test_a_violation_says_where_what_and_how_much(solved):
    frames, made = solved
    changed = made["aggregate_plan"].copy()
    chosen = (changed["product_id"] == "P") & (changed["month"] == JULY)
    changed.loc[chosen, "subcontract"] = 30.0
    found = check_frames(frames, {**made, "aggregate_plan": changed})
    item = next(item for item in found if item.identity == "subcontract_limit")
    assert str(item) == "subcontract_limit: P 2026-07: found 30.0000; needed 25.0000"


START = date(2026, 7, 1)
TOTALS = (
    "total_cost",
    "shortfall_cost",
    "total_revenue",
    "total_profit",
    "lost_units",
    "late_units",
    "peak_inventory",
    "hires",
    "layoffs",
    "overtime_hours",
    "instability",
)
UNUSED = (
    "planning_resources",
    "planning_resource_months",
    "planning_features",
    "planning_calendar",
    "planning_materials",
    "planning_months",
    "resource_plan",
    "plan_shortfalls",
)


def schedule_tables(**changed) -> dict:
    """A family of two products planned for one month, and its schedule; ``changed`` replaces figures of product A."""
    plan_row = {
        "strategy": "blended",
        "scenario": "base",
        "item_id": "Alpha",
        "item_level": "family",
        "month": START,
        "demand": 30,
        "output": 40,
        "subcontract": 0,
        "inventory": 10,
        "backlog": 0,
        "lost_sales": 0,
        "target_stock": 0,
    }
    summary = {
        "strategy": "blended",
        "scenario": "base",
        "status": "optimal",
        **dict.fromkeys(TOTALS, 0),
        "chosen": True,
    }
    base = {
        "opening_stock": 0,
        "opening_backlog": 0,
        "subcontract": 0,
        "backlog": 0,
        "lost_sales": 0,
        "target_stock": 0,
    }
    first = {"product_id": "A", "demand": 10, "output": 15, "inventory": 5, **base, **changed}
    second = {"product_id": "B", "demand": 20, "output": 25, "inventory": 5, **base}
    demand = {"lag": 0, "adjustment": 0, "family": "Alpha", "month": START}
    empty = {name: tables.empty(name) for name in UNUSED}
    return empty | {
        "planning_products": tables.conform(
            "planning_products", [{"product_id": "Alpha", "product_name": "Alpha", "holding_cost": 0, "unit_price": 1}]
        ),
        "planning_demand": tables.conform("planning_demand", [{"product_id": "Alpha", "month": START, "quantity": 30}]),
        "planning_state": tables.conform("planning_state", [{"product_id": "Alpha", "opening_stock": 0}]),
        "aggregate_plan": tables.conform("aggregate_plan", [plan_row]),
        "plan_costs": tables.empty("plan_costs"),
        "plan_summary": tables.conform("plan_summary", [summary]),
        "demand_plan": tables.conform(
            "demand_plan",
            [
                {
                    "product_id": name,
                    **demand,
                    **dict.fromkeys(("statistical", "quantity", "p10", "p50", "p90"), amount),
                }
                for name, amount in (("A", 10), ("B", 20))
            ],
        ),
        "production_schedule": tables.conform(
            "production_schedule", [{"family": "Alpha", "month": START, **row} for row in (first, second)]
        ),
    }


def test_a_schedule_that_adds_up_holds():
    assert check_plan(schedule_tables()) == []


@pytest.mark.parametrize(
    ("identity", "changed"),
    [
        ("schedule_balance", {"output": 16}),
        ("disaggregation_output", {"output": 16, "inventory": 6}),
        ("disaggregation_net_stock", {"output": 16, "inventory": 6}),
        ("disaggregation_subcontract", {"subcontract": 1, "inventory": 6}),
        ("disaggregation_lost_sales", {"lost_sales": 1, "inventory": 6}),
        ("disaggregation_demand", {"demand": 11, "inventory": 4}),
        ("schedule_lost_sales", {"lost_sales": 11, "inventory": 16}),
        ("schedule_non_negative", {"output": 5, "inventory": -5}),
    ],
)
def test_a_fault_of_the_schedule_is_caught_by_name(identity, changed):
    assert identity in {item.identity for item in check_plan(schedule_tables(**changed))}


def test_a_month_that_does_not_open_as_the_last_closed_is_caught():
    known = schedule_tables()
    later = [
        {**row, "month": date(2026, 8, 1), "opening_stock": row["inventory"] + (row["product_id"] == "A"), "output": 0}
        for row in known["production_schedule"].to_pylist()
    ]
    rows = known["production_schedule"].to_pylist() + later
    known["production_schedule"] = tables.conform("production_schedule", rows)
    assert [item.item for item in check_plan(known) if item.identity == "schedule_chain"] == ["A"]


def test_a_total_that_is_not_the_sum_of_its_costs_is_caught():
    known = schedule_tables()
    rows = [{**row, "total_cost": 3} for row in known["plan_summary"].to_pylist()]
    known["plan_summary"] = tables.conform("plan_summary", rows)
    assert [item.identity for item in check_plan(known)] == ["total_cost"]


def test_a_profit_that_takes_off_what_nobody_pays_is_caught():
    known = schedule_tables()
    costs = [("material", 40), ("holding", 7), ("backlog", 3), ("lost_sales", 50)]
    where = {"strategy": "blended", "scenario": "base", "month": START, "item": "F"}
    rows = [{**where, "kind": kind, "amount": amount} for kind, amount in costs]
    known["plan_costs"] = tables.conform("plan_costs", rows)
    (row,) = known["plan_summary"].to_pylist()
    right = {**row, "total_cost": 100, "total_revenue": 90, "total_profit": 50}
    known["plan_summary"] = tables.conform("plan_summary", [right])
    found = {item.identity for item in check_plan(known)}
    assert not found & {"total_cost", "total_profit"}
    for wrong in (-10, 40):
        known["plan_summary"] = tables.conform("plan_summary", [{**right, "total_profit": wrong}])
        assert {item.identity for item in check_plan(known)} - found == {"total_profit"}


def test_the_finding_counts_identities_and_shows_samples():
    finding = plan_holds(schedule_tables(output=16))
    assert not finding.passed
    assert "schedule_balance 1" in finding.summary
    assert finding.sample[0]["violation"].startswith("schedule_balance: blended base A 2026-07")
    assert plan_holds(schedule_tables()).passed
