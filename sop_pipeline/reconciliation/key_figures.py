"""Where the fiscal year lands: revenue, margin, stock and service against plan, last cycle and last year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, month_text
from sop_pipeline.past import PastCycle
from sop_pipeline.reconciliation.fiscal_months import fiscal_months

RANGE_NOTE = (
    "P10 to P90 scale planned months by the company's demand range; months are taken to move together, which is the "
    "widest range; limits of supply are not applied to it"
)
STOCK_NOTE = "stock at standard cost at the end of {month}"
SHARE_NOTE = "gross margin / revenue"


@dataclass(frozen=True)
class FigureInputs:
    """The tables that the fiscal year's figures come from."""

    financial_plan: pa.Table
    sales_plan: pa.Table
    business_plan: pa.Table
    last_plan: pa.Table
    demand_range: pa.Table
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
    the fill rate of the planned months, and ``note`` says which. A view that does not know every month is null.
    The landing of the last cycle's own ``key_figures`` stands under ``last_plan``, as that meeting saw it; without it
    that is made from ``last_plan`` and today's actuals.
    """
    months = fiscal_months(inputs.financial_plan, inputs.business_plan, company=company, cycle=cycle)
    given = {**vars(inputs), "fiscal_months": months}
    money = _money(given)
    params = {"fiscal_lead_months": company.fiscal_year.lead_months, "cutoff": cycle.cutoff}
    service = sql.query("reconciliation/service", given, params).to_pylist()
    notes = _notes(months)
    rows = [{**row, "note": notes[row["measure"], row["fiscal_year"]]} for row in money]
    rows += [_service(row, cycle) for row in service]
    return tables.conform("key_figures", _as_seen(rows, before))


def _money(given: Mapping[str, pa.Table]) -> list[dict[str, Any]]:
    by_month = sql.query("reconciliation/landing_months", given)
    return sql.query("reconciliation/landing", {"landing_months": by_month}).to_pylist()


def _as_seen(rows: list[dict[str, Any]], before: FiguresBefore | None) -> list[dict[str, Any]]:
    """Put the last cycle's own landing under ``last_plan``; service only where both cycles measure it alike."""
    if before is None:
        return rows
    seen = {(row["measure"], row["fiscal_year"]): row for row in tables.rows(before.key_figures)}
    found = []
    for row in rows:
        then = seen.get((row["measure"], row["fiscal_year"]))
        alike = then is not None and (row["measure"] != "service" or _kind(then) == _kind(row))
        found.append({**row, "last_plan": then["latest"]} if then is not None and alike else row)
    return found


def _kind(row: dict[str, Any]) -> str:
    """How service is measured: what its note says first."""
    return str(row["note"]).partition(":")[0]


def _notes(months: pa.Table) -> dict[tuple[str, int], str]:
    """What stands behind each measure and fiscal year, in words."""
    years: dict[int, list[dict[str, Any]]] = {}
    for row in months.to_pylist():
        years.setdefault(row["fiscal_year"], []).append(row)
    notes = {}
    for year, rows in years.items():
        span = "; ".join(_span(basis, rows) for basis in ("actual", "plan") if _span(basis, rows))
        short = "" if len(rows) == 12 else f"; {len(rows)} of 12 months known"
        notes["revenue", year] = notes["margin", year] = f"{span}{short}. {RANGE_NOTE}."
        notes["margin_pct", year] = f"{SHARE_NOTE}; {span}{short}."
        notes["inventory_value", year] = STOCK_NOTE.format(month=month_text(rows[-1]["month"])) + "."
    return notes


def _span(basis: str, rows: list[dict[str, Any]]) -> str:
    found = [month_text(row["month"]) for row in rows if row["basis"] == basis]
    if not found:
        return ""
    return f"{basis} {found[0]}" if len(found) == 1 else f"{basis} {found[0]} to {found[-1]}"


def _service(row: dict[str, Any], cycle: Cycle) -> dict[str, Any]:
    base = {"measure": "service", "fiscal_year": row["fiscal_year"], "unit": "share"}
    goal = {"business_plan": row["business_plan"]}
    if row["lines_due"]:
        note = f"on time in full: {row['lines_due']:,} order lines due before {cycle.cutoff:%Y-%m-%d}."
        return {
            **base,
            **goal,
            "latest": row["on_time_in_full"],
            "last_year": row["on_time_in_full_before"],
            "note": note,
        }
    note = "fill rate: planned sales / demand of the planned months, weighted by list price."
    return {**base, **goal, "latest": row["fill_rate"], "last_plan": row["fill_rate_before"], "note": note}
