"""Frozen months over two cycles: kept where they can be, released by name where they cannot."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.language.supply import frozen_words
from sop_pipeline.validation.plan_checker import check_plan

FROZEN = Company(company="Small", sources={}, horizon_months=6, supply=Supply(frozen_months=2))


def last_production(cycle, output: dict[str, float], bought: float = 0.0):
    """The production plan of the cycle before: constant output by product over six months."""
    rows = [
        {
            "product_id": name,
            "family": name[0],
            "month": add_months(cycle.month, lag - 1),
            "output": amount,
            "subcontract": bought,
        }
        for name, amount in output.items()
        for lag in range(6)
    ]
    return tables.conform("production_plan", rows)


def outputs(known, table: str = "production_schedule") -> dict:
    return {(row["product_id"], row["month"]): row["output"] for row in known[table].to_pylist()}


def notes(known) -> dict:
    return {row["default_id"]: row for row in known["supply_defaults"].to_pylist()}


@pytest.mark.parametrize("approach", ["top_down", "bottom_up"])
def test_the_first_months_stay_as_last_planned(small_company, planned_cycle, cycle, approach):
    frozen = {"A1": 111.0, "A2": 222.0, "B1": 44.0, "B2": 55.0}
    known = planned_cycle(small_company(), FROZEN, cycle, approach, last_production(cycle, frozen))
    made = outputs(known)
    for lag in (0, 1):
        assert {name: made[name, add_months(cycle.month, lag)] for name in frozen} == frozen
    free = [made["A1", add_months(cycle.month, lag)] for lag in range(2, 6)]
    assert any(amount != 111 for amount in free), "only the first two months are frozen"
    rows = [row for row in known["planning_months"].to_pylist() if row["frozen"]]
    assert len(rows) == 2 * (2 if approach == "top_down" else 4)
    assert check_plan(known) == []
    assert notes(known)["frozen_plan"]["items"] == 8
    for strategy in ("level", "chase", "blended"):
        plan = [row for row in known["aggregate_plan"].to_pylist() if row["strategy"] == strategy]
        july = sum(row["output"] for row in plan if row["month"] == cycle.month)
        assert july == sum(frozen.values())


def test_the_plan_of_one_cycle_freezes_the_next(small_company, planned_cycle, company, cycle):
    """The first cycle's own schedule is what the second keeps, month for month."""
    before = Cycle(add_months(cycle.month, -1))
    first = planned_cycle(_moved(small_company(), -1), company, before, "bottom_up")
    schedule = tables.frame(first["production_schedule"])
    last = tables.conform("production_plan", schedule)
    second = planned_cycle(small_company(), FROZEN, cycle, "bottom_up", last)
    kept = outputs({"last_plan": last}, "last_plan")
    made = outputs(second)
    frozen = [key for key in made if key[1] < add_months(cycle.month, 2)]
    assert {key: made[key] for key in frozen} == {key: kept[key] for key in frozen}


def _moved(given: dict, months: int) -> dict:
    out = dict(given)
    for name in ("demand_plan", "demand_history", "working_calendar"):
        rows = [{**row, "month": add_months(row["month"], months)} for row in given[name].to_pylist()]
        out[name] = tables.conform(name, rows)
    return out


def test_a_product_the_last_plan_does_not_know_is_free_and_counted(small_company, planned_cycle, cycle):
    known = planned_cycle(small_company(), FROZEN, cycle, "bottom_up", last_production(cycle, {"A1": 100.0}))
    assert notes(known)["frozen_unknown"]["items"] == 3
    assert {row["product_id"] for row in known["planning_months"].to_pylist() if row["frozen"]} == {"A1"}


def test_without_a_last_plan_nothing_is_frozen_and_it_is_said(small_company, planned_cycle, cycle):
    known = planned_cycle(small_company(), FROZEN, cycle, "bottom_up")
    assert notes(known)["frozen_months"]["items"] == 2
    assert known["frozen_plan"].num_rows == 0


def test_what_is_bought_in_is_frozen_too(small_company, planned_cycle, cycle):
    products = [{**row, "subcontract_cost": 50} for row in small_company()["products"].to_pylist()]
    given = small_company(products=products)
    frozen = last_production(cycle, {"A1": 90.0, "A2": 200.0, "B1": 40.0, "B2": 40.0}, bought=7.0)
    known = planned_cycle(given, FROZEN, cycle, "top_down", frozen)
    bought = {
        row["product_id"]: row["subcontract"]
        for row in known["production_schedule"].to_pylist()
        if row["month"] == cycle.month
    }
    assert bought == dict.fromkeys(("A1", "A2", "B1", "B2"), 7)
    assert check_plan(known) == []


