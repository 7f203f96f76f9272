"""Supply benchmark: building and solving the aggregate model, against linopy, Pyomo and PuLP, and warm against cold.

One instance (products x resources x months, 1,000 x 30 x 24 by default) in CPU seconds of the same run:

    python bench/bench_supply.py [--products 1000] [--resources 30] [--months 24] [--no-cbc]

Each library writes the same model from the same arrays: balance, hours, overtime, workforce, backlog, lost sales,
subcontracting. Building ends when the solver's own data structure is filled; Pyomo's when its own model is, as it
passes it on while solving.
"""

from __future__ import annotations

import argparse
import resource
import warnings
from collections.abc import Callable
from typing import Any

import linopy
import numpy as np
import pandas as pd
import pulp
import xarray

from bench import supply_in_pyomo
from sop_pipeline.supply.model.draft_model import draft_model
from sop_pipeline.supply.model.solver import Solver
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import prepared

HOURS = 160.0


def instance(products: int, resources: int, months: int, seed: int = 1) -> PlanningProblem:
    """A seasonal company whose products each take about five resources."""
    rng = np.random.default_rng(seed)
    names = [f"P{number:05d}" for number in range(products)]
    crews = [f"R{number:02d}" for number in range(resources)]
    horizon = [str(month) for month in pd.period_range("2026-01", periods=months, freq="M")]
    base = rng.uniform(50, 500, products)
    phase = rng.uniform(0, 2 * np.pi, (products, 1))
    season = 1 + 0.4 * np.sin(np.arange(months)[None, :] * 2 * np.pi / 12 + phase)
    demand = np.round(base[:, None] * season)
    takes = np.where(rng.random((products, resources)) < 5 / resources, rng.uniform(0.1, 1.5, (products, resources)), 0)
    takes[np.arange(products), rng.integers(0, resources, products)] += 0.2
    item, crew = np.nonzero(takes)
    cost = rng.uniform(5, 50, products).round(2)
    labour = np.arange(resources) < max(1, resources // 2)
    return PlanningProblem(
        pd.DataFrame({"product_id": np.repeat(names, months), "month": horizon * products, "quantity": demand.ravel()}),
        products=pd.DataFrame(
            {
                "product_id": names,
                "unit_material_cost": cost,
                "holding_cost": (0.02 * cost).round(3),
                "backlog_cost": (0.2 * cost).round(2),
                "lost_sales_cost": 4 * cost,
                "subcontract_cost": (1.8 * cost).round(2),
                "subcontract_limit": np.round(0.2 * base),
            }
        ),
        resources=pd.DataFrame(
            {
                "resource_id": crews,
                "kind": np.where(labour, "labour", "machine"),
                "opening_units": np.ceil((takes.T @ demand).mean(axis=1) / HOURS / 0.9),
                "hours_per_month": HOURS,
                "regular_rate": np.where(labour, 20.0, 0.0),
                "overtime_rate": np.where(labour, 30.0, 5.0),
                "overtime_limit_pct": 20.0,
                "hire_cost": np.where(labour, 1500.0, np.nan),
                "layoff_cost": np.where(labour, 2500.0, np.nan),
            }
        ),
        product_features=pd.DataFrame(
            {"product_id": np.array(names)[item], "feature": np.array(crews)[crew], "quantity": takes[item, crew]}
        ),
        product_state=pd.DataFrame({"product_id": names, "opening_stock": np.round(0.6 * base)}),
    )


def hours_per_unit(data: PlanData) -> np.ndarray:
    """Hours per unit (H, P)."""
    place = {name: index for index, name in enumerate(data.resources.names)}
    hours = np.zeros((len(place), len(data.products.names)))
    rows = np.array([place[name] for name in data.features.feature])
    np.add.at(hours, (rows, data.features.product), data.features.quantity)
    return hours


def build_here(data: PlanData) -> Solver:
    """The planner's own model, passed to HiGHS."""
    return Solver(draft_model(data).builder.assemble())


def build_linopy(data: PlanData) -> Any:
    """The same model in linopy, written as its manual recommends, and passed to HiGHS."""
    products, resources = data.products, data.resources
    item, crew, month = (
        pd.Index(products.names, name="item"),
        pd.Index(resources.names, name="crew"),
        pd.Index(data.months, name="month"),
    )
    over = (item, month)
    model = linopy.Model()
    make = model.add_variables(lower=0, coords=over, name="make")
    buy = model.add_variables(
        lower=0,
        upper=xarray.DataArray(products.subcontract_limit, coords=over),
        name="buy",
    )
    stock = model.add_variables(lower=0, coords=over, name="stock")
    owed = model.add_variables(lower=0, coords=over, name="owed")
    lost = model.add_variables(lower=0, upper=xarray.DataArray(products.demand, coords=over), name="lost")
    heads = model.add_variables(lower=0, coords=(crew, month), name="heads")
    hires = model.add_variables(
        lower=0,
        upper=xarray.DataArray(np.where(resources.can_hire, np.inf, 0.0), coords=(crew,)).broadcast_like(
            xarray.DataArray(np.zeros((len(crew), len(month))), coords=(crew, month))
        ),
        coords=(crew, month),
        name="hires",
    )
    fires = model.add_variables(lower=0, upper=hires.upper, coords=(crew, month), name="fires")
    extra = model.add_variables(lower=0, coords=(crew, month), name="extra")
    need = products.demand.copy()
    need[:, 0] -= products.opening_stock
    flow = make + buy + lost + owed - stock + stock.shift(month=1) - owed.shift(month=1)
    model.add_constraints(flow == xarray.DataArray(need, coords=over), name="balance")
    takes = xarray.DataArray(hours_per_unit(data), coords=(crew, item))
    model.add_constraints((takes * make).sum("item") - HOURS * heads - extra <= 0, name="hours")
    model.add_constraints(extra - 0.2 * HOURS * heads <= 0, name="overtime")
    start = np.zeros((len(crew), len(month)))
    start[:, 0] = resources.opening
    change = heads - heads.shift(month=1) - hires + fires
    model.add_constraints(change == xarray.DataArray(start, coords=(crew, month)), name="heads")
    prices = {"make": products.material, "buy": products.subcontract_cost, "stock": products.holding,
              "owed": products.backlog_cost, "lost": products.lost_cost}  # fmt: skip
    cost: Any = sum(
        (xarray.DataArray(price, coords=over) * variable).sum()
        for price, variable in zip(prices.values(), (make, buy, stock, owed, lost), strict=True)
    )
    hire, fire = (resources.table[name].fillna(0).to_numpy() for name in ("hire_cost", "layoff_cost"))
    for price, variable in (
        (resources.regular_rate * HOURS, heads), (resources.overtime_rate, extra), (hire, hires), (fire, fires)
    ):  # fmt: skip
        cost = cost + (xarray.DataArray(price, coords=(crew,)) * variable).sum()
    model.add_objective(cost)
    return model.to_highspy() if hasattr(model, "to_highspy") else linopy.io.to_highspy(model)


def build_pulp(data: PlanData) -> Any:
    """The same model in PuLP."""
    products, resources = data.products, data.resources
    count, months, crews = len(products.names), data.month_count, len(resources.names)
    model = pulp.LpProblem("plan", pulp.LpMinimize)

    def block(name: str, rows: int, upper: Callable[[int, int], float | None]) -> list[list[Any]]:
        return [[pulp.LpVariable(f"{name}_{i}_{t}", 0, upper(i, t)) for t in range(months)] for i in range(rows)]

    make = block("make", count, lambda i, t: None)
    buy = block("buy", count, lambda i, t: float(products.subcontract_limit[i, t]))
    stock, owed = block("stock", count, lambda i, t: None), block("owed", count, lambda i, t: None)
    lost = block("lost", count, lambda i, t: float(products.demand[i, t]))
    heads, extra = block("heads", crews, lambda i, t: None), block("extra", crews, lambda i, t: None)
    hires = block("hires", crews, lambda i, t: None if resources.can_hire[i] else 0.0)
    fires = block("fires", crews, lambda i, t: None if resources.can_hire[i] else 0.0)
    hire, fire = (resources.table[name].fillna(0).to_numpy() for name in ("hire_cost", "layoff_cost"))
    priced = [
        (block_, price)
        for block_, price in (
            (make, products.material), (buy, products.subcontract_cost), (stock, products.holding),
            (owed, products.backlog_cost), (lost, products.lost_cost), (heads, resources.regular_rate * HOURS),
            (extra, resources.overtime_rate), (hires, hire), (fires, fire),
        )
    ]  # fmt: skip
    model += pulp.LpAffineExpression(
        [
            (variable, float(price[i] if price.ndim == 1 else price[i, t]))
            for block_, price in priced
            for i, row in enumerate(block_)
            for t, variable in enumerate(row)
        ]
    )
    for i in range(count):
        for t in range(months):
            terms: list[tuple[Any, float]] = [
                (make[i][t], 1),
                (buy[i][t], 1),
                (lost[i][t], 1),
                (owed[i][t], 1),
                (stock[i][t], -1),
            ]
            terms += [(stock[i][t - 1], 1), (owed[i][t - 1], -1)] if t else []
            need = products.demand[i, t] - (0 if t else products.opening_stock[i])
            model += pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintEQ, rhs=float(need))
    takes = hours_per_unit(data)
    for r in range(crews):
        users = np.flatnonzero(takes[r])
        for t in range(months):
            terms = [(make[i][t], float(takes[r, i])) for i in users] + [(heads[r][t], -HOURS), (extra[r][t], -1)]
            model += pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintLE, rhs=0)
            limit = pulp.LpAffineExpression([(extra[r][t], 1), (heads[r][t], -0.2 * HOURS)])
            model += pulp.LpConstraint(limit, pulp.LpConstraintLE, rhs=0)
            terms = [(heads[r][t], 1), (hires[r][t], -1), (fires[r][t], 1)] + ([(heads[r][t - 1], -1)] if t else [])
            start = 0.0 if t else float(resources.opening[r])
            model += pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintEQ, rhs=start)
    return model


