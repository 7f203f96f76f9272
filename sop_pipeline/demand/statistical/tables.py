"""What the statistical forecast hands on: five tables and what was learnt of external forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class ForecastTables:
    """The forecast of every approach and level, how good it would have been, and which one is used."""

    forecast: pa.Table
    forecast_backtest: pa.Table
    forecast_accuracy: pa.Table
    forecast_approach: pa.Table
    forecast_notes: pa.Table
    external_accuracy: pa.Table
