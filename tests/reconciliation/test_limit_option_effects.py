"""What an option brings in money is its plan less the chosen one, month by month, after what the relief costs.

The plans are those of ``conftest`` and ``plans``; the option makes 10 bars more in April and sells them.
"""

from __future__ import annotations

from dataclasses import fields

import pyarrow as pa
import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Finance
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.limit_option_effects import OptionTables, limit_option_effects
from tests.reconciliation import plans
from tests.reconciliation.conftest import by, make, month

CYCLE = Cycle.parse("2026-03")
NAME = "regular_hours-press-all_months"
APRIL = month("2026-04")


@pytest.fixture
def option(schedule: pa.Table, money_tables):
    """Effects of a plan with 10 bars more output and sales in April, 12 more of overtime and 5 less of holding.

    The hours it adds cost 20 of regular pay, where a table has their price.
    """

    def run(*, cost: float | None = 20, sold: bool = True, sales: bool = False):
        where = {"strategy": "blended", "scenario": NAME}
        plan = [row | changed(row, sold) for row in tables.rows(plans.aggregate_plan(schedule, **where))]
        extra = [
            where | {"month": APRIL, "item": "bar", "kind": "material", "amount": 40},
            where | {"month": APRIL, "item": "press", "kind": "overtime", "amount": 12},
            where | {"month": APRIL, "item": "nut", "kind": "holding", "amount": -5},
        ]
        if cost is not None:
            extra.append(where | {"month": APRIL, "item": "press", "kind": "regular_pay", "amount": cost})
        costs = pa.concat_tables([plans.plan_costs(schedule, scenario=NAME), make("plan_costs", *extra)])
        raised = where | {"month": APRIL, "quantity": 3, "relief_cost": cost}
        made = {
            "limit_option_months": make("limit_option_months", raised),
            "option_plan": tables.conform("option_plan", plan),
            "option_costs": costs,
        }
        known = {field.name: made.get(field.name, tables.empty(field.name)) for field in fields(OptionTables)}
        company = Company(company="Two", sources={}, horizon_months=3, finance=Finance(fixed_cost_month=150))
        found = limit_option_effects(money_tables(), OptionTables(**known), company=company, cycle=CYCLE)
        return by(found.limit_option_sales if sales else found.limit_option_effects, "month")

    return run


def changed(row, sold: bool):
    """Ten bars more are made in April, and sold then or kept."""
    if row["item_id"] != "bar" or row["month"] < APRIL:
        return {}
    made = {"output": row["output"] + 10} if row["month"] == APRIL else {}
    if not sold:
        return made | {"inventory": row["inventory"] + 10}
    return made | ({"lost_sales": row["lost_sales"] - 10} if made else {})


def test_ten_bars_more_by_hand(option):
    """Sold at 10, made of 4 of material with 12 of overtime and 20 of the hours added."""
    march, april, may = option().values()
    assert (april["revenue"], april["spending"], april["stock_change"]) == (100, 40 + 12 + 20, 0)
    assert (april["relief_cost"], april["effect"]) == (20, 100 - 40 - 12 - 20)
    assert april["notional"] == -5
    assert april["inventory_value"] == 0
    # Overtime and relief are paid at once; the customer pays in May, who supplied the material is paid in May.
    assert (april["cash_flow"], may["cash_flow"]) == (-12 - 20, 100 - 40)
    for other in (march, may):
        assert {other[name] for name in ("revenue", "spending", "relief_cost", "effect", "notional")} == {0}


def test_a_relief_without_a_price_is_told_before_its_cost(option):
    april = option(cost=None)["2026-04"]
    assert april["relief_cost"] is None
    assert (april["effect"], april["cash_flow"]) == (48, -12)


def test_units_that_nobody_buys_stay_in_stock_at_variable_cost(option):
    """Ten bars at 5 of variable cost wait in stock in April and after: nothing is earned by them yet."""
    april, may = (option(sold=False)[name] for name in ("2026-04", "2026-05"))
    assert (april["revenue"], april["spending"], april["stock_change"]) == (0, 72, 50)
    assert april["effect"] == 50 - 72
    assert (april["inventory_value"], may["inventory_value"]) == (60, 60)
    assert may["effect"] == 0


def test_without_options_there_are_no_effects(money_tables):
    known = {field.name: tables.empty(field.name) for field in fields(OptionTables)}
    company = Company(company="Two", sources={}, horizon_months=3)
    found = limit_option_effects(money_tables(), OptionTables(**known), company=company, cycle=CYCLE)
    assert (found.limit_option_effects.num_rows, found.limit_option_sales.num_rows) == (0, 0)


def test_what_is_sold_more_gains_its_price_less_its_variable_cost(option):
    """Ten bars at 10, each of 5 of variable cost; items and months without a change have no row."""
    (row,) = option(sales=True).values()
    assert (row["item_id"], row["month"], row["scenario"]) == ("bar", APRIL, NAME)
    assert row["sales_with"] - row["sales_without"] == 10
    assert row["gain"] == 10 * (10 - 5)
    assert option(sales=True, sold=False) == {}
