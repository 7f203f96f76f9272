"""Events beside the forecasting engine: taken out of what it is given, and laid on what it returns.

Here: the two ends. Not here: the effects themselves (``known``), nor the engine (``forecast``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.demand.events.known import KnownEvents, known_events
from sop_pipeline.demand.events.series import demand_of, events_of
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.room_settings import DemandSettings


def events_in(
    series: pa.Table,
    demand_events: pa.Table,
    product_lifecycle: pa.Table,
    *,
    company: DemandSettings,
    cycle: Cycle,
    origins: int,
) -> KnownEvents | None:
    """What the events of ``demand_events`` did to ``series`` and will do; None where there is none of a forecast item.

    Asked at the plan, which knows what was recorded before its input deadline, and at each of so many ``origins`` of
    the backtest, which knows what was recorded before it.
    """
    last = add_months(cycle.month, company.horizon_months - 1)
    inputs = {
        "demand_events": demand_events,
        "event_runs": _runs(cycle, origins),
        "product_lifecycle": product_lifecycle,
        "whole_series": series,
    }
    found = sql.query("demand/events/events_then", inputs, {"company": company.company, "last_month": last})
    if not found.num_rows:
        return None
    families = dict(zip(*(product_lifecycle[name].to_pylist() for name in ("product_id", "family")), strict=True))
    demand = demand_of(series, families, cycle.last_actual_month)
    by_run: dict[date | None, list[dict[str, Any]]] = {None: []}
    for row in tables.rows(found):
        by_run.setdefault(row["origin"], []).append(row)
    until = demand.number(last) + 1
    return known_events(demand, {run: events_of(rows, demand, until) for run, rows in by_run.items()})


def _runs(cycle: Cycle, count: int) -> pa.Table:
    origins = [add_months(cycle.month, -back) for back in range(1, count + 1)]
    return pa.table(
        {
            "origin": pa.array([*origins, None], pa.date32()),
            "known_before": pa.array([*origins, cycle.input_deadline], pa.date32()),
        }
    )


def without_unexplained_peaks(demand_history: pa.Table, known: KnownEvents) -> pa.Table:
    """The history in which peaks of events that have no effect in use are as the months around them let expect."""
    history = tables.conform("demand_history", demand_history)
    seen = sql.query("demand/events/unexplained_peaks", {"demand_history": history, "event_factors": known.factors})
    return tables.conform(
        "demand_history", history.set_column(history.column_names.index("cleansed"), "cleansed", seen["cleansed"])
    )


def without_events(series: pa.Table, known: KnownEvents) -> pa.Table:
    """Return ``series`` without what events did to it."""
    return sql.query("demand/events/cleared_series", {"whole_series": series, "event_factors": known.factors})


def with_events(
    result: ForecastResult, known: KnownEvents, whole: pa.Table, cleared: pa.Table, product_lifecycle: pa.Table
) -> ForecastResult:
    """Return the engine's forecast and backtest with events, where each run knew them."""
    inputs = {
        "engine_forecast": result.forecast,
        "engine_backtest": result.backtest,
        "event_factors": known.factors,
        "product_lifecycle": product_lifecycle,
        "whole_series": whole,
        "cleared_series": cleared,
    }
    return replace(
        result,
        forecast=sql.query("demand/events/laid_forecast", inputs),
        backtest=sql.query("demand/events/laid_backtest", inputs, {"chosen": result.chosen}),
    )
