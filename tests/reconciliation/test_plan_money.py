"""Every strategy in money: three margins that are never mixed, cash from the plan itself, and balances that reconcile.

The figures are computed by hand from the schedule of ``conftest`` and the costs of ``plans``.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.config import Company, Finance
from sop_pipeline.reconciliation.financial_plan import financial_plan
from sop_pipeline.validation.identities import money_reconciles
from tests.reconciliation import plans
from tests.reconciliation.conftest import by, make


def money(inputs, cycle, **finance):
    company = Company(company="Two Families", sources={}, horizon_months=3, finance=Finance(**finance))
    found = financial_plan(inputs, company=company, cycle=cycle)
    assert money_reconciles(found.plan_money, found.financial_plan).passed
    return found


def test_three_margins_by_hand(money_tables, cycle):
    """April: 90 bars, 10 nuts and 30 litres sold; 60 bars, 10 nuts and 20 litres made, 10 litres subcontracted."""
    rows = by(money(money_tables(), cycle, fixed_cost_month=150).plan_money, "month")
    april = rows["2026-04"]
    assert (april["revenue"], april["cogs"]) == (90 * 10 + 10 * 20 + 30 * 3, 90 * 6 + 10 * 15 + 30 * 2)
    assert april["gross_margin"] == 1190 - 750
    assert (april["material"], april["subcontracting"]) == (60 * 4 + 10 * 10 + 20 * 2, 10 * 2)
    assert (april["regular_pay"], april["hiring"]) == (320, 60)
    # 30 bars leave the stock: 6 each at standard, 5 each at variable cost (4 of material and 0.1 hours at 10)
    assert (april["stock_change"], april["overhead_in_stock"]) == (-30 * 5, -30 * 1)
    assert april["contribution"] == 1190 - 380 - 20 - 320 - 60 - 150
    assert april["operating_result"] == 260 - 150
    # what is spent beyond standard: 380 + 20 + 320 + 60 + 150 spent, 60 x 6 + 10 x 15 + 20 x 2 + 10 x 2 charged
    assert april["spending_over_standard"] == 930 - 570
    assert april["gross_margin"] - april["overhead_in_stock"] - april["spending_over_standard"] == 110


def test_what_is_notional_stands_apart(money_tables, schedule, cycle):
    """Holding, backlog and lost sales are shown and change no result."""
    with_them = by(money(money_tables(), cycle).plan_money, "month")
    april, march = with_them["2026-04"], with_them["2026-03"]
    assert (march["holding"], april["backlog"], april["lost_sales"]) == (9, 20, 100)
    bare = money(money_tables(plan_costs=plans.plan_costs(schedule, plans.PAY)), cycle).plan_money
    for name in ("contribution", "operating_result", "cash_flow"):
        assert [row[name] for row in tables.rows(bare)] == [row[name] for row in with_them.values()], name


def test_building_stock_is_no_loss(money_tables, cycle):
    """May makes 150 bars and sells 110: 40 stay, worth what they cost to make."""
    may = by(money(money_tables(), cycle).plan_money, "month")["2026-05"]
    assert may["stock_change"] == 40 * 5
    revenue = 110 * 10 + 10 * 20 + 30 * 3
    assert may["contribution"] == revenue - (150 * 4 + 10 * 10 + 20 * 2) - 10 * 2 - 320 - 45 - 25 + 200


def test_cash_is_the_plans_own(money_tables, cycle):
    """Pay, hiring and fixed cost once, in their month; purchases and receipts a month later."""
    rows = by(money(money_tables(), cycle, fixed_cost_month=150, opening_cash=1000).plan_money, "month")
    march, april, may = (rows[name] for name in ("2026-03", "2026-04", "2026-05"))
    # February sold 100 bars, 10 nuts and 30 litres, and made as much
    assert (march["receipts"], march["purchases_paid"]) == (1000 + 200 + 90, 400 + 100 + 60)
    assert march["cash_flow"] == 1290 - 560 - 300 - 150
    assert april["receipts"] == march["revenue"] == 100 * 10 + 10 * 20 + 30 * 3
    assert april["cash_flow"] == 1290 - (80 * 4 + 10 * 10 + 20 * 2 + 10 * 2) - 320 - 60 - 150
    assert may["cash_flow"] == april["revenue"] - (380 + 20) - 320 - 45 - 25 - 150
    assert [row["cash"] for row in (march, april, may)] == [1280, 1560, 1810]
    assert may["cash_change"] == 810
    assert (april["receivables"], april["payables"]) == (1190, 400)


def test_without_an_opening_balance_only_the_change_is_known(money_tables, cycle):
    rows = by(money(money_tables(), cycle).plan_money, "month")
    assert {row["cash"] for row in rows.values()} == {None}
    assert rows["2026-05"]["cash_change"] == 810 + 3 * 150


def test_opening_balances_are_settled_over_their_lag(money_tables, cycle):
    """901 owed by customers come in over two months, 301 owed to suppliers go out at once."""
    terms = {"receipt_lag_months": 2, "payment_lag_months": 0, "opening_receivables": 901, "opening_payables": 301}
    found = money(money_tables(), cycle, **terms)
    march, april, may = by(found.plan_money, "month").values()
    assert [row["receipts"] for row in (march, april, may)] == [Decimal("450.5"), Decimal("450.5"), 1290]
    assert march["purchases_paid"] == 301 + 480
    assert (march["receivables"], march["payables"]) == (901 + 1290 - Decimal("450.5"), 0)
    assert april["receivables"] == 1290 + 1190
    assert may["receivables"] == 1190 + 1390


def test_material_is_paid_as_it_arrives(money_tables, cycle):
    """What arrives beyond use is bought too, and lies in stock."""
    arrives = make(
        "material_flows",
        *[
            {
                **plans.BLENDED,
                "material_id": "flour",
                "month": when,
                "requirement": 10,
                "receipt": receipt,
                "stock": stock,
                "stock_value": stock * 3,
                "stock_change": change * 3,
            }
            for when, receipt, stock, change in (
                ("2026-03", 30, 25, 20),
                ("2026-04", 0, 15, -10),
                ("2026-05", 0, 5, -10),
            )
        ],
    )
    plain = by(money(money_tables(), cycle).plan_money, "month")
    found = by(money(money_tables(material_flows=arrives), cycle).plan_money, "month")
    bought = {name: found[name]["purchases"] - plain[name]["purchases"] for name in found}
    assert bought == {"2026-03": 60, "2026-04": -30, "2026-05": -30}
    assert found["2026-03"]["material_stock"] == 75
    assert found["2026-04"]["cash_flow"] == plain["2026-04"]["cash_flow"] - 60
    assert [row["operating_result"] for row in found.values()] == [row["operating_result"] for row in plain.values()]


def test_a_plan_that_pays_overtime_has_less_cash(money_tables, schedule, cycle):
    """Two strategies of equal output: what one pays more is what it lacks in contribution, result and cash."""
    dear = [{**row, "amount": row["amount"] + 17} for row in plans.PAY if row["kind"] == "overtime"]
    rest = [row for row in plans.PAY if row["kind"] != "overtime"]
    both = {
        "aggregate_plan": [plans.aggregate_plan(schedule), plans.aggregate_plan(schedule, strategy="chase")],
        "plan_costs": [plans.plan_costs(schedule), plans.plan_costs(schedule, [*dear, *rest], strategy="chase")],
    }
    inputs = money_tables(
        plan_summary=plans.summary("blended", "chase"),
        **{name: tables.concat(name, parts) for name, parts in both.items()},
    )
    rows = by(money(inputs, cycle).plan_money, "strategy", "month")
    for name in ("contribution", "operating_result", "cash_flow", "cash_change"):
        assert rows["blended", "2026-05"][name] - rows["chase", "2026-05"][name] == 17, name
    assert rows["blended", "2026-04"]["cash_flow"] == rows["chase", "2026-04"]["cash_flow"]


def test_without_costs_nothing_is_said_of_contribution_and_cash(money_tables, products, cycle):
    """Prices alone make revenue; the unit values of the solver are not money."""
    keep = ("product_id", "product_name", "family", "unit_of_measure", "unit_price")
    priced = make("products", *[{name: row[name] for name in keep} for row in tables.rows(products)])
    bare = {"planning_resources": tables.empty("planning_resources"), "resources": tables.empty("resources")}
    rows = tables.rows(money(money_tables(priced, **bare), cycle).plan_money)
    assert [row["revenue"] for row in rows] == [1290, 1190, 1390]
    unknown = ("gross_margin", "contribution", "operating_result", "cash_flow", "cash_change", "material")
    assert {row[name] for row in rows for name in unknown} == {None}


@pytest.mark.parametrize("column", ["contribution", "cash_change", "receivables", "payables", "gross_margin"])
def test_a_cent_that_is_off_is_found(money_tables, cycle, column):
    found = money(money_tables(), cycle)
    spoilt = [
        {**row, column: row[column] + Decimal("0.01")} if f"{row['month']:%Y-%m}" == "2026-04" else row
        for row in tables.rows(found.plan_money)
    ]
    if column == "contribution":
        spoilt = [{**row, "operating_result": row["contribution"]} for row in spoilt]
    assert not money_reconciles(tables.conform("plan_money", spoilt), found.financial_plan).passed
