"""Shadow prices are what a re-solve one unit richer gains, within the range they claim."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.folder import read_folder
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan
from sop_pipeline.supply.strategies.results.shadow_prices import POORER
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import few_fast

HERE = Path(__file__).parents[1]


def cost_with(problem: PlanningProblem, limit: pd.Series, change: float) -> float | None:
    """Cost of the least-cost plan when the named limit is changed in the tables themselves."""
    tables = problem.frames()
    if limit["constraint"] == "demand":
        table = tables["demand_plan"].copy()
        table["quantity"] = table["quantity"].astype(float)
        table.loc[(table["product_id"] == limit["item"]) & (table["month"] == limit["month"]), "quantity"] += change
        changed = replace(problem, demand_plan=table)
    elif limit["constraint"] in ("safety_stock", "closing_stock"):
        table = tables["product_state"].copy()
        table.loc[table["product_id"] == limit["item"], limit["constraint"]] += change
        changed = replace(problem, product_state=table)
    elif limit["constraint"] == "capacity":
        table = tables["resources"].copy()
        table.loc[table["resource_id"] == limit["item"], "capacity"] += change
        changed = replace(problem, resources=table)
    else:
        return None
    summary = plan(changed).summary
    return None if summary["shortfalls"] else float(summary["total_cost"])


def test_closing_stock_price_is_the_gain_of_one_unit_less() -> None:
    problem = read_folder(HERE / "red_tomato")
    base = plan(problem)
    limit = base.shadow_prices[base.shadow_prices["constraint"] == "closing_stock"].iloc[0]
    richer = cost_with(problem, limit, -1.0)
    assert richer is not None
    assert limit["price_per_unit"] == pytest.approx(base.summary["total_cost"] - richer, abs=1e-4)


@pytest.mark.parametrize("seed", few_fast(range(40, 52), 3))
def test_demand_prices_hold_over_their_range(seed: int) -> None:
    problem = replace(random_problem(seed, whole=False), options=PlanOptions())
    # Cover and shelf life move with demand themselves, which a price of demand alone does not say.
    alone = problem.products.drop(columns=["cover_days_min", "shelf_life_months"], errors="ignore")
    problem = replace(problem, products=alone)
    try:
        base = plan(problem)
    except Infeasible:
        pytest.skip("the rules of this instance conflict")
    if base.summary["shortfalls"]:
        pytest.skip("the rules of this instance cannot be kept")
    prices = base.shadow_prices
    named = prices[prices["constraint"] == "demand"].head(4)
    for _, limit in named.iterrows():
        now = float(demand_of(problem, limit))
        room = now - limit["valid_from"]
        step = min(1.0, room) if room > 1e-6 else 0.0
        if step == 0.0:
            continue
        changed = cost_with(problem, limit, -step)
        assert changed is not None
        assert limit["price_per_unit"] * step == pytest.approx(base.summary["total_cost"] - changed, abs=1e-4)


def demand_of(problem: PlanningProblem, limit: pd.Series) -> float:
    table = problem.demand_plan
    return table.loc[(table["product_id"] == limit["item"]) & (table["month"] == limit["month"]), "quantity"].iloc[0]


@pytest.mark.slow
def test_hours_price_is_the_gain_of_one_hour_over_its_range() -> None:
    problem = read_folder(HERE / "factory_planning_1")
    base = plan(problem, objective="profit")
    prices = base.shadow_prices
    borer = prices[(prices["constraint"] == "regular_hours") & (prices["item"] == "borer")].iloc[0]
    assert (borer["month"], borer["price_per_unit"]) == ("2026-03", 200.0)

    def profit_with(hours: float) -> float:
        monthly = problem.resource_months
        here = (monthly["resource_id"] == "borer") & (monthly["month"] == "2026-03")
        less_down = monthly.assign(units_down=np.where(here, 1.0 - hours / 384, monthly["units_down"]))
        return float(plan(replace(problem, resource_months=less_down), objective="profit").summary["total_profit"])

    assert profit_with(1.0) - profit_with(0.0) == pytest.approx(200.0, abs=1e-4)
    end = float(borer["valid_to"])
    assert profit_with(end) - profit_with(0.0) == pytest.approx(200.0 * end, abs=1e-3)
    assert profit_with(end + 100) - profit_with(end) < 200.0 * 100 - 1


def test_degenerate_limit_shows_both_sides() -> None:
    """Storage of exactly the stock wanted: one unit more is worth nothing, one unit less costs."""
    problem = PlanningProblem(
        pd.DataFrame({"product_id": "A", "month": ["2026-01", "2026-02"], "quantity": [50.0, 150.0]}),
        products=pd.DataFrame(
            {"product_id": ["A"], "holding_cost": [1.0], "subcontract_cost": [30.0], "unit_material_cost": [5.0]}
        ),
        resources=pd.DataFrame(
            [{"resource_id": "M", "kind": "machine", "opening_units": 1.0, "hours_per_month": 100.0},
             {"resource_id": "hall", "kind": "storage", "capacity": 50.0}]
        ),
        product_features=pd.DataFrame({"product_id": "A", "feature": ["M", "hall"], "quantity": [1.0, 1.0]}),
    )  # fmt: skip
    prices = plan(problem).shadow_prices
    hall = prices[(prices["item"] == "hall") & (prices["month"] == "2026-01")].set_index("constraint")["price_per_unit"]
    richer, poorer = hall.get("capacity", 0.0), hall.get(f"capacity{POORER}", math.nan)
    assert richer == pytest.approx(0.0)
    assert math.isnan(poorer) or poorer == pytest.approx(24.0)
    hours = prices[(prices["item"] == "M") & (prices["month"] == "2026-02")]
    assert not hours.empty


def test_most_valuable_relief_comes_first() -> None:
    """Sorted by what relief brings until the price changes: price times room."""
    prices = plan(read_folder(HERE / "red_tomato")).shadow_prices
    hours = prices[(prices["constraint"] == "regular_hours")].reset_index(drop=True)
    used = 4 * (2583 + 1 / 3)
    brings = hours["price_per_unit"] * (hours["valid_to"] - used)
    assert brings.is_monotonic_decreasing
    assert len(hours) == 6
