"""What raising a limit brings in money: the plan made with it less the chosen plan, month by month.

Not here: the plans (supply), or which option is put up to the meeting (``decisions``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.choice import ChosenPlan, chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.financial_plan import MoneyTables, plans_in_money

PLANS = {
    "aggregate_plan": "option_plan",
    "plan_costs": "option_costs",
    "plan_shortfalls": "option_shortfalls",
    "material_flows": "option_materials",
}
"""Tables of a strategy's plan, and those of an option's."""


@dataclass(frozen=True)
class OptionTables:
    """The options' plans, and what each adds to its limit by month."""

    limit_option_months: pa.Table
    option_plan: pa.Table
    option_costs: pa.Table
    option_shortfalls: pa.Table
    option_materials: pa.Table


@dataclass(frozen=True)
class OptionEffects:
    """What every option brings by month, and the sales behind it by planned item."""

    limit_option_effects: pa.Table
    limit_option_sales: pa.Table


def limit_option_effects(
    inputs: MoneyTables, options: OptionTables, *, company: Company, cycle: Cycle
) -> OptionEffects:
    """Return the difference of two plans for every option and month, what the option costs included (docs/money.md)."""
    if not options.option_plan.num_rows:
        return OptionEffects(tables.empty("limit_option_effects"), tables.empty("limit_option_sales"))
    chosen = chosen_plan(inputs.plan_summary, company)
    both = {name: _both(getattr(inputs, name), getattr(options, other), chosen) for name, other in PLANS.items()}
    with plans_in_money(replace(inputs, **both), company=company, cycle=cycle) as connection:
        connection.register("limit_option_months", options.limit_option_months)
        found = {
            name: tables.conform(name, sql.run(connection, f"reconciliation/{name}", {"scenario": chosen.scenario}))
            for name in ("limit_option_effects", "limit_option_sales")
        }
    return OptionEffects(**found)


def _both(plans: pa.Table, options: pa.Table, chosen: ChosenPlan) -> pa.Table:
    """The chosen plan's rows, and those of the options."""
    return pa.concat_tables([tables.where(plans, strategy=chosen.strategy, scenario=chosen.scenario), options])
