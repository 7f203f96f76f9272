"""Level, chase, blended and mixes: what defines each holds in its plan, or the deviation is named."""

import inspect
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.folder import read_folder
from sop_pipeline.supply.model.blocks import Label
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.lexicographic import _slack
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies import rules
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from tests.supply.strategies.test_plan_properties import Case

HERE = Path(__file__).parents[1]
DAYS = [22.0, 20.0, 22.0, 18.0]
MONTHS = [f"2026-{number:02d}" for number in range(1, 5)]


def workshop(**options: object) -> PlanningProblem:
    """Two products on one crew, with uneven demand and working days."""
    demand = {"A": [100.0, 180.0, 90.0, 130.0], "B": [60.0, 20.0, 80.0, 40.0]}
    return PlanningProblem(
        pd.DataFrame(
            [
                {"product_id": name, "month": month, "quantity": quantity}
                for name, row in demand.items()
                for month, quantity in zip(MONTHS, row, strict=True)
            ]
        ),
        products=pd.DataFrame(
            {"product_id": ["A", "B"], "holding_cost": [2.0, 1.0], "unit_material_cost": [10.0, 8.0]}
        ),
        product_state=pd.DataFrame(
            {"product_id": ["A", "B"], "opening_stock": [50.0, 10.0], "safety_stock": [20.0, 5.0]}
        ),
        product_features=pd.DataFrame({"product_id": ["A", "B"], "feature": ["crew", "crew"], "quantity": [2.0, 1.0]}),
        resources=pd.DataFrame(
            [{"resource_id": "crew", "kind": "labour", "opening_units": 2.0, "hours_per_day": 8.0, "regular_rate": 10.0,
              "overtime_rate": 15.0, "hire_cost": 200.0, "layoff_cost": 300.0}]
        ),
        calendar=pd.DataFrame({"month": MONTHS, "working_days": DAYS}),
        options=PlanOptions(**options),  # type: ignore[arg-type]
    )  # fmt: skip


def monthly(result: PlanResult, product: str, column: str) -> np.ndarray:
    table = result.aggregate_plan
    return table.loc[table["product_id"] == product, column].to_numpy(float)


def per_day(result: PlanResult, product: str) -> np.ndarray:
    return monthly(result, product, "output") / DAYS


def test_level_of_products_holds_output_per_working_day_and_heads() -> None:
    result = plan(workshop(level_of="product"), "level")
    for product in ("A", "B"):
        assert np.ptp(per_day(result, product)) < 1e-4
    assert result.resource_plan["units"].nunique() == 1
    assert result.summary["deviations"] == []


def test_level_in_stretches_is_constant_within_each() -> None:
    result = plan(workshop(stretch_months=2, level_of="product"), "level")
    rates = per_day(result, "A")
    assert rates[0] == pytest.approx(rates[1], abs=1e-4)
    assert rates[2] == pytest.approx(rates[3], abs=1e-4)
    assert abs(rates[0] - rates[2]) > 0.1


def test_level_of_hours_leaves_the_mix_free() -> None:
    result = plan(workshop(), "level")
    hours = result.resource_plan[["regular_hours", "overtime_hours"]].sum(axis=1).to_numpy() / DAYS
    assert np.ptp(hours) < 1e-4
    assert result.resource_plan["units"].nunique() == 1
    assert np.ptp(per_day(result, "A")) > 0.1
    assert result.summary["total_cost"] < plan(workshop(level_of="product"), "level").summary["total_cost"] - 1


def test_chase_makes_demand_and_target_less_stock() -> None:
    result = plan(workshop(), "chase")
    assert monthly(result, "A", "output") == pytest.approx([70, 180, 90, 130])
    assert monthly(result, "A", "inventory").tolist() == [20] * 4
    assert monthly(result, "B", "inventory").tolist() == [5] * 4


