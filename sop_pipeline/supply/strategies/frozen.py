"""The cycle's planning problem with its frozen months, as far as a plan can keep them.

A month whose frozen output no plan can make is released, by name, so that the cycle always has an answer: while the
least-cost plan exceeds a limit of a resource because of what is frozen, what takes that resource is planned anew. Here:
releasing. Not here: what the last plan froze, and how it is fixed (``problem.cycle.frozen``).
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.defaults import Defaults
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.build import Known, free_problem
from sop_pipeline.supply.problem.cycle.decided import with_decisions
from sop_pipeline.supply.problem.cycle.frozen import LastProduction, frozen_rows, with_fixed_months
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.cycle.tables import CycleProblem, PlanningTables, ProblemInputs
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import plan

OVERLOADS = (
    "hours_exceeded",
    "material_exceeded",
    "material_before_arrival",
    "cash_exceeded",
)


def planning_problem(
    inputs: ProblemInputs,
    decisions_in_force: pa.Table | None = None,
    order_book: pa.Table | None = None,
    *,
    company: SupplySettings,
    cycle: Cycle,
    last: LastProduction | None = None,
) -> CycleProblem:
    """Return the cycle's planning problem: the ``planning_*`` tables, and where products start, what is frozen.

    Limits are as the meeting raised them (``problem.cycle.decided``); products made to order start with what is owed
    of their orders (``problem.cycle.made_to_order``).

    The first ``company.supply.frozen_months`` stay equal to what the last cycle planned, as far as a plan can
    (``problem.cycle.build`` says what the problem consists of).
    """
    defaults = Defaults()
    known = Known(order_book=order_book)
    free = free_problem(inputs, company=company, cycle=cycle, defaults=defaults, known=known)
    frozen = frozen_rows(last, free, company=company, defaults=defaults)
    decided = tables.empty("decisions_in_force") if decisions_in_force is None else decisions_in_force
    raised = with_decisions(free.planning, decided, company=company, defaults=defaults)
    planning, frozen_plan = freeze(raised, frozen, company=company, defaults=defaults)
    return CycleProblem(
        **{field.name: getattr(planning, field.name) for field in fields(PlanningTables)},
        opening_state=free.opening_state,
        stock_targets=free.stock_targets,
        planned_features=free.planned_features,
        frozen_plan=frozen_plan,
        supply_defaults=defaults.table("supply_defaults"),
    )


def freeze(
    planning: PlanningTables, frozen: pd.DataFrame, *, company: SupplySettings, defaults: Defaults
) -> tuple[PlanningTables, pa.Table]:
    """Fix the frozen months in ``planning_months``; return the problem and the table ``frozen_plan``.

    While the least-cost plan exceeds a limit of a resource in a month because of it, what takes that resource is
    released in the earliest such month, and the plan is tried again.
    """
    if frozen.empty:
        return planning, tables.empty("frozen_plan")
    rows = frozen.assign(resource_id=None, excess=np.nan, excess_unit=None, excess_month=None)
    while rows["kept"].any():
        released = _overloaded(with_fixed_months(planning, rows), rows, company)
        if not released:
            break
        for (item, month), overload in released.items():
            chosen = rows["kept"] & (rows["item_id"] == item) & (rows["month"] == month)
            rows.loc[chosen, "kept"] = False
            for name, value in overload.items():
                rows.loc[chosen, name] = value
    _note(rows, defaults)
    return with_fixed_months(planning, rows), tables.conform("frozen_plan", rows)


def _note(rows: pd.DataFrame, defaults: Defaults) -> None:
    let_go = rows[~rows["kept"].astype(bool)]
    kept = rows[rows["kept"].astype(bool)]
    last = max(kept["month"], default=None)
    if last is not None:
        defaults.use("frozen_plan", len(kept), month=last.date())
    if len(let_go):
        defaults.use("frozen_released", len(let_go), month=max(let_go["month"]).date())


Place = tuple[str, pd.Timestamp]


def _overloaded(planning: PlanningTables, rows: pd.DataFrame, company: SupplySettings) -> dict[Place, dict[str, Any]]:
    """Frozen items and months to be released: those that take what is exceeded in the earliest month it is."""
    problem = problem_of(planning, company=company, shortage="priced")
    quick = replace(problem, options=replace(problem.options, shadow_prices=False))
    overloads = [entry for entry in plan(quick, "blended").summary["shortfalls"] if entry["rule"] in OVERLOADS]
    kept = rows[rows["kept"].astype(bool) & (rows["output"] > 0)]
    frozen = set(zip(kept["item_id"].astype(str), kept["month"], strict=True))
    for entry in sorted(overloads, key=lambda one: (one["month"], one["rule"], one["item"])):
        fixed = frozen & _takers(problem, entry["item"], pd.Timestamp(entry["month"] + "-01"))
        if fixed:
            overload = {
                "reason": "overload",
                "resource_id": entry["item"],
                "excess": entry["amount"],
                "excess_unit": entry["unit"],
                "excess_month": pd.Timestamp(entry["month"] + "-01"),
            }
            return dict.fromkeys(sorted(fixed), overload)
    return {}


def _takers(problem: PlanningProblem, resource: str, month: pd.Timestamp) -> set[tuple[str, pd.Timestamp]]:
    """Items, and the months they are completed in, that take a resource in a month; cash is taken by all."""
    features = problem.product_features
    taken = features[features["feature"] == resource]
    if taken.empty:
        return {(name, month) for name in problem.products["product_id"]}
    leads = taken["lead_months"].fillna(0).astype(int)
    return {
        (name, month + pd.DateOffset(months=int(lead))) for name, lead in zip(taken["product_id"], leads, strict=True)
    }
