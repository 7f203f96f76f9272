"""The frontier from least cost to most stable, with level and chase beside it (METHODS 5).

Instability is the sum of changes of hours per working day and of changes of headcount, weighted as stated. Each point
is the least-cost plan whose instability is at most e; the points are one model, solved again from the last basis after
a change of one number. Not here: which of them a company takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import INF, Flags, Floats, Ints
from sop_pipeline.supply.model.constraints.materials import stated_spending
from sop_pipeline.supply.model.draft import Draft, shifted
from sop_pipeline.supply.model.solver import Solution, Solver, SolverError
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.customers_first import solve_strategy
from sop_pipeline.supply.strategies.levelled import Levelled, add_totals, levelled
from sop_pipeline.supply.strategies.plan import prepared
from sop_pipeline.supply.strategies.planner import Solved, solver_of
from sop_pipeline.supply.strategies.results.plan_tables import revenue
from sop_pipeline.supply.strategies.rules import parse_strategy

FACTS = ("saving_share", "change_share", "average_saving", "change_limit", "cost_share")
COLUMNS = ["point", "label", "instability", "cost", "on_frontier", "recommended", "reason", *FACTS, "rung"]
LEAST_POINTS = 9
SAME = 1e-6
NEGLIGIBLE = 0.005
"""Share of a plan's cost below which what change saves is no reason for it."""


@dataclass(frozen=True)
class Weights:
    """What one hour per working day more or less, and one head more or less, count for."""

    hours: float = 1.0
    heads: float = 1.0


def frontier(
    problem: PlanningProblem,
    *,
    points: int = LEAST_POINTS,
    limit: float | None = None,
    integer: bool = False,
    objective: str = "cost",
    weights: Weights | None = None,
    known: Mapping[str, Solved] | None = None,
) -> pd.DataFrame:
    """Return points (at least 9) with ``COLUMNS``: what each costs and changes, and which one is recommended, why.

    ``cost`` is in money, shortfalls included (less revenue when profit is maximised). ``limit`` is the most instability
    the planner accepts; without one the point is recommended up to which more change pays above the average. ``known``
    gives plans of the same problem by strategy that need not be solved again; the draft of blended is used up by it.
    """
    data, profit, weight = prepared(problem), objective == "profit", weights or Weights()
    blended, level, chase = (
        (known or {}).get(name)
        or solve_strategy(data, parse_strategy(name, data.month_count), integer=integer, profit=profit)
        for name in ("blended", "level", "chase")
    )
    curve = _curve(blended, level, max(points, LEAST_POINTS), weight)
    table = pd.DataFrame(curve, columns=["instability", "cost", "rung"])
    table["label"] = ["blended", *(str(number) for number in range(1, len(curve)))]
    table["on_frontier"] = True
    beside = [
        (name, instability(solved, weight), _money(solved)) for name, solved in (("level", level), ("chase", chase))
    ]
    return _finished(table, beside, limit)


def _curve(start: Solved, level: Solved, points: int, weights: Weights) -> list[tuple[float, float, str]]:
    """Instability, cost and rung from least cost to the level plan's instability (or the least there is, if less)."""
    draft = start.draft
    total = int(add_instability(draft, weights)[0, 0])
    score = int(draft.builder.columns["instability"].ids[0, 0])
    spending = _spending(draft)
    solver = solver_of(draft, draft.builder.assemble())
    constant = _constant(start)
    cheapest = _found(solver)
    most = _least_instability(solver, score, spending, cheapest.objective)
    least = min(instability(level, weights), most.values[score])
    if draft.service is not None or most.values[score] - least <= SAME * max(1.0, most.values[score]):
        steadiest = _least_instability(solver, score, spending, INF).values[score]
        # Level may serve other customers than least cost does, and be steadier than any plan that serves those.
        least = max(least, steadiest) if most.values[score] - least > SAME * max(1.0, most.values[score]) else steadiest
    solver.set_row(spending.row, -INF, INF)
    solver.set_cost(solver.model.cost)
    curve = [(float(most.values[score]), cheapest.objective + constant, cheapest.rung)]
    for allowed in np.linspace(float(most.values[score]), float(least), points)[1:]:
        solver.set_row(total, -INF, float(allowed) + SAME)
        solution = _found(solver)
        curve.append((float(allowed), solution.objective + constant, solution.rung))
    return curve


@dataclass(frozen=True)
class _Spending:
    """The row that caps the cost of the plan, counted in ``unit`` money.

    In money the solver's tolerance would lie below the last digit of a cost over the whole horizon.
    """

    row: int
    unit: float