def test_chase_beyond_capacity_is_clipped_in_the_earliest_month_least_and_named() -> None:
    problem = workshop()
    crew = problem.resources.assign(overtime_rate=np.nan, hire_cost=np.nan, layoff_cost=np.nan, opening_units=1.0)
    late = problem.products.assign(backlog_cost=1.0)
    result = plan(replace(problem, resources=crew, products=late), "chase")
    hours = 2 * monthly(result, "A", "output") + monthly(result, "B", "output")
    assert hours[0] == pytest.approx(8 * 22), "the first month works at capacity before any later one is helped"
    named = {(entry["item"], entry["month"]) for entry in result.summary["deviations"]}
    assert any(month == MONTHS[1] for _, month in named)
    assert result.summary["status"] == "shortfalls"
    assert {entry["rule"] for entry in result.summary["shortfalls"]} == {"stock_below_target"}, "it serves who waits"


def test_level_that_a_month_cannot_keep_deviates_there_and_says_so() -> None:
    problem = replace(
        workshop(level_of="product"),
        product_months=pd.DataFrame({"product_id": ["A"], "month": [MONTHS[2]], "max_production": [10.0]}),
    )
    result = plan(problem, "level")
    assert {entry["month"] for entry in result.summary["deviations"]} == {MONTHS[2]}
    rates = per_day(result, "A")
    assert np.ptp(rates[[0, 1, 3]]) < 1e-4


def test_frozen_months_keep_their_output_and_the_rest_is_level() -> None:
    frozen = pd.DataFrame({"product_id": ["A"], "month": [MONTHS[0]], "fixed_production": [123.0], "frozen": [True]})
    result = plan(replace(workshop(level_of="product"), product_months=frozen), "level")
    rates = per_day(result, "A")
    assert rates[0] * DAYS[0] == pytest.approx(123)
    assert np.ptp(rates[1:]) < 1e-4


def test_blended_costs_no_more_than_level_and_chase() -> None:
    costs = {name: plan(workshop(), name).summary["total_cost"] for name in ("blended", "level", "chase")}
    assert costs["blended"] <= min(costs.values()) + 1e-6
    assert costs["blended"] < costs["chase"]


def test_mixed_strategy_level_then_chase() -> None:
    result = plan(workshop(level_of="product"), "level:2,chase")
    rates = per_day(result, "A")
    assert rates[0] == pytest.approx(rates[1], abs=1e-4)
    assert monthly(result, "A", "inventory")[2:] == pytest.approx(20)


def test_level_workforce_with_chase_by_overtime() -> None:
    result = plan(workshop(), "level_workforce+chase")
    assert result.resource_plan["units"].nunique() == 1
    assert monthly(result, "A", "inventory").tolist() == [20] * 4
    assert result.resource_plan["overtime_hours"].max() > 0


@pytest.mark.parametrize("text", ["steady", "level:x,chase", "level+"])
def test_unknown_strategy_is_refused_with_the_known_ones(text: str) -> None:
    with pytest.raises(BadInput, match=r"blended, chase, level"):
        plan(workshop(), text)


def test_red_tomato_level_beats_chase_as_the_book_discusses() -> None:
    problem = read_folder(HERE / "red_tomato")
    level, chase = plan(problem, "level"), plan(problem, "chase")
    assert level.summary["total_cost"] == pytest.approx(422275, abs=1e-4)
    assert chase.summary["total_cost"] > level.summary["total_cost"]
    assert chase.aggregate_plan["inventory"].tolist() == [0, 0, 0, 0, 0, 500]


def test_shuffled_input_gives_the_same_plan() -> None:
    problem = workshop()
    mixed = {
        name: frame.sample(frac=1, random_state=3).reset_index(drop=True)
        for name, frame in problem.frames().items()
        if len(frame) > 1
    }
    for strategy in ("blended", "level", "chase"):
        one, two = plan(problem, strategy), plan(replace(problem, **mixed), strategy)  # type: ignore[arg-type]
        pd.testing.assert_frame_equal(one.aggregate_plan, two.aggregate_plan)
        pd.testing.assert_frame_equal(one.shadow_prices, two.shadow_prices)


