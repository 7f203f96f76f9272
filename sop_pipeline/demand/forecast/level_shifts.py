"""Level shifts: months from which a series moves on another level, and the factor that brings it there.

What belongs here: telling a step from noise, season, trend and single outliers, by what is known at a cutoff alone. Not
here: what is forecast from the new level (``sql/demand/models``) or said of it (``notes``).

A step is told on logs, so that of positive demand alone. Every one of up to ``WINDOW`` months after it lies beyond
every one of up to ``WINDOW`` before it, by ``SEPARATION`` times what either moves in: noise and trends overlap, and so
do random walks but for rare jumps. Of seasonal demand the same is asked of the changes over a year. One month may lie
between the levels, when the step came in its middle. Only a step of ``LEAST_STEP`` counts, after ``FEWEST_BEFORE``
months, and once it has lasted ``FEWEST_AFTER``.
"""

from __future__ import annotations

import warnings

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sop_pipeline.demand.forecast.settings import Settings

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

WINDOW = 12
FEWEST_AFTER = 3
FEWEST_BEFORE = 6
MOST_SHIFTS = 3
"""Of one series: more are no levels but a way of moving."""
SEPARATION = 1.0
LEAST_STEP = 0.1
"""In logs: a step of a tenth."""


def level_shifts(quantities: Floats, season: int) -> tuple[Whole, Floats]:
    """Return the columns from which a level holds, -1 for none, and the factors to it (both series x ``MOST_SHIFTS``).

    ``quantities``: series x periods, all ending together, nan before a series begins. The months before a shift times
    its factor are on the level of those after.
    """
    logs = np.log(np.where(quantities > 0, quantities, 1))
    logs = np.where(quantities > 0, logs, np.where(np.isnan(quantities), np.nan, np.inf))
    places = np.full((len(logs), MOST_SHIFTS), -1)
    changes = np.zeros((len(logs), MOST_SHIFTS))
    rows = np.arange(len(logs))
    for number in range(MOST_SHIFTS):
        found, place, change = _clearest(logs[rows], season)
        rows = rows[found]
        places[rows, number], changes[rows, number] = place, change
        logs[rows] += np.where(np.arange(logs.shape[1]) < place[:, None], change[:, None], 0)
    return places, np.exp(changes)


def _clearest(logs: Floats, season: int) -> tuple[Whole, Whole, Floats]:
    """The rows with a step, its column and its change: in the months themselves or in their changes over a year."""
    yearly = np.full_like(logs, np.nan)
    with np.errstate(invalid="ignore"):
        yearly[:, season:] = logs[:, season:] - logs[:, :-season]
    yearly[np.isinf(logs)] = np.inf
    plain, over_year = _steps(logs, WINDOW), _steps(yearly, season)
    row, column, gap = (np.concatenate(pair) for pair in zip(plain, over_year, strict=True))
    of_year = np.arange(len(row)) >= len(plain[0])
    before, after = _medians(yearly, row, column, season)
    matched = np.isfinite(after)
    plain_before, plain_after = _medians(logs, row, column, season)
    change = np.where(matched, after, plain_after - plain_before)
    counts = (np.abs(change) >= LEAST_STEP) & (~of_year | (np.abs(before) < np.abs(after)))
    row, column, gap, change = row[counts], column[counts], gap[counts], change[counts]
    order = np.lexsort((column, -gap, row))
    found, first = np.unique(row[order], return_index=True)
    return found, column[order][first], change[order][first]


