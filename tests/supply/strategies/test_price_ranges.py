"""A price holds inside its range and not beyond, on both sides: tried by planning the changed tables anew."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sop_pipeline.errors import BadInput, Infeasible
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions
from sop_pipeline.supply.strategies.plan import plan
from sop_pipeline.supply.strategies.results.limits import Limit, limits_reached
from sop_pipeline.supply.strategies.results.shadow_prices import POORER, _as_lp, shadow_prices
from sop_pipeline.supply.strategies.results.value_of_relief import Relief, _Way
from tests.thrift import few_fast, soak_alone

MONTHS = ["2026-01", "2026-02", "2026-03"]
PRODUCTS = ["mug", "jug"]
PLACES = {
    "regular_hours": ("resource_months", "capacity"),
    "overtime_hours": ("resource_months", "overtime_hours"),
    "capacity": ("resource_months", "capacity"),
    "max_production": ("product_months", "max_production"),
    "subcontract_limit": ("product_months", "subcontract_limit"),
    "max_stock": ("product_months", "max_stock"),
    "min_stock": ("product_months", "min_stock"),
    "demand": ("demand_plan", "quantity"),
    "min_quantity": ("demand_plan", "min_quantity"),
}
"""Where each limit stands in the tables, month by month."""
REQUIREMENTS = ("demand", "min_stock", "min_quantity")


def pottery(seed: int) -> PlanningProblem:
    """Two products on a paid wheel and an unpaid kiln, with overtime, a store and subcontracting."""
    rng = np.random.default_rng(seed)
    cells = pd.DataFrame({"product_id": np.repeat(PRODUCTS, 3), "month": MONTHS * 2})
    demand = rng.integers(40, 120, 6).astype(float)
    hours = pd.DataFrame({"resource_id": np.repeat(["wheel", "kiln"], 3), "month": MONTHS * 2})
    hours["capacity"] = rng.integers(60, 160, 6).astype(float)
    hours["overtime_hours"] = rng.integers(10, 50, 6).astype(float)
    store = pd.DataFrame({"resource_id": "store", "month": MONTHS, "capacity": rng.integers(20, 60, 3).astype(float)})
    return PlanningProblem(
        cells.assign(quantity=demand, min_quantity=np.floor(demand * 0.4)),
        products=pd.DataFrame(
            {
                "product_id": PRODUCTS,
                "unit_material_cost": [3.0, 5.0],
                "holding_cost": [0.7, 1.1],
                "backlog_cost": [2.3, 3.1],
                "lost_sales_cost": [29.0, 41.0],
                "subcontract_cost": [17.0, 26.0],
            }
        ),
        product_state=pd.DataFrame(
            {"product_id": PRODUCTS, "opening_stock": [35.0, 40.0], "closing_backlog": [0.0, 0.0]}
        ),
        product_months=cells.assign(
            max_production=rng.integers(60, 130, 6).astype(float),
            subcontract_limit=rng.integers(5, 30, 6).astype(float),
            max_stock=rng.integers(25, 60, 6).astype(float),
            min_stock=rng.integers(5, 15, 6).astype(float),
        ),
        product_features=pd.DataFrame(
            {
                "product_id": [*PRODUCTS] * 3,
                "feature": np.repeat(["wheel", "kiln", "store"], 2),
                "quantity": [*rng.uniform(0.5, 1.2, 4).round(2), 1.0, 1.5],
            }
        ),
        resources=pd.DataFrame(
            [
                {"resource_id": "wheel", "kind": "labour", "regular_rate": 2.0, "overtime_rate": 7.0},
                {"resource_id": "kiln", "kind": "machine", "regular_rate": 0.0, "overtime_rate": 4.0},
                {"resource_id": "store", "kind": "storage"},
            ]
        ),
        resource_months=pd.concat([hours, store], ignore_index=True),
    )


def cost_at(problem: PlanningProblem, limit: pd.Series, figure: float) -> float | None:
    """Cost of the plan with one limit at another figure, None where rules give way or figures contradict each other."""
    table, column = PLACES[limit["constraint"].removesuffix(POORER)]
    frame = problem.frames()[table].copy()
    owner = "resource_id" if table == "resource_months" else "product_id"
    here = (frame[owner] == limit["item"]) & (frame["month"] == limit["month"])
    assert here.sum() == 1
    assert float(frame.loc[here, column].iloc[0]) == pytest.approx(limit["current_limit"])
    frame.loc[here, column] = figure
    changed = replace(problem, **{table: frame}, options=PlanOptions(shadow_prices=False))  # type: ignore[arg-type]
    try:
        summary = plan(changed).summary
    except (Infeasible, BadInput):
        return None
    return None if summary["shortfalls"] else float(summary["total_cost"])


def line(limit: pd.Series, base: float, figure: float) -> float:
    """What the price says the plan costs with the limit at ``figure``."""
    relief = -1.0 if limit["constraint"].removesuffix(POORER) in REQUIREMENTS else 1.0
    moved = figure - float(limit["current_limit"])
    return base - relief * float(limit["price_per_unit"]) * moved + float(limit["pay_per_unit"]) * moved


def holds(problem: PlanningProblem, limit: pd.Series, base: float) -> int:
    """Assert the price inside the range and its end beyond it; return how many plans that took."""
    low, high, now = float(limit["valid_from"]), limit["valid_to"], float(limit["current_limit"])
    high = math.inf if high is None or pd.isna(high) else float(high)
    assert low - 1e-6 <= now <= high + 1e-6
    # Ends are rounded to the sixth place.
    first, last = min(low + 1e-5, now), max(min(high - 1e-5, now + 500), now)
    inside = [first, (first + now) / 2, (now + last) / 2, last]
    for figure in inside:
        cost = cost_at(problem, limit, figure)
        assert cost is not None, f"no plan at {figure}, inside the range\n{limit}"
        assert cost == pytest.approx(line(limit, base, figure), abs=2e-4), f"at {figure}, inside the range\n{limit}"
    beyond = [figure for figure in (low - 0.05, high + 0.05) if 0 <= figure < math.inf]
    for figure in beyond:
        cost = cost_at(problem, limit, figure)
        assert cost is None or cost > line(limit, base, figure) + 1e-4, f"at {figure}, beyond the range\n{limit}"
    return len(inside) + len(beyond)


def tried(seed: int) -> dict[str, int]:
    """Plans tried by kind of limit."""
    problem = pottery(seed)
    found = plan(problem)
    if found.summary["shortfalls"]:
        return {}
    prices = found.shadow_prices
    assert prices["verified"].all()
    counts: dict[str, int] = {}
    for _, limit in prices.iterrows():
        kind = str(limit["constraint"])
        if kind.removesuffix(POORER) not in PLACES:
            continue
        counts[kind] = counts.get(kind, 0) + holds(problem, limit, float(found.summary["total_cost"]))
    return counts


@pytest.mark.parametrize("seed", few_fast((2, 8, 11), 1))
def test_prices_hold_inside_their_range_and_not_beyond(seed: int) -> None:
    assert sum(tried(seed).values()) > 20


@pytest.mark.slow
@soak_alone
def test_every_kind_of_limit_is_tried() -> None:
    total: dict[str, int] = {}
    for seed in range(20, 30):
        for kind, count in tried(seed).items():
            total[kind] = total.get(kind, 0) + count
    # What must be served has a case of its own: here losing a unit never pays.
    assert {kind for kind in PLACES if total.get(kind, 0) < 10} == {"min_quantity"}


def one_month(**resource: float | str) -> PlanningProblem:
    """A hundred and twenty units wanted, an hour each."""
    return PlanningProblem(
        pd.DataFrame({"product_id": ["tea"], "month": ["2026-01"], "quantity": [120.0]}),
        products=pd.DataFrame({"product_id": ["tea"], "unit_material_cost": [4.0], "holding_cost": [50.0]}),
        product_features=pd.DataFrame({"product_id": ["tea"], "feature": ["line"], "quantity": [1.0]}),
        resources=pd.DataFrame([{"resource_id": "line", "overtime_rate": 5.0, "overtime_limit_pct": 50.0} | resource]),
    )


def hours_row(problem: PlanningProblem) -> pd.Series:
    prices = plan(problem).shadow_prices
    rows = prices[prices["constraint"] == "regular_hours"]
    assert len(rows) == 1
    return rows.iloc[0]


def test_overtime_in_use_does_not_move_the_range_of_regular_hours() -> None:
    """20 hours of overtime at 5: a regular hour saves 5 up to 120 hours, and down to 70, where overtime is full."""
    row = hours_row(one_month(kind="machine", capacity=100.0, regular_rate=0.0))
    assert row[["price_per_unit", "valid_from", "valid_to", "current_limit"]].tolist() == [5.0, 70.0, 120.0, 100.0]


def test_hours_that_heads_give_count_and_temporary_workers_do_not() -> None:
    """One head of 80 hours and one temporary of 80 at 3 an hour of which half is needed."""
    problem = one_month(kind="labour", opening_units=1.0, hours_per_month=80.0, regular_rate=2.0)
    row = hours_row(replace(problem, resources=problem.resources.assign(temporary_max=1.0, temporary_rate=3.0)))
    assert row[["price_per_unit", "valid_from", "valid_to"]].tolist() == [3.0, 40.0, 120.0]
    assert row[["current_limit", "pay_per_unit"]].tolist() == [80.0, 2.0]


def test_paid_only_when_worked_is_priced_after_its_pay() -> None:
    """Overtime at 5 is saved, the hour itself paid at 2: worth 3, and no pay is due besides."""
    row = hours_row(one_month(kind="machine", capacity=100.0, regular_rate=2.0, pay_basis="worked"))
    assert row[["price_per_unit", "pay_per_unit", "valid_to"]].tolist() == [3.0, 0.0, 120.0]


def test_what_must_be_served_is_counted_as_the_planner_does() -> None:
    """Losing a unit costs 6, making one in overtime 9: of 110 that must be served one less saves 3, from 100 to 120."""
    problem = one_month(kind="machine", capacity=100.0, regular_rate=0.0)
    problem = replace(
        problem,
        demand_plan=problem.demand_plan.assign(min_quantity=110.0),
        products=problem.products.assign(lost_sales_cost=6.0),
    )
    result = plan(problem)
    row = result.shadow_prices[result.shadow_prices["constraint"] == "min_quantity"].iloc[0]
    assert row[["price_per_unit", "valid_from", "valid_to", "current_limit"]].tolist() == [3.0, 100.0, 120.0, 110.0]
    assert holds(problem, row, float(result.summary["total_cost"])) >= 5


def test_of_two_limits_that_bind_together_both_are_listed() -> None:
    """Crew and line each give 100 hours of 150 wanted, at 30 a unit: one more of either alone is worth nothing."""
    problem = PlanningProblem(
        pd.DataFrame({"product_id": ["a"], "month": ["2026-01"], "quantity": [150.0]}),
        products=pd.DataFrame({"product_id": ["a"], "unit_price": [40.0], "unit_material_cost": [10.0]}),
        product_features=pd.DataFrame({"product_id": "a", "feature": ["crew", "line"], "quantity": 1.0}),
        resources=pd.DataFrame({"resource_id": ["crew", "line"], "kind": ["labour", "machine"], "capacity": 100.0}),
    )
    prices = plan(problem, objective="profit").shadow_prices
    hours = prices[prices["constraint"].str.startswith("regular_hours")].sort_values(["item", "constraint"])
    assert hours["item"].tolist() == ["crew", "crew", "line", "line"]
    assert hours["constraint"].tolist() == ["regular_hours", f"regular_hours{POORER}"] * 2
    assert hours["price_per_unit"].tolist() == [0.0, 30.0] * 2
    assert hours["valid_from"].tolist() == [100.0, 0.0] * 2
    assert hours["valid_to"].tolist()[1::2] == [100.0] * 2


def test_a_limit_of_zero_binds_like_any_other() -> None:
    """Nothing may be subcontracted at 6 where making takes overtime at 5 and material at 4: one would save 3."""
    problem = one_month(kind="machine", capacity=100.0, regular_rate=0.0)
    none = problem.products.assign(subcontract_cost=6.0, subcontract_limit=0.0)
    prices = plan(replace(problem, products=none)).shadow_prices
    row = prices[prices["constraint"] == "subcontract_limit"].iloc[0]
    assert row[["price_per_unit", "valid_from", "valid_to", "current_limit"]].tolist() == [3.0, 0.0, 20.0, 0.0]


def test_beyond_its_solves_a_price_says_that_it_was_not_verified() -> None:
    problem = replace(pottery(2), options=PlanOptions(shadow_prices=False))
    known = shadow_prices(plan(problem).solved)
    unknown = shadow_prices(plan(problem).solved, most=0)
    assert known["verified"].all()
    assert not unknown["verified"].any()
    assert len(unknown) > 0


def test_limits_of_resources_are_verified_first() -> None:
    problem = replace(pottery(2), options=PlanOptions(shadow_prices=False))
    prices = shadow_prices(plan(problem).solved, most=6)
    first = prices[prices["verified"].astype(bool)]
    assert 0 < len(first) < len(prices)
    assert set(first["item"]) <= {"wheel", "kiln", "store"}


def test_a_unit_of_demand_is_lost_at_its_price_down_to_the_last() -> None:
    """Making costs 20, losing 6: all ten are lost, and no more than is asked, or five in stock were made of nothing."""
    problem = PlanningProblem(
        pd.DataFrame({"product_id": ["tea"], "month": ["2026-01"], "quantity": [10.0]}),
        products=pd.DataFrame({"product_id": ["tea"], "unit_material_cost": [20.0], "lost_sales_cost": [6.0]}),
        product_state=pd.DataFrame({"product_id": ["tea"], "opening_stock": [0.0], "closing_stock": [5.0]}),
    )
    found = plan(replace(problem, options=PlanOptions(shadow_prices=False))).solved
    values, base = _as_lp(found)
    (limit,) = [each for each in limits_reached(found, values) if each.constraint == "demand"]
    less, slope = Relief(found, base).at(limit, limit.bound - limit.figure) or (0.0, 0.0)
    assert (limit.figure, less, slope) == (10.0, pytest.approx(-60.0), pytest.approx(6.0))
    assert plan(problem).aggregate_plan["lost_sales"].tolist() == [10.0]


class Curve:
    """Stands in for ``Relief``: the cost of a limit that saves 5, from 20 on 2, from 50 on nothing."""

    base = 0.0

    def at(self, limit: Limit, bound: float) -> tuple[float, float]:
        moved = bound - limit.bound
        slope = -5.0 if moved < 20 else -2.0 if moved < 50 else 0.0
        return -5.0 * min(moved, 20.0) - 2.0 * min(max(moved - 20.0, 0.0), 30.0), slope


@pytest.mark.parametrize("known", [5.0, 19.0])
def test_the_end_of_a_piece_is_found_from_beyond_the_next(known: float) -> None:
    """Where two lines meet that lie two pieces apart is not yet the end: 32 from 60 on, then 20."""
    limit = Limit("capacity", "hall", "2026-01", "unit", 0, True, 1.0, -5.0, 100.0, 100.0, 100.0)
    side = _Way(Curve(), limit, 1.0)._to_its_end(-5.0, known, hint=False)  # type: ignore[arg-type]
    assert (side.slope, side.reach, side.verified) == (-5.0, pytest.approx(20.0), True)
