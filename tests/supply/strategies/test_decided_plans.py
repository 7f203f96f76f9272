"""The plan made after a limit is adopted is the plan that its option showed: every unit and every cent of it.

For every kind of limit that is put up to a meeting, a small company where it binds. The independent checker finds every
identity and cost of the new plan right, raised as its limits are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Supply
from sop_pipeline.defaults import Defaults
from sop_pipeline.supply.problem.cycle.decided import with_decisions
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.cycle.tables import PlanningTables
from sop_pipeline.supply.strategies.comparison.figures import Figures
from sop_pipeline.supply.strategies.comparison.registry_form import plan_tables
from sop_pipeline.supply.strategies.options.replan import OptionInputs, limit_options
from sop_pipeline.supply.strategies.plan import planned, prepared
from sop_pipeline.validation.plan_checker import check_plan
from tests.supply.cycle import approach_of, pick, with_plans, with_problem

COMPANY = Company(company="Small", sources={}, horizon_months=6, supply=Supply(strategies=["blended"]))
NOBODY = {"hire_cost": None, "layoff_cost": None, "max_hires": None}
SHORT = {"opening_units": 1, "overtime_rate": 11, "overtime_limit_pct": 5}
CREWS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "paid": (
        SHORT | NOBODY | {"temporary_max": 0.25, "temporary_rate": 12},
        {"regular_hours", "overtime_limit_pct", "temporary_max"},
    ),
    "worked": (
        SHORT | NOBODY | {"pay_basis": "worked", "overtime_limit_pct": None, "overtime_hours_per_unit": 6},
        {"regular_hours", "overtime_hours_per_unit"},
    ),
    "hired": (SHORT | {"max_hires": 0.1, "hire_cost": 40}, {"regular_hours", "overtime_limit_pct", "max_hires"}),
    "housed": (
        SHORT | {"max_units": 1.25, "hire_cost": 5, "max_hires": 3},
        {"regular_hours", "overtime_limit_pct", "max_units"},
    ),
}
"""A crew that is short in different ways, and the limits of it that are put up."""


def month_options(known, cycle):
    """What the options raise by month, as ``sop decide`` would record it."""
    found = limit_options(pick(OptionInputs, known), company=COMPANY, cycle=cycle)
    prices = {
        (row["constraint"], row["item"], row["month"]): row["current_limit"]
        for row in tables.rows(known["shadow_prices"])
    }
    by_option: dict[str, list[dict[str, Any]]] = {}
    kinds = {row["scenario"]: (row["constraint"], row["item"]) for row in tables.rows(found.limit_options)}
    for row in tables.rows(found.limit_option_months):
        kind = kinds[row["scenario"]]
        by_option.setdefault(row["scenario"], []).append(
            {
                "decision_id": row["scenario"],
                "changes": kind[0],
                "subject": kind[1],
                "month": row["month"],
                "limit": prices[(*kind, row["month"])] + row["quantity"],
                "more": row["quantity"],
                "at_start": row["at_start"],
                "heads": row["heads"],
            }
        )
    return found, by_option


def plan_of(data, scenario):
    """Rows of one plan, without what says which it is."""
    rows = tables.rows(tables.where(data, scenario=scenario))
    return [{name: value for name, value in row.items() if name not in ("scenario", "strategy")} for row in rows]


@pytest.mark.parametrize("case", CREWS)
def test_the_plan_after_the_decision_is_the_option_s(small_company, cycle, case):
    crew, kinds = CREWS[case]
    given = small_company()
    rows = [row | crew if row["resource_id"] == "crew" else row for row in given["resources"].to_pylist()]
    given = {**small_company(resources=rows), "planning_approach": approach_of(given, "bottom_up")}
    given |= {"demand_distribution": tables.empty("demand_distribution")}
    before = with_plans(with_problem(given, COMPANY, cycle), COMPANY)
    found, by_option = month_options(before, cycle)
    assert {rows[0]["changes"] for rows in by_option.values() if rows[0]["subject"] == "crew"} == kinds
    for option in [name for name in by_option if name.endswith("all_months")]:
        after = before | planned_with(before, by_option[option])
        assert plan_of(after["aggregate_plan"], "base") == plan_of(found.option_plan, option)
        assert plan_of(after["plan_costs"], "base") == plan_of(found.option_costs, option)
        assert plan_of(after["plan_costs"], "base") != plan_of(before["plan_costs"], "base")
        assert check_plan(after) == []


def planned_with(before, decided):
    """The problem with a decision in force, and its plan."""
    in_force = tables.conform("decisions_in_force", decided)
    planning = with_decisions(pick(PlanningTables, before), in_force, company=COMPANY, defaults=Defaults())
    (base,) = tables.rows(before["plan_summary"])
    problem = problem_of(planning, company=COMPANY, shortage=base["shortage"])
    problem = replace(problem, options=replace(problem.options, shadow_prices=False))
    result = planned(prepared(problem), "blended")
    figures = Figures.of(planning, before["opening_state"])
    return vars(planning) | plan_tables({"blended": result}, figures, scenario="base", chosen="blended")
