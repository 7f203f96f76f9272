"""Rules that contradict each other are named all, none too many, and the advice frees a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.model.conflict import Conflicts, explain
from sop_pipeline.supply.model.draft_model import draft_model
from sop_pipeline.supply.model.rules_of_plan import HEADS, Rule
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan, prepared
from tests.thrift import few_fast

MONTHS = ["2026-01", "2026-02", "2026-03"]
AMPLE = 1e6


def bakery(seed: int) -> PlanningProblem:
    """Two products on one crew of a fixed size; most of their demand has to be served, some of it cannot be made."""
    rng = np.random.default_rng(seed)
    demand = pd.DataFrame(
        {"product_id": np.repeat(["rye", "wheat"], 3), "month": MONTHS * 2, "quantity": rng.integers(30, 90, 6) * 1.0}
    )
    demand["min_quantity"] = demand["quantity"].where(rng.random(6) < 0.7)
    capped = demand[["product_id", "month"]].assign(max_production=rng.integers(40, 80, 6) * 1.0)
    return PlanningProblem(
        demand,
        products=pd.DataFrame({"product_id": ["rye", "wheat"], "holding_cost": 1.0, "unit_material_cost": 3.0}),
        product_state=pd.DataFrame({"product_id": ["rye", "wheat"], "opening_stock": rng.integers(0, 20, 2) * 1.0}),
        product_months=capped[rng.random(6) < 0.5],
        product_features=pd.DataFrame(
            {"product_id": ["rye", "wheat"], "feature": "crew", "quantity": rng.integers(1, 3, 2) * 1.0}
        ),
        resources=pd.DataFrame(
            [{"resource_id": "crew", "kind": "labour", "opening_units": 10.0, "hours_per_month": 15.0}]
        ),
        options=PlanOptions(shadow_prices=False),
    )


def has_plan(problem: PlanningProblem) -> bool:
    try:
        plan(problem)
    except Infeasible:
        return False
    return True


def conflicts_of(problem: PlanningProblem) -> Conflicts:
    draft = draft_model(prepared(problem), elastic=True, deviate=True)
    return Conflicts(draft, draft.builder.assemble())


def key(rule: Rule) -> tuple[str, str, str]:
    return rule.name.split(" ")[0] if rule.name != HEADS else HEADS, rule.item, rule.month


def every_rule(problem: PlanningProblem) -> set[tuple[str, str, str]]:
    demand, months = problem.demand_plan.dropna(subset=["min_quantity"]), problem.product_months
    found = {("min_quantity", *row) for row in demand[["product_id", "month"]].itertuples(index=False)}
    found |= {("max_production", *row) for row in months[["product_id", "month"]].itertuples(index=False)}
    found |= {(name, "crew", month) for name in (HEADS, "regular_hours") for month in MONTHS}
    return found


def without(problem: PlanningProblem, lifted: set[tuple[str, str, str]]) -> PlanningProblem:
    """The tables with these rules taken out of them by hand."""

    def out(table: pd.DataFrame, name: str) -> pd.Series:
        return pd.Series([(name, *row) in lifted for row in table[["product_id", "month"]].itertuples(index=False)],
                         index=table.index, dtype=bool)  # fmt: skip

    demand, months = problem.demand_plan, problem.product_months
    free = [month for month in MONTHS if (HEADS, "crew", month) in lifted or ("regular_hours", "crew", month) in lifted]
    if any((HEADS, "crew", month) in lifted for month in MONTHS):
        # Heads that one month may choose are there in the months after it too.
        free += MONTHS[min(MONTHS.index(month) for month in MONTHS if (HEADS, "crew", month) in lifted) :]
    return replace(
        problem,
        demand_plan=demand.assign(min_quantity=demand["min_quantity"].mask(out(demand, "min_quantity"))),
        product_months=months[~out(months, "max_production")],
        resource_months=pd.DataFrame({"resource_id": "crew", "month": sorted(set(free)), "capacity": AMPLE}),
    )


INFEASIBLE = [seed for seed in range(30) if not has_plan(bakery(seed))][:12]


def test_enough_of_the_random_plans_have_none() -> None:
    assert len(INFEASIBLE) == 12


@pytest.mark.parametrize("seed", few_fast(INFEASIBLE, 3))
def test_every_named_rule_is_indispensable(seed: int) -> None:
    """A conflict alone, the rest taken out of the tables, leaves no plan; without any one of its rules it does."""
    problem = bakery(seed)
    for conflict in conflicts_of(problem).found():
        named = {key(rule) for rule in conflict}
        assert len(named) == len(conflict) > 0
        alone = every_rule(problem) - named
        assert not has_plan(without(problem, alone))
        for rule in named:
            assert has_plan(without(problem, alone | {rule})), rule


@pytest.mark.parametrize("seed", few_fast(INFEASIBLE, 3))
def test_all_conflicts_are_told_and_the_advice_frees_a_plan(seed: int) -> None:
    problem = bakery(seed)
    conflicts = conflicts_of(problem)
    found = conflicts.found()
    named = {key(rule) for conflict in found for rule in conflict}
    assert has_plan(without(problem, named))
    advice = conflicts.advice(found)
    alone = [rule for rule in named if has_plan(without(problem, {rule}))]
    if len(alone) == len(named):
        assert advice == "Lift any one of these: each alone leaves a plan."
    elif alone:
        assert advice.endswith("that alone leaves a plan.")
        assert advice.count(" or ") == len(alone) - 1
    else:
        assert advice.startswith("Lift one of each")


def two_lines(least: float, other: float) -> PlanningProblem:
    """Two products, each with a most to make of 50 and a least to serve."""
    pair = pd.DataFrame({"product_id": ["rye", "wheat"], "month": "2026-01"})
    return PlanningProblem(
        pair.assign(quantity=100.0, min_quantity=[least, other]), product_months=pair.assign(max_production=50.0)
    )


def test_rules_that_can_be_kept_are_no_conflict() -> None:
    """A plan that was not found though there is one is the solver's doing: no empty set of rules is told."""
    problem = two_lines(40, 50)
    data = prepared(replace(problem, demand_plan=problem.demand_plan.assign(quantity=50.0)))
    draft = draft_model(data)
    with pytest.raises(SolverError, match="its rules can be kept together"):
        explain(data, draft, draft.builder.assemble())


