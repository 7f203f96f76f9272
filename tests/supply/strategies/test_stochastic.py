"""A plan made for sampled demand against an independent model, a closed form, and what must hold of its value."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pulp
import pytest

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.folder import plan_folder
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan
from sop_pipeline.supply.strategies.stochastic_value import worth
from sop_pipeline.validation.plan_checker import check_frames
from tests.present import present
from tests.supply.oracles.random_problems import random_problem

MONTHS = ["2026-01", "2026-02", "2026-03"]


def samples(paths: np.ndarray, products: list[str], months: list[str]) -> pd.DataFrame:
    """``paths`` (S, P, T) as the table demand_samples."""
    index = pd.MultiIndex.from_product([range(len(paths)), products, months], names=["sample", "product_id", "month"])
    return pd.DataFrame({"quantity": paths.ravel()}, index=index).reset_index()


def newsvendor(lost: float, demand: np.ndarray) -> PlanningProblem:
    """One month: a unit costs 4 to make, 1 when left over, ``lost`` when missing; 25 are planned."""
    return PlanningProblem(
        demand_plan=pd.DataFrame({"product_id": ["A"], "month": ["2026-01"], "quantity": [25.0]}),
        products=pd.DataFrame(
            {
                "product_id": ["A"],
                "product_name": ["A"],
                "unit_material_cost": [4.0],
                "holding_cost": [1.0],
                "lost_sales_cost": [lost],
            }
        ),
        demand_samples=samples(demand.reshape(-1, 1, 1), ["A"], ["2026-01"]),
    )


@pytest.mark.parametrize("lost", [4.5, 8.0, 15.0, 60.0])
def test_newsvendor_makes_the_critical_quantile(lost):
    """Make the quantile (lost - 4) / (lost + 1) of demand: the critical ratio of the newsvendor."""
    demand = np.arange(10.0, 50.0)
    every = np.sort(np.append(demand, 25.0))
    wanted = np.quantile(every, (lost - 4) / (lost + 1), method="inverted_cdf")
    result = plan(newsvendor(lost, demand), "stochastic")
    assert result.aggregate_plan["output"].tolist() == [pytest.approx(wanted)]
    cost = 4 * wanted + np.maximum(wanted - every, 0).mean() + lost * np.maximum(every - wanted, 0).mean()
    assert result.solved.solution.objective == pytest.approx(cost, abs=1e-9)
    mean = 4 * 25 + np.maximum(25 - every, 0).mean() + lost * np.maximum(every - 25, 0).mean()
    found = worth(result.solved, integer=False, profit=False, foresight=True)
    assert found.vss == pytest.approx(mean - cost, abs=1e-6)
    assert found.evpi == pytest.approx(cost - 4 * every.mean(), abs=1e-6)


def crew_problem(seed: int) -> PlanningProblem:
    """Two products, a crew that hires, lays off and works overtime, subcontracting, late and lost sales."""
    rng = np.random.default_rng(seed)
    demand = rng.uniform(40, 90, (2, 3)).round(0)
    paths = np.maximum(demand + rng.normal(0, 25, (6, 2, 3)), 0).round(1)
    rows = [
        {"product_id": name, "month": month, "quantity": demand[p, t]}
        for p, name in enumerate("AB")
        for t, month in enumerate(MONTHS)
    ]
    return PlanningProblem(
        demand_plan=pd.DataFrame(rows),
        products=pd.DataFrame(
            {
                "product_id": ["A", "B"],
                "product_name": ["A", "B"],
                "unit_material_cost": [5.0, 8.0],
                "holding_cost": [1.0, 2.0],
                "backlog_cost": [4.0, np.nan],
                "lost_sales_cost": [30.0, 45.0],
                "subcontract_cost": [np.nan, 28.0],
                "subcontract_limit": [np.nan, 15.0],
            }
        ),
        product_state=pd.DataFrame(
            {"product_id": ["A", "B"], "opening_stock": [20.0, 10.0], "closing_backlog": [0.0, np.nan]}
        ),
        resources=pd.DataFrame(
            [
                {
                    "resource_id": "crew", "kind": "labour", "opening_units": 1.0, "hours_per_month": 100.0,
                    "regular_rate": 10.0, "overtime_rate": 15.0, "overtime_hours_per_unit": 20.0, "hire_cost": 300.0,
                    "layoff_cost": 200.0,
                }
            ]
        ),
        product_features=pd.DataFrame(
            {"product_id": ["A", "B"], "feature": ["crew", "crew"], "quantity": [1.0, 1.5]}
        ),
        demand_samples=samples(paths, ["A", "B"], MONTHS),
        options=PlanOptions(shadow_prices=False),
    )  # fmt: skip


def independent_optimum(problem: PlanningProblem) -> float:
    """The same two-stage programme in PuLP, path by path."""
    model = pulp.LpProblem("two_stage", pulp.LpMinimize)
    product = problem.products.set_index("product_id").T.to_dict()
    state = problem.product_state.set_index("product_id").T.to_dict()
    takes = dict(zip(problem.product_features["product_id"], problem.product_features["quantity"], strict=True))
    crew = problem.resources.iloc[0]
    planned = problem.demand_plan.set_index(["product_id", "month"])["quantity"]
    drawn = problem.demand_samples.set_index(["sample", "product_id", "month"])["quantity"]
    paths = [planned, *(drawn.loc[number] for number in sorted(problem.demand_samples["sample"].unique()))]
    cost = []

    def var(name: str, high: float | None = None) -> pulp.LpVariable:
        return pulp.LpVariable(name, 0, None if high is None or np.isnan(high) else high)

    made, bought = {}, {}
    heads = crew["opening_units"]
    for t in range(3):
        units, hired, gone, over = (var(f"{name}{t}") for name in ("w", "h", "f", "v"))
        model += units == heads + hired - gone
        model += over <= crew["overtime_hours_per_unit"] * units
        for p in product:
            made[p, t] = var(f"x{p}{t}")
            bought[p, t] = var(f"c{p}{t}", product[p]["subcontract_limit"] if p == "B" else 0)
            cost.append(product[p]["unit_material_cost"] * made[p, t] + (28.0 * bought[p, t] if p == "B" else 0))
        model += pulp.lpSum(takes[p] * made[p, t] for p in product) <= crew["hours_per_month"] * units + over
        cost.append(crew["regular_rate"] * crew["hours_per_month"] * units + crew["overtime_rate"] * over)
        cost.append(crew["hire_cost"] * hired + crew["layoff_cost"] * gone)
        heads = units
    for s, path in enumerate(paths):
        for p in product:
            stock, owed = state[p]["opening_stock"], 0
            for t, month in enumerate(MONTHS):
                left = var(f"i{s}{p}{t}")
                late = var(f"b{s}{p}{t}", 0 if p == "B" or t == 2 else None)
                lost = var(f"l{s}{p}{t}", path[p, month])
                model += stock - owed + made[p, t] + bought[p, t] == path[p, month] - lost + left - late
                recourse = product[p]["holding_cost"] * left + product[p]["lost_sales_cost"] * lost
                recourse += 0 if p == "B" else product[p]["backlog_cost"] * late
                cost.append(recourse * (1 / len(paths)))
                stock, owed = left, late
    model += pulp.lpSum(cost)
    model.solve(pulp.PULP_CBC_CMD(msg=False))
    assert pulp.LpStatus[model.status] == "Optimal"
    return float(pulp.value(model.objective))


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_is_an_independent_models(seed):
    problem = crew_problem(seed)
    result = plan(problem, "stochastic")
    wanted = independent_optimum(problem)
    assert result.solved.solution.objective == pytest.approx(wanted, rel=1e-6)
    found = worth(result.solved, integer=False, profit=False, foresight=True)
    assert found.vss >= -1e-6 * wanted
    assert present(found.evpi) >= -1e-6 * wanted
    assert found.expected_cost == result.solved.solution.objective


@pytest.mark.parametrize("seed", range(8))
def test_its_plan_is_an_ordinary_plan_that_the_checker_accepts(seed):
    """Over random features: rules hold, costs are those of the plan's own demand."""
    problem = random_problem(100 + seed, whole=False)
    rng = np.random.default_rng(seed)
    wide = problem.demand_plan.pivot(index="product_id", columns="month", values="quantity")
    paths = wide.to_numpy() * rng.uniform(0.6, 1.5, (5, *wide.shape))
    table = samples(paths.round(2), list(wide.index), list(wide.columns))
    given = PlanningProblem(**(problem.frames() | {"demand_samples": table}), options=problem.options)
    result = plan(given, "stochastic")
    frames = {
        "aggregate_plan": result.aggregate_plan,
        "resource_plan": result.resource_plan,
        "costs": result.costs[result.costs["kind"] != "revenue"],
        "shortfalls": pd.DataFrame(result.summary["shortfalls"]),
    }
    assert check_frames(given.frames(), frames) == []
    alone = plan(problem, "blended")
    known = alone.summary["total_cost"] + alone.summary["shortfall_cost"]
    assert result.summary["total_cost"] + result.summary["shortfall_cost"] >= known - 1e-4 * abs(known)


