"""A limit is kept in whatever units a company counts; what no units can show to the solver is refused by its cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from sop_pipeline.errors import BadInput
from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.scaling import fitting, own_units
from sop_pipeline.supply.model.solver import Solver
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import PlanResult, plan

MONTHS = ["2026-01", "2026-02"]
KINDS = {
    "material": {"kind": "material", "capacity": 0.3},
    "machine": {"kind": "machine", "capacity": 0.3},
    "labour": {"kind": "labour", "capacity": 0.3},
    "heads": {"kind": "labour", "opening_units": 1.0, "hours_per_month": 0.3},
}


def tablets(per_unit: float, kind: str, count: float) -> PlanningProblem:
    """``count`` tablets a month that take half of one unit together, of which three tenths may be taken."""
    demand = pd.DataFrame({"product_id": "tablet", "month": MONTHS, "quantity": count})
    each = 100.0 / count
    return PlanningProblem(
        demand,
        products=pd.DataFrame(
            {"product_id": ["tablet"], "holding_cost": each, "lost_sales_cost": 9 * each, "unit_material_cost": each}
        ),
        product_features=pd.DataFrame({"product_id": ["tablet"], "feature": "agent", "quantity": per_unit}),
        resources=pd.DataFrame([{"resource_id": "agent", **KINDS[kind]}]),
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1e3, 1e7, 1e9, 1e12])
def test_a_limit_is_kept_in_any_units(kind: str, count: float) -> None:
    """Six tenths are made at 1 a hundredth, four tenths lost at 9: 60 + 360 a month, whatever a tablet is."""
    result = plan(tablets(0.5 / count, kind, count))
    assert result.summary["total_cost"] == pytest.approx(2 * (60 + 360), rel=1e-9)
    np.testing.assert_allclose(result.aggregate_plan["output"] / count, 0.6, rtol=1e-9)
    limit = result.shadow_prices
    limit = limit[(limit["item"] == "agent") & limit["constraint"].isin(["capacity", "regular_hours"])]
    # One unit more makes twice as many tablets, each of which saves 9 less 1 hundredths; to a half, when all are made.
    np.testing.assert_allclose(limit["price_per_unit"], 200 * 8, rtol=1e-6)
    np.testing.assert_allclose(limit["valid_to"], 0.5, rtol=1e-6)


def hours(result: PlanResult) -> float:
    return float(result.resource_plan["regular_hours"].sum())


def test_hours_of_a_small_share_are_counted() -> None:
    """Half an hour a month is taken; 0.3 are there."""
    assert hours(plan(tablets(5e-10, "machine", 1e9))) == pytest.approx(0.6)


def test_two_products_of_very_different_units_share_a_limit() -> None:
    """The tablets take half a unit, the drums 0.4: of 0.7 the drums, dearer to lose, get all they want."""
    problem = tablets(5e-10, "material", 1e9)
    drums = pd.DataFrame({"product_id": "drum", "month": MONTHS, "quantity": 2.0})
    dear = pd.DataFrame(
        {"product_id": ["drum"], "holding_cost": 1.0, "lost_sales_cost": 1e6, "unit_material_cost": 5.0}
    )
    taken = pd.DataFrame({"product_id": ["drum"], "feature": "agent", "quantity": 0.2})
    both = replace(
        problem,
        demand_plan=pd.concat([problem.demand_plan, drums], ignore_index=True),
        products=pd.concat([problem.products, dear], ignore_index=True),
        product_features=pd.concat([problem.product_features, taken], ignore_index=True),
        resources=problem.resources.assign(capacity=0.7),
    )
    made = plan(both).aggregate_plan.set_index(["product_id", "month"])["output"]
    np.testing.assert_allclose(made["drum"], 2.0)
    np.testing.assert_allclose(made["tablet"], 6e8)


def test_what_no_units_can_show_is_refused_by_its_cell() -> None:
    """A hundred of each are made; what the small ones take of the agent is nothing beside what the large ones do."""
    names = ["small", "large"]
    problem = PlanningProblem(
        pd.DataFrame({"product_id": np.repeat(names, 2), "month": MONTHS * 2, "quantity": 100.0}),
        products=pd.DataFrame({"product_id": names, "lost_sales_cost": 5.0, "holding_cost": 1.0}),
        product_features=pd.DataFrame(
            {"product_id": [*names, *names], "feature": ["agent"] * 2 + ["hall"] * 2, "quantity": [1e-22, 1, 1, 1]}
        ),
        resources=pd.DataFrame(
            [{"resource_id": "agent", "kind": "material", "capacity": 150.0},
             {"resource_id": "hall", "kind": "machine", "capacity": 150.0}]
        ),
    )  # fmt: skip
    with pytest.raises(BadInput) as error:
        plan(problem)
    assert error.value.where == "product_features, small agent, column quantity"
    assert error.value.found == "1e-22"


def model(matrix: list[list[float]], cost: list[float], upper: list[float], whole: list[bool]) -> LinearModel:
    count = len(cost)
    return LinearModel(
        np.array(cost), np.zeros(count), np.full(count, np.inf), np.array(whole), sparse.csc_matrix(np.array(matrix)),
        np.full(len(upper), -np.inf), np.array(upper), np.arange(len(upper)), np.arange(count),
    )  # fmt: skip


def test_ordinary_models_are_handed_over_as_they_are() -> None:
    ordinary = model([[1.0, 2.5], [160.0, 0.02]], [-3.0, -1e4], [1e6, 30.0], [False, True])
    for values in (fitting(ordinary).row, fitting(ordinary).column, np.array([fitting(ordinary).cost])):
        np.testing.assert_array_equal(values, np.ones(len(values)))


def test_scales_are_powers_of_two_and_leave_whole_numbers_whole() -> None:
    wide = model([[3e-9, 2.0], [1.0, 5e8]], [-1e-9, -4.0], [7.0, 1e9], [False, True])
    scale = own_units(wide)
    for values in (scale.row, scale.column, np.array([scale.cost])):
        np.testing.assert_array_equal(np.log2(values), np.round(np.log2(values)))
    assert scale.column[1] == 1.0
    assert scale.column[0] == 2.0**30


def test_duals_and_ranges_come_back_in_the_companys_units() -> None:
    """max 2x + 3y, x + y <= 4, x + 3y <= 6 in units a thousand million times as small: duals 1.5 and 0.5."""
    small = 1e-9
    solver = Solver(
        model([[1 * small, 1 * small], [1 * small, 3 * small]], [-2 * small, -3 * small], [4, 6], [False] * 2)
    )
    found = solver.minimise()
    assert found.objective == pytest.approx(-9)
    np.testing.assert_allclose(found.values * small, [3, 1])
    np.testing.assert_allclose(solver.duals().rows, [-1.5, -0.5])
    np.testing.assert_allclose(solver.ranging().row_low, [2, 4])
    np.testing.assert_allclose(solver.ranging().row_high, [6, 12])
    solver.set_row(0, -np.inf, 5.0)
    assert solver.minimise().objective == pytest.approx(-10.5)
    solver.set_columns(np.array([0]), np.zeros(1), np.array([1 / small]))
    assert solver.minimise().objective == pytest.approx(-2 - 5)
