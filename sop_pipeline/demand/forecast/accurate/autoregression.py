"""One linear autoregression over all series: each series' own last seasons to the periods asked for.

What belongs here: its cases, its fit and its forecasts. Not here: its share in the forecast (``combination``).

A case is a series at an origin: its last values, as distances from the level of the last season in units of their own
spread, against the periods to come. Its coefficients are common to all series (Montero-Manso and Hyndman 2021), one set
for each stretch of half a season ahead and each length of memory, of one to four seasons and a period; a series takes
the longest memory that it fills. It is fitted when the boosted model is, on targets before the cut-off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop_pipeline.demand.forecast.accurate.arrays import Arrays
from sop_pipeline.demand.forecast.accurate.panel import Flags, Floats, Scaled, Whole
from sop_pipeline.demand.forecast.accurate.refits import Refit, refits
from sop_pipeline.demand.forecast.libraries import SEED
from sop_pipeline.demand.forecast.settings import Settings

NAME = "global autoregression"
MEMORIES = (1, 2, 3, 4)
"""Seasons remembered."""
RIDGE = 10.0
FEWEST_CASES = 500
MOST_CASES = 15_000
FURTHEST = 6.0
"""Distances beyond this many spreads count for no more."""
LEAST_SPREAD = 0.02
CHUNK = 100_000


@dataclass(frozen=True)
class Cases:
    """Last values (newest first) of series at origins, a constant beside them, as ``FURTHEST`` spreads from a level."""

    design: Floats
    levels: Floats
    spreads: Floats


def autoregressive_forecasts(arrays: Arrays, settings: Settings) -> Floats:
    """Forecast every entry: entries x horizon, nan where the model has none."""
    forecasts = np.full(arrays.fast.shape, np.nan)
    for refit in refits(arrays, settings):
        known = ~np.isnan(arrays.panel.y)
        before = np.cumsum(known, axis=1) - known
        for seasons in MEMORIES:
            memory = seasons * settings.season + 1
            coefficients = _fit(refit, before, memory, settings)
            if coefficients is not None:
                _fill(forecasts, arrays, refit, coefficients, settings.season)
    return forecasts


def _fit(refit: Refit, before: Whole, memory: int, settings: Settings) -> Floats | None:
    """Coefficients of each period ahead (horizon x memory + 1); None where a stretch ahead has too few cases."""
    scaled = refit.scaled
    known = ~np.isnan(scaled.x[:, : refit.cutoff])
    long_enough = known & (before[:, : refit.cutoff] >= memory) & scaled.regular[:, None]
    stretch = max(1, settings.season // 2)
    coefficients = np.empty((settings.horizon, memory + 1))
    for begin in range(0, settings.horizon, stretch):
        lags = np.arange(begin, min(begin + stretch, settings.horizon))
        rows, origins = _drawn(long_enough[:, : max(0, refit.cutoff - int(lags[-1]))])
        if len(rows) < FEWEST_CASES:
            return None
        coefficients[lags] = _solve(scaled, rows, origins, lags, memory, settings.season)
    return coefficients


def _drawn(possible: Flags) -> tuple[Whole, Whole]:
    """Rows and origins of the cases to learn from, ``MOST_CASES`` at most."""
    rows, origins = np.nonzero(possible)
    if len(rows) <= MOST_CASES:
        return rows, origins
    sample = np.sort(np.random.default_rng(SEED).choice(len(rows), MOST_CASES, replace=False))
    return rows[sample], origins[sample]


def _solve(scaled: Scaled, rows: Whole, origins: Whole, lags: Whole, memory: int, season: int) -> Floats:
    """Ridge coefficients of each of ``lags``; sums by ``einsum``, whose order does not depend on threads."""
    cases = _cases(scaled, rows, origins, memory, season)
    ahead = scaled.x[rows[:, None], origins[:, None] + lags]
    targets = np.clip((ahead - cases.levels[:, None]) / cases.spreads[:, None], -FURTHEST, FURTHEST)
    products = np.einsum("ij,ik->jk", cases.design, cases.design) + RIDGE * np.eye(memory + 1)
    return np.asarray(np.linalg.solve(products, np.einsum("ij,ik->jk", cases.design, targets)).T)


def _cases(scaled: Scaled, rows: Whole, origins: Whole, memory: int, season: int) -> Cases:
    """What series look back on; the level is the last season's mean, the spread that of the last two."""
    values = scaled.x[rows[:, None], origins[:, None] - 1 - np.arange(memory)]
    levels = values[:, :season].mean(axis=1)
    distances = values - levels[:, None]
    spreads = np.maximum(np.abs(distances[:, : 2 * season]).mean(axis=1), LEAST_SPREAD)
    held = np.clip(distances / spreads[:, None], -FURTHEST, FURTHEST)
    return Cases(np.column_stack([held, np.ones(len(rows))]), levels, spreads)


def _fill(forecasts: Floats, arrays: Arrays, refit: Refit, coefficients: Floats, season: int) -> None:
    """Put forecasts, in units, in the rows of the refit's entries that remember enough."""
    memory = coefficients.shape[1] - 1
    periods = np.cumsum(~np.isnan(arrays.panel.y), axis=1)
    rows, origins = arrays.rows[refit.entries], arrays.origins[refit.entries]
    enough = refit.scaled.regular[rows] & (periods[rows, origins - 1] >= memory) & (origins >= memory)
    for begin in range(0, int(enough.sum()), CHUNK):
        part = np.flatnonzero(enough)[begin : begin + CHUNK]
        cases = _cases(refit.scaled, rows[part], origins[part], memory, season)
        ahead = np.einsum("ij,kj->ik", cases.design, coefficients)
        scaled = cases.levels[:, None] + cases.spreads[:, None] * ahead
        forecasts[refit.entries[part]] = refit.scaled.restore(rows[part], scaled)
