"""The few numbers of a table that are worth a line over the cycles: units, money, service, days late, rows set aside.

Declared once by table; the web UI plots them. Numbers for the eye: sums are of the lake's exact values and turn into
floats at the very end. Not here: figures that a pack shows, which are rows of ``key_figures``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables

Total = Callable[[pa.ChunkedArray], Any]


@dataclass(frozen=True)
class Figure:
    """One number of a table: what is taken of a column, over the rows where columns have the values of ``where``."""

    name: str
    column: str
    take: Total = pc.sum
    where: Mapping[str, Any] = field(default_factory=dict)

    def of(self, table: pa.Table) -> float | int | None:
        """Return the number; None where no row has one."""
        rows = tables.where(table, **self.where) if self.where else table
        value = self.take(rows.column(self.column)).as_py()
        return value if value is None or isinstance(value, int) else float(value)


def _units_and_revenue(quantity: str = "quantity") -> tuple[Figure, ...]:
    return Figure("units", quantity), Figure("revenue", "revenue")


_CHOSEN = {"chosen": True}
FIGURES: Mapping[str, Sequence[Figure]] = {
    "source_files": (
        Figure("rows_read", "rows_read"),
        Figure("rows_used", "rows_used"),
        Figure("rows_quarantined", "rows_quarantined"),
    ),
    "data_freshness": (Figure("most_missing_working_days", "missing_days", pc.max),),
    "sales": _units_and_revenue(),
    "production": (Figure("units", "quantity"),),
    "demand_history": (Figure("units", "cleansed"),),
    "demand_plan": (Figure("units", "quantity"),),
    "forecast_accuracy": (
        Figure("lowest_company_wmape_at_lag_0", "wmape", pc.min, {"level": "company", "lag": 0, "item_id": "all"}),
    ),
    "plan_summary": (
        Figure("cost", "total_cost", pc.sum, _CHOSEN),
        Figure("revenue", "total_revenue", pc.sum, _CHOSEN),
        Figure("profit", "total_profit", pc.sum, _CHOSEN),
        Figure("service", "service", pc.min, _CHOSEN),
        Figure("lost_units", "lost_units", pc.sum, _CHOSEN),
    ),
    "sales_plan": (*_units_and_revenue("sales"), Figure("demand", "demand"), Figure("margin", "margin")),
    "production_plan": (Figure("units", "output"), Figure("subcontracted_units", "subcontract")),
    "inventory_plan": (Figure("backlog_units", "backlog"),),
    "financial_plan": (
        Figure("planned_revenue", "revenue", pc.sum, {"basis": "plan"}),
        Figure("planned_margin", "margin", pc.sum, {"basis": "plan"}),
        Figure("planned_cash_flow", "cash_flow", pc.sum, {"basis": "plan"}),
    ),
    "capacity_plan": (Figure("highest_utilisation", "utilisation", pc.max),),
    "workforce_plan": (Figure("hires", "hires"), Figure("layoffs", "layoffs")),
    "decisions_wanted": (Figure("decisions", "decision_id", pc.count_distinct),),
}
"""By table. What all tables have, their count of rows, is not repeated."""


def figures(name: str, table: pa.Table) -> dict[str, float | int]:
    """Return the numbers of a table by name; those that no row has are left out."""
    found = {figure.name: figure.of(table) for figure in FIGURES.get(name, ())}
    return {each: value for each, value in found.items() if value is not None}
