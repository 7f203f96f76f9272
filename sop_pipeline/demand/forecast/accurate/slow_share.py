"""The slow models' part of the real forecast: pilot, decision, fits, and who could not be fitted.

What belongs here: running the screen and the fits it asks for. Not here: its rules (``screen``), one fit
(``slow_models``), nor the weights' formula (``combination``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from sop_pipeline.demand.forecast.accurate import screen, slow_models
from sop_pipeline.demand.forecast.accurate.arrays import Arrays
from sop_pipeline.demand.forecast.accurate.combination import moments_by_period, scaled_errors, simplex_weights
from sop_pipeline.demand.forecast.accurate.panel import Floats, Whole, scale
from sop_pipeline.demand.forecast.batch import own_profiles
from sop_pipeline.demand.forecast.libraries import SlowModel
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.settings import Settings


@dataclass(frozen=True)
class SlowShare:
    """Models that passed, their real forecasts (each entries x horizon, nan where none), the weights of all members.

    ``weights`` are those of the members that were there before followed by the models that passed; None without any.
    """

    names: tuple[str, ...]
    forecasts: tuple[Floats, ...]
    weights: Floats | None
    notes: tuple[Note, ...]


def slow_share(
    connection: duckdb.DuckDBPyConnection, arrays: Arrays, members: Floats, combined: Floats, settings: Settings
) -> SlowShare:
    """Screen the slow models by a pilot and fit those that pass.

    ``members``: members x entries x horizon, what is combined so far; ``combined``: their combination at each entry.
    """
    width = arrays.panel.y.shape[1]
    scaled = scale(arrays.panel, width, width, settings.season)
    real = np.flatnonzero(arrays.newest)
    real = real[screen.fittable(arrays.panel, scaled, arrays.rows[real], settings.season)]
    candidates = real[arrays.series[real]]
    trial = _pilot_entries(arrays, screen.pilot(candidates, settings.pilot_series), settings)
    if not len(trial):
        return SlowShare((), (), None, (Note("slow_without_series"),))
    models = {model.name: model for model in settings.slow_models}
    seasonal = _seasonal(connection, arrays, trial, settings)
    passed, tried = _screened(arrays, trial, members, combined, seasonal, settings)
    seasonal = _seasonal(connection, arrays, real, settings) if passed else seasonal
    fitted = [_fits(models[name], arrays, real, seasonal, settings) for name in passed]
    dead = tuple(name for name, forecasts in tried.items() if not np.isfinite(forecasts).any())
    notes = _verdict(list(models), passed, dead, len(trial))
    fits = zip(passed, fitted, strict=True)
    for name, forecasts in fits:
        notes += _failures(connection, arrays, real, name, forecasts)
    weights = _weights(arrays, trial, [*members[:, trial], *(tried[name] for name in passed)]) if passed else None
    return SlowShare(passed, tuple(fitted), weights, tuple(notes))


def _pilot_entries(arrays: Arrays, candidates: Whole, settings: Settings) -> Whole:
    """The oldest backtest entry of each of the pilot's series that has a profile: refitted there, two seasons known."""
    periods_known = np.cumsum(~np.isnan(arrays.panel.y), axis=1)
    ends = np.full(len(arrays.panel.node_ids), -1)
    ends[arrays.rows[candidates]] = arrays.origins[candidates]
    back = ends[arrays.rows] - arrays.origins
    before = periods_known[arrays.rows, np.maximum(arrays.origins, 1) - 1]
    refitted = ~arrays.newest & (ends[arrays.rows] >= 0) & (back % settings.refit == 0)
    entries = np.flatnonzero(refitted & (before >= 2 * settings.season))
    _, oldest = np.unique(arrays.rows[entries], return_index=True)
    return entries[oldest]