def test_paths_that_are_all_the_plan_give_the_blended_plan():
    problem = crew_problem(3)
    wide = problem.demand_plan.pivot(index="product_id", columns="month", values="quantity").to_numpy()
    same = samples(np.repeat(wide[None], 4, axis=0), ["A", "B"], MONTHS)
    given = PlanningProblem(**(problem.frames() | {"demand_samples": same}), options=problem.options)
    result, blended = plan(given, "stochastic"), plan(given, "blended")
    assert result.solved.solution.objective == pytest.approx(blended.solved.solution.objective)
    assert result.summary["total_cost"] == pytest.approx(blended.summary["total_cost"])


def test_a_target_of_stock_is_not_kept_by_losing_sales():
    """25 wanted and a target of 5: 30 are made, though losing 5 on one path of four would be cheaper."""
    problem = newsvendor(12.0, np.array([25.0, 25.0, 25.0]))
    state = pd.DataFrame({"product_id": ["A"], "opening_stock": [0.0], "safety_stock": [5.0]})
    given = PlanningProblem(**(problem.frames() | {"product_state": state}), options=PlanOptions())
    result = plan(given, "stochastic")
    assert result.aggregate_plan[["inventory", "lost_sales"]].to_numpy().tolist() == [[5.0, 0.0]]


