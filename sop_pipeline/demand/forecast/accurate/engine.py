"""Engines ``accurate`` and ``thorough``: the SQL forecasts combined with global models and, where they help, slow ones.

What belongs here: the order of the steps, and the notes that say what was done. Not here: the steps themselves
(``sop_pipeline.demand.forecast.accurate``) and the SQL models (``base``).

In the backtest the SQL and the global models are combined by the errors known at each origin, so that no backtest
forecast owes anything to what came later. Slow models join in the real forecast alone, by their errors in the screen's
pilot: fitting them at every origin would cost more than everything else together. Where a model has no forecast the
others' stands, and after a level shift the SQL models', as no other knows of it; what a series' forecast is made of is
in its ``model`` column. ``thorough`` has more and larger trees, and models that fit seasons of their own, screened by
a larger pilot. Decisions 0009 and 0050.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np

from sop_pipeline.demand.forecast.accurate import cost
from sop_pipeline.demand.forecast.accurate.arrays import Arrays, read_arrays, replace_means, write_models
from sop_pipeline.demand.forecast.accurate.autoregression import NAME as LINEAR
from sop_pipeline.demand.forecast.accurate.autoregression import autoregressive_forecasts
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
from sop_pipeline.demand.forecast.libraries import SEASONAL_MODELS, bagged_trees
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.settings import Settings

THOROUGH_PILOT = 120
THOROUGH_SCREEN = 0.5


def sharpen(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, tuple[Note, ...]]:
    """Replace ``base_forecast`` by the combination of all models; returns what it is made of, and notes.

    Makes ``node_models`` (node_id, model) as well: what a node's own real forecast is made of.
    """
    fast = " + ".join(settings.models)
    write_models(connection, np.array([], np.int64), [])
    engine, notice = _affordable(connection, settings)
    if engine == "fast":
        return fast, notice
    made_of, notes = _combined(connection, thorough(settings) if engine == "thorough" else settings, fast)
    return made_of, (*notice, *notes)


def thorough(settings: Settings) -> Settings:
    """What engine ``thorough`` does more of: trees, cases to learn from, and models with seasons of their own."""
    return replace(
        settings,
        slow_models=SEASONAL_MODELS,
        pilot_series=THOROUGH_PILOT,
        screen_errors=THOROUGH_SCREEN,
        training_rows=2 * settings.training_rows,
        train_trees=bagged_trees,
    )


def _affordable(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, tuple[Note, ...]]:
    """The engine asked for; of ``auto`` the best whose estimated CPU time is within the budget, and a note of it.

    The note has the seconds of the engine taken and of the next better one, and what that one's errors are less.
    """
    if settings.engine != "auto":
        return settings.engine, ()
    seconds = _estimates(connection, settings)
    within = [name for name in cost.ENGINES if seconds[name] <= settings.affordable_seconds]
    taken = within[-1] if within else cost.ENGINES[0]
    following = cost.ENGINES[cost.ENGINES.index(taken) + 1 :][:1]
    note = Note(
        f"auto_{taken}",
        seconds=seconds[taken] if taken != "fast" else seconds["accurate"],
        most_seconds=settings.affordable_seconds,
    )
    more = tuple(Note("auto_next", (name,), seconds=seconds[name], share=cost.GAINS[name]) for name in following)
    return taken, (note, *more)


def _estimates(connection: duckdb.DuckDBPyConnection, settings: Settings) -> dict[str, float]:
    """CPU seconds each engine would take beyond the SQL models, from counts alone."""
    nodes, rows = connection.execute("select count(distinct node_id), count(*) from base_forecast").fetchone() or (0, 0)
    trainings = 1 + -(-settings.origins // settings.refit)
    return {name: cost.estimated_seconds(name, nodes, rows, trainings) for name in cost.ENGINES}


def _combined(connection: duckdb.DuckDBPyConnection, settings: Settings, fast: str) -> tuple[str, tuple[Note, ...]]:
    """Forecast with every model, weigh them, and put the combination in the place of the SQL forecasts."""
    arrays = read_arrays(connection, settings)
    boosted, left_out = global_forecasts(arrays, settings)
    names, members = _present(
        arrays, {fast: arrays.fast, GLOBAL: boosted, LINEAR: autoregressive_forecasts(arrays, settings)}
    )
    members[1:, arrays.shifted] = np.nan
    by_origin = weights_by_origin(_moments(arrays, members))
    at_origin = np.where(arrays.newest, len(by_origin) - 1, arrays.origins)
    mean = combine(members, by_origin[at_origin].T[:, :, None])
    slow = slow_share(connection, arrays, members, mean, settings)
    weights = by_origin[-1]
    if slow.weights is not None:
        names = [*names, *slow.names]
        members, weights = np.concatenate([members, np.stack(slow.forecasts)]), _half_of_both(weights, slow.weights)
        members[1:, arrays.shifted] = np.nan
        mean[arrays.newest] = combine(members, weights[:, None, None])[arrays.newest]
    replace_means(connection, arrays, mean)
    made_of = _name(connection, arrays, names, members, weights)
    weighed = [Note("member", (name,), share=float(share)) for name, share in zip(names, weights, strict=True)]
    summary = [Note("fast_alone", (fast,))] if made_of == fast else weighed
    return made_of, tuple(note for note in (*summary, left_out, *slow.notes) if note)


def _half_of_both(backtest: Floats, pilot: Floats) -> Floats:
    """The mean of the weights of the backtest and of the pilot, whose one origin is one stretch of time."""
    padded = np.concatenate([backtest, np.zeros(len(pilot) - len(backtest))])
    return (padded + pilot) / 2


def _present(arrays: Arrays, forecasts: dict[str, Floats]) -> tuple[list[str], Floats]:
    """The models that forecast something, the SQL models first: their names and forecasts, in one array."""
    there = {name: forecast for name, forecast in forecasts.items() if np.isfinite(forecast[arrays.newest]).any()}
    return list(there), np.stack(list(there.values()))


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
