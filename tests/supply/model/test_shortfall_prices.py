"""What is given up when not everything can be kept, and in which order."""

from dataclasses import replace

import pandas as pd
import pytest

from sop_pipeline.supply.model.shortfall_prices import shortfall_prices
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan, prepared

MONTHS = [f"2026-{number:02d}" for number in range(1, 5)]


def late_start(lost_sales_cost: float = 20.3) -> PlanningProblem:
    """Safety stock of 30 that the first month has no room for, and every later one has; a unit takes 10 of material."""
    return PlanningProblem(
        pd.DataFrame({"product_id": "A", "month": MONTHS, "quantity": [100.0] * 4}),
        products=pd.DataFrame(
            {
                "product_id": ["A"],
                "unit_material_cost": [10.0],
                "holding_cost": [0.2],
                "lost_sales_cost": [lost_sales_cost],
            }
        ),
        product_state=pd.DataFrame({"product_id": ["A"], "safety_stock": [30.0]}),
        product_features=pd.DataFrame({"product_id": ["A"], "feature": ["line"], "quantity": [1.0]}),
        resources=pd.DataFrame([{"resource_id": "line", "kind": "machine", "capacity": 120.0}]),
        options=PlanOptions(shortage="priced"),
    )


def test_safety_stock_is_not_sold_in_the_last_month_to_save_its_making() -> None:
    result = plan(late_start())
    assert [(row["rule"], row["month"], row["amount"]) for row in result.summary["shortfalls"]] == [
        ("stock_below_target", MONTHS[0], pytest.approx(10.0))
    ]
    assert result.aggregate_plan["inventory"].tolist() == pytest.approx([20, 30, 30, 30])
    assert result.aggregate_plan["lost_sales"].sum() == pytest.approx(0)


def test_stock_gives_way_before_a_customer_does_in_every_month() -> None:
    """The last month lacks the room of 20 units: the target gives way, no sale is lost."""
    problem = late_start()
    tight = pd.DataFrame([{"resource_id": "line", "month": MONTHS[-1], "capacity": 80.0},
                          {"resource_id": "line", "month": MONTHS[-2], "capacity": 100.0}])  # fmt: skip
    result = plan(replace(problem, resource_months=tight))
    assert result.aggregate_plan["lost_sales"].sum() == pytest.approx(0)
    assert result.aggregate_plan["inventory"].iloc[-1] == pytest.approx(10)


@pytest.mark.parametrize("lost", [11.0, 20.0, 60.0])
def test_a_month_below_target_costs_half_of_what_losing_the_sale_does_on_balance(lost: float) -> None:
    """Making a unit takes 10: a lost sale costs 1, 10 or 50 more than serving it; no less than holding the unit."""
    problem = late_start(lost)
    assert shortfall_prices(prepared(problem)).stock[0][:-1] == pytest.approx([(lost - 10) / 2] * 3)


def test_no_customer_is_lost_to_a_target_that_one_month_later_holds_again() -> None:
    """A lost sale at 14 saves making the unit for 10; two months of missed target cost as much, and one less."""
    problem = late_start(14.0)
    tight = pd.DataFrame([{"resource_id": "line", "month": MONTHS[1], "capacity": 95.0}])
    result = plan(replace(problem, resource_months=tight))
    assert result.aggregate_plan["lost_sales"].sum() == pytest.approx(0)
    assert {row["rule"] for row in result.summary["shortfalls"]} == {"stock_below_target"}


@pytest.mark.parametrize("lost", [11.0, 14.0, 60.0])
def test_end_price_lies_between_replacement_and_a_lost_sale(lost: float) -> None:
    prices = shortfall_prices(prepared(late_start(lost))).stock[0]
    assert lost / 2 <= prices[-1] < lost
    assert prices[-1] >= min(10.2, 0.95 * lost)
