"""What decisions are computed from: the chosen plan's tables, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, last_safe_day
from sop_pipeline.meeting import meeting_day
from sop_pipeline.reconciliation.open_items import is_open

Row = dict[str, Any]
BY_STRATEGY = ("resource_plan", "aggregate_plan", "plan_shortfalls")
"""Tables that hold every strategy and scenario."""


@dataclass(frozen=True)
class DecisionInputs:
    """The tables that decisions are computed from."""

    plan_summary: pa.Table
    plan_money: pa.Table
    plan_frontier: pa.Table
    plan_shortfalls: pa.Table
    plan_swings: pa.Table
    limit_options: pa.Table
    limit_option_effects: pa.Table
    aggregate_plan: pa.Table
    resource_plan: pa.Table
    planning_products: pa.Table
    key_figures: pa.Table
    risks_opportunities: pa.Table
    resources: pa.Table
    products: pa.Table
    recorded_decisions: pa.Table


@dataclass(frozen=True)
class Evidence:
    """The rows behind the decisions; the tables of ``BY_STRATEGY`` hold the chosen strategy and scenario alone."""

    company: Company
    cycle: Cycle
    strategy: str
    scenario: str
    has_money: bool
    rows: Mapping[str, list[Row]]

    @property
    def taken(self) -> frozenset[str]:
        """Decisions of this cycle that were adopted or rejected; one that was deferred is put up again."""
        last = {row["decision_id"]: row for row in self.rows["recorded_decisions"] if row["cycle"] == self.cycle.name}
        return frozenset(name for name, row in last.items() if row["action"] != "defer")

    @property
    def meeting(self) -> date:
        """Day of the executive meeting, before which nothing can be decided."""
        return meeting_day(self.company, self.cycle)

    def is_reachable(self, month: date, lead_months: int = 0, lead_days: int = 0) -> bool:
        """Whether a decision of the meeting can still take effect in the month."""
        return last_safe_day(month, lead_months, lead_days) >= self.meeting

    def by_key(self, table: str, *names: str) -> dict[tuple[Any, ...], Row]:
        """Return a table's rows by the values of ``names``."""
        return {tuple(row[name] for name in names): row for row in self.rows[table]}


def gather(inputs: DecisionInputs, *, company: Company, cycle: Cycle) -> Evidence:
    """Read the tables; money counts as known when the company gave a price or a cost for some product."""
    strategy, scenario = chosen_plan(inputs.plan_summary, company)
    rows = {name: tables.rows(table) for name, table in vars(inputs).items()}
    for name in BY_STRATEGY:
        rows[name] = [row for row in rows[name] if (row["strategy"], row["scenario"]) == (strategy, scenario)]
    items = rows["risks_opportunities"]
    rows["risks_opportunities"] = [row for row in items if is_open(row, cycle)]
    has_money = any(row["unit_price"] is not None or row["standard_cost"] is not None for row in rows["products"])
    return Evidence(company, cycle, strategy, scenario, has_money, rows)


def amount(value: Decimal | float | int | None) -> Decimal:
    """Return a number as a Decimal, 0 for none."""
    return Decimal(0) if value is None else Decimal(str(value))
