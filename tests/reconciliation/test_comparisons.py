"""Attainment and gap by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.reconciliation.comparisons import AttainmentBefore, ViewBefore, plan_attainment, plan_gap
from tests.reconciliation.conftest import by, make


def planned(product, family, when, **numbers):
    zeros = dict.fromkeys(("demand", "sales", "output", "inventory"), 0)
    return {"cycle": "2026-02", "product_id": product, "family": family, "month": when} | zeros | numbers


@pytest.fixture
def last():
    return make(
        "last_plan",
        planned("bar", "Snacks", "2026-02", sales=120, output=80, inventory=50, revenue=1200, margin=480),
        planned("nut", "Snacks", "2026-02", sales=30, output=0, inventory=50, revenue=600, margin=150),
        planned("oil", "Oils", "2026-02", sales=0, output=30, inventory=40, revenue=0, margin=0),
        planned("bar", "Snacks", "2026-03", sales=90, revenue=900, margin=360, inventory_value=70),
    )


def test_attainment_by_hand(history, last, products, lifecycle, cycle):
    found = plan_attainment(history, last, products, lifecycle, cycle=cycle)
    rows = by(found, "measure", "family", "month")
    sales = rows["sales", "Snacks", "2026-02"]
    assert (sales["plan"], sales["actual"], sales["cycle"]) == (150, 110, "2026-02")
    assert sales["attainment"] == Decimal("0.733333")
    assert rows["production", "Snacks", "2026-02"]["attainment"] == Decimal("0.625000")
    assert rows["inventory", "Oils", "2026-02"]["attainment"] == Decimal("0.75")
    assert rows["sales", "Oils", "2026-02"]["attainment"] is None
    assert {key[2] for key in rows} == {"2026-02"}


def test_what_was_not_recorded_is_not_judged(history, last, products, lifecycle, cycle):
    unmade = tables.conform("actuals", [{**row, "output": None, "inventory": None} for row in tables.rows(history)])
    found = plan_attainment(unmade, last, products, lifecycle, cycle=cycle)
    assert set(found.column("measure").to_pylist()) == {"sales"}


def test_earlier_months_are_carried_on_and_not_doubled(history, last, products, lifecycle, cycle):
    fresh = plan_attainment(history, last, products, lifecycle, cycle=cycle)
    known = make(
        "plan_attainment",
        {"measure": "sales", "family": "Snacks", "month": "2026-01", "cycle": "2026-01", "plan": 1, "actual": 1},
        {"measure": "sales", "family": "Snacks", "month": "2026-02", "cycle": "2026-01", "plan": 1, "actual": 1},
    )
    before = AttainmentBefore(cycle.previous(), known)
    found = plan_attainment(history, last, products, lifecycle, cycle=cycle, before=before)
    assert found.num_rows == fresh.num_rows + 1
    assert by(found, "measure", "family", "month")["sales", "Snacks", "2026-02"]["plan"] == 150


def test_a_correction_reaches_months_that_were_judged_before(history, products, lifecycle, cycle):
    """January was found at 110 of 150 snacks; 20 bars were booked late, and today's actuals say so."""
    known = make(
        "plan_attainment",
        {"measure": "sales", "family": "Snacks", "month": "2026-01", "cycle": "2026-01", "plan": 150, "actual": 110},
    )
    late = [
        {**row, "sales": row["sales"] + 20}
        if row["product_id"] == "bar" and f"{row['month']:%Y-%m}" == "2026-01"
        else row
        for row in tables.rows(history)
    ]
    before = AttainmentBefore(cycle.previous(), known)
    found = plan_attainment(
        tables.conform("actuals", late), tables.empty("last_plan"), products, lifecycle, cycle=cycle, before=before
    )
    (row,) = tables.rows(found)
    assert (row["plan"], row["actual"], row["attainment"]) == (150, 130, Decimal("0.866667"))
    assert row["cycle"] == "2026-01"


def test_attainment_is_never_below_nothing(history, products, lifecycle, cycle):
    """110 sold where 10 were planned is off by ten times the plan: nothing of it was attained."""
    plan = make("last_plan", planned("bar", "Snacks", "2026-02", sales=10))
    rows = by(plan_attainment(history, plan, products, lifecycle, cycle=cycle), "measure", "family", "month")
    sales = rows["sales", "Snacks", "2026-02"]
    assert (sales["plan"], sales["actual"], sales["attainment"]) == (10, 110, 0)


def test_a_first_cycle_has_no_attainment(history, products, lifecycle, cycle):
    found = plan_attainment(history, tables.empty("last_plan"), products, lifecycle, cycle=cycle)
    assert found == tables.empty("plan_attainment")


