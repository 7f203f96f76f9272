"""Profit is revenue less what is paid: a lost sale is missing in the revenue and is charged nowhere else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.supply.folder import plan_folder
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan

DEMAND = {"2026-03": 70.0, "2026-04": 90.0}


def mill(material: float = 5.0, lost: float = 6.0) -> PlanningProblem:
    """A mill grinds 60 sacks a month of 8 each; what it cannot grind is lost; nothing is kept."""
    return PlanningProblem(
        demand_plan=pd.DataFrame({"product_id": "flour", "month": list(DEMAND), "quantity": list(DEMAND.values())}),
        products=pd.DataFrame(
            {
                "product_id": ["flour"],
                "product_name": ["flour"],
                "unit_price": [8.0],
                "unit_material_cost": [material],
                "holding_cost": [0.0],
                "lost_sales_cost": [lost],
            }
        ),
        resources=pd.DataFrame({"resource_id": ["stones"], "kind": ["machine"], "capacity": [60.0]}),
        product_features=pd.DataFrame({"product_id": ["flour"], "feature": ["stones"], "quantity": [1.0]}),
    )


def test_a_lost_sale_is_not_charged_to_profit() -> None:
    """120 of 160 sacks are sold: 960 revenue, 600 material, 40 x 6 lost sales that nobody pays."""
    summary = plan(mill()).summary
    assert summary["cost_by_kind"] == {"lost_sales": 240.0, "material": 600.0}
    assert (summary["total_cost"], summary["total_revenue"], summary["total_profit"]) == (840.0, 960.0, 360.0)


def test_the_most_profit_is_not_sought_by_making_at_a_loss() -> None:
    """A sack costs 9 and earns 8: the most profit is none, whatever is said to be lost with a customer."""
    summary = plan(mill(material=9.0, lost=9.5), objective="profit").summary
    assert summary["total_profit"] == 0.0
    assert summary["cost_by_kind"] == {}
    assert plan(mill(material=9.0, lost=9.5)).summary["total_profit"] == 120 * (8.0 - 9.0)


def test_profit_over_paths_is_charged_no_lost_sale() -> None:
    """One path asks for 10 more a month: 60 lost where 40 were planned; at most profit neither costs anything."""
    months = list(DEMAND)
    path = pd.DataFrame({"sample": 0, "product_id": "flour", "month": months, "quantity": np.array([80.0, 100.0])})
    given = replace(mill(), demand_samples=path, options=PlanOptions())
    cost, profit = (plan(given, objective=goal).summary["robustness"]["cost"] for goal in ("cost", "profit"))
    assert (cost["plan"], cost["mean"]) == (pytest.approx(840.0), pytest.approx(600.0 + 60 * 6.0))
    assert (profit["plan"], profit["mean"]) == (pytest.approx(600.0), pytest.approx(600.0))


def test_the_folder_says_the_same(tmp_path: Path) -> None:
    for name, table in mill().frames().items():
        if len(table):
            table.to_csv(tmp_path / f"{name}.csv", index=False)
    assert plan_folder(tmp_path).summary["total_profit"] == 360.0


@pytest.mark.parametrize(("stated", "holding", "profit"), [(0.25, 2.5, 797.5), (None, 1.0, 800.0)])
def test_holding_is_paid_where_it_is_stated(stated: float | None, holding: float, profit: float) -> None:
    """Ten sacks wait a month: 160 sold at 10, 5 of material each; the default is 2% of that and paid by nobody."""
    given = replace(mill(), resources=mill().resources.assign(capacity=80.0))
    given = replace(given, products=given.products.assign(holding_cost=stated, unit_price=10.0))
    summary = plan(given).summary
    assert summary["cost_by_kind"] == {"holding": holding, "material": 800.0}
    assert (summary["total_cost"], summary["total_profit"]) == (800.0 + holding, profit)
    assert any("holding_cost of flour: 2%" in line for line in summary["assumptions"]) == (stated is None)