def steady_overtime(draft: Draft, months: range) -> None:
    """The example of docs/planning-folder.md: V(t) = V(t-1)."""
    names, later = draft.data.resources.names, list(months[1:])
    overtime = draft.ids("overtime", len(names))
    here, before = overtime[:, later], overtime[:, [month - 1 for month in later]]
    rows = draft.builder.add_rows(
        f"steady_overtime {months.start}",
        names,
        [draft.data.months[month] for month in later],
        lower=0.0,
        upper=0.0,
        where=(here >= 0) & (before >= 0),
        label=Label(unit="hour", limit="steady overtime"),
    )
    draft.builder.add_terms(rows, here, 1.0)
    draft.builder.add_terms(rows, before, -1.0)


def test_a_new_strategy_is_one_function_and_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rules.RULES, "steady_overtime", steady_overtime)
    few = workshop().resources.assign(hire_cost=np.nan, layoff_cost=np.nan, opening_units=1.5)
    result = plan(replace(workshop(), resources=few), "level_workforce+steady_overtime")
    assert result.resource_plan["overtime_hours"].nunique() == 1
    assert result.resource_plan["overtime_hours"].iloc[0] > 0
    free = plan(replace(workshop(), resources=few), "blended")
    assert free.resource_plan["overtime_hours"].nunique() > 1
    assert result.summary["total_cost"] > free.summary["total_cost"]


def test_the_documented_example_is_the_tested_one() -> None:
    page = (HERE.parents[1] / "docs" / "planning-folder.md").read_text()
    written = page.split("```python\n")[1].split("\n\nRULES")[0]
    body = [line.strip() for line in inspect.getsource(steady_overtime).splitlines()[2:]]
    assert [line.strip() for line in written.splitlines()[2:]] == body


@pytest.mark.parametrize("scale", [1.0, 1e5, 1e9])
def test_the_slack_of_a_settled_month_is_never_written_as_a_loss(scale: float) -> None:
    """A plan's units have four places: twenty months and products of slack together stay below half of the last."""
    assert 0 < 20 * _slack(scale) < 0.5e-4
    assert _slack(scale) >= 1e-8


def test_a_chase_of_whole_numbers_has_a_plan_where_blended_has_one() -> None:
    """Deviations settled more exactly than the solver keeps a row left no plan, and no rule to name for it."""
    case = Case(69400)
    assert case.integer
    assert case.plan("blended") is not None
    assert case.plan("chase") is not None


@pytest.mark.parametrize("strategy", ["level", "chase", "blended"])
def test_overtime_that_costs_nothing_is_worked_only_beyond_regular_hours(strategy: str) -> None:
    """A press has 8 hours a day, and 10% more free of charge: only January, at 190 hours, goes past its 176."""
    press = {"resource_id": "press", "kind": "machine", "opening_units": 1.0, "hours_per_day": 8.0}
    problem = PlanningProblem(
        pd.DataFrame({"product_id": "A", "month": MONTHS, "quantity": [190.0, 60.0, 60.0, 60.0]}),
        product_features=pd.DataFrame({"product_id": ["A"], "feature": ["press"], "quantity": [1.0]}),
        resources=pd.DataFrame([{**press, "overtime_limit_pct": 10.0}]),
        calendar=pd.DataFrame({"month": MONTHS, "working_days": DAYS}),
    )
    hours = plan(problem, strategy).resource_plan
    regular = 8 * np.array(DAYS)
    load = hours["regular_hours"].to_numpy() + hours["overtime_hours"].to_numpy()
    assert hours["overtime_hours"].to_numpy() == pytest.approx(np.maximum(load - regular, 0))
    assert hours["overtime_hours"].iloc[0] == pytest.approx(14)