def test_separate_conflicts_are_told_apart() -> None:
    with pytest.raises(Infeasible) as error:
        plan(two_lines(60, 70))
    assert error.value.found == (
        "rules that cannot be kept together: "
        "min_quantity 60 of rye in 2026-01; max_production 50 of rye in 2026-01; and, apart from these, "
        "min_quantity 70 of wheat in 2026-01; max_production 50 of wheat in 2026-01"
    )
    assert error.value.mend == (
        "Lift one of each: for example, without max_production 50 of rye in 2026-01; "
        "max_production 50 of wheat in 2026-01 there is a plan."
    )


def test_only_the_rule_that_frees_a_plan_is_advised() -> None:
    """Two products share 100 hours; each needs 60 of the other's too, so that only lifting the hours frees a plan."""
    pair = pd.DataFrame({"product_id": ["rye", "wheat"], "month": "2026-01"})
    problem = PlanningProblem(
        pair.assign(quantity=150.0, min_quantity=150.0),
        product_features=pd.DataFrame({"product_id": ["rye", "wheat"], "feature": "oven", "quantity": 1.0}),
        resources=pd.DataFrame([{"resource_id": "oven", "kind": "machine", "capacity": 100.0}]),
    )
    with pytest.raises(Infeasible) as error:
        plan(problem)
    assert "regular_hours of oven in 2026-01" in error.value.found
    assert error.value.mend == "Lift regular_hours of oven in 2026-01: that alone leaves a plan."


def test_whole_heads_are_a_rule_like_any_other() -> None:
    """1.5 heads would do; the most is one, and the crew has to be full to nine tenths of what two give."""
    problem = PlanningProblem(
        pd.DataFrame({"product_id": ["rye"], "month": ["2026-01"], "quantity": [150.0], "min_quantity": [150.0]}),
        product_features=pd.DataFrame({"product_id": ["rye"], "feature": ["crew"], "quantity": [1.0]}),
        resources=pd.DataFrame([{"resource_id": "crew", "kind": "labour", "hours_per_month": 100.0, "max_units": 1.9}]),
    )
    assert plan(problem).summary["status"] == "optimal"
    with pytest.raises(Infeasible) as error:
        plan(problem, integer=True)
    assert error.value.found == (
        "rules that cannot be kept together: whole heads; min_quantity 150 of rye in 2026-01; "
        "regular_hours of crew in 2026-01; max_units 1.9 of crew in 2026-01"
    )
    assert error.value.mend == "Lift any one of these: each alone leaves a plan."
