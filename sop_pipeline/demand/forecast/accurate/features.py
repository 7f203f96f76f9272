"""What the global model sees of a series at an origin: its own scaled past, and how far ahead is asked.

What belongs here: features, one array per idea, all from columns before the origin. Not here: the model.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from sop_pipeline.demand.forecast.accurate.panel import Floats, Scaled, Whole

LAG, PHASE = 0, 1
"""Columns of the two features that are not quantities of the series."""
SEASONS = 5
"""Past years a feature may look at; what is older has no column of its own."""
MEMORIES = (0.1, 0.25, 0.5)
"""Smoothing constants of the changes over a year."""


@dataclass(frozen=True)
class Table:
    """Features of entries x lags, one row each, entry by entry; ``levels``: each entry's mean of its last season."""

    values: Floats
    levels: Floats


class Features:
    """Features of a panel as scaled at a cut-off."""

    def __init__(self, seen: Scaled, start: int, season: int) -> None:
        self.own = _Past(seen.x)
        self.shared = _Past(_index(seen)[None, :])
        self.start, self.season = start, season
        self.smoothed = [_smoothed_changes(seen.x, season, memory) for memory in MEMORIES]

    def table(self, rows: Whole, origins: Whole, lags: Whole) -> Table:
        """Features of each entry (a row of the panel and an origin, a column) at its lags (entries x lags).

        Lag; season's phase; the same phase of the last two years as distance from that year's level, the mean over
        five, the same mean of the panel's index and the difference, the season around it; then what belongs to the
        entry whatever the lag (``_state``). Where the past is too short a feature is nan.
        """
        years = self._years(self.own, rows, origins)
        ahead = origins[:, None] + lags
        same = ahead - (lags // self.season + 1) * self.season
        own = self._distances(self.own, rows, origins, same, years)
        none = np.zeros_like(rows)
        shared = _mean(self._distances(self.shared, none, origins, same, self._years(self.shared, none, origins)))
        around = [self.own.at(rows[:, None], same + step, origins[:, None]) - years[0][:, None] for step in (-1, 0, 1)]
        by_lag = [lags, (self.start + ahead) % self.season, *own[:2], _mean(own), shared, _mean(own) - shared]
        by_lag.append(_mean(around))
        state = np.repeat(self._state(rows, origins, years), lags.shape[1], axis=0)
        return Table(np.column_stack([*(column.ravel() for column in by_lag), state]), years[0])

    def _state(self, rows: Whole, origins: Whole, years: list[Floats]) -> Floats:
        """Recent levels (quarter and half a season, the same against a year before, last two periods), growth, spread.

        All as distances from the level of the last season; growth between years; then the change over a year,
        smoothed and of the newest period.
        """
        own, season, level = self.own, self.season, years[0]
        recent, against = [], []
        for periods in (max(1, season // 4), max(1, season // 2)):
            now = own.mean(rows, origins - periods, origins)
            recent.append(now - level)
            against.append(now - own.mean(rows, origins - periods - season, origins - season))
        last = [own.at(rows, origins - back, origins) - level for back in (1, 2)]
        growth = [years[k] - years[k - 1] for k in range(1, SEASONS)]
        spread = np.sqrt(np.maximum(own.mean(rows, origins - season, origins, squared=True) - level**2, 0))
        changes = [smoothed[rows, origins] for smoothed in self.smoothed]
        newest = own.at(rows, origins - 1, origins) - own.at(rows, origins - 1 - season, origins)
        return np.column_stack([*recent, *against, *last, *growth, spread, *changes, newest])

    def _years(self, past: _Past, rows: Whole, origins: Whole) -> list[Floats]:
        """Levels of the last years before each origin, the latest first."""
        season = self.season
        return [past.mean(rows, origins - (k + 1) * season, origins - k * season) for k in range(SEASONS)]

    def _distances(self, past: _Past, rows: Whole, origins: Whole, same: Whole, years: list[Floats]) -> list[Floats]:
        """Values of the asked phase in the last years known, each from its own year's level."""
        return [
            past.at(rows[:, None], same - k * self.season, origins[:, None]) - years[k][:, None] for k in range(SEASONS)
        ]


def _index(scaled: Scaled) -> Floats:
    """The panel's index: what the regular series have in common, by their mean change from one period to the next.

    Changes, not levels, so that a series entering or leaving does not move it. It may be read before an origin as far
    as any series may: a column of it holds nothing later.
    """
    changes = np.diff(scaled.x[scaled.regular], axis=1)
    counts = (~np.isnan(changes)).sum(axis=0)
    mean = np.nan_to_num(changes).sum(axis=0) / np.maximum(counts, 1)
    return np.concatenate([[0.0], np.cumsum(mean)])


def _smoothed_changes(x: Floats, season: int, memory: float) -> Floats:
    """Changes over a season smoothed up to before each column (columns + 1); nan until there is one."""
    smoothed = np.full((len(x), x.shape[1] + 1), np.nan)
    for column in range(season, x.shape[1]):
        change, before = x[:, column] - x[:, column - season], smoothed[:, column]
        carried = np.where(np.isnan(change), before, before + memory * (change - before))
        smoothed[:, column + 1] = np.where(np.isnan(before), change, carried)
    return smoothed


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
        half_known = 2 * counts >= end - begin
        return np.where(half_known, (sums[rows, last] - sums[rows, first]) / np.where(counts > 0, counts, 1), np.nan)

    def at(self, rows: Whole, column: Whole, origins: Whole) -> Floats:
        """Value at ``column``; nan outside the panel and from the origin on."""
        inside = (column >= 0) & (column < origins)
        return np.where(inside, self.x[rows, np.where(inside, column, 0)], np.nan)


def _running(values: Floats) -> Floats:
    return np.hstack([np.zeros((len(values), 1)), np.cumsum(values, axis=1)])
