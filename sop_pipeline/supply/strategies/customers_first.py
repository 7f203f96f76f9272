"""Customers before targets of stock, in two stages (METHODS 7).

First the strategy's plan as if no safety stock and no cover were asked. Then the plan itself, which loses and owes no
more than that of any product in any month, and fills stock with what is left; where it cannot, the target is missed,
priced and named. A plan that keeps its targets and leaves no more unserved needs no second stage.
Stated closing stock is kept in both. Not here: how one plan is found (``planner``).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.model.conflict import explain
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.problem.data.products import without_targets
from sop_pipeline.supply.strategies.planner import Solved, attempt, solve_by_rules
from sop_pipeline.supply.strategies.results.from_stock import serve_waiting
from sop_pipeline.supply.strategies.rules import UNSERVED, Part

NOBODY = 1e-6
NOISE = (0.0, 1e-7, 1e-6, 1e-5)
"""Units by which what a plan leaves unserved may be missed, the least that does: it is known no better than solved."""


def solve_strategy(data: PlanData, parts: list[Part], *, integer: bool, profit: bool) -> Solved:
    """Return the strategy's plan; raise Infeasible, naming the rules, when hard rules conflict."""
    plan = solve_by_rules(data, parts, integer=integer, profit=profit)
    if not (data.products.least_stock > data.products.firm_stock).any() or _serves(plan):
        return plan
    free = replace(data, products=without_targets(data.products))
    first = solve_by_rules(free, parts, integer=integer, profit=profit)
    return plan if _serves(plan, first) else _second_stage(data, parts, first)


def _second_stage(data: PlanData, parts: list[Part], first: Solved) -> Solved:
    """The plan with its targets: serves everybody whom ``first`` serves, and breaks no rule that it keeps."""
    draft = first.draft
    unserved = {name: _units(first, name) for name in UNSERVED}
    for noise in NOISE:
        solved = attempt(
            data,
            parts,
            like=first,
            integer=draft.integer,
            profit=draft.profit,
            elastic=draft.elastic,
            overload=draft.overload,
            deviate=draft.deviate,
            service={name: units + noise for name, units in unserved.items()},
        )
        if solved.solution.optimal:
            return replace(solved, first=first)
    raise explain(data, solved.draft, solved.model)


def _serves(plan: Solved, first: Solved | None = None) -> bool:
    """Whether a plan loses and owes nothing, or of every product no more than ``first`` does."""
    for name in UNSERVED:
        most = 0.0 if first is None else _units(first, name).sum(axis=1)
        if (_units(plan, name).sum(axis=1) > most + NOBODY).any():
            return False
    return True


def _units(solved: Solved, name: str) -> Floats:
    """A block's units once stock has served who waits, without the solver's noise (P, T); zero without the block."""
    block = solved.draft.builder.columns.get(name)
    if block is None:
        return np.zeros(solved.draft.data.products.demand.shape)
    values = block.value(serve_waiting(solved).solution.values)
    return np.where(values > NOBODY * 1e-3, values, 0.0)
