"""The plan in money: every strategy's profit and loss, cash and balances, and the chosen plan by family.

Gross margin, contribution and operating result are three measures, defined in ``docs/money.md`` and computed in
``sql/reconciliation/plan_money.sql``, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.reconciliation.units import unit_factors
from sop_pipeline.room_settings import Finances

PAST_MONTHS = 24
"""Months of history shown: enough for the fiscal year so far and the whole one before it."""
FLOWS = ("variable_costs", "strategy_spending", "family_purchases", "family_flows", "strategy_flows", "past_flows")
"""The statements between the plans and their money, in order."""


@dataclass(frozen=True)
class MoneyTables:
    """What the plans and the past are put into money from."""

    actuals: pa.Table
    sales_plan: pa.Table
    inventory_plan: pa.Table
    production_schedule: pa.Table
    aggregate_plan: pa.Table
    plan_costs: pa.Table
    plan_shortfalls: pa.Table
    plan_summary: pa.Table
    material_flows: pa.Table
    planning_demand: pa.Table
    planning_products: pa.Table
    planning_features: pa.Table
    planning_resources: pa.Table
    planning_state: pa.Table
    products: pa.Table
    resources: pa.Table
    product_lifecycle: pa.Table


@dataclass(frozen=True)
class MoneyPlans:
    """Every strategy by month, and the chosen plan by family, past and planned."""

    plan_money: pa.Table
    financial_plan: pa.Table


def financial_plan(inputs: MoneyTables, *, company: Company, cycle: Cycle) -> MoneyPlans:
    """Return ``plan_money`` and ``financial_plan``: revenue, margins, stock, receivables, payables, cash (METHODS 6).

    Rows of ``financial_plan`` run from two years back (as far as history goes) to the end of the plan, a row for every
    family and month; they foot with the products, and its planned months with the chosen plan of ``plan_money``, to
    the cent. Customers pay ``receipt_lag_months`` after the sale, suppliers are paid ``payment_lag_months`` after
    material arrives or units are subcontracted; pay, hiring, layoffs, set-ups and fixed cost are paid at once. Without
    ``opening_cash`` the balance is null and ``cash_change`` counts from the start of the plan.
    """
    chosen = chosen_plan(inputs.plan_summary, company)
    params = {"strategy": chosen.strategy, "scenario": chosen.scenario, **_params(company, cycle)}
    with _flows(inputs, params) as connection:
        plans = tables.conform("plan_money", run_statement(connection, "plan_money", params))
        connection.register("plan_money", plans)
        by_family = tables.conform("financial_plan", run_statement(connection, "financial_plan", params))
    return MoneyPlans(plans, by_family)


@contextmanager
def plans_in_money(inputs: MoneyTables, *, company: Company, cycle: Cycle) -> Iterator[Any]:
    """A session with ``plan_money`` of plans that are compared with each other: all of them valued by planned items."""
    params = {"strategy": "", "scenario": "", **_params(company, cycle)}
    with _flows(inputs, params) as connection:
        connection.register("plan_money", tables.conform("plan_money", run_statement(connection, "plan_money", params)))
        yield connection


@contextmanager
def _flows(inputs: MoneyTables, params: dict[str, Any]) -> Iterator[Any]:
    """A session that knows what stands between the plans and their money."""
    factors = unit_factors(inputs.products, inputs.product_lifecycle)
    with sql.session({**vars(inputs), "unit_factors": factors}) as connection:
        for name in FLOWS:
            connection.register(name, run_statement(connection, name, params))
        yield connection


def _params(company: Company, cycle: Cycle) -> dict[str, Any]:
    """What the statements bind, but for which plan is chosen."""
    first = add_months(cycle.month, -PAST_MONTHS)
    return {"cycle_month": cycle.month, "first_month": first, **money_terms(company)}


def run_statement(connection: Any, name: str, params: dict[str, Any]) -> pa.Table:
    """Run a statement with those of the parameters that it binds."""
    statement = f"reconciliation/{name}"
    wanted = sql.parameters(sql.text(statement))
    return sql.run(connection, statement, {key: value for key, value in params.items() if key in wanted})


def money_terms(company: Finances) -> dict[str, Any]:
    """How money moves, and where it starts."""
    finance = company.finance
    return {
        "receipt_lag": finance.receipt_lag_months,
        "payment_lag": finance.payment_lag_months,
        "fixed_cost": round(Decimal(str(finance.fixed_cost_month)), 2),
        **{
            name: None if value is None else round(Decimal(str(value)), 2)
            for name, value in (
                ("opening_cash", finance.opening_cash),
                ("opening_receivables", finance.opening_receivables),
                ("opening_payables", finance.opening_payables),
            )
        },
    }
