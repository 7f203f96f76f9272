"""Histories of all series as one matrix on a common calendar, scaled by what is known at a cut-off.

What belongs here: the matrix, the scaling of each series by its own past, and which series are regular enough to learn
from. Not here: features and models. Periods are whole numbers (months or quarters since year 0), as in the SQL models.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
INTERMITTENT_INTERVAL = 1.32
"""Periods between demands from which demand is intermittent (METHODS 2), as in ``sql/demand/models/adjusted.sql``."""


@dataclass(frozen=True)
class Panel:
    """``y``: one row per node, one column per period from ``start`` on, nan outside a node's history.

    ``node_ids`` ascend, so nothing made from a panel depends on the order its rows arrived in.
    """

    node_ids: Whole
    y: Floats
    start: int

    @property
    def end(self) -> int:
        """First period that no series knows."""
        return self.start + self.y.shape[1]

    def rows(self, node_ids: Whole) -> Whole:
        """Row of each node."""
        return np.searchsorted(self.node_ids, node_ids)


@dataclass(frozen=True)
class Scaled:
    """A panel as seen at ``cutoff`` (a column): histories that were positive in logs, others in units of their mean.

    ``x``: the scaled matrix, nan in columns not yet known at ``until``. ``regular``: dense demand that has not ended,
    with a season known. ``low``, ``high``: the range of each row's known values.
    """

    x: Floats
    in_logs: Flags
    unit: Floats
    regular: Flags
    low: Floats
    high: Floats

    def restore(self, rows: Whole, scaled: Floats) -> Floats:
        """Scaled values (rows x any number) in units, outside the range a row has moved in by no more than that range.

        Where nothing known is negative, neither is what comes back.
        """
        low, high = self.low[rows][:, None], self.high[rows][:, None]
        held = np.clip(scaled, 2 * low - high, 2 * high - low)
        in_logs = self.in_logs[rows][:, None]
        held = np.where(~in_logs & (low >= 0), np.maximum(held, 0), held)
        return self.unit[rows][:, None] * np.where(in_logs, np.exp(np.where(in_logs, held, 0)), held)


def load(connection: duckdb.DuckDBPyConnection) -> Panel:
    """Read ``series`` (node_id, first_period, periods, history) into a panel."""
    table = connection.execute(
        "select node_id, first_period, periods, history from series order by node_id"
    ).to_arrow_table()
    first = table["first_period"].to_numpy()
    periods = table["periods"].to_numpy()
    start = int(first.min())
    y = np.full((table.num_rows, int((first + periods).max()) - start), np.nan)
    rows = np.repeat(np.arange(table.num_rows), periods)
    place = np.arange(periods.sum()) - np.repeat(np.cumsum(periods) - periods, periods)
    y[rows, np.repeat(first - start, periods) + place] = pc.list_flatten(table["history"]).to_numpy()
    return Panel(table["node_id"].to_numpy(), y, start)


def scale(panel: Panel, cutoff: int, until: int, season: int) -> Scaled:
    """Scale the panel's columns before ``until`` by the columns before ``cutoff`` alone.

    A positive history is taken in logs of its multiples of the mean (values after the cut-off at half its lowest at
    least, as in ``fits.sql``). Rows with no history, or none but zeros, before the cut-off are not regular.
    """
    known, seen = panel.y[:, :cutoff], panel.y[:, :until]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # rows that know nothing yet have no mean and no least value
        unit = np.nan_to_num(np.nanmean(np.abs(known), axis=1))
        lowest = np.nan_to_num(np.nanmin(known, axis=1, initial=np.inf), posinf=0.0)
    usable = unit > 0
    unit = np.where(usable, unit, 1.0)
    in_logs = usable & (lowest > 0)
    floor = np.where(in_logs, lowest / 2, 1.0)[:, None]
    x = np.where(in_logs[:, None], np.log(np.maximum(np.where(in_logs[:, None], seen, 1), floor) / unit[:, None]), 0)
    x = np.where(in_logs[:, None], np.where(np.isnan(seen), np.nan, x), seen / unit[:, None])
    within = x[:, :cutoff]
    low = np.min(np.where(np.isnan(within), np.inf, within), axis=1, initial=np.inf)
    high = np.max(np.where(np.isnan(within), -np.inf, within), axis=1, initial=-np.inf)
    return Scaled(x, in_logs, unit, usable & _regular(known, season), low, high)


def _regular(known: Floats, season: int) -> Flags:
    """A season known, demand in more than every 1.32nd period up to its last, and some of it in the last season."""
    demand = np.nan_to_num(known) != 0
    columns = np.arange(known.shape[1])
    first = np.argmax(~np.isnan(known), axis=1)
    last = np.max(np.where(demand, columns, -1), axis=1, initial=-1)
    dense = demand.sum(axis=1) * INTERMITTENT_INTERVAL > last - first + 1
    periods = (~np.isnan(known)).sum(axis=1)
    end = first + periods
    return dense & (periods >= season) & (last >= end - season)