def _spending(draft: Draft) -> _Spending:
    row = draft.builder.add_rows("spending", ["all"], ["all months"])
    cost = draft.builder.assemble().cost
    unit = float(np.exp2(np.round(np.log2(np.abs(cost).max(initial=0.0) or 1.0))))
    draft.builder.add_terms(np.full((1, len(cost)), row[0, 0]), np.arange(len(cost))[None, :], cost[None, :] / unit)
    return _Spending(int(row[0, 0]), unit)


def _least_instability(solver: Solver, column: int, spending: _Spending, most: float) -> Solution:
    """The most stable plan that costs no more than ``most``."""
    aim = np.zeros(len(solver.model.cost))
    aim[column] = 1.0
    solver.forget()
    within = most + 1e-7 * max(1.0, abs(most)) if np.isfinite(most) else INF
    solver.set_row(spending.row, -INF, within / spending.unit)
    return _found(solver, aim)


def _found(solver: Solver, aim: Floats | None = None) -> Solution:
    solution = solver.minimise(aim)
    if not solution.optimal:
        raise SolverError(f"a point of the frontier is {solution.status}, though the plan it starts from is a plan")
    return solution


def add_instability(draft: Draft, weights: Weights) -> np.ndarray:
    """``S = sum w_hours |Q(t)/days - Q(t-1)/days| + w_heads (hires + layoffs)``; returns the row that caps ``S``.

    What level holds counts: labour, where there is none machines, where there are none output (``levelled``).
    """
    builder, held = draft.builder, levelled(draft.data)
    resources, count = draft.data.resources, len(draft.data.resources.names)
    score = builder.add_variables("instability", ["all"], ["all months"])
    tally = builder.add_rows("instability", ["all"], ["all months"], lower=0.0, upper=0.0)
    builder.add_terms(tally, score, -1.0)
    loads = draft.ids("load", count)
    _add_change(draft, "hours", (resources.names, loads, resources.days, held.counted), tally, weights.hours)
    if held.groups:
        totals = add_totals(draft, "output_total", held.groups)
        days = np.array([group.days for group in held.groups])
        groups = ([group.name for group in held.groups], totals, days, np.ones(days.shape, bool))
        _add_change(draft, "output", groups, tally, weights.hours)
    for name in ("hires", "layoffs"):
        ids = np.where(_staff(draft.data, held)[:, None], draft.ids(name, count), -1)
        builder.add_terms(tally, ids.reshape(1, -1), weights.heads)
    cap = builder.add_rows("instability_cap", ["all"], ["all months"])
    builder.add_terms(cap, score, 1.0)
    return cap


def _add_change(
    draft: Draft, name: str, paced: tuple[list[str], Ints, Floats, Flags], tally: Ints, weight: float
) -> None:
    """Add ``weight |V(t)/days(t) - V(t-1)/days(t-1)|`` to the tally, for variables (items, T) where they count."""
    builder, months = draft.builder, draft.data.months
    items, ids, days, counted = paced
    compared, each = _compared(days, counted), np.arange(len(items))
    rows = builder.add_rows(f"{name}_change", items, months, lower=0.0, upper=0.0, where=compared)
    builder.add_terms(rows, ids, 1.0 / np.maximum(days, 1e-9))
    for month in range(1, len(months)):
        before = _last_worked(days, month)
        per_day = 1.0 / np.maximum(days[each, before], 1e-9)[:, None]
        builder.add_terms(rows[:, [month]], ids[each, before][:, None], -per_day)
    for side, sign in (("up", -1.0), ("down", 1.0)):
        change = builder.add_variables(f"{name}_{side}", items, months, where=compared)
        builder.add_terms(rows, change, sign)
        builder.add_terms(tally, change.reshape(1, -1), weight)


def _staff(data: PlanData, held: Levelled) -> Flags:
    """Whose hires and layoffs count (H,): labour's, or those of whatever is levelled where there is no labour."""
    labour: Flags = data.resources.labour
    return labour if labour.any() else np.asarray(held.counted.any(axis=1), bool)


def _compared(days: Floats, counted: Flags) -> Flags:
    """Months with a rate that follow a month with one (items, T)."""
    worked = days > 0
    earlier = shifted(np.cumsum(worked, axis=1), 0) > 0
    result: Flags = worked & earlier & counted
    return result


def _last_worked(days: Floats, month: int) -> np.ndarray:
    """For each resource the last month before ``month`` that had working days (the month before when none had)."""
    worked = days[:, :month] > 0
    return np.where(worked.any(axis=1), month - 1 - np.argmax(worked[:, ::-1], axis=1), month - 1)


