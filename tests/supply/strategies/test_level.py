"""Level: heads and hours a working day are constant and the mix is free; without hours output is; never nothing."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.frontier import frontier
from sop_pipeline.supply.strategies.plan import PlanResult, plan
from tests.supply.oracles.compared import agree
from tests.supply.oracles.random_problems import random_problem
from tests.thrift import some

MONTHS = [f"2026-{number:02d}" for number in range(1, 5)]
DAYS = np.array([22.0, 20.0, 22.0, 18.0])
DEMAND = {"A": [100.0, 180.0, 90.0, 130.0], "B": [60.0, 20.0, 80.0, 40.0], "C": [30.0, 60.0, 10.0, 40.0]}
FAST, ALL = range(20), range(20, 220)


def company(names: str = "AB", **tables: Any) -> PlanningProblem:
    """Products with uneven demand and nothing else but what is given."""
    rows = [
        {"product_id": name, "month": month, "quantity": quantity}
        for name in names
        for month, quantity in zip(MONTHS, DEMAND[name], strict=True)
    ]
    products = pd.DataFrame({"product_id": list(names), "holding_cost": 1.0, "unit_material_cost": 10.0})
    calendar = pd.DataFrame({"month": MONTHS, "working_days": DAYS})
    return PlanningProblem(pd.DataFrame(rows), **({"products": products, "calendar": calendar} | tables))


def takes(**hours: dict[str, float]) -> pd.DataFrame:
    rows = [(product, name, quantity) for product, own in hours.items() for name, quantity in own.items()]
    return pd.DataFrame(rows, columns=["product_id", "feature", "quantity"])


def resource(name: str, kind: str, **columns: float) -> dict[str, object]:
    return {"resource_id": name, "kind": kind, "opening_units": 5.0, "hours_per_day": 8.0} | columns


def output(result: PlanResult, product: str) -> np.ndarray:
    table = result.aggregate_plan
    return table.loc[table["product_id"] == product, "output"].to_numpy(float)


def hours(result: PlanResult, name: str) -> np.ndarray:
    table = result.resource_plan[result.resource_plan["resource_id"] == name]
    return table[["regular_hours", "overtime_hours"]].sum(axis=1).to_numpy()


def test_hours_of_each_crew_are_level_and_the_mix_is_free() -> None:
    """Two crews, one for A and B, one for C: each has its own rate, which is the least that serves every month."""
    crews = pd.DataFrame([resource("north", "labour"), resource("south", "labour")])
    problem = company("ABC", resources=crews, product_features=takes(A={"north": 2}, B={"north": 1}, C={"south": 3}))
    result = plan(problem, "level")
    north = 2 * np.cumsum(DEMAND["A"]) + np.cumsum(DEMAND["B"])
    for name, needed in (("north", north), ("south", 3 * np.cumsum(DEMAND["C"]))):
        rate = (needed / np.cumsum(DAYS)).max()
        assert hours(result, name) == pytest.approx(rate * DAYS, abs=1e-3)
    assert np.ptp(output(result, "A") / DAYS) > 0.1
    assert result.summary["deviations"] == []


@pytest.mark.parametrize("seed", FAST)
def test_level_costs_what_an_independent_model_finds(seed: int) -> None:
    agree(random_problem(seed), "level", integer=seed % 2 == 0, profit=seed % 3 == 0)


@pytest.mark.parametrize("seed", [102])
def test_stock_that_is_sold_instead_of_kept_is_priced_at_what_it_earns(seed: int) -> None:
    """Level makes nothing here: 11 units are kept for the target while 11 customers wait to the end of the horizon.

    Shipping them earns 11 x 59.77, which is what missing the target costs the plan; so its price stays the model's.
    """
    problem = random_problem(seed)
    result = plan(problem, "level", integer=True, objective="profit")
    short = {row["month"]: row["price"] for row in result.summary["shortfalls"]}
    assert short == {"2026-03": pytest.approx(11.55), "2026-04": pytest.approx(11.55), "2026-05": pytest.approx(71.32)}
    agree(problem, "level", integer=True, profit=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(ALL, 4))
def test_level_on_more_instances(seed: int) -> None:
    agree(random_problem(seed), "level", integer=seed % 2 == 0, profit=seed % 3 == 0)


def test_without_labour_the_hours_of_machines_are_level() -> None:
    problem = company(
        resources=pd.DataFrame([resource("press", "machine"), resource("mill", "machine"), resource("crew", "labour")]),
        product_features=takes(A={"press": 1.0, "mill": 0.5}, B={"mill": 1.0}),
    )
    result = plan(problem, "level")
    for name in ("press", "mill"):
        rate = hours(result, name) / DAYS
        assert rate[0] > 5
        assert np.ptp(rate) < 1e-4


def test_a_product_without_labour_is_level_beside_one_with() -> None:
    """A is made by the crew, B on a machine alone, C takes nothing: each has something that is held."""
    problem = company(
        "ABC",
        resources=pd.DataFrame([resource("crew", "labour"), resource("mill", "machine")]),
        product_features=takes(A={"crew": 1.0}, B={"mill": 1.0}),
    )
    result = plan(problem, "level")
    for product in "ABC":
        assert np.ptp(output(result, product) / DAYS) < 1e-4
        assert output(result, product)[0] > 0


def test_products_and_sales_alone_are_level_in_one_equivalent_unit() -> None:
    """No resources: 2 A + 3 B a day is constant at the least rate that serves every month, and blended is another."""
    products = pd.DataFrame({"product_id": ["A", "B"], "holding_cost": 1.0, "equivalent_units": [2.0, 3.0]})
    problem = company(products=products.assign(unit_of_measure=["box", "can"]))
    level, blended = plan(problem, "level"), plan(problem, "blended")
    made = 2 * output(level, "A") + 3 * output(level, "B")
    needed = 2 * np.cumsum(DEMAND["A"]) + 3 * np.cumsum(DEMAND["B"])
    assert made == pytest.approx((needed / np.cumsum(DAYS)).max() * DAYS, abs=1e-3)
    assert output(blended, "A").tolist() == DEMAND["A"]
    assert level.summary["total_cost"] > blended.summary["total_cost"] + 1


def test_units_that_cannot_be_added_are_levelled_one_by_one() -> None:
    products = pd.DataFrame({"product_id": ["A", "B"], "holding_cost": 1.0, "unit_of_measure": ["litre", "piece"]})
    result = plan(company(products=products.assign(equivalent_units=[2.0, np.nan])), "level")
    for product in "AB":
        rate = (np.cumsum(DEMAND[product]) / np.cumsum(DAYS)).max()
        assert output(result, product) == pytest.approx(rate * DAYS, abs=1e-3)


def test_alternatives_are_levelled_by_labour_only_where_every_choice_takes_it() -> None:
    """A is made by hand or by a robot: the robot's hours are held as well, or it would chase demand."""
    features = takes(A={"crew": 1.0, "robot": 1.0}).assign(option_group="way")
    both = pd.DataFrame([resource("crew", "labour"), resource("robot", "machine")])
    result = plan(company("A", resources=both, product_features=features), "level")
    assert np.ptp(output(result, "A") / DAYS) < 1e-4
    assert output(result, "A")[0] > 0


