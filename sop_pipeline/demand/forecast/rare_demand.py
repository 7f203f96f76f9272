"""The median of intermittent demand: a quantile of its own past periods, the recent ones counting more.

What belongs here: the weighted quantile, and which of them all intermittent series take together. Not here: the mean,
which rate models forecast in SQL (``sql/demand/models/intermittent_forecast``), nor P10 and P90.

A rate plus an error is no median of demand that is nothing in most periods. Absolute errors judge a median
(docs/decisions/0010), so the quantile is the one of ``rare_quantiles`` with the least of them over the backtest's
refits: below a half where demand dies out or its level wanders, which the past alone does not show (decision 0050).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import read

Floats = NDArray[np.float64]
MIDDLE = 0.5
ROUNDING = 1e-9


def rare_demand_medians(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make ``rare_medians`` (node_id, median in units) of the nodes whose demand is intermittent.

    Reads ``series`` and ``base``.
    """
    table = read(connection, "demand/forecast/rare_histories", {})
    known = _right_aligned(table["history"])
    quantile = _best_quantile(known, settings)
    columns = [table["node_id"].combine_chunks(), pa.array(_quantile(known, quantile, settings.rare_memory))]
    medians = pa.table(columns, names=["node_id", "median"])
    connection.register("found_medians", medians)
    connection.execute("create or replace temp table rare_medians as select node_id, median from found_medians")
    connection.unregister("found_medians")


def _right_aligned(histories: pa.ChunkedArray) -> Floats:
    """Histories as rows that end in the last column, nan before they begin."""
    column = histories.combine_chunks()
    lengths = pc.list_value_length(column).to_numpy(zero_copy_only=False).astype(np.int64)
    width = int(lengths.max(initial=1))
    matrix = np.full((len(column), width), np.nan)
    matrix[np.arange(width) >= width - lengths[:, None]] = pc.list_flatten(column).to_numpy(zero_copy_only=False)
    return matrix


def _best_quantile(known: Floats, settings: Settings) -> float:
    """The one of ``rare_quantiles`` with the least absolute error over all series, each in units of its past's mean.

    Judged at each refit of the backtest, on the periods from there to the end; the middle where nothing can be judged.
    """
    losses = np.zeros(len(settings.rare_quantiles))
    for back in range(settings.refit, settings.origins + 1, settings.refit):
        past, came = known[:, :-back], known[:, -back:][:, : settings.horizon]
        with_demand = np.nansum(past, axis=1) > 0
        if past.shape[1] == 0 or not with_demand.any():
            continue
        past, came = past[with_demand], came[with_demand]
        unit = np.nanmean(past, axis=1)
        for place, quantile in enumerate(settings.rare_quantiles):
            off = np.abs(came - _quantile(past, quantile, settings.rare_memory)[:, None])
            losses[place] += float(np.sum(np.mean(off, axis=1) / unit))
    return settings.rare_quantiles[int(losses.argmin())] if losses.any() else MIDDLE


def _quantile(known: Floats, quantile: float, memory: float) -> Floats:
    """Each row's ``quantile``, a period's weight falling by ``memory`` from one to the one before it."""
    there = ~np.isnan(known)
    weights = np.where(there, (1 - memory) ** np.arange(known.shape[1])[::-1], 0.0)
    order = np.argsort(known, axis=1, kind="stable")
    reached = np.cumsum(np.take_along_axis(weights, order, axis=1), axis=1)
    place = (reached >= quantile * reached[:, -1:] - ROUNDING).argmax(axis=1)
    return known[np.arange(len(known)), order[np.arange(len(known)), place]]