def instability(solved: Solved, weights: Weights) -> float:
    """Instability of a plan as it was made."""
    data, values, columns = solved.draft.data, solved.solution.values, solved.draft.builder.columns
    held, output = levelled(data), columns["output"].value(values)
    total = _change(columns["load"].value(values), data.resources.days, held.counted)
    for group in held.groups:
        made = group.weight @ output[group.products]
        total += _change(made[None, :], group.days[None, :], np.ones((1, len(made)), bool))
    moved = sum(float(columns[name].value(values)[_staff(data, held)].sum()) for name in ("hires", "layoffs"))
    return weights.hours * total + weights.heads * moved


def _change(values: Floats, days: Floats, counted: Flags) -> float:
    """Change of what is done a working day, from one month worked to the next, added up (items, T)."""
    total = 0.0
    for row, worked in enumerate((days > 0) & counted):
        total += float(np.abs(np.diff(values[row, worked] / days[row, worked])).sum())
    return total


def _constant(solved: Solved) -> float:
    """Money that no choice changes: pay due whatever is planned, less revenue of all demand where profit is sought."""
    stated = float(stated_spending(solved.draft).sum())
    products = solved.draft.data.products
    earned = float((products.price * products.demand).sum() + (products.price[:, 0] * products.opening_backlog).sum())
    return stated - (earned if solved.draft.profit else 0.0)


def _money(solved: Solved) -> float:
    """Cost of a plan with its shortfalls, its strategy's own deviation penalty left out."""
    values, total = solved.solution.values, float(stated_spending(solved.draft).sum())
    for cost in solved.draft.builder.costs:
        if cost.kind not in ("deviation", "revenue_forgone"):
            present = cost.ids >= 0
            total += float((values[cost.ids[present]] * cost.coefficient[present]).sum())
    return total - (float(revenue(solved).sum()) if solved.draft.profit else 0.0)


def _finished(table: pd.DataFrame, beside: list[tuple[str, float, float]], limit: float | None) -> pd.DataFrame:
    chosen, reason = recommend(table, limit)
    table["recommended"] = np.arange(len(table)) == chosen
    for name in ("reason", *FACTS):
        table[name] = [reason.get(name) if number == chosen else None for number in range(len(table))]
    last = len(table) - 1
    lowest, steadiest = float(table["cost"].to_numpy(float)[last]), float(table["instability"].to_numpy(float)[last])
    extra = []
    for label, change, cost in beside:
        same_cost = abs(cost - lowest) <= SAME * max(1.0, abs(cost))
        if label == "level" and same_cost and change <= steadiest + SAME:
            table.loc[last, "label"] = label
            continue
        extra.append({"label": label, "instability": change, "cost": cost, "on_frontier": False, "recommended": False})
    table = pd.concat([table, pd.DataFrame(extra)], ignore_index=True)
    table["point"] = np.arange(len(table))
    table["instability"] = table["instability"].round(4)
    table["cost"] = table["cost"].round(2)
    return table[COLUMNS]


def recommend(table: pd.DataFrame, limit: float | None) -> tuple[int, dict[str, Any]]:
    """The recommended point of a frontier; why, as the kind of the reason and its numbers (``FACTS``).

    Within a limit: the cheapest point that keeps it. Else the most stable one where all the change there is saves a
    negligible share of the cost. Else the point after which one more unit of change saves less than the average unit
    between most stable and least cost.
    """
    change, cost = table["instability"].to_numpy(float), table["cost"].to_numpy(float)
    if limit is not None:
        within = np.flatnonzero(change <= limit + SAME)
        chosen = int(within[0]) if len(within) else len(table) - 1
        return chosen, {"reason": "limit_kept" if len(within) else "limit_missed", "change_limit": limit}
    saving, width = cost[-1] - cost[0], change[0] - change[-1]
    if saving <= SAME * max(1.0, abs(cost[0])) or width <= SAME:
        return len(table) - 1, {"reason": "no_dearer"}
    if saving < NEGLIGIBLE * abs(cost[0]):
        return len(table) - 1, {"reason": "negligible", "cost_share": saving / abs(cost[0])}
    gain = (cost[-1] - cost) / saving - (change - change[-1]) / width
    chosen = int(gain.argmax())
    return chosen, {
        "reason": "saving",
        "saving_share": (cost[-1] - cost[chosen]) / saving,
        "change_share": (change[chosen] - change[-1]) / width,
        "average_saving": saving / width,
    }