@pytest.mark.parametrize(
    ("level_of", "held"),
    [("product", [["A"], ["B"], ["C"]]), ("family", [["A", "B"], ["C"]]), ("hours", [["A", "B", "C"]])],
)
def test_the_rate_of_a_product_or_family_is_held_on_request(level_of: str, held: list[list[str]]) -> None:
    products = pd.DataFrame({"product_id": list("ABC"), "family": ["warm", "warm", "cold"], "holding_cost": 1.0})
    problem = company(
        "ABC",
        products=products,
        resources=pd.DataFrame([resource("crew", "labour")]),
        product_features=takes(A={"crew": 1}, B={"crew": 1}, C={"crew": 1}),
        options=PlanOptions(level_of=level_of),
    )
    result = plan(problem, "level")
    level = [names for names in ("A", "B", "C", "AB", "ABC") if is_level(result, names)]
    expected = {"".join(names) for names in held}
    assert expected <= set(level)
    assert ("A" in level) == (level_of == "product")


def is_level(result: PlanResult, names: str) -> bool:
    return bool(np.ptp(sum(output(result, name) for name in names) / DAYS) < 1e-4)


def test_hours_taken_a_month_ahead_are_level_as_far_as_their_output_is_planned() -> None:
    """The crew works a month before completion: nothing can be said of its last month, whose output is not planned."""
    features = takes(A={"crew": 1.0}).assign(lead_months=1)
    state = pd.DataFrame({"product_id": ["A"], "opening_stock": [100.0]})
    crew = pd.DataFrame([resource("crew", "labour")])
    result = plan(company("A", resources=crew, product_features=features, product_state=state), "level")
    assert hours(result, "crew")[:3] / DAYS[:3] == pytest.approx(hours(result, "crew")[0] / DAYS[0])
    assert result.summary["deviations"] == []
    assert output(result, "A")[1:] == pytest.approx((400 / 64) * DAYS[:3], rel=0.2)