def timed(action: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of this process and its children, and the result."""

    def clock() -> float:
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime

    before = clock()
    result = action()
    return clock() - before, result


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    for name, default in (("products", 1000), ("resources", 30), ("months", 24)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument(
        "--no-cbc", action="store_true", help="leave out solving with PuLP and CBC, which takes minutes"
    )
    chosen = parser.parse_args()
    data = prepared(instance(chosen.products, chosen.resources, chosen.months))
    print(f"{chosen.products} products x {chosen.resources} resources x {chosen.months} months")
    warnings.simplefilter("ignore")
    build_here(data)
    here, solver = timed(lambda: build_here(data))
    linopy_time, linopy_model = timed(lambda: build_linopy(data))
    pulp_time, pulp_model = timed(lambda: build_pulp(data))
    print(f"build: here {here:.3f} s, linopy {linopy_time:.3f} s ({linopy_time / here:.1f} x), "
          f"PuLP {pulp_time:.3f} s ({pulp_time / here:.1f} x)")  # fmt: skip
    solve_time, solution = timed(solver.minimise)
    print(f"build + solve here: {here + solve_time:.2f} s, objective {solution.objective:,.2f}")
    warm_time, _ = timed(lambda: _what_if(solver, data))
    print(
        f"warm what-if (200 hours more in one month): {warm_time:.2f} s, {warm_time / (here + solve_time):.1%} of cold"
    )
    linopy_model.setOptionValue("output_flag", False)
    linopy_model.setOptionValue("threads", 1)
    linopy_solve, _ = timed(linopy_model.run)
    value = linopy_model.getInfo().objective_function_value
    total = linopy_time + linopy_solve
    print(f"linopy + HiGHS: {total:.2f} s ({total / (here + solve_time):.1f} x), "
          f"objective {value:,.2f}")  # fmt: skip
    _against_pyomo(data, here, here + solve_time)
    if not chosen.no_cbc:
        cbc, _ = timed(lambda: pulp_model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1)))
        print(f"PuLP + CBC: {pulp_time + cbc:.2f} s ({(pulp_time + cbc) / (here + solve_time):.1f} x), "
              f"objective {pulp.value(pulp_model.objective):,.2f}")  # fmt: skip


def _against_pyomo(data: PlanData, build: float, both: float) -> None:
    pyomo_time, model = timed(lambda: supply_in_pyomo.build(data, hours_per_unit(data), HOURS))
    solving, value = timed(lambda: supply_in_pyomo.solve(model))
    total = pyomo_time + solving
    print(f"Pyomo + HiGHS: build {pyomo_time:.2f} s ({pyomo_time / build:.1f} x), {total:.2f} s in all "
          f"({total / both:.1f} x), objective {value:,.2f}")  # fmt: skip


def _what_if(solver: Solver, data: PlanData) -> float:
    row = int(
        np.flatnonzero(np.isneginf(solver.model.row_lower) & (solver.model.row_upper == 0))[len(data.months) // 2]
    )
    solver.set_row(row, -np.inf, 200.0)
    return solver.minimise().objective


if __name__ == "__main__":
    main()
