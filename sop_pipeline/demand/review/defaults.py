"""What the demand step assumed where the company's files say nothing, in words with numbers (METHODS 7).

Not here: the defaults themselves, which stand in the statements that use them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.consensus.portfolio_changes import NEW_MONTHS
from sop_pipeline.demand.units import levels_without_unit, names_of
from sop_pipeline.room_settings import DemandSettings

DEFAULT_FAMILY = "All products"
SEASONAL_MONTHS = 24
"""Months under which a product borrows its family's seasonal profile (METHODS 3)."""

Row = tuple[str, str, str, int]


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
    units = tables.empty("demand_units") if demand_units is None else demand_units
    rows = [
        *_of_products(gaps),
        *_of_units(units),
        *_of_history(gaps, company),
        *_of_launches(gaps),
        *_of_inputs(gaps),
    ]
    names = ("default_id", "missing", "assumed", "items")
    return tables.conform("demand_defaults", [dict(zip(names, row, strict=True)) for row in rows if row[3]])


def _of_products(gaps: dict[str, Any]) -> Iterator[Row]:
    more = ", ..." if gaps["never_sold"] > 12 else ""
    yield (
        "never_sold",
        f"sales, output or a launch of {gaps['never_sold_names']}{more}",
        "a demand of zero, until people enter one",
        gaps["never_sold"],
    )
    yield (
        "ended_without_a_date",
        "discontinued_on of products that no longer sell",
        "ended: no sale for 12 months, or for 3 where the successor sells; their demand is zero",
        gaps["ended_unsaid"],
    )
    yield (
        "handed_over",
        "a demand of their own for products that ended and have a successor",
        "their history counts as their successor's",
        gaps["handed_over"],
    )
    yield ("no_family", "family", f"one family, {DEFAULT_FAMILY}", gaps["without_family"])


def _of_units(demand_units: pa.Table) -> Iterator[Row]:
    """What stands in where products are counted in several units of measure, which are never added (METHODS 1)."""
    names = sorted({name.lower() for name in tables.texts(demand_units, "unit_of_measure")})
    if len(names) < 2:
        return
    levels_missing = levels_without_unit(demand_units)
    several = f"one unit of measure: products are counted in {names_of(demand_units)}"
    if "company" not in levels_missing:
        unit = demand_units["company_unit"][0].as_py()
        yield ("several_units", several, f"the company's totals are in {unit}", len(names))
        return
    families_too = " and of families of several units" if "family" in levels_missing else ""
    yield (
        "no_common_unit",
        f"{several}, and not all have equivalent_units, a unit_price or a standard_cost",
        f"totals of the company{families_too} are not drawn up; forecasts start from what can be added",
        len(names),
    )


def _of_history(gaps: dict[str, Any], company: DemandSettings) -> Iterator[Row]:
    reason = "set in sop.yaml" if company.forecast.signal == "production" else "the product has no sales"
    yield (
        "demand_from_production",
        f"sales history ({reason})",
        "production less the change of stock, production alone where stock is unknown",
        gaps["from_production"],
    )
    yield (
        "production_without_stock",
        "stock of products whose demand comes from production",
        "what was made is what was asked for",
        gaps["production_without_stock"],
    )
    yield (
        "no_stock_outs_found",
        "stock of products that are sold",
        "no month of theirs was short of stock",
        gaps["sales_without_stock"],
    )
    yield (
        "short_history",
        "24 months of history",
        "the seasonal profile of the family, where it has one",
        gaps["short_history"],
    )
    yield (
        "very_short_history",
        "6 months of history",
        "the profile of the like product where one is named, else the family's season around its own few months",
        gaps["very_short_history"],
    )
    yield (
        "no_backtest",
        "months enough to test forecasts on the past",
        "no accuracy is claimed; ranges rest on how much all products' months differed from the ones before",
        gaps["without_backtest"],
    )


def _of_launches(gaps: dict[str, Any]) -> Iterator[Row]:
    yield ("launch_scale", "scale_pct of launches", "100% of the like product", gaps["without_scale"])
    yield ("launch_ramp", "ramp_months of launches", "full volume from the first month", gaps["without_ramp"])
    yield (
        "launch_probability",
        "a certain launch",
        "planned in full; the probability is shown and not multiplied in",
        gaps["uncertain_launches"],
    )


def _of_inputs(gaps: dict[str, Any]) -> Iterator[Row]:
    yield (
        "demand_inputs_of_nothing_known",
        "the product or family that entries in demand_inputs name",
        "these entries were left out; correct the name",
        gaps["unknown_entries"],
    )
    yield (
        "demand_inputs_without_a_number",
        "change_units, change_pct or replace_units of entries in demand_inputs",
        "these entries change nothing",
        gaps["blank_entries"],
    )
    yield (
        "demand_inputs_of_no_planned_month",
        "a planned month in entries in demand_inputs: they begin after the horizon, or end before they begin",
        "these entries change nothing; correct month_from and month_to where they are wrong",
        gaps["entries_of_no_month"],
    )
    if not gaps["entries"]:
        yield ("no_demand_inputs", "demand_inputs", "the statistical forecast and the portfolio alone", 1)