def test_change_is_counted_of_the_same_things_that_level_holds() -> None:
    """Without resources the frontier ends at level: no change of output per working day."""
    points = frontier(company())
    ends = points[points["on_frontier"]]
    assert ends["instability"].iloc[0] > 1
    assert ends["instability"].iloc[-1] == pytest.approx(0, abs=1e-4)
    level = plan(company(), "level").summary["total_cost"]
    assert ends["cost"].iloc[-1] == pytest.approx(level, rel=1e-5)


def test_a_closed_month_makes_nothing_and_the_others_are_level() -> None:
    days = pd.DataFrame({"month": MONTHS, "working_days": [22.0, 20.0, 0.0, 18.0]})
    problem = replace(company("A"), calendar=days)
    made = output(plan(problem, "level"), "A")
    assert made[2] == 0
    assert made[[0, 1, 3]] / [22, 20, 18] == pytest.approx(370 / 42, rel=1e-5), "the third month is served before it"


def test_a_company_with_products_and_sales_alone_has_a_level_plan_of_its_own(
    small_company, company, cycle, planned_cycle, demand_plan_rows
):
    """No resource is stated: level makes as many units a working day in every month, blended follows the season."""
    season = [100.0, 180.0, 90.0, 130.0, 60.0, 140.0]
    given = small_company(
        resources=[],
        product_features=[],
        materials=[],
        products=[
            {"product_id": name, "product_name": name, "family": family, "unit_price": 20, "unit_of_measure": "piece",
             "holding_cost": 5}
            for name, family in (("A1", "Alpha"), ("A2", "Alpha"), ("B1", "Beta"), ("B2", "Beta"))
        ],
        demand_plan=demand_plan_rows(dict.fromkeys(("A1", "A2", "B1", "B2"), season)),
        inventory=[
            {"date": date(2026, 6, 30), "product_id": name, "on_hand": 100} for name in ("A1", "A2", "B1", "B2")
        ],
    )  # fmt: skip
    made = planned_cycle(given, company, cycle, "bottom_up")
    plans = made["aggregate_plan"].to_pandas().astype({"output": float})
    total = plans.groupby(["strategy", "month"])["output"].sum()
    assert np.ptp(total["level"].to_numpy()) < 0.01, "20 working days in every month"
    assert total["level"].iloc[0] > 0
    assert np.ptp(total["blended"].to_numpy()) > 10
    costs = made["plan_summary"].to_pandas().set_index("strategy")[["total_cost", "shortfall_cost"]].astype(float)
    assert costs.loc["level"].sum() > costs.loc["blended"].sum() + 1
