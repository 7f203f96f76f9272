"""The order of solves by which a strategy's plan is found.

First every rule holds. Where a strategy cannot be kept while the rules can, the strategy deviates, least and priced.
Where the rules themselves cannot be kept, by any plan, shortfalls are priced, the same for all strategies, so that they
compare line by line. What remains infeasible is named (``conflict``). Not here: equations, results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.cells import unseen
from sop_pipeline.supply.model.conflict import explain
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.draft_model import draft_model
from sop_pipeline.supply.model.lexicographic import settle_deviations
from sop_pipeline.supply.model.scaling import OutOfScale
from sop_pipeline.supply.model.solver import Solution, Solver, SolverError
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.strategies.rules import Part, apply_strategy

BLENDED = [Part("blended", range(0))]
OVERLOADS = ("hours_over", "material_over", "material_stock_over", "material_supply_over", "cash_over")


@dataclass(frozen=True)
class Solved:
    """A draft with its solution; the solver still holds the model for re-solves.

    ``first`` is the stage before, which says what customers get (``customers_first``); None of a plan in one stage.
    """

    draft: Draft
    model: LinearModel
    solver: Solver
    solution: Solution
    first: Solved | None = None


def solve_by_rules(data: PlanData, parts: list[Part], *, integer: bool, profit: bool) -> Solved:
    """Return the strategy's plan; raise Infeasible, naming the rules, when hard rules conflict."""
    priced = data.options.shortage == "priced"
    if not priced:
        by_rules = attempt(data, parts, integer=integer, profit=profit)
        if by_rules.solution.optimal:
            return by_rules
        plain = all(part.rule in ("blended", "chase") for part in parts)
        if not plain and attempt(data, BLENDED, integer=integer, profit=profit).solution.optimal:
            deviated = attempt(data, parts, integer=integer, profit=profit, deviate=True)
            if deviated.solution.optimal:
                return deviated
    return _with_shortfalls(data, parts, integer=integer, profit=profit)


def _with_shortfalls(data: PlanData, parts: list[Part], *, integer: bool, profit: bool) -> Solved:
    """Price what cannot be kept; limits of resources give way only to what is given, or when everything is priced."""
    options: dict[str, Any] = {"integer": integer, "profit": profit, "elastic": True, "deviate": True}
    first = attempt(data, parts, **options)
    if first.solution.optimal:
        return first
    if not may_overload(data):
        raise explain(data, first.draft, first.model)
    blended = attempt(data, BLENDED, overload=True, **options)
    if not blended.solution.optimal:
        raise explain(data, blended.draft, blended.model)
    if all(part.rule == "blended" for part in parts):
        return blended
    solved = attempt(data, parts, overload=True, like=blended, **options)
    if not solved.solution.optimal:
        raise explain(data, solved.draft, solved.model)
    return solved


def may_overload(data: PlanData) -> bool:
    """Whether limits of resources may be exceeded at a price: by what is given, but for what is frozen."""
    fixed = bool((~np.isnan(data.products.fixed) & (data.products.frozen != 1)).any())
    return data.options.shortage == "priced" or fixed or not data.given.empty


def attempt(data: PlanData, parts: list[Part], *, like: Solved | None = None, **options: Any) -> Solved:
    """Solve the model of ``draft_model`` with its ``options``; limits are exceeded no more than in plan ``like``."""
    draft = draft_model(data, **options)
    apply_strategy(draft, parts)
    model = draft.builder.assemble()
    solver = solver_of(draft, model)
    if like is not None:
        _no_more_overload(draft, solver, like)
    stopped = settle_deviations(draft, solver)
    solution = solver.minimise() if stopped is None else stopped
    if solution.status == "unbounded":
        raise SolverError("the model is unbounded: an unlimited gain is possible, which its prices should exclude")
    return Solved(draft, model, solver, solution)


def solver_of(draft: Draft, model: LinearModel) -> Solver:
    """A solver that sees every coefficient; raises BadInput, naming the cell, where one is lost in whatever units."""
    try:
        return Solver(model, gap=draft.data.options.mip_gap)
    except OutOfScale as fault:
        raise unseen(draft, fault) from fault


def _no_more_overload(draft: Draft, solver: Solver, like: Solved) -> None:
    """A strategy may exceed limits of resources by no more than the least-cost plan has to."""
    for name in OVERLOADS:
        block, other = draft.builder.column(name), like.draft.builder.column(name)
        if block is None or other is None:
            continue
        present = block.ids >= 0
        most: Floats = other.value(like.solution.values)[present] + 1e-6
        solver.set_columns(block.ids[present], np.zeros(len(most)), most)
