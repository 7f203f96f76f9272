"""What the global model sees of a series at an origin: its own scaled past, and how far ahead is asked.

What belongs here: features, one array per idea, all from columns before the origin. Not here: the model.
"""

from __future__ import annotations

import warnings

import numpy as np

from sop_pipeline.demand.accurate.panel import Flags, Floats, Whole

LAG, PHASE = 0, 1
"""Columns of the two features that are not quantities of the series."""
SEASONS = 3
"""Past years a feature may look at; what is older has no column of its own."""


def levels(x: Floats, rows: Whole, origins: Whole, season: int) -> Floats:
    """Mean of the last season before each origin: what forecasts and features are told from."""
    return _Past(x).mean(rows, origins - season, origins)


def features(x: Floats, regular: Flags, rows: Whole, origins: Whole, lags: Whole, start: int, season: int) -> Floats:
    """One row of features per row of the panel, origin (a column) and lag; nan where the past is too short.

    Lag; season's phase; the same phase of the last two years as distance from that year's level, the mean over three,
    the same mean of the panel's index and the difference; the season around it; recent levels (quarter and half a
    season, the same against a year before, last two periods); growth between years; the spread of the last season.
    """
    past = _Past(x)
    level = past.mean(rows, origins - season, origins)
    years = [level] + [past.mean(rows, origins - (k + 1) * season, origins - k * season) for k in range(1, SEASONS)]
    same = origins + lags - (lags // season + 1) * season
    distances = _distances(past, rows, origins, lags, season)
    shared = _mean(_distances(_Past(index(x, regular)[None, :]), np.zeros_like(rows), origins, lags, season))
    around = [past.at(rows, same + step, origins) - level for step in (-1, 0, 1)]
    quarter, half = max(1, season // 4), max(1, season // 2)
    return np.column_stack(
        [
            lags,
            (start + origins + lags) % season,
            *distances[:2],
            _mean(distances),
            shared,
            _mean(distances) - shared,
            _mean(around),
            past.mean(rows, origins - quarter, origins) - level,
            past.mean(rows, origins - half, origins) - level,
            *(
                past.mean(rows, origins - n, origins) - past.mean(rows, origins - n - season, origins - season)
                for n in (quarter, half)
            ),
            past.at(rows, origins - 1, origins) - level,
            past.at(rows, origins - 2, origins) - level,
            *(years[k] - years[k - 1] for k in range(1, SEASONS)),
            np.sqrt(np.maximum(past.mean(rows, origins - season, origins, squared=True) - level**2, 0)),
        ]
    )


def index(x: Floats, regular: Flags) -> Floats:
    """The panel's index: what the regular series have in common, by their mean change from one period to the next.

    Changes, not levels, so that a series entering or leaving does not move it. It may be read before an origin as far
    as any series may: a column of it holds nothing later.
    """
    changes = np.diff(x[regular], axis=1)
    counts = (~np.isnan(changes)).sum(axis=0)
    mean = np.nan_to_num(changes).sum(axis=0) / np.maximum(counts, 1)
    return np.concatenate([[0.0], np.cumsum(mean)])


def _distances(past: _Past, rows: Whole, origins: Whole, lags: Whole, season: int) -> list[Floats]:
    """Values of the asked phase in the last years known, each from its own year's level."""
    same = origins + lags - (lags // season + 1) * season
    return [
        past.at(rows, same - k * season, origins) - past.mean(rows, origins - (k + 1) * season, origins - k * season)
        for k in range(SEASONS)
    ]


def _mean(parts: list[Floats]) -> Floats:
    """Mean of those that are known."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an average of nothing is nan, which the model takes
        return np.asarray(np.nanmean(np.stack(parts), axis=0))


class _Past:
    """Means over stretches of columns by running sums, and single values, of many rows at once."""

    def __init__(self, x: Floats) -> None:
        filled = np.nan_to_num(x)
        self.x = x
        self.sums = _running(filled)
        self.squares = _running(filled**2)
        self.counts = _running((~np.isnan(x)).astype(float))

    def mean(self, rows: Whole, begin: Whole, end: Whole, *, squared: bool = False) -> Floats:
        """Mean of columns ``begin`` to before ``end``; nan where fewer than half of them are known."""
        sums = self.squares if squared else self.sums
        first = np.maximum(begin, 0)
        last = np.maximum(end, first)
        counts = self.counts[rows, last] - self.counts[rows, first]
        found = 2 * counts >= end - begin
        return np.where(found, (sums[rows, last] - sums[rows, first]) / np.where(counts > 0, counts, 1), np.nan)

    def at(self, rows: Whole, column: Whole, origins: Whole) -> Floats:
        """Value at ``column``; nan outside the panel and from the origin on."""
        inside = (column >= 0) & (column < origins)
        return np.where(inside, self.x[rows, np.where(inside, column, 0)], np.nan)


def _running(values: Floats) -> Floats:
    return np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1)])
