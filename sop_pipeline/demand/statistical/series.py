"""The series that the engine is given: demand of what is forecast, without what known events did to it.

Here: where events leave the series, and where they come back. Not here: what they do (``demand.events``), nor the
engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand.events.known import KnownEvents
from sop_pipeline.demand.events.laid_on import events_in, with_events, without_events, without_unexplained_peaks
from sop_pipeline.demand.events.told import event_effects
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.statistical.tables import Told
from sop_pipeline.room_settings import DemandSettings


@dataclass(frozen=True)
class Series:
    """Demand of the products that are forecast, as it was and without events (unique_id, month, y).

    ``demand_history`` is what forecasts are judged by; ``known`` is None where no event concerns these products.
    """

    demand_history: pa.Table
    product_lifecycle: pa.Table
    whole: pa.Table
    cleared: pa.Table
    known: KnownEvents | None

    @classmethod
    def of(
        cls, inputs: Mapping[str, pa.Table], told: Told | None, *, company: DemandSettings, cycle: Cycle, origins: int
    ) -> Series:
        """Make the series; ``inputs``: demand_history, product_lifecycle, working_day_factors, series_weights."""
        history, lifecycle = inputs["demand_history"], inputs["product_lifecycle"]
        whole = sql.query("demand/history/forecast_series", inputs)
        if told is None or not told.demand_events.num_rows or not whole.num_rows:
            return cls(history, lifecycle, whole, whole, None)
        known = events_in(whole, told.demand_events, lifecycle, company=company, cycle=cycle, origins=origins)
        if known is None:
            return cls(history, lifecycle, whole, whole, None)
        history = without_unexplained_peaks(history, known)
        whole = sql.query("demand/history/forecast_series", {**inputs, "demand_history": history})
        return cls(history, lifecycle, whole, without_events(whole, known), known)

    @property
    def products(self) -> pa.Table:
        """One row per month of each product that is forecast: product_id."""
        return self.whole.select(["unique_id"]).rename_columns(["product_id"])

    def with_events(self, result: ForecastResult | None) -> ForecastResult | None:
        """Return what the engine made of ``cleared`` with events laid on."""
        if self.known is None or result is None:
            return result
        return with_events(result, self.known, self.whole, self.cleared, self.product_lifecycle)

    def effects(self, forecast: pa.Table, level_units: pa.Table, approach: str, cycle: Cycle) -> pa.Table:
        """Return ``event_effects``, with what events bring of the ``forecast`` of ``approach``."""
        if self.known is None:
            return tables.empty("event_effects")
        return event_effects(self.known, forecast, level_units, approach=approach, cycle=cycle)