def money(family, when, basis, units, revenue=None, margin=None, inventory_value=None):
    return {
        "family": family,
        "month": when,
        "basis": basis,
        "units": units,
        "revenue": revenue,
        "margin": margin,
        "inventory_value": inventory_value,
    }


@pytest.fixture
def finance():
    return make(
        "financial_plan",
        money("Snacks", "2025-02", "actual", 90, 900, 300, 60),
        money("Snacks", "2025-03", "actual", 80, 800, 200, 50),
        money("Snacks", "2026-02", "actual", 100, 1000, 400, 70),
        money("Snacks", "2026-03", "plan", 110, 1100, 440, 75),
    )


@pytest.fixture
def business():
    return make(
        "business_plan",
        {"month": "2026-02", "family": "Snacks", "units": 105, "revenue": 1050, "margin": 430, "inventory_value": 65},
        {"month": "2026-03", "family": "Snacks", "units": 100, "revenue": 1000, "margin": 400},
        {"month": "2026-03", "family": "Gifts", "units": 5, "revenue": 60, "margin": 20},
        {"month": "2027-03", "family": "Snacks", "units": 1, "revenue": 1, "margin": 1},
    )


@pytest.fixture
def before(cycle):
    """What February's pack said: January was over, the rest was planned; a family has been given up since."""
    view = make(
        "financial_plan",
        money("Snacks", "2026-01", "actual", 95, 950, 380, 66),
        money("Snacks", "2026-02", "plan", 150, 1800, 630),
        money("Snacks", "2026-03", "plan", 90, 900, 360, 70),
        money("Gifts", "2026-03", "plan", 4, 44, 11),
    )
    return ViewBefore(cycle.previous(), view)


def test_gaps_by_hand(finance, business, before, cycle):
    rows = by(plan_gap(finance, business, cycle=cycle, before=before), "measure", "family", "month")
    march = rows["revenue", "Snacks", "2026-03"]
    assert (march["latest"], march["business_plan"], march["last_plan"], march["last_year"]) == (1100, 1000, 900, 800)
    assert (march["gap"], march["basis"]) == (100, "plan")
    february = rows["margin", "Snacks", "2026-02"]
    assert (february["gap"], february["basis"], february["last_plan"]) == (-30, "actual", 630)
    assert rows["units", "Snacks", "2026-02"]["last_plan"] == 150
    assert rows["inventory_value", "Snacks", "2026-03"]["gap"] is None
    assert ("revenue", "Snacks", "2027-03") not in rows


def test_the_last_plan_is_what_its_pack_said_of_past_months_too(finance, business, before, cycle):
    """January was 950 then and is 930 now: the difference is a restatement, not the plan's."""
    restated = tables.concat(
        "financial_plan", [finance, make("financial_plan", money("Snacks", "2026-01", "actual", 93, 930))]
    )
    rows = by(plan_gap(restated, business, cycle=cycle, before=before), "measure", "family", "month")
    january = rows["revenue", "Snacks", "2026-01"]
    assert (january["latest"], january["last_plan"], january["last_basis"]) == (930, 950, "actual")
    assert rows["revenue", "Snacks", "2026-02"]["last_basis"] == "plan"
    assert sum(row["last_plan"] or 0 for key, row in rows.items() if key[0] == "revenue") == 950 + 1800 + 900 + 44


def test_a_planned_family_of_which_nothing_is_sold_counts_as_nothing(finance, business, cycle):
    rows = by(plan_gap(finance, business, cycle=cycle), "measure", "family", "month")
    assert rows["revenue", "Gifts", "2026-03"]["latest"] == 0
    assert rows["revenue", "Gifts", "2026-03"]["gap"] == -60


def test_without_a_business_plan_the_gap_is_to_last_year(finance, cycle, empty):
    row = by(plan_gap(finance, empty("business_plan"), cycle=cycle), "measure", "family", "month")
    row = row["units", "Snacks", "2026-03"]
    assert (row["business_plan"], row["last_plan"], row["gap"]) == (None, None, 30)


def test_without_money_units_are_compared(finance, cycle, empty):
    bare = make(
        "financial_plan",
        *[{**row, **dict.fromkeys(("revenue", "margin", "inventory_value"))} for row in finance.to_pylist()],
    )
    found = by(plan_gap(bare, empty("business_plan"), cycle=cycle), "measure", "family", "month")
    assert found["units", "Snacks", "2026-03"]["gap"] == 30
    assert found["revenue", "Snacks", "2026-03"]["latest"] is None


def test_nothing_to_compare(empty, cycle):
    assert plan_gap(empty("financial_plan"), empty("business_plan"), cycle=cycle) == empty("plan_gap")
