"""The forecasts asked for, as arrays: what the SQL models said, what came, and the way back into the tables.

What belongs here: reading and writing. Not here: any forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.demand.forecast.accurate.panel import Flags, Floats, Panel, Whole, load
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import read


@dataclass(frozen=True)
class Arrays:
    """One entry per node and origin, in their order; lags in columns, nan where there is none.

    ``rows``: row of the panel; ``origins``: first column not known; ``newest``: the real forecast, else backtest.
    ``fast``: the SQL models' forecast; ``scales``: their one-step error, the unit of all errors; ``actuals``;
    ``periods``: the column each forecast is made for. ``series``: whether the node is a series, not a sum of them.
    ``shifted``: whether a level shift is known, which the SQL models alone take into account.
    """

    panel: Panel
    rows: Whole
    origins: Whole
    newest: Flags
    series: Flags
    shifted: Flags
    fast: Floats
    scales: Floats
    actuals: Floats
    periods: Whole


def read_arrays(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Arrays:
    """Read ``series``, ``base_forecast`` and ``nodes``."""
    panel = load(connection)
    table = read(connection, "demand/forecast/asked_forecasts", {})
    rows = panel.rows(table["node_id"].to_numpy())
    origins = table["origin_period"].to_numpy() - panel.start
    periods = origins[:, None] + np.arange(settings.horizon)
    width = panel.y.shape[1]
    y = panel.y[rows[:, None], np.minimum(periods, width - 1)]
    return Arrays(
        panel=panel,
        rows=rows,
        origins=origins,
        newest=table["newest"].to_numpy(zero_copy_only=False),
        series=table["is_series"].to_numpy(zero_copy_only=False),
        shifted=table["is_shifted"].to_numpy(zero_copy_only=False),
        fast=_matrix(table["means"], settings.horizon),
        scales=_matrix(table["error_scales"], settings.horizon),
        actuals=np.where(periods < width, y, np.nan),
        periods=periods,
    )


def _matrix(lists: pa.ChunkedArray, horizon: int) -> Floats:
    """Lists of up to ``horizon`` values as rows, filled up with nan."""
    column = lists.combine_chunks()
    lengths = pc.list_value_length(column).to_numpy()
    matrix = np.full((len(column), horizon), np.nan)
    matrix[np.arange(horizon) < lengths[:, None]] = pc.list_flatten(column).to_numpy(zero_copy_only=False)
    return matrix


def replace_means(connection: duckdb.DuckDBPyConnection, arrays: Arrays, mean: Floats) -> None:
    """Put ``mean`` in the place of the SQL models' in ``base_forecast``."""
    entry, lag = np.nonzero(np.isfinite(mean) & np.isfinite(arrays.fast))
    combined = pa.Table.from_pydict(
        {
            "node_id": arrays.panel.node_ids[arrays.rows[entry]],
            "newest": arrays.newest[entry],
            "origin_period": arrays.origins[entry] + arrays.panel.start,
            "lag": lag,
            "mean": mean[entry, lag],
        }
    )
    connection.register("combined", combined)
    with_combined = read(connection, "demand/forecast/combined_forecast", {})
    connection.unregister("combined")
    connection.register("base_forecast", with_combined)


def write_models(connection: duckdb.DuckDBPyConnection, node_ids: Whole, models: list[str]) -> None:
    """Make ``node_models``: what each node's real forecast is made of; nodes left out have those named for all."""
    given_models = pa.table([pa.array(node_ids), pa.array(models, pa.string())], names=["node_id", "model"])
    connection.register("given_models", given_models)
    connection.execute("create or replace temp table node_models as select node_id, model from given_models")
    connection.unregister("given_models")
