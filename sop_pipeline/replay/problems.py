"""The planning problems of a past cycle: one for every forecast approach and kind of knowledge.

Everything up to the problem is planned by the month's own steps, with nothing published. Leads that reach behind a
cycle (hiring, material on its way) are left out of every problem alike, since a loop of first months would wait for
them for ever: heads and material come in the month in which the plan has them, and rates change free of charge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa

from sop_pipeline import steps, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.defaults import Defaults
from sop_pipeline.demand.statistical.benchmark import benchmark_forecast
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.replay.happened import Happened
from sop_pipeline.replay.known import Known
from sop_pipeline.replay.policy import NAIVE, Course, Knowledge
from sop_pipeline.steps import Planned
from sop_pipeline.supply.problem.cycle.build import Known as Beforehand
from sop_pipeline.supply.problem.cycle.build import free_problem
from sop_pipeline.supply.problem.cycle.decided import with_decisions
from sop_pipeline.supply.problem.cycle.tables import PlanningTables, ProblemInputs

UNTIL = "demand_distribution"
_BLANK = {
    "planning_resources": ("hire_lead_months", "rate_up_cost", "rate_down_cost", "maintenance_units_required"),
    "planning_materials": ("lead_days",),
    "planning_products": ("max_rate_change_pct",),
    "planning_state": ("opening_rate",),
}


@dataclass(frozen=True)
class Problem:
    """What a plan of a cycle answers: the problem, the item of every product, and demand's distribution."""

    cycle: Cycle
    planning: PlanningTables
    members: Mapping[str, str]
    demand_distribution: pa.Table


Key = tuple[str, Knowledge]


def problems(known: Known, came: Happened, wanted: Iterable[Course], *, company: Company) -> dict[Key, Problem]:
    """Return the cycle's problem for every approach and knowledge among the loops; BadInput for an unknown approach."""
    found: dict[Key, Problem] = {}
    keys = dict.fromkeys((course.policy.approach, course.knowledge) for course in wanted)
    with TemporaryDirectory() as place:
        lake = Lake(Path(place))  # of no company, so that no cycle published since is read
        month = steps.run(lake, company, known.cycle, until=UNTIL, base=Planned(known.tables, company), checks=False)
        for approach in dict.fromkeys(approach for approach, _ in keys):
            agreed = with_approach(lake, month, company, known.cycle, approach)
            for knowledge in (each for name, each in keys if name == approach):
                found[approach, knowledge] = _problem(lake, agreed, known, came, knowledge, company)
    return found


def with_approach(lake: Lake, month: Planned, company: Company, cycle: Cycle, approach: str) -> Planned:
    """The month with another forecast approach in use; BadInput for one without a forecast of every product.

    The benchmark, of which a month keeps a backtest alone, is forecast here.
    """
    known = sorted(set(tables.texts(tables.where(month["forecast"], level="product"), "approach")))
    if approach not in (*known, NAIVE):
        raise BadInput(
            found=f"forecast approach {approach}",
            needed=f"one of {', '.join(known) or 'those that a year of history allows'}",
            where=f"cycle {cycle}",
            mend="Ask for one of these, or begin with a later cycle.",
        )
    marked = {name: _marked(month[name], approach) for name in ("forecast_approach", "forecast")}
    if approach == NAIVE:
        marked["forecast"] = tables.concat("forecast", [marked["forecast"], _benchmark(month, company, cycle)])
    return steps.run(lake, company, cycle, until=UNTIL, changes=marked, base=month, checks=False)


def _benchmark(month: Planned, company: Company, cycle: Cycle) -> pa.Table:
    read = (month[name] for name in ("demand_history", "product_lifecycle", "working_calendar", "demand_units"))
    return benchmark_forecast(*read, company=company, cycle=cycle)


def _marked(rows: pa.Table, approach: str) -> pa.Table:
    place = rows.column_names.index("chosen")
    marks = [name == approach for name in tables.texts(rows, "approach")]
    return rows.set_column(place, "chosen", pa.array(marks))


def _problem(
    lake: Lake, agreed: Planned, known: Known, came: Happened, knowledge: Knowledge, company: Company
) -> Problem:
    if knowledge is Knowledge.STATISTICAL:
        none = {"demand_inputs": tables.empty("demand_inputs")}
        agreed = steps.run(lake, company, known.cycle, until=UNTIL, changes=none, base=agreed, checks=False)
    if knowledge is Knowledge.FORESEEN:
        return _foreseen(agreed, came, known.cycle, company)
    whole = {each.name: agreed[each.name] for each in fields(PlanningTables)}
    return _settled(PlanningTables(**whole), agreed, known.cycle)


def _foreseen(agreed: Planned, came: Happened, cycle: Cycle, company: Company) -> Problem:
    """The problem of somebody who knows the demand of the months that are over: no error, so no safety stock."""
    demand = _demand_that_came(agreed["demand_plan"], came)
    inputs = ProblemInputs(**{each.name: agreed[each.name] for each in fields(ProblemInputs)} | {"demand_plan": demand})
    state = tables.frame(agreed["opening_state"]).assign(safety_stock=0.0)
    beforehand = Beforehand(opening_state=tables.conform("opening_state", state))
    free = free_problem(inputs, company=company, cycle=cycle, defaults=Defaults(), known=beforehand)
    decided = with_decisions(free.planning, agreed["decisions_in_force"], company=company, defaults=Defaults())
    return _settled(decided, agreed, cycle)


def _demand_that_came(demand_plan: pa.Table, came: Happened) -> pa.Table:
    rows = tables.frame(demand_plan)
    over = rows["month"].isin(came.months)
    keys = list(zip(rows["product_id"], rows["month"], strict=True))
    asked = pd.Series(came.demand.reindex(keys).fillna(0.0).to_numpy(float), index=rows.index)
    for name in ("quantity", "p10", "p50", "p90"):
        rows[name] = rows[name].where(~over, asked)
    return tables.conform("demand_plan", rows)


def _settled(planning: PlanningTables, agreed: Planned, cycle: Cycle) -> Problem:
    bare = {name: _without(getattr(planning, name), columns) for name, columns in _BLANK.items()}
    state = agreed["opening_state"]
    members = dict(zip(tables.texts(state, "product_id"), tables.texts(state, "item_id"), strict=True))
    return Problem(cycle, replace(planning, **bare), members, agreed["demand_distribution"])


def _without(table: pa.Table, columns: tuple[str, ...]) -> pa.Table:
    for name in columns:
        place = table.column_names.index(name)
        table = table.set_column(place, name, pa.nulls(table.num_rows, table.schema.field(name).type))
    return table
