"""One gradient-boosting model over all series: what each learns from the past of all.

What belongs here: drawing its training rows, fitting it, and its forecasts at the origins asked for. Not here: its
features, nor its share in the forecast (``combination``).

A row is a series, an origin and a lag; the target is the distance of the scaled actual from the level of the last
season; a line takes what is straight of it, trees the rest. It is fitted anew every ``refit`` periods on what was known
then (targets before the cut-off, scales from before it) and serves the origins up to the next fit, so no forecast sees
a later value of any series. Ke and others (2017); cross-learning: Montero-Manso and Hyndman (2021). The constants were
set on the training parts of M1, tourism and the M3 shipments, a horizon held back (decision 0050).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sop_pipeline.demand.forecast.accurate.arrays import Arrays
from sop_pipeline.demand.forecast.accurate.features import Features
from sop_pipeline.demand.forecast.accurate.linear_part import LinearPart, fit_linear_part
from sop_pipeline.demand.forecast.accurate.panel import Flags, Floats, Scaled, Whole
from sop_pipeline.demand.forecast.accurate.refits import refits
from sop_pipeline.demand.forecast.libraries import SEED, Trees
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.settings import Settings

NAME = "global boosting"
FEWEST_SERIES = 12
FEWEST_ROWS = 1000
LAGS_PER_ORIGIN = 3
CHUNK = 500_000


@dataclass(frozen=True)
class GlobalModel:
    """A line and the trees on what it leaves."""

    line: LinearPart
    trees: Trees

    def predict(self, table: Floats) -> Floats:
        """Predicted target of each row of features."""
        return self.line.predict(table) + np.asarray(self.trees.predict(table, num_threads=1))


def global_forecasts(arrays: Arrays, settings: Settings) -> tuple[Floats, Note | None]:
    """Forecast every entry: entries x horizon, nan where the model has none; and a note.

    The note says why there is no model for the real forecast, if there is none. Series that have ended, by the SQL
    models' word, are not forecast.
    """
    forecasts = np.full(arrays.fast.shape, np.nan)
    note = None
    for refit in refits(arrays, settings):
        features = Features(refit.scaled, arrays.panel.start, settings.season)
        model, reason = _fit(refit.scaled, features, refit.cutoff, settings)
        note = reason if refit.newest else note
        if model is not None:
            rows, origins = arrays.rows[refit.entries], arrays.origins[refit.entries]
            forecasts[refit.entries] = _predict(model, refit.scaled, features, rows, origins, settings.horizon)
    return forecasts, note


def _fit(scaled: Scaled, features: Features, cutoff: int, settings: Settings) -> tuple[GlobalModel | None, Note | None]:
    """Fit the model on targets before ``cutoff``; without enough to learn from, None and the reason."""
    rows, origins, lags, counts = _draw(scaled, cutoff, settings)
    series, cases = len(np.unique(rows)), int(counts.sum())
    if series < FEWEST_SERIES or cases < FEWEST_ROWS:
        return None, Note(
            "global_too_small",
            (NAME,),
            series=series,
            least_series=FEWEST_SERIES,
            cases=cases,
            least_cases=FEWEST_ROWS,
        )
    table = features.table(rows, origins, lags)
    values = table.values[counts.ravel()]
    target = (scaled.x[rows[:, None], origins[:, None] + lags] - table.levels[:, None])[counts]
    line = fit_linear_part(values, target, settings.season)
    try:
        return GlobalModel(line, settings.train_trees(values, target - line.predict(values))), None
    except Exception as error:  # whatever the library dies of, the others go on without it
        return None, Note("training_failed", (NAME,), message=f"{type(error).__name__}: {error}")


def _draw(scaled: Scaled, cutoff: int, settings: Settings) -> tuple[Whole, Whole, Whole, Flags]:
    """Rows and origins to learn from, each with a season before it; some lags of each, and which of those count.

    One lag is drawn from each part of the horizon that the cut-off leaves. A lag drawn twice counts once; one whose
    target is not known, not at all.
    """
    random = np.random.default_rng(SEED)
    known = ~np.isnan(scaled.x[:, :cutoff])
    before = np.cumsum(known, axis=1) - known
    rows, origins = np.nonzero(known & (before >= settings.season) & scaled.regular[:, None])
    most = settings.training_rows // LAGS_PER_ORIGIN
    if len(rows) > most:
        sample = np.sort(random.choice(len(rows), most, replace=False))
        rows, origins = rows[sample], origins[sample]
    longest = np.minimum(settings.horizon, cutoff - origins)
    within = (np.arange(LAGS_PER_ORIGIN) + random.random((len(rows), LAGS_PER_ORIGIN))) / LAGS_PER_ORIGIN
    lags = np.floor(within * longest[:, None]).astype(np.int64)
    repeated = np.hstack([np.zeros((len(rows), 1), bool), lags[:, 1:] == lags[:, :-1]])
    return rows, origins, lags, ~repeated & ~np.isnan(scaled.x[rows[:, None], origins[:, None] + lags])


def _predict(
    model: GlobalModel, panel: Scaled, features: Features, rows: Whole, origins: Whole, horizon: int
) -> Floats:
    """Forecasts in units for rows x horizon; nan for rows that are not regular."""
    forecasts = np.full((len(rows), horizon), np.nan)
    regular = np.flatnonzero(panel.regular[rows])
    for begin in range(0, len(regular), CHUNK // horizon):
        part = regular[begin : begin + CHUNK // horizon]
        table = features.table(rows[part], origins[part], np.tile(np.arange(horizon), (len(part), 1)))
        scaled = table.levels[:, None] + model.predict(table.values).reshape(-1, horizon)
        forecasts[part] = panel.restore(rows[part], scaled)
    return forecasts
