"""What a forecast gives back: every approach added up, its quantiles drawn from past errors, and its accuracy.

What belongs here: the tables of the result, learnt from the errors of all nodes together. Not here: the forecasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.demand.forecast.choice import choose
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.rare_demand import rare_demand_medians
from sop_pipeline.demand.forecast.settings import RANGE, Settings
from sop_pipeline.demand.forecast.statements import drop, make, read, show

RANGES = (
    "missed_shifts",
    "missed_parts",
    "unit_errors",
    "error_growth",
    "scores",
    "own_widths",
    "pooled_quantiles",
    "blended_quantiles",
    "error_quantiles",
    "coverage",
)
"""Tables, in order, from which quantiles are drawn and their coverage is measured."""
ITEMS_REPORTED = 2000
"""Above this many items accuracy is reported by level alone; nobody reads a row per item, approach and lag. Approaches
that are not used then have ranges above the series alone, and errors of the series up to the judged lag."""
EVERY_LAG = 32_767


@dataclass(frozen=True)
class ForecastResult:
    """What a forecast gives back, as Arrow tables.

    ``forecast``: approach, level, item_id, month, lag, mean, p10, p50, p90, flag, model, chosen, of
    every approach and level.
    ``backtest``: approach, level, item_id, origin, lag, month, forecast, actual, is_judged (its month is one that every
    judged lag has); approach ``naive`` is the benchmark.
    ``accuracy``: approach, level, item_id (``all`` for the level), lag, n, wmape, bias, tracking_signal, mase, rmsse,
    smape, coverage.
    ``quantiles``: level, item_id, month and ``p25`` and so on of the chosen approach, where any beside P10, P50 and P90
    were asked for.
    ``approaches``: approach, wmape, bias (of the series, over the backtest), chosen, reason.
    """

    forecast: pa.Table
    backtest: pa.Table
    accuracy: pa.Table
    approaches: pa.Table
    chosen: str
    quantiles: pa.Table | None = None
    notes: tuple[Note, ...] = ()

    def plan(self) -> pa.Table:
        """The forecast of the chosen approach alone."""
        return tables.where(self.forecast, approach=self.chosen)


def results(
    connection: duckdb.DuckDBPyConnection, settings: Settings, asked: str, wanted: Sequence[str], model: str
) -> ForecastResult:
    """Add every approach up, draw quantiles from its errors, and measure it.

    ``model`` names what forecasts are made of where ``node_models`` does not. Reads ``base``,
    ``approaches``, ``nodes``, ``memberships``, ``series`` and ``node_history``.
    """
    params: dict[str, Any] = {**settings.params(), "model": model}
    _add_up(connection, wanted)
    make(connection, "judged_from", "demand/forecast/judged_from", params)
    errors = sql.run(connection, "demand/forecast/approach_errors")
    chosen, choice = choose(asked, wanted, errors)
    (items,) = connection.execute("select count(*) from nodes").fetchone() or (0,)
    by_item = items <= ITEMS_REPORTED
    in_full = by_item or settings.undecided
    params |= {"chosen": chosen, "others_to_lag": EVERY_LAG if in_full else settings.judged_lag}
    for table in RANGES:
        make(connection, table, f"demand/forecast/{table}", params, ranged=wanted if in_full else [chosen])
    drop(connection, "unit_errors", "scores", "pooled_quantiles")
    rare_demand_medians(connection, settings)
    make(connection, "naive_scale", "demand/models/naive_scale", params)
    accuracy = read(connection, "demand/forecast/accuracy", params, by_item=by_item)
    drop(connection, "coverage")
    forecast = read(connection, "demand/forecast/forecast", params)
    return ForecastResult(
        forecast=forecast,
        backtest=_named(connection, read(connection, "demand/forecast/backtest", params)),
        accuracy=accuracy,
        approaches=choice,
        chosen=chosen,
        quantiles=_others(connection, forecast, params) if settings.quantiles else None,
    )


def quantile_name(share: float) -> str:
    """What the quantile of a share is called: ``p2.5`` of 0.025."""
    return f"p{100 * share:g}"


def _others(connection: duckdb.DuckDBPyConnection, forecast: pa.Table, params: dict[str, Any]) -> pa.Table:
    """The quantiles asked for of the chosen approach, drawn from the shape of the errors around P10, P50 and P90."""
    bell = NormalDist()
    others = [
        {
            "name": quantile_name(share),
            "place": place,
            "side": "lower" if share < 0.5 else "upper",
            "bell": bell.inv_cdf(share) / bell.inv_cdf(0.9),
        }
        for place, share in enumerate(params["pool_quantiles"], start=1)
        if place > len(RANGE)
    ]
    connection.register("ranged_forecast", forecast)
    made = read(connection, "demand/forecast/other_quantiles", params, others=others)
    connection.unregister("ranged_forecast")
    return made


def _add_up(connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> None:
    """Make view ``coherent``: every approach at every level, its series read from ``base`` where they stand there."""
    make(connection, "spread_leaves", "demand/forecast/spread_leaves", {})
    connection.execute("drop view approaches")
    drop(connection, *wanted)
    show(connection, "leaves", "demand/forecast/leaves", bottom_up="bottom_up" in wanted)
    make(connection, "sums", "demand/forecast/sums", {})
    show(connection, "coherent", "demand/forecast/coherent")


def _named(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """``rows`` with level and item_id in the place of node_id: nodes are numbered from nothing, without gaps."""
    names = connection.execute("select level, item_id from nodes order by node_id").to_arrow_table()
    place = rows.column_names.index("node_id")
    named = rows.remove_column(place)
    for offset, column in enumerate(names.column_names):
        named = named.add_column(place + offset, column, names[column].combine_chunks().take(rows["node_id"]))
    return named
