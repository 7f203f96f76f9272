"""A launch is reviewed: gates passed and due, cost, and its ramp against the plan of the last cycle before it."""

from datetime import date
from typing import Any

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.launch_review import LaunchInputs, RampsBefore, launch_review
from tests.reconciliation.conftest import make, month

FEBRUARY, MARCH, MAY = (Cycle.parse(f"2026-0{number}") for number in (2, 3, 5))
OAT = {"product_id": "oat", "product_name": "Oat", "family": "Flour", "launch_month": "2026-03", "history_months": 0}
NEW: dict[str, Any] = {
    "product_id": "oat",
    "launch_month": "2026-03",
    "stage": "pilot",
    "probability": 0.8,
    "owner": "Eva",
}
NEW |= {"development_cost": 12_000, "launch_cost": 3_500}
GATES = (
    {"product_id": "oat", "gate": "Recipe", "due": "2025-10-01", "passed_on": "2025-10-06", "owner": "Eva"},
    {"product_id": "oat", "gate": "Pilot", "due": "2026-01-20", "owner": "Ben"},
    {"product_id": "oat", "gate": "Launch", "due": "2026-02-27", "owner": "Eva"},
)


def planned(units):
    names = {"product_id": "oat", "family": "Flour"}
    return [names | {"month": m, "demand": units[m], "sales": units[m]} for m in units]


def sold(units, estimated=()):
    names: dict[str, Any] = {"family": "Flour"}
    base = [names | {"product_id": "rye", "month": m, "sales": 9, "sales_estimated": 0} for m in ("2026-03", "2026-04")]
    return base + [
        names | {"product_id": "oat", "month": m, "sales": units[m], "sales_estimated": 5 if m in estimated else 0}
        for m in units
    ]


def review(cycle, status, plan, actuals=(), before=None, gates=GATES, launch="2026-03"):
    inputs = LaunchInputs(
        make("new_products", NEW | {"launch_month": launch}),
        make("launch_gates", *gates),
        make("product_lifecycle", OAT | {"status": status, "launch_month": launch}),
        make("sales_plan", *planned(plan)),
        make("actuals", *actuals),
    )
    return launch_review(inputs, cycle=cycle, before=before)


@pytest.fixture
def before():
    """February, the last cycle before the launch, plans 10, 20 and 30."""
    found = review(FEBRUARY, "launching", {"2026-02": 0, "2026-03": 10, "2026-04": 20, "2026-05": 30})
    return RampsBefore(FEBRUARY, found.launch_ramps)


def ramp(found):
    names = ("planned_in", "planned", "actual", "planned_total", "actual_total")
    return {f"{row['month']:%Y-%m}": tuple(row[name] for name in names) for row in tables.rows(found.launch_ramps)}


def test_before_the_launch_the_ramp_is_planned_anew(before):
    assert ramp(review(FEBRUARY, "launching", {"2026-03": 15, "2026-04": 20}, before=before)) == {
        "2026-03": ("2026-02", 15, None, 15, None),
        "2026-04": ("2026-02", 20, None, 35, None),
    }


def test_after_it_the_plan_before_stands_against_what_came(before):
    """12 and 0 were sold of 10 and 20; what May plans now is not the ramp."""
    found = review(MAY, "new", {"2026-05": 99}, sold({"2026-03": 12}), before)
    assert ramp(found) == {
        "2026-03": ("2026-02", 10, 12, 10, 12),
        "2026-04": ("2026-02", 20, 0, 30, 12),
        "2026-05": ("2026-02", 30, None, 60, None),
    }
    (row,) = tables.rows(found.launch_review)
    assert (row["planned_in"], row["actual_to"], row["planned_to_date"], row["actual_to_date"]) == (
        *("2026-02", month("2026-04"), 30, 12),
    )


def test_a_month_that_is_partly_forecast_has_not_come(before):
    found = review(MAY, "new", {}, sold({"2026-03": 12, "2026-04": 19}, estimated=("2026-04",)), before)
    assert ramp(found)["2026-04"] == ("2026-02", 20, None, 30, None)


def test_a_launch_that_is_put_off_is_planned_anew(before):
    found = review(MARCH, "launching", {"2026-04": 8}, sold({}), before, launch="2026-04")
    assert ramp(found) == {"2026-04": ("2026-03", 8, None, 8, None)}
    late = review(MAY, "launching", {"2026-06": 8}, sold({}), before, launch="2026-06")
    assert ramp(late) == {"2026-06": ("2026-05", 8, None, 8, None)}


def test_a_launch_that_is_given_up_before_its_month_has_no_ramp(before):
    assert ramp(review(MARCH, "never_sold", {}, sold({}), before)) == {}


def test_a_launch_that_no_cycle_planned_has_what_came():
    assert ramp(review(MAY, "new", {"2026-05": 9}, sold({"2026-03": 12, "2026-04": 7}))) == {
        "2026-03": (None, None, 12, None, 12),
        "2026-04": (None, None, 7, None, 19),
    }


def test_gates_passed_and_due_have_their_day_and_owner(before):
    (row,) = tables.rows(review(FEBRUARY, "launching", {"2026-03": 10}).launch_review)
    names = ("gates", "gates_passed", "last_gate", "last_passed_on", "next_gate", "next_due", "next_owner", "overdue")
    assert [row[name] for name in names] == [
        *(3, 1, "Recipe", date(2025, 10, 6), "Pilot", date(2026, 1, 20), "Ben", True),
    ]
    assert (row["owner"], row["development_cost"], row["launch_cost"]) == ("Eva", 12_000, 3_500)
    (none,) = tables.rows(review(FEBRUARY, "launching", {"2026-03": 10}, gates=()).launch_review)
    assert [none[name] for name in names] == [0, 0, None, None, None, None, None, False]
