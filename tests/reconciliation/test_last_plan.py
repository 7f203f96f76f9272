"""The last cycle's plan, read from its own tables."""

from __future__ import annotations

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.past import tables_of
from sop_pipeline.reconciliation.last_plan import PlanBefore, last_plan
from sop_pipeline.reconciliation.volume_plans import inventory_plan, production_plan, sales_plan
from tests.reconciliation.conftest import by, sites


@pytest.fixture
def previous(schedule, demand_plan, products, calendar):
    return PlanBefore(
        cycle=Cycle.parse("2026-03"),
        demand_plan=demand_plan,
        sales_plan=sales_plan(schedule, demand_plan, products),
        production_plan=production_plan(schedule, calendar, sites(schedule)),
        inventory_plan=inventory_plan(schedule, demand_plan, products),
    )


def test_it_is_last_months_plan_in_units_and_money(previous):
    rows = by(last_plan(previous, Cycle.parse("2026-04")), "product_id", "month")
    april = rows["bar", "2026-04"]
    assert april["cycle"] == "2026-03"
    assert (april["demand"], april["sales"], april["output"], april["inventory"]) == (120, 90, 60, 0)
    assert (april["revenue"], april["margin"], april["inventory_value"]) == (900, 360, 0)
    assert rows["oil", "2026-03"]["output"] == 30


def test_a_first_cycle_has_none():
    assert last_plan(None, Cycle.parse("2026-03")) == tables.empty("last_plan")


def test_empty_tables_make_an_empty_plan(previous):
    none = PlanBefore(previous.cycle, *[tables.empty(name) for name in tables_of(PlanBefore)])
    assert last_plan(none, Cycle.parse("2026-03")) == tables.empty("last_plan")


def test_a_plan_of_this_cycle_or_a_later_one_is_refused(previous):
    with pytest.raises(BadInput, match="made in cycle 2026-03; needed one made before cycle 2026-03"):
        last_plan(previous, Cycle.parse("2026-03"))