def test_a_frozen_month_that_cannot_be_made_is_released_by_name(small_company, planned_cycle, cycle):
    """Line 2 has 200 hours a month; 150 and 120 frozen are 270. In August the line is down: nothing can be made."""
    frozen = last_production(cycle, {"A1": 100.0, "B1": 150.0, "B2": 120.0})
    known = planned_cycle(small_company(), FROZEN, cycle, "bottom_up", frozen)
    rows = {(row["product_id"], row["month"]): row for row in known["frozen_plan"].to_pylist()}
    assert not rows["B1", cycle.month]["kept"]
    facts = ("reason", "resource_id", "excess", "excess_unit", "excess_month")
    assert [rows["B1", cycle.month][name] for name in facts] == ["overload", "line 2", 70, "hour", cycle.month]
    assert frozen_words(rows["B1", cycle.month]) == "line 2 is exceeded by 70 hours in Jul 2026"
    assert rows["A1", cycle.month]["kept"], "what does not take the line stays frozen"
    assert notes(known)["frozen_released"]["items"] == sum(not row["kept"] for row in rows.values())
    line = [row for row in known["resource_plan"].to_pylist() if row["resource_id"] == "line 2"]
    assert all(row["regular_hours"] + row["overtime_hours"] <= 200 for row in line)
    assert check_plan(known) == []


def test_what_has_ended_is_not_frozen(small_company, planned_cycle, cycle):
    products = [
        {**row, "discontinued_on": cycle.month.replace(day=15)} if row["product_id"] == "A1" else row
        for row in small_company()["products"].to_pylist()
    ]
    frozen = last_production(cycle, {"A1": 100.0, "A2": 250.0})
    known = planned_cycle(small_company(products=products), FROZEN, cycle, "bottom_up", frozen)
    kept = {(row["product_id"], row["month"].month): row["kept"] for row in known["frozen_plan"].to_pylist()}
    assert kept == {("A1", 7): True, ("A1", 8): False, ("A2", 7): True, ("A2", 8): True}
    assert outputs(known)["A1", add_months(cycle.month, 1)] == Decimal(0)


@pytest.mark.parametrize("approach", ["top_down", "bottom_up"])
def test_purchases_above_a_lowered_limit_are_released_by_name(small_company, planned_cycle, cycle, approach):
    """The last plan subcontracts 7 of each; A1 may be subcontracted 5 times, A2 never, Beta freely."""
    limits = {"A1": {"subcontract_cost": 50, "subcontract_limit": 5}, "A2": {}}
    products = [
        {**row, **limits.get(row["product_id"], {"subcontract_cost": 50})}
        for row in small_company()["products"].to_pylist()
    ]
    frozen = last_production(cycle, {"A1": 90.0, "A2": 200.0, "B1": 40.0, "B2": 40.0}, bought=7.0)
    known = planned_cycle(small_company(products=products), FROZEN, cycle, approach, frozen)
    rows = {(row["product_id"], row["month"]): row for row in known["frozen_plan"].to_pylist()}
    assert {key[0]: row["kept"] for key, row in rows.items()} == {"A1": False, "A2": False, "B1": True, "B2": True}
    released = [rows[name, cycle.month] for name in ("A1", "A2")]
    assert [(row["reason"], row["limit"]) for row in released] == [("subcontract_limit", 5), ("subcontract_limit", 0)]
    assert [frozen_words(row) for row in released] == [
        "7 of A1 were to be subcontracted, at most 5 may be in Jul 2026",
        "7 of A2 were to be subcontracted, at most 0 may be in Jul 2026",
    ]
    assert notes(known)["frozen_released"]["items"] == 4
    bought = {(row["product_id"], row["month"]): row["subcontract"] for row in known["production_schedule"].to_pylist()}
    for month in (cycle.month, add_months(cycle.month, 1)):
        assert bought["A1", month] <= 5
        assert bought["A2", month] == 0
        assert bought["B1", month] == bought["B2", month] == 7
    assert check_plan(known) == []


def test_of_a_family_all_products_are_released(small_company, planned_cycle, cycle):
    """A1 is subcontracted above its limit; A2 is not, and is planned anew with it, as one planned item."""
    products = [
        {**row, "subcontract_cost": 50, "subcontract_limit": 5 if row["product_id"] == "A1" else 9}
        for row in small_company()["products"].to_pylist()
    ]
    frozen = last_production(cycle, {"A1": 90.0, "A2": 200.0, "B1": 40.0, "B2": 40.0}, bought=7.0)
    for approach, kept in (("top_down", False), ("bottom_up", True)):
        known = planned_cycle(small_company(products=products), FROZEN, cycle, approach, frozen)
        found = {row["product_id"]: row["kept"] for row in known["frozen_plan"].to_pylist()}
        assert found == {"A1": False, "A2": kept, "B1": True, "B2": True}