def test_paths_that_miss_a_month_are_refused():
    problem = crew_problem(1)
    for rows, found in ((problem.demand_samples.iloc[:-1], "no row of B in 2026-03"), (None, "Z in 2026-01")):
        table = problem.demand_samples.replace({"product_id": {"B": "Z"}}) if rows is None else rows
        with pytest.raises(BadInput, match=found):
            plan(PlanningProblem(**(problem.frames() | {"demand_samples": table}), options=PlanOptions()), "stochastic")


def test_without_paths_there_is_no_stochastic_plan():
    problem = crew_problem(1)
    bare = PlanningProblem(**(problem.frames() | {"demand_samples": pd.DataFrame()}), options=PlanOptions())
    with pytest.raises(BadInput, match="no sampled demand"):
        plan(bare, "stochastic")


def test_every_plan_of_a_folder_is_run_against_its_paths():
    """The stochastic plan serves the paths at less, or at most the same, than the one made for the plan's demand."""
    problem = crew_problem(2)
    found = {name: plan(problem, name).summary for name in ("blended", "level", "stochastic")}
    for name, summary in found.items():
        assert summary["samples"] == 6
        cost, service = summary["robustness"]["cost"], summary["robustness"]["service"]
        assert cost["plan"] == pytest.approx(summary["total_cost"], abs=0.01), name
        assert cost["p10"] <= cost["p50"] <= cost["p90"]
        assert 0 <= service["p10"] <= service["p90"] <= 1
    assert found["stochastic"]["vss"] >= 0
    assert found["stochastic"]["expected_cost"] > 0
    assert found["stochastic"]["robustness"]["cost"]["mean"] <= found["blended"]["robustness"]["cost"]["mean"]


def test_a_folder_states_its_paths(tmp_path):
    """From CSV to summary.json; its stochastic plan, kept, is then priced against paths it was not made for."""
    problem = crew_problem(4)
    for name in ("demand_plan", "products", "product_state", "resources", "product_features", "demand_samples"):
        problem.frames()[name].to_csv(tmp_path / f"{name}.csv", index=False)
    result = plan_folder(tmp_path, "stochastic", out=tmp_path / "plan")
    summary = json.loads((tmp_path / "plan" / "summary.json").read_text())
    assert summary["expected_cost"] == pytest.approx(plan(problem, "stochastic").summary["expected_cost"])
    assert summary["vss"] >= 0
    crew_problem(5).demand_samples.to_csv(tmp_path / "demand_samples.csv", index=False)
    kept = plan_folder(tmp_path, "blended", fix=tmp_path / "plan" / "aggregate_plan.csv")
    assert kept.aggregate_plan["output"].tolist() == pytest.approx(result.aggregate_plan["output"].tolist())
    assert kept.summary["robustness"]["cost"]["mean"] != summary["robustness"]["cost"]["mean"]


def test_where_rules_give_way_no_value_is_stated():
    """Ten hours for 25 units that may not be lost: the shortfall is named, and vss is left out as the docs say."""
    problem = newsvendor(8.0, np.arange(10.0, 50.0))
    press = {"resource_id": "press", "kind": "machine", "opening_units": 1.0, "hours_per_month": 10.0}
    changed = {
        "products": problem.products.drop(columns="lost_sales_cost"),
        "resources": pd.DataFrame([press]),
        "product_features": pd.DataFrame({"product_id": ["A"], "feature": ["press"], "quantity": [1.0]}),
    }
    summary = plan(PlanningProblem(**(problem.frames() | changed), options=PlanOptions()), "stochastic").summary
    assert summary["shortfalls"]
    assert "robustness" in summary
    assert not {"vss", "expected_cost"} & set(summary)
    assert {"vss", "expected_cost"} <= set(plan(problem, "stochastic").summary)
