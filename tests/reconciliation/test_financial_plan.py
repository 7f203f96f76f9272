"""The plan in money: it foots with the products to the cent, and cash follows revenue and purchases by their lags."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Finance
from sop_pipeline.reconciliation.financial_plan import MoneyTables, financial_plan
from sop_pipeline.validation.identities import money_foots
from tests.reconciliation.conftest import by, make


@pytest.fixture
def build(money_tables, products, company, cycle):
    def made(history, *, catalogue=products, company=company, **given):
        inputs = money_tables(catalogue, actuals=history, **given)
        return financial_plan(inputs, company=company, cycle=cycle).financial_plan, inputs.sales_plan

    return made


def test_a_row_for_every_family_and_month_of_two_years_back_and_the_plan(build, history):
    rows = by(build(history)[0], "family", "month")
    assert len(rows) == 2 * (24 + 3)
    assert rows["Snacks", "2024-03"]["basis"] == "actual"
    assert rows["Snacks", "2026-03"]["basis"] == "plan"


def test_profit_and_stock_lines_by_hand(build, history):
    rows = by(build(history)[0], "family", "month")
    april = rows["Snacks", "2026-04"]
    # 90 bars and 10 nuts
    assert (april["units"], april["revenue"], april["cogs"], april["margin"]) == (100, 1100, 690, 410)
    assert april["inventory_value"] == 5 * 15
    february = rows["Snacks", "2026-02"]
    assert (february["units"], february["revenue"], february["cogs"], february["margin"]) == (110, 1200, 750, 450)


def test_receivables_payables_and_cash_by_hand(build, history):
    rows = by(build(history)[0], "family", "month")
    april, march = rows["Snacks", "2026-04"], rows["Snacks", "2026-03"]
    assert april["receivables"] == april["revenue"]
    # April: 60 bars of 4 and 10 nuts of 10 in material
    assert april["payables"] == 340
    assert april["working_capital"] == 75 + 1100 - 340
    # April: March's revenue, less March's material (80 x 4 + 10 x 10), less the snacks' share of 380 paid to the crew
    assert march["revenue"] == 1200
    assert april["cash_flow"] == 1200 - 420 - Decimal("351.26")  # 380 x 1100 / 1190
    assert rows["Oils", "2026-04"]["cash_flow"] == 90 - 60 - Decimal("28.74")
    assert rows["Snacks", "2026-02"]["cash_flow"] is None  # what was paid in the past is in no table
    # subcontracted oil is a purchase, too
    assert rows["Oils", "2026-04"]["payables"] == 20 * 2 + 10 * 2


def test_longer_lags_reach_back_into_history(build, history):
    slow = Company(
        company="Slow",
        sources={},
        horizon_months=3,
        finance=Finance(receipt_lag_months=2, payment_lag_months=0, fixed_cost_month=100),
    )
    rows = by(build(history, company=slow)[0], "family", "month")
    march = rows["Oils", "2026-03"]
    assert march["receivables"] == 180
    assert march["payables"] == 0
    # January's revenue less March's own purchases, less the oil's share of 300 for pay and 100: 90 / (1200 + 90)
    assert march["cash_flow"] == Decimal(90 - 60) - Decimal("27.91")
    assert rows["Snacks", "2026-03"]["cash_flow"] == 1200 - 420 - Decimal("372.09")


def test_a_lag_that_reaches_before_history_brings_nothing(build, history):
    short = tables.conform("actuals", [row for row in tables.rows(history) if f"{row['month']:%Y-%m}" == "2026-02"])
    rows = by(build(short)[0], "family", "month")
    assert rows["Snacks", "2026-02"]["receivables"] == 1200
    # March: February's revenue and purchases, and the snacks' share of 300 for pay
    assert rows["Snacks", "2026-03"]["cash_flow"] == 1200 - (100 * 4 + 10 * 10) - Decimal("279.07")


def test_it_foots_to_the_cent(build, history):
    plan, sales = build(history)
    assert money_foots(plan, sales).passed
    assert money_foots(plan, tables.conform("sales_plan", tables.rows(sales)[1:])).passed is False


def test_without_money_units_remain(build, history, products_without_money):
    bare = tables.conform(
        "actuals",
        [{**row, "revenue": None, "margin": None, "inventory_value": None} for row in tables.rows(history)],
    )
    unpaid = {"resources": tables.empty("resources"), "plan_costs": tables.empty("plan_costs")}
    plan, sales = build(bare, catalogue=products_without_money, **unpaid)
    rows = by(plan, "family", "month")
    assert rows["Snacks", "2026-04"]["units"] == 100
    money = ("revenue", "cogs", "margin", "inventory_value", "receivables", "payables", "working_capital", "cash_flow")
    assert all(row[name] is None for row in rows.values() for name in money)
    assert money_foots(plan, sales).passed


def test_different_units_are_added_only_as_equivalents(build, history, products):
    mixed = [{**row, "unit_of_measure": row["product_id"]} for row in products.to_pylist()]
    rows = by(build(history, catalogue=make("products", *mixed))[0], "family", "month")
    assert rows["Snacks", "2026-04"]["units"] is None
    assert rows["Snacks", "2026-04"]["revenue"] == 1100
    weighed = [{**row, "equivalent_units": 0.5 if row["product_id"] == "nut" else 1} for row in mixed]
    rows = by(build(history, catalogue=make("products", *weighed))[0], "family", "month")
    assert rows["Snacks", "2026-04"]["units"] == 95


def test_row_order_changes_nothing(build, history):
    turned = history.take(list(reversed(range(history.num_rows))))
    assert build(turned)[0] == build(history)[0]


def test_nothing_planned_and_nothing_sold(empty, company, cycle):
    nothing = MoneyTables(**{field.name: empty(field.name) for field in dataclasses.fields(MoneyTables)})
    found = financial_plan(nothing, company=company, cycle=cycle)
    assert (found.financial_plan.num_rows, found.plan_money.num_rows) == (0, 0)


def test_a_family_that_ended_still_settles_its_bills_and_foots(build, history, products):
    wax = {**products.to_pylist()[-1], "product_id": "wax", "family": "Waxes"}
    gone = [
        {**row, "product_id": "wax", "family": "Waxes"} for row in tables.rows(history) if row["product_id"] == "oil"
    ]
    known = make("products", *products.to_pylist(), wax)
    plan, sales = build(tables.conform("actuals", [*tables.rows(history), *gone]), catalogue=known)
    rows = by(plan, "family", "month")
    assert (rows["Waxes", "2026-03"]["revenue"], rows["Waxes", "2026-03"]["receivables"]) == (0, 0)
    assert rows["Waxes", "2026-02"]["receivables"] == 90
    # February's revenue comes in and February's purchases go out
    assert rows["Waxes", "2026-03"]["cash_flow"] == 90 - 60
    assert money_foots(plan, sales).passed


def test_products_without_price_or_cost_are_left_out_of_the_familys_money(build, history, products):
    half = [{**row, "standard_cost": None} if row["product_id"] == "nut" else row for row in products.to_pylist()]
    plan, sales = build(history, catalogue=make("products", *half))
    april = by(plan, "family", "month")["Snacks", "2026-04"]
    assert (april["revenue"], april["cogs"], april["margin"]) == (1100, 540, 360)
    assert money_foots(plan, sales).passed
