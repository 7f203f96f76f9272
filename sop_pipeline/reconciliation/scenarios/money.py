"""A scenario's plans in money, by the statements that put the month's own plans into money.

Every plan is that of its items: no products are behind it. Not here: what the measures are (``docs/money.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.financial_plan import money_terms, run_statement
from sop_pipeline.reconciliation.units import unit_factors
from sop_pipeline.room_settings import ScenarioSettings

FLOWS = ("variable_costs", "strategy_spending", "strategy_flows")
NONE_CHOSEN = {"strategy": "", "scenario": ""}


@dataclass(frozen=True)
class PastInputs:
    """What receivables and payables at the start follow from."""

    actuals: pa.Table
    products: pa.Table
    resources: pa.Table
    product_lifecycle: pa.Table


@dataclass(frozen=True)
class Start:
    """What is the same in every scenario: money of the months before, products, resources."""

    past_flows: pa.Table
    family_flows: pa.Table
    products: pa.Table
    resources: pa.Table


def start_of(inputs: PastInputs, *, cycle: Cycle) -> Start:
    """Return the months before the plan in money."""
    nothing = {name: tables.empty(name) for name in ("sales_plan", "inventory_plan")}
    given = {**vars(inputs), **nothing, "family_purchases": _no_purchases()}
    given["unit_factors"] = unit_factors(inputs.products, inputs.product_lifecycle)
    params = {"cycle_month": cycle.month}
    with sql.reading(given) as connection:
        flows = run_statement(connection, "family_flows", params)
        connection.register("family_flows", flows)
        past = run_statement(connection, "past_flows", params)
    return Start(past, flows.slice(0, 0), inputs.products, inputs.resources)


def scenario_money(
    plans: Mapping[str, pa.Table], planning: Mapping[str, pa.Table], start: Start, *, company: ScenarioSettings
) -> pa.Table:
    """Return ``plan_money`` of the plans of one scenario; ``planning`` is its problem by table."""
    given = {**planning, **plans, **vars(start), "production_schedule": tables.empty("production_schedule")}
    params = {**NONE_CHOSEN, **money_terms(company)}
    with sql.reading(given) as connection:
        for name in FLOWS:
            connection.register(name, run_statement(connection, name, params))
        return tables.conform("plan_money", run_statement(connection, "plan_money", params))


def _no_purchases() -> pa.Table:
    return pa.table(
        {
            "family": pa.array([], pa.string()),
            "month": pa.array([], pa.date32()),
            "purchases": pa.array([], pa.decimal128(18, 2)),
        }
    )
