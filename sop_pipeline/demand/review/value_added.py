"""Forecast value added: how good the numbers of earlier cycles were, and what each step made better or worse.

Here: frozen plans of earlier cycles against what came. Not here: the backtest of the statistical forecast, which needs
no earlier cycle (``statistical``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.units import level_units, one_unit
from sop_pipeline.past import PastCycle
from sop_pipeline.room_settings import DemandSettings


@dataclass(frozen=True)
class FrozenDemand(PastCycle):
    """The demand that a cycle published."""

    demand_plan: pa.Table
    demand_adjustments: pa.Table
    demand_history: pa.Table


def forecast_value_added(
    demand_history: pa.Table,
    products: pa.Table,
    earlier: Sequence[FrozenDemand],
    demand_units: pa.Table | None = None,
    *,
    company: DemandSettings,
    cycle: Cycle,
) -> pa.Table:
    """Return ``forecast_value_added``: accuracy by step, level, item and lag over every month that has come since.

    METHODS 3. ``earlier`` are cycles as they were published; this cycle and later ones are passed over. Months in which
    the data end are not compared. ``value_added`` is WMAPE of the step before less WMAPE of the step, as a share; money
    is the same at standard cost. Without an earlier cycle, or before any of its months has come, the table is empty.
    """
    past = sorted((frozen for frozen in earlier if frozen.cycle < cycle), key=lambda frozen: frozen.cycle)
    if not past:
        return tables.empty("forecast_value_added")
    units = one_unit(demand_history) if demand_units is None else demand_units
    inputs = {
        "demand_history": demand_history,
        "products": products,
        "demand_units": units,
        "level_units": level_units(units, company),
        "measured_products": _measured(past),
        "frozen_plans": _frozen("demand_plan", past),
        "frozen_adjustments": _frozen("demand_adjustments", past),
        "frozen_history": _frozen("demand_history", past),
    }
    params = {"lags": company.forecast.lags, "company": company.company}
    return tables.conform("forecast_value_added", sql.chain(_STATEMENTS, inputs, params)["forecast_value_added"])


def _measured(past: Sequence[FrozenDemand]) -> pa.Table:
    """Products that an earlier cycle planned: those whose histories the errors are scaled by."""
    plans = _frozen("demand_plan", past)
    return pa.table([pc.unique(plans["product_id"])], names=["product_id"])


_STATEMENTS = ["demand/accuracy/naive_errors", "demand/accuracy/frozen_steps", "demand/accuracy/forecast_value_added"]


def _frozen(table: str, earlier: Sequence[FrozenDemand]) -> pa.Table:
    """One table of all earlier cycles, each row with the cycle it comes from (DATE)."""
    parts = []
    for frozen in earlier:
        data = getattr(frozen, table)
        month = pa.array([frozen.cycle.month] * data.num_rows, pa.date32())
        parts.append(data.append_column("cycle", month))
    return pa.concat_tables(parts)