def _seasonal(
    connection: duckdb.DuckDBPyConnection, arrays: Arrays, entries: Whole, settings: Settings
) -> slow_models.Profiles:
    """Profiles of the nodes of ``entries``, from ``series``."""
    nodes = np.unique(arrays.panel.node_ids[arrays.rows[entries]]).tolist()
    history = connection.execute("select * from series where list_contains(?, node_id)", [nodes]).to_arrow_table()
    return slow_models.profiles(own_profiles(history, settings))


def _fits(
    model: SlowModel, arrays: Arrays, entries: Whole, seasonal: slow_models.Profiles, settings: Settings
) -> Floats:
    """Forecasts of one model for ``entries``, in a matrix of all entries."""
    forecasts = np.full(arrays.fast.shape, np.nan)
    for entry in entries:
        path = slow_models.fit(
            model, arrays.panel, int(arrays.rows[entry]), int(arrays.origins[entry]), seasonal, settings.horizon
        )
        if path is not None:
            forecasts[entry] = path
    return forecasts


def _screened(
    arrays: Arrays,
    trial: Whole,
    members: Floats,
    combined: Floats,
    seasonal: slow_models.Profiles,
    settings: Settings,
) -> tuple[tuple[str, ...], dict[str, Floats]]:
    """Models that lower the pilot's errors, each judged beside those that passed before it; and what each forecast."""
    series = np.repeat(arrays.rows[trial], settings.horizon)
    so_far = _errors(arrays, trial, [combined[trial]])[0]
    count = len(members)
    passed: list[str] = []
    tried: dict[str, Floats] = {}
    for model in settings.slow_models:
        name = model.name
        tried[name] = _fits(model, arrays, trial, seasonal, settings)[trial]
        errors = _errors(arrays, trial, [tried[name]])[0]
        share = 1 / (count + 1)
        if screen.helps(so_far, errors, series, share, settings.screen_errors):
            passed.append(name)
            so_far = np.where(np.isfinite(errors), (1 - share) * so_far + share * errors, so_far)
            count += 1
    return tuple(passed), tried


def _errors(arrays: Arrays, entries: Whole, forecasts: list[Floats]) -> Floats:
    """Scaled errors of ``forecasts`` (each entries x horizon) one after another, models x cases."""
    stacked = np.stack([forecast.ravel() for forecast in forecasts])
    return scaled_errors(stacked, arrays.actuals[entries].ravel(), arrays.scales[entries].ravel())


def _weights(arrays: Arrays, trial: Whole, forecasts: list[Floats]) -> Floats:
    """Weights of all members from the pilot's errors."""
    errors = _errors(arrays, trial, forecasts)
    width = arrays.panel.y.shape[1]
    moments = moments_by_period(errors, np.minimum(arrays.periods[trial], width).ravel(), width + 1)
    periods = int((np.trace(moments, axis1=1, axis2=2) > 0).sum())
    return simplex_weights(moments.sum(axis=0), periods)


def _verdict(models: Sequence[str], passed: tuple[str, ...], dead: tuple[str, ...], pilots: int) -> list[Note]:
    """What the pilot showed: which models passed, which did not help, which (``dead``) have not a single fit in it."""
    useless = tuple(name for name in models if name not in (*passed, *dead))
    notes = [Note("slow_passed" if passed else "slow_none", passed, series=pilots)]
    notes += [Note("slow_no_better", useless)] if useless else []
    return notes + ([Note("slow_failed_all", dead)] if dead else [])


def _failures(
    connection: duckdb.DuckDBPyConnection, arrays: Arrays, entries: Whole, name: str, forecasts: Floats
) -> list[Note]:
    """Who keeps the other models because ``name`` failed; empty where nobody does."""
    failed = entries[~np.isfinite(forecasts[entries]).all(axis=1)]
    if not len(failed):
        return []
    ids = [int(node) for node in arrays.panel.node_ids[arrays.rows[failed]]]
    names = connection.execute(
        "select item_id from nodes where list_contains(?, node_id) order by node_id limit 5", [ids]
    ).fetchall()
    return [Note("slow_failed", (name,), items=len(failed), names=tuple(str(row[0]) for row in names))]
