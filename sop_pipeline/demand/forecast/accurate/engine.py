"""Engine ``accurate``: the SQL forecasts combined with a global model and, where they pass the screen, slow models.

What belongs here: the order of the steps, and the notes that say what was done. Not here: the steps themselves
(``sop_pipeline.demand.forecast.accurate``) and the SQL models (``base``).

In the backtest the SQL and the global model are combined by the errors known at each origin, so that no backtest
forecast owes anything to what came later. Slow models join in the real forecast alone, by their errors in the screen's
pilot: fitting them at every origin would cost more than everything else together. Where a model has no forecast the
others' stands, and after a level shift the SQL models', as no other knows of it; what a series' forecast is made of is
in its ``model`` column. Decision 0009.
"""

from __future__ import annotations

import duckdb
import numpy as np

from sop_pipeline.demand.forecast.accurate import cost
from sop_pipeline.demand.forecast.accurate.arrays import Arrays, read_arrays, replace_means, write_models
from sop_pipeline.demand.forecast.accurate.combination import (
    combine,
    moments_by_period,
    scaled_errors,
    weights_by_origin,
)
from sop_pipeline.demand.forecast.accurate.global_model import NAME as GLOBAL
from sop_pipeline.demand.forecast.accurate.global_model import global_forecasts
from sop_pipeline.demand.forecast.accurate.panel import Floats
from sop_pipeline.demand.forecast.accurate.slow_share import slow_share
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.settings import Settings


def sharpen(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, tuple[Note, ...]]:
    """Replace ``base_forecast`` by the combination of all models; returns what it is made of, and notes.

    Makes ``node_models`` (node_id, model) as well: what a node's own real forecast is made of.
    """
    fast = " + ".join(settings.models)
    write_models(connection, np.array([], np.int64), [])
    if settings.engine == "fast":
        return fast, ()
    notice: tuple[Note, ...] = ()
    if settings.engine == "auto":
        seconds, most = _estimate(connection, settings), settings.affordable_seconds
        if seconds > most:
            return fast, (Note("auto_fast", seconds=seconds, most_seconds=most),)
        notice = (Note("auto_accurate", seconds=seconds, most_seconds=most),)
    made_of, notes = _combined(connection, settings, fast)
    return made_of, (*notice, *notes)


def _estimate(connection: duckdb.DuckDBPyConnection, settings: Settings) -> float:
    """CPU seconds ``accurate`` would take, from counts alone."""
    nodes, rows = connection.execute("select count(distinct node_id), count(*) from base_forecast").fetchone() or (0, 0)
    return cost.estimated_seconds(nodes, rows, 1 + -(-settings.origins // settings.refit))


def _combined(connection: duckdb.DuckDBPyConnection, settings: Settings, fast: str) -> tuple[str, tuple[Note, ...]]:
    """Forecast with every model, weigh them, and put the combination in the place of the SQL forecasts."""
    arrays = read_arrays(connection, settings)
    boosted, left_out = global_forecasts(arrays, settings)
    boosted[arrays.shifted] = np.nan
    members = np.stack([arrays.fast, boosted])
    by_origin = weights_by_origin(_moments(arrays, members))
    at_origin = np.where(arrays.newest, len(by_origin) - 1, arrays.origins)
    mean = combine(members, by_origin[at_origin].T[:, :, None])
    slow = slow_share(connection, arrays, members if left_out is None else members[:1], mean, settings)
    names, weights = [fast, GLOBAL], by_origin[-1]
    if slow.weights is not None:
        usable = members if left_out is None else members[:1]
        names = [*names[: len(usable)], *slow.names]
        members, weights = np.concatenate([usable, np.stack(slow.forecasts)]), slow.weights
        members[1:, arrays.shifted] = np.nan
        mean[arrays.newest] = combine(members, weights[:, None, None])[arrays.newest]
    replace_means(connection, arrays, mean)
    made_of = _name(connection, arrays, names, members, weights)
    weighed = [Note("member", (name,), share=float(share)) for name, share in zip(names, weights, strict=True)]
    summary = [Note("fast_alone", (fast,))] if made_of == fast else weighed
    return made_of, tuple(note for note in (*summary, left_out, *slow.notes) if note)


def _moments(arrays: Arrays, members: Floats) -> Floats:
    """Products of the members' errors over the series' backtest, by the period they were made for."""
    entries = np.flatnonzero(~arrays.newest & arrays.series)
    width = arrays.panel.y.shape[1]
    errors = scaled_errors(
        members[:, entries].reshape(len(members), -1), arrays.actuals[entries].ravel(), arrays.scales[entries].ravel()
    )
    return moments_by_period(errors, np.minimum(arrays.periods[entries], width).ravel(), width + 1)[:width]


def _name(
    connection: duckdb.DuckDBPyConnection, arrays: Arrays, names: list[str], members: Floats, weights: Floats
) -> str:
    """Write down what each node's real forecast is made of; returns what those of all are made of, together."""
    real = np.flatnonzero(arrays.newest)
    present = np.isfinite(members[:, real]).all(axis=2) & (weights[:, None] > 0)
    models = [" + ".join(name for name, there in zip(names, one, strict=True) if there) for one in present.T]
    write_models(connection, arrays.panel.node_ids[arrays.rows[real]], models)
    return " + ".join(name for place, name in enumerate(names) if present[place].any())
