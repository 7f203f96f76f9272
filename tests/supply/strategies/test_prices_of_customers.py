"""Where demand exceeds capacity and stock is asked for too, more is worth what customers get of it, up and down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from tests.thrift import few_fast

MONTHS = ["2026-01", "2026-02", "2026-03"]
NAMES = ["a", "b", "c"]


def one_product() -> PlanningProblem:
    """A hundred hours a month, an hour a unit, 150 asked at 40 of which 10 are material; 50 wanted in stock."""
    worth = {"unit_price": 40.0, "unit_material_cost": 10.0, "lost_sales_cost": 40.0}
    return PlanningProblem(
        pd.DataFrame({"product_id": "a", "month": MONTHS[:2], "quantity": 150.0}),
        products=pd.DataFrame([{"product_id": "a"} | worth]),
        product_state=pd.DataFrame({"product_id": ["a"], "safety_stock": [50.0], "opening_stock": [0.0]}),
        product_features=pd.DataFrame({"product_id": ["a"], "feature": ["crew"], "quantity": [1.0]}),
        resources=pd.DataFrame({"resource_id": ["crew"], "kind": ["labour"], "capacity": [100.0]}),
    )


def overloaded(seed: int) -> PlanningProblem:
    """Three products that ask for more hours than there are in every month, and all that stock is to hold."""
    rng = np.random.default_rng(seed)
    cells = pd.DataFrame({"product_id": np.repeat(NAMES, 3), "month": MONTHS * 3})
    hours = rng.uniform(0.4, 2.0, 3).round(2)
    demand = rng.integers(60, 160, 9).astype(float)
    asked = (demand.reshape(3, 3) * hours[:, None]).sum(axis=0)
    price = rng.uniform(20, 90, 3).round(2)
    material = (price * rng.uniform(0.2, 0.7, 3)).round(2)
    money = {"unit_price": price, "lost_sales_cost": price, "unit_material_cost": material, "holding_cost": 0.0}
    return PlanningProblem(
        cells.assign(quantity=demand),
        products=pd.DataFrame({"product_id": NAMES, **money}),
        product_state=pd.DataFrame(
            {"product_id": NAMES, "safety_stock": rng.integers(10, 90, 3).astype(float), "opening_stock": [0.0] * 3}
        ),
        product_features=pd.DataFrame({"product_id": NAMES, "feature": "crew", "quantity": hours}),
        resources=pd.DataFrame([{"resource_id": "crew", "kind": "labour"}]),
        resource_months=pd.DataFrame(
            {"resource_id": "crew", "month": MONTHS, "capacity": (asked * rng.uniform(0.4, 0.8, 3)).round(1)}
        ),
    )


def with_hours(problem: PlanningProblem, month: str, more: float) -> PlanResult:
    """The plan of both stages with other hours in a month."""
    hours = problem.resource_months
    hours = hours.assign(capacity=hours["capacity"] + np.where(hours["month"] == month, more, 0.0))
    return plan(replace(problem, resource_months=hours, options=PlanOptions(shadow_prices=False)))


def test_an_hour_is_worth_the_unit_that_a_customer_gets() -> None:
    """40 less 10 of material, whatever a unit below the target of stock is priced at: each hour is a unit sold."""
    problem = one_product()
    base = plan(problem)
    assert base.summary["shortfalls"][0]["rule"] == "stock_below_target"
    prices = base.shadow_prices.query("constraint == 'regular_hours'").set_index("month")
    richer = plan(replace(problem, resources=problem.resources.assign(capacity=101.0)))
    assert base.summary["total_cost"] - richer.summary["total_cost"] == pytest.approx(2 * 30.0)
    assert prices["price_per_unit"].tolist() == [30.0, 30.0]
    assert (prices["valid_from"].tolist(), prices["valid_to"].tolist()) == ([0.0, 0.0], [150.0, 150.0])


@pytest.mark.parametrize("seed", few_fast(range(12), 3))
def test_the_price_of_an_hour_is_the_difference_of_two_plans_up_and_down(seed: int) -> None:
    """To both ends of its range; each plan serves customers before it fills stock."""
    problem = overloaded(seed)
    base = plan(problem)
    assert {short["rule"] for short in base.summary["shortfalls"]} == {"stock_below_target"}
    tried = 0
    for _, row in base.shadow_prices.query("constraint == 'regular_hours' and verified").iterrows():
        for end in (row["valid_from"], row["valid_to"]):
            more = float(end - row["current_limit"]) * 0.9
            if abs(more) > 1e-3:
                other = with_hours(problem, row["month"], more)
                saved = base.summary["total_cost"] - other.summary["total_cost"]
                assert saved == pytest.approx(row["price_per_unit"] * more, abs=0.05), row
                tried += 1
    assert tried >= 3
