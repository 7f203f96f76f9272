"""Where the fiscal year lands: revenue, margin, stock and service against plan, last cycle and last year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.past import PastCycle
from sop_pipeline.reconciliation.fiscal_months import fiscal_months

BASES = {"revenue": "landing", "margin": "landing", "margin_pct": "margin_share", "inventory_value": "stock"}


@dataclass(frozen=True)
class FigureInputs:
    """The tables that the fiscal year's figures come from."""

    financial_plan: pa.Table
    sales_plan: pa.Table
    production_schedule: pa.Table
    business_plan: pa.Table
    last_plan: pa.Table
    demand_range: pa.Table
    demand_distribution: pa.Table
    orders: pa.Table
    products: pa.Table


@dataclass(frozen=True)
class FiguresBefore(PastCycle):
    """What the last meeting saw."""

    key_figures: pa.Table


def key_figures(
    inputs: FigureInputs, *, company: Company, cycle: Cycle, before: FiguresBefore | None = None
) -> pa.Table:
    """Return ``key_figures``: the landing of the cycle's fiscal year, and of later ones the plan covers (METHODS 6).

    Landing = actual to date + plan. Service is on time in full of the order lines due so far; where none is due it is
    the fill rate of the planned months, and ``basis`` says which. A view that does not know every month is null.
    Its range is that of the demand paths (``year_spread``).
    The landing of the last cycle's own ``key_figures`` stands under ``last_plan``, as that meeting saw it; without it
    that is made from ``last_plan`` and today's actuals.
    """
    months = fiscal_months(inputs.financial_plan, inputs.business_plan, company=company, cycle=cycle)
    given = {**vars(inputs), "fiscal_months": months}
    money = _money(given)
    params = {"fiscal_lead_months": company.fiscal_year.lead_months, "cutoff": cycle.cutoff}
    service = sql.query("reconciliation/service", given, params).to_pylist()
    behind = _months_behind(months)
    rows = [{**row, "basis": BASES[row["measure"]], **behind[row["fiscal_year"]]} for row in money]
    rows += [_service(row) for row in service]
    return tables.conform("key_figures", _as_seen(rows, before))


def _money(given: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    spread = sql.query("reconciliation/year_spread", given)
    by_month = sql.query("reconciliation/landing_months", {**given, "year_spread": spread})
    return sql.query("reconciliation/landing", {"landing_months": by_month}).to_pylist()


def _as_seen(rows: list[dict[str, Any]], before: FiguresBefore | None) -> list[dict[str, Any]]:
    """Put the last cycle's own landing under ``last_plan``; service only where both cycles measure it alike."""
    if before is None:
        return rows
    seen = {(row["measure"], row["fiscal_year"]): row for row in tables.rows(before.key_figures)}
    found = []
    for row in rows:
        then = seen.get((row["measure"], row["fiscal_year"]))
        alike = then is not None and (row["measure"] != "service" or then["basis"] == row["basis"])
        found.append({**row, "last_plan": then["latest"]} if then is not None and alike else row)
    return found


def _months_behind(months: pa.Table) -> dict[int, dict[str, Any]]:
    """The months behind each fiscal year: what has come, what is planned, how many are known."""
    years: dict[int, list[dict[str, Any]]] = {}
    for row in months.to_pylist():
        years.setdefault(row["fiscal_year"], []).append(row)
    spans = {year: {**_span("actual", rows), **_span("plan", _ahead(rows))} for year, rows in years.items()}
    return {year: {"months_known": len(years[year]), **span} for year, span in spans.items()}


def _ahead(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The months with a part that has not come: those partly forecast count among the planned ones."""
    return [{**row, "basis": "plan"} for row in rows if row["basis"] != "actual"]


def _span(basis: str, rows: list[dict[str, Any]]) -> dict[str, date]:
    months = [row["month"] for row in rows if row["basis"] == basis]
    return {f"{basis}_from": months[0], f"{basis}_to": months[-1]} if months else {}


def _service(row: dict[str, Any]) -> dict[str, Any]:
    common = {
        "measure": "service",
        "fiscal_year": row["fiscal_year"],
        "unit": "share",
        "business_plan": row["business_plan"],
    }
    if row["lines_due"]:
        return {
            **common,
            "basis": "on_time_in_full",
            "latest": row["on_time_in_full"],
            "last_year": row["on_time_in_full_before"],
            "order_lines": row["lines_due"],
        }
    return {**common, "basis": "fill_rate", "latest": row["fill_rate"], "last_plan": row["fill_rate_before"]}