def _steps(x: Floats, ahead: int) -> tuple[Whole, Whole, Floats]:
    """Row, column and gap of every place where ``WINDOW`` months before and ``ahead`` from it on are apart."""
    wall, beyond = (np.full((len(x), months + 1), np.nan) for months in (WINDOW, max(WINDOW, ahead)))
    padded = np.concatenate([wall, x, beyond], axis=1)
    width = x.shape[1]
    gaps = []
    low_after, high_after, count_after = (
        extreme[:, WINDOW + 1 : WINDOW + 1 + width] for extreme in _extremes(padded, ahead)
    )
    for skipped in (0, 1):
        low, high, count = (extreme[:, 1 - skipped : 1 - skipped + width] for extreme in _extremes(padded, WINDOW))
        with np.errstate(invalid="ignore"):
            gap = np.maximum(low_after - high, low - high_after)
            moved = np.maximum(high - low, high_after - low_after)
            apart = np.isfinite(gap) & (gap > 0) & (gap >= SEPARATION * moved)
            middle = (np.maximum(low_after, low) + np.minimum(high_after, high)) / 2
            apart &= (not skipped) | (np.abs(padded[:, WINDOW : WINDOW + width] - middle) <= gap / 4)
        enough = (count >= FEWEST_BEFORE) & (count_after >= FEWEST_AFTER)
        gaps.append(np.where(apart & enough, gap, 0))
    best = np.maximum(*gaps)
    row, column = np.nonzero(best)
    return row, column, best[row, column]


def _extremes(padded: Floats, months: int) -> tuple[Floats, Floats, Whole]:
    """Least, most and number of values in the ``months`` from each column on."""
    absent = np.isnan(padded)
    low, high = np.where(absent, np.inf, padded), np.where(absent, -np.inf, padded)
    last = padded.shape[1] - months + 1
    count = np.zeros((len(padded), last), np.int64)
    lowest, highest = np.full(count.shape, np.inf), np.full(count.shape, -np.inf)
    for step in range(months):
        lowest = np.minimum(lowest, low[:, step : step + last])
        highest = np.maximum(highest, high[:, step : step + last])
        count += ~absent[:, step : step + last]
    return lowest, highest, count


def _medians(x: Floats, row: Whole, column: Whole, season: int) -> tuple[Floats, Floats]:
    """Median of the season before each place, and of the one from it on; nan where there is nothing."""
    wall = np.full((len(x), season), np.nan)
    windows = sliding_window_view(np.concatenate([wall, x, wall], axis=1), season, axis=1)
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of nothing there is no median
        before, after = (np.nanmedian(windows[row, at], axis=1) for at in (column, column + season))
    return before, after


_KNOWN = pa.schema(
    [
        ("node_id", pa.int32()),
        ("cutoff", pa.int64()),
        ("places", pa.list_(pa.int64())),
        ("factors", pa.list_(pa.float64())),
    ]
)


def known_shifts(history: pa.Table, settings: Settings) -> pa.Table:
    """Return the shifts that the fits of ``history`` (as in ``forecast_batch``) know: a row per series and cutoff.

    Columns: node_id, cutoff, places (the first months of a level, from 1), factors (of every month up to the cutoff).
    """
    lengths = history["periods"].to_numpy()
    if not len(lengths):
        return _KNOWN.empty_table()
    width = int(lengths.max())
    quantities = np.full((len(lengths), width), np.nan)
    quantities[np.arange(width) >= width - lengths[:, None]] = pc.list_flatten(history["history"]).to_numpy()
    parts = [
        _known_at(history, quantities[:, : width - back], lengths - back, settings.season)
        for back in range(0, -(-settings.origins // settings.refit) * settings.refit + 1, settings.refit)
        if back < width
    ]
    return pa.concat_tables(parts)


def _known_at(history: pa.Table, quantities: Floats, cutoffs: Whole, season: int) -> pa.Table:
    """Shifts known at one cutoff of every series."""
    places, factors = level_shifts(quantities, season)
    rows = np.flatnonzero((places >= 0).any(axis=1))
    width = quantities.shape[1]
    columns = np.arange(width)
    whole = np.where(columns < places[rows, :, None], factors[rows, :, None], 1.0).prod(axis=1)
    starts = width - cutoffs[rows]
    return pa.Table.from_pydict(
        {
            "node_id": history["node_id"].to_numpy()[rows],
            "cutoff": cutoffs[rows],
            "places": [
                sorted(int(place) - start + 1 for place in of_row if place >= 0)
                for of_row, start in zip(places[rows], starts, strict=True)
            ],
            "factors": [of_row[start:] for of_row, start in zip(whole, starts, strict=True)],
        },
        _KNOWN,
    )
