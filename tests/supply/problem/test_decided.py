"""Limits that the meeting raised are the month's limits of the problem, and never lower ones."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.supply.problem.cycle.decided import with_decisions
from sop_pipeline.supply.problem.cycle.tables import PlanningTables

MAY = date(2026, 5, 1)


def problem(**given):
    names = [field.name for field in fields(PlanningTables)]
    return PlanningTables(
        **{name: tables.conform(name, given[name]) if name in given else tables.empty(name) for name in names}
    )


def decided(changes, limit, subject="crew"):
    row = {"decision_id": "d", "changes": changes, "subject": subject, "month": MAY, "limit": limit}
    return tables.conform("decisions_in_force", [row])


@pytest.mark.parametrize(
    ("changes", "table", "subject", "column"),
    [
        ("overtime_limit_pct", "planning_resource_months", "resource_id", "overtime_hours"),
        ("capacity", "planning_resource_months", "resource_id", "capacity"),
        ("subcontract_limit", "planning_months", "product_id", "subcontract_limit"),
        ("max_stock", "planning_months", "product_id", "max_stock"),
    ],
)
def test_a_limit_of_a_month_that_had_none_is_the_one_decided(changes, table, subject, column):
    (row,) = getattr(with_decisions(problem(), decided(changes, 40)), table).to_pylist()
    assert (row[subject], row["month"], row[column]) == ("crew", MAY, Decimal(40))


@pytest.mark.parametrize(("own", "found"), [(30, 40), (50, 50), (None, 40)])
def test_a_months_own_limit_is_raised_and_never_lowered(own, found):
    rows = [{"resource_id": "crew", "month": MAY, "overtime_hours": own, "units_down": 2}]
    planning = with_decisions(problem(planning_resource_months=rows), decided("overtime_hours", 40))
    (row,) = planning.planning_resource_months.to_pylist()
    assert (row["overtime_hours"], row["units_down"]) == (Decimal(found), Decimal(2))


def test_a_strategy_changes_no_limit():
    before = problem()
    assert with_decisions(before, decided("strategy", None, "level")) == before
