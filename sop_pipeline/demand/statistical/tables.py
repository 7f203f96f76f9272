"""What the statistical forecast is told beside history, and what it hands on."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Told:
    """What people know that history does not tell: forecasts made elsewhere, and events."""

    external_forecasts: pa.Table
    demand_events: pa.Table


@dataclass(frozen=True)
class ForecastTables:
    """The forecast of every approach and level, how good it would have been, and which one is used."""

    forecast: pa.Table
    forecast_backtest: pa.Table
    forecast_accuracy: pa.Table
    forecast_approach: pa.Table
    forecast_notes: pa.Table
    external_accuracy: pa.Table
    event_effects: pa.Table
