"""Limits that the meeting raised are limits of the problem, never lower ones, for as long as they are not carried out.

A crew of 4 heads of 160 hours; overtime is 10% of their hours, 64; at most 5 heads; a store of 100.
"""

from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.defaults import Defaults
from sop_pipeline.supply.problem.cycle.decided import with_decisions
from sop_pipeline.supply.problem.cycle.tables import PlanningTables

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
COMPANY = Company(company="Small", sources={})
CREW = {"resource_id": "crew", "kind": "labour", "opening_units": 4, "hours_per_month": 160, "regular_rate": 20}
CREW |= {"overtime_limit_pct": 10, "max_units": 5, "max_hires": 1, "hire_cost": 500, "temporary_max": 1}


def problem(crew=None, **given):
    rows = {
        "planning_products": [{"product_id": "bun", "product_name": "bun"}],
        "planning_resources": [CREW | (crew or {}), {"resource_id": "store", "kind": "storage", "capacity": 100}],
        "planning_demand": [{"product_id": "bun", "month": month, "quantity": 1} for month in (MAY, JUNE)],
        **given,
    }
    names = [field.name for field in fields(PlanningTables)]
    return PlanningTables(
        **{name: tables.conform(name, rows[name]) if name in rows else tables.empty(name) for name in names}
    )


def decided(changes, limit, subject="crew", **more):
    row = {"decision_id": changes, "changes": changes, "subject": subject, "month": MAY, "limit": limit}
    return row | more


def raised(*rows, of=None, defaults=None):
    given = tables.conform("decisions_in_force", list(rows))
    return with_decisions(of or problem(), given, company=COMPANY, defaults=defaults or Defaults())


@pytest.mark.parametrize(
    ("changes", "table", "subject", "name", "column"),
    [
        ("overtime_hours", "planning_resource_months", "resource_id", "crew", "overtime_hours"),
        ("capacity", "planning_resource_months", "resource_id", "store", "capacity"),
        ("subcontract_limit", "planning_months", "product_id", "bun", "subcontract_limit"),
        ("max_stock", "planning_months", "product_id", "bun", "max_stock"),
    ],
)
def test_a_limit_of_a_month_that_had_none_is_the_one_decided(changes, table, subject, name, column):
    planning = raised(decided(changes, 40, name))
    (row,) = getattr(planning, table).to_pylist()
    assert (row[subject], row["month"], row[column]) == (name, MAY, Decimal(40))
    assert planning.planning_raised_limits.num_rows == 0


@pytest.mark.parametrize(("own", "found"), [(30, 40), (50, 50), (None, 40)])
def test_a_months_own_limit_is_raised_and_never_lowered(own, found):
    rows = [{"resource_id": "crew", "month": MAY, "overtime_hours": own, "units_down": 2}]
    planning = raised(decided("overtime_hours", 40), of=problem(planning_resource_months=rows))
    (row,) = planning.planning_resource_months.to_pylist()
    assert (row["overtime_hours"], row["units_down"]) == (Decimal(found), Decimal(2))


def test_a_strategy_changes_no_limit():
    before = problem()
    row = {"decision_id": "d", "changes": "strategy", "subject": "level", "month": None, "limit": None}
    assert raised(row, of=before) == before


def more(planning):
    return {row["limit"]: float(row["more"]) for row in planning.planning_raised_limits.to_pylist()}


HOURS = decided("regular_hours", 3 * 160 + 80, more=80, at_start=640, heads=0.5)
"""Half a head's hours more, in a plan that lets one of the four go."""


def test_hours_and_heads_stand_beside_what_the_files_have():
    rows = (
        HOURS,
        decided("overtime_limit_pct", 48 + 30, more=30, at_start=64),
        decided("max_units", 7, more=2),
        decided("max_hires", 2, more=1),
        decided("temporary_max", 4, more=3),
    )
    planning = raised(*rows)
    assert more(planning) == {
        "regular_hours": 80, "overtime_limit_pct": 30, "max_units": 2, "max_hires": 1, "temporary_max": 3
    }  # fmt: skip
    heads = {row["limit"]: row["heads"] for row in planning.planning_raised_limits.to_pylist()}
    assert heads["regular_hours"] == Decimal("0.5")
    assert planning.planning_resource_months.num_rows == 0


@pytest.mark.parametrize(
    ("crew", "limit", "still"),
    [
        # as when it was decided, and with a head less
        ({}, HOURS, 80),
        ({"opening_units": 3}, HOURS, 80),
        # a plan of 5 heads, 800 hours, with 80 more: of these 40 are missing with 5.25 heads, none with 5.5
        ({"opening_units": 5}, HOURS | {"limit": 880}, 80),
        ({"opening_units": 5.25}, HOURS | {"limit": 880}, 40),
        ({"opening_units": 5.5}, HOURS | {"limit": 880}, 0),
        # heads that may be there: the files have since come to 6 or 7 of the 7 decided, or gone back to 4
        ({"max_units": 6}, decided("max_units", 7, more=2), 1),
        ({"max_units": 7}, decided("max_units", 7, more=2), 0),
        ({"max_units": 4}, decided("max_units", 7, more=2), 3),
        ({"max_units": None}, decided("max_units", 7, more=2), 0),
        # 13% of 640 hours are 83.2 of the 94 decided
        ({"overtime_limit_pct": 13}, decided("overtime_limit_pct", 94, more=30, at_start=64), 10.8),
        # a record of an earlier version says the limit alone
        ({}, decided("overtime_limit_pct", 94), 30),
    ],
)
def test_what_the_files_have_since_come_to_is_not_added_once_more(crew, limit, still):
    found = more(raised(limit, of=problem(crew)))
    assert found.get(limit["changes"], 0) == pytest.approx(still)


def test_half_of_what_is_still_missing_is_half_of_the_hiring():
    planning = raised(HOURS | {"limit": 880}, of=problem({"opening_units": 5.25}))
    (row,) = planning.planning_raised_limits.to_pylist()
    assert (row["more"], row["heads"]) == (40, Decimal("0.25"))


def test_two_decisions_on_one_limit_come_to_the_second_one_s_limit():
    """Two heads more, and in a later cycle, of these 7, three more."""
    both = (decided("max_units", 7, more=2), decided("max_units", 10, more=3) | {"decision_id": "next"})
    assert more(raised(*both)) == {"max_units": 5}
    hours = (HOURS | {"limit": 720}, HOURS | {"limit": 740, "more": 20, "heads": None, "decision_id": "s"})
    assert more(raised(*hours)) == {"regular_hours": 100}
    # with a hand more, 800 hours, nothing of either is missing
    assert more(raised(*hours, of=problem({"opening_units": 5}))) == {}


@pytest.mark.parametrize(
    "gone",
    [
        decided("regular_hours", 700, "old crew", more=60, at_start=640),
        decided("capacity", 700, "crew"),
        decided("max_units", 7, "store", more=2),
        decided("subcontract_limit", 40, "cake"),
    ],
)
def test_what_is_no_longer_planned_is_left_out_and_told(gone):
    defaults = Defaults()
    before = problem()
    assert raised(gone, of=before, defaults=defaults) == before
    (row,) = defaults.table("supply_defaults").to_pylist()
    assert (row["default_id"], row["items"], row["subject"]) == ("decision_left_out", 1, gone["subject"])


def test_a_month_beyond_the_horizon_waits():
    assert more(raised(HOURS | {"month": date(2026, 7, 1)})) == {}
