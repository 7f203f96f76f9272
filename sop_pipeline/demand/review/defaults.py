"""What the demand step assumed where the company's files say nothing, with its numbers (METHODS 7).

Not here: the defaults themselves, which stand in the statements that use them.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.defaults import Defaults
from sop_pipeline.demand.consensus.portfolio_changes import NEW_MONTHS
from sop_pipeline.demand.units import levels_without_unit, names_of
from sop_pipeline.room_settings import DemandSettings

DEFAULT_FAMILY = "All products"
SEASONAL_MONTHS = 24
"""Months under which a product borrows its family's seasonal profile (METHODS 3)."""


def demand_defaults(
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    inventory: pa.Table,
    demand_inputs: pa.Table,
    forecast_backtest: pa.Table,
    demand_units: pa.Table | None = None,
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> pa.Table:
    """Return ``demand_defaults``: every default the portfolio and demand steps used, and for how many items."""
    inputs = {
        "demand_history": demand_history,
        "product_lifecycle": product_lifecycle,
        "inventory": inventory,
        "demand_inputs": demand_inputs,
    }
    params = {
        "cycle_month": cycle.month,
        "last_month": add_months(cycle.month, company.horizon_months - 1),
        "input_deadline": cycle.input_deadline,
        "default_family": DEFAULT_FAMILY,
        "new_months": NEW_MONTHS,
        "seasonal_months": SEASONAL_MONTHS,
    }
    gaps = sql.query("demand/accuracy/demand_gaps", inputs, params).to_pylist()[0]
    gaps["without_backtest"] = int(not forecast_backtest.num_rows)
    counted = tables.empty("demand_units") if demand_units is None else demand_units
    notes = Defaults()
    _of_products(notes, gaps)
    _of_units(notes, counted)
    _of_history(notes, gaps, company)
    _of_launches(notes, gaps)
    _of_inputs(notes, gaps)
    return notes.table("demand_defaults")


def _of_products(notes: Defaults, gaps: dict[str, Any]) -> None:
    more = ", ..." if gaps["never_sold"] > 12 else ""
    notes.use("never_sold", gaps["never_sold"], subject=f"{gaps['never_sold_names']}{more}")
    notes.use("ended_without_a_date", gaps["ended_unsaid"])
    notes.use("handed_over", gaps["handed_over"])
    notes.use("no_family", gaps["without_family"], subject=DEFAULT_FAMILY)


def _of_units(notes: Defaults, demand_units: pa.Table) -> None:
    """What stands in where products are counted in several units of measure, which are never added (METHODS 1)."""
    names = sorted({name.lower() for name in tables.texts(demand_units, "unit_of_measure")})
    if len(names) < 2:
        return
    levels_missing, several = levels_without_unit(demand_units), ", ".join(names_of(demand_units))
    if "company" not in levels_missing:
        notes.use("several_units", len(names), subject=several, unit=demand_units["company_unit"][0].as_py())
        return
    which = "no_common_unit_in_families" if "family" in levels_missing else "no_common_unit"
    notes.use(which, len(names), subject=several)


def _of_history(notes: Defaults, gaps: dict[str, Any], company: DemandSettings) -> None:
    as_set = "_as_set" if company.forecast.signal == "production" else ""
    notes.use(f"demand_from_production{as_set}", gaps["from_production"])
    notes.use("production_without_stock", gaps["production_without_stock"])
    notes.use("no_stock_outs_found", gaps["sales_without_stock"])
    notes.use("short_history", gaps["short_history"])
    notes.use("very_short_history", gaps["very_short_history"])
    notes.use("no_backtest", gaps["without_backtest"])


def _of_launches(notes: Defaults, gaps: dict[str, Any]) -> None:
    notes.use("launch_scale", gaps["without_scale"])
    notes.use("launch_ramp", gaps["without_ramp"])
    notes.use("launch_probability", gaps["uncertain_launches"])


def _of_inputs(notes: Defaults, gaps: dict[str, Any]) -> None:
    notes.use("demand_inputs_of_nothing_known", gaps["unknown_entries"])
    notes.use("demand_inputs_without_a_number", gaps["blank_entries"])
    notes.use("demand_inputs_of_no_planned_month", gaps["entries_of_no_month"])
    notes.use("no_demand_inputs", 0 if gaps["entries"] else 1)
