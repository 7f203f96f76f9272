"""The benchmark's aggregate model in Pyomo, solved by HiGHS through its persistent interface.

Here: the same model from the same arrays as ``bench_supply`` writes in linopy and PuLP. Not here: timing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyomo.environ as pyo

from sop_pipeline.supply.problem.data.plan_data import PlanData


def build(data: PlanData, takes: np.ndarray, hours: float) -> Any:
    """Return the concrete model; ``takes`` are hours per unit (H, P), ``hours`` those of a head and month."""
    products, resources = data.products, data.resources
    model = pyo.ConcreteModel()
    model.i, model.t = pyo.RangeSet(0, len(products.names) - 1), pyo.RangeSet(0, data.month_count - 1)
    model.r = pyo.RangeSet(0, len(resources.names) - 1)
    for name in ("make", "stock", "owed"):
        setattr(model, name, pyo.Var(model.i, model.t, domain=pyo.NonNegativeReals))
    model.buy = pyo.Var(model.i, model.t, bounds=lambda m, i, t: (0, float(products.subcontract_limit[i, t])))
    model.lost = pyo.Var(model.i, model.t, bounds=lambda m, i, t: (0, float(products.demand[i, t])))
    for name in ("heads", "extra"):
        setattr(model, name, pyo.Var(model.r, model.t, domain=pyo.NonNegativeReals))
    for name in ("hires", "fires"):
        bounds = lambda m, r, t: (0, None if resources.can_hire[r] else 0.0)  # noqa: E731
        setattr(model, name, pyo.Var(model.r, model.t, bounds=bounds))
    _cost(model, data, hours)
    _rows(model, data, takes, hours)
    return model


def _cost(model: Any, data: PlanData, hours: float) -> None:
    products, resources = data.products, data.resources
    by_item = {"make": products.material, "buy": products.subcontract_cost, "stock": products.holding,
               "owed": products.backlog_cost, "lost": products.lost_cost}  # fmt: skip
    hire, fire = (resources.table[name].fillna(0).to_numpy() for name in ("hire_cost", "layoff_cost"))
    by_crew = {"heads": resources.regular_rate * hours, "extra": resources.overtime_rate, "hires": hire, "fires": fire}
    spent = [
        float(price[i, t]) * getattr(model, name)[i, t]
        for name, price in by_item.items()
        for i in model.i
        for t in model.t
    ]
    spent += [
        float(price[r]) * getattr(model, name)[r, t]
        for name, price in by_crew.items()
        for r in model.r
        for t in model.t
    ]
    model.cost = pyo.Objective(expr=pyo.quicksum(spent))


def _rows(model: Any, data: PlanData, takes: np.ndarray, hours: float) -> None:
    products, resources = data.products, data.resources
    users = [np.flatnonzero(row) for row in takes]

    def balance(m: Any, i: int, t: int) -> Any:
        flow = m.make[i, t] + m.buy[i, t] + m.lost[i, t] + m.owed[i, t] - m.stock[i, t]
        before = m.stock[i, t - 1] - m.owed[i, t - 1] if t else float(products.opening_stock[i])
        return flow + before == float(products.demand[i, t])

    def load(m: Any, r: int, t: int) -> Any:
        used = pyo.quicksum(float(takes[r, i]) * m.make[i, t] for i in users[r])
        return used - hours * m.heads[r, t] - m.extra[r, t] <= 0

    def workforce(m: Any, r: int, t: int) -> Any:
        before = m.heads[r, t - 1] if t else float(resources.opening[r])
        return m.heads[r, t] == before + m.hires[r, t] - m.fires[r, t]

    model.balance = pyo.Constraint(model.i, model.t, rule=balance)
    model.hours = pyo.Constraint(model.r, model.t, rule=load)
    model.overtime_limit = pyo.Constraint(
        model.r, model.t, rule=lambda m, r, t: m.extra[r, t] <= 0.2 * hours * m.heads[r, t]
    )
    model.workforce = pyo.Constraint(model.r, model.t, rule=workforce)


def solve(model: Any) -> float:
    """Solve with HiGHS and return the objective."""
    pyo.SolverFactory("appsi_highs").solve(model)
    return float(pyo.value(model.cost))
