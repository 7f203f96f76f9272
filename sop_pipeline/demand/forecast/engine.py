"""Forecasts of many series and their hierarchy: the one entry to the forecasting engine.

What belongs here: plain tables in, plain tables out, and the order of the steps between. Not here: the models
(``sql/demand/models``), the approaches (``hierarchy``), a company's cleansing and consensus (the other folders
of this step) or the reading of files (``analyst``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.demand.forecast.accurate.engine import check_engine, sharpen
from sop_pipeline.demand.forecast.base import base_forecasts, release
from sop_pipeline.demand.forecast.choice import AUTO, choose
from sop_pipeline.demand.forecast.hierarchy import ancestry, approach_forecasts, known_approaches
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import drop, make, read, show
from sop_pipeline.errors import BadInput

RANGES = (
    "unit_errors",
    "error_growth",
    "scores",
    "own_widths",
    "pooled_quantiles",
    "error_quantiles",
    "coverage",
)
"""Tables, in order, from which quantiles are drawn and their coverage is measured."""
MOST = 1e14
"""Quantities are kept with eighteen digits, four of them decimals."""
ITEMS_REPORTED = 2000
"""Above this many items accuracy is reported by level alone; nobody reads a row per item, approach and lag."""


@dataclass(frozen=True)
class ForecastResult:
    """What a forecast gives back, as Arrow tables.

    ``forecast``: approach, level, item_id, month, lag, mean, p10, p50, p90, model, chosen; every approach, every level.
    ``backtest``: approach, level, item_id, origin, lag, month, forecast, actual; approach ``naive`` is the yardstick.
    ``accuracy``: approach, level, item_id (``all`` for the level), lag, n, wmape, bias, tracking_signal, mase, rmsse,
    smape, coverage.
    ``approaches``: approach, wmape, bias (of the series, over the backtest), chosen, reason.
    """

    forecast: pa.Table
    backtest: pa.Table
    accuracy: pa.Table
    approaches: pa.Table
    chosen: str
    notes: tuple[str, ...] = ()

    def plan(self) -> pa.Table:
        """The forecast of the chosen approach alone."""
        import pyarrow.compute as pc

        return self.forecast.filter(pc.equal(self.forecast["approach"], self.chosen))


def forecast(
    history: pa.Table,
    hierarchy: pa.Table | None = None,
    *,
    horizon: int = 24,
    freq: str = "M",
    engine: str = "fast",
    approach: str = "bottom_up",
    proportions: str = "forecast_proportions",
    middle_level: str | None = None,
    origins: int = 12,
    top: str = "company",
    bottom: str = "product",
    last_month: dt.date | None = None,
    approaches: Sequence[str] | None = None,
    threads: int | None = None,
) -> ForecastResult:
    """Forecast every series of ``history`` and every level above it, by every approach, with its backtest.

    ``history``: unique_id, month (DATE, first of month or quarter), y in any number type; months without a row inside a
    series count as zero, as do those up to ``last_month`` when it is given. ``hierarchy``: unique_id and its groups,
    outermost first. Each series is forecast ``horizon`` periods past its own last.

    ``engine``: fast (SQL alone), accurate, or auto (``accurate``).
    ``approach``: bottom_up, top_down (by ``proportions``), middle_out, reconciled, auto (by the backtest), or an
    approach's full name; ``approaches`` limits those computed beside it (None: all). METHODS 3. Raises BadInput, naming
    the series, for one without history, without a place in the hierarchy or with a forecast of 10^14 or more.
    """
    settings = Settings(horizon=horizon, freq=freq, origins=origins, proportions=proportions)  # type: ignore[arg-type]
    check_engine(engine)
    hierarchy = hierarchy if hierarchy is not None else _flat(history)
    _check(history, hierarchy)
    tables = {"given_history": history, "ancestry": ancestry(hierarchy, top, bottom)}
    levels = [top, *(name for name in hierarchy.column_names if name != "unique_id"), bottom]
    middle = _middle(levels, middle_level)
    chosen = f"top_down_{proportions}" if approach == "top_down" else approach
    wanted = _wanted(chosen, approaches, known_approaches(middle))
    with sql.session(tables, threads) as connection:
        _prepare(connection, settings, last_month)
        base_forecasts(connection, settings, threads, residuals="reconciled" in wanted)
        model, notes = sharpen(connection, settings, engine)
        _refuse_runaways(connection)
        make(connection, "base", "demand/forecast/base", settings.params())
        release(connection)
        approach_forecasts(connection, settings, wanted, middle)
        return _results(connection, settings, chosen, wanted, model, notes)


def _refuse_runaways(connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a forecast with more digits than a quantity can keep, by the item it is for."""
    largest = connection.execute(
        "select nodes.item_id, abs(mean) as most from base_forecast inner join nodes using (node_id) "
        "where most >= ? order by most desc, nodes.item_id limit 1",
        [MOST],
    ).fetchone()
    if largest:
        raise BadInput(
            found=f"growth that takes {largest[0]} to {largest[1]:.1e} inside the horizon",
            needed=f"forecasts under {MOST:.0e}",
            where="forecast",
            mend="Ask for a shorter horizon, state quantities in thousands, or take out what is no demand.",
        )


def _wanted(chosen: str, approaches: Sequence[str] | None, known: list[str]) -> list[str]:
    """Approaches to compute, the chosen one among them; refuses names the hierarchy does not know."""
    asked = [] if chosen == AUTO else [chosen]
    limited = asked if approaches is None else [*asked, *(name for name in approaches if name not in asked)]
    wanted = [*known] if approaches is None or not limited else limited
    unknown = [name for name in (*limited, *wanted) if name not in known]
    if unknown:
        raise BadInput(
            found=f"approach {unknown[0]!r}",
            needed=f"one of auto, top_down, {', '.join(known)}",
            where="forecast",
            mend="A middle-out forecast needs a level between the top and the series.",
        )
    return wanted


def _prepare(connection: duckdb.DuckDBPyConnection, settings: Settings, last_month: dt.date | None) -> None:
    """Make ``nodes``, ``memberships`` and ``node_history``."""
    params = {**settings.params(), "last_month": last_month}
    for table in ("history", "nodes", "memberships", "node_history", "series_floor"):
        make(connection, table, f"demand/forecast/{table}", params, temporary=False)


def _add_up(connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> None:
    """Make view ``coherent``: every approach at every level, its series read from ``base`` where they stand there."""
    make(connection, "spread_leaves", "demand/forecast/spread_leaves", {})
    connection.execute("drop view approaches")
    drop(connection, *wanted)
    show(connection, "leaves", "demand/forecast/leaves", bottom_up="bottom_up" in wanted)
    make(connection, "sums", "demand/forecast/sums", {})
    show(connection, "coherent", "demand/forecast/coherent")


def _results(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    asked: str,
    wanted: Sequence[str],
    model: str,
    notes: tuple[str, ...],
) -> ForecastResult:
    """Add every approach up, draw quantiles from its errors, and measure it."""
    params: dict[str, Any] = {**settings.params(), "model": model}
    _add_up(connection, wanted)
    errors = sql.run(connection, "demand/forecast/approach_errors")
    chosen, choice = choose(asked, wanted, errors)
    params["chosen"] = chosen
    for table in RANGES:
        make(connection, table, f"demand/forecast/{table}", params)
    drop(connection, "unit_errors", "scores", "pooled_quantiles")
    make(connection, "naive_scale", "demand/models/naive_scale", params)
    (items,) = connection.execute("select count(*) from nodes").fetchone() or (0,)
    by_item = items <= ITEMS_REPORTED
    accuracy = read(connection, "demand/forecast/accuracy", params, by_item=by_item)
    drop(connection, "coverage")
    return ForecastResult(
        forecast=read(connection, "demand/forecast/forecast", params),
        backtest=_named(connection, read(connection, "demand/forecast/backtest", params)),
        accuracy=accuracy,
        approaches=choice,
        chosen=chosen,
        notes=notes,
    )


def _named(connection: duckdb.DuckDBPyConnection, rows: pa.Table) -> pa.Table:
    """``rows`` with level and item_id in the place of node_id: nodes are numbered from nothing, without gaps."""
    names = connection.execute("select level, item_id from nodes order by node_id").to_arrow_table()
    place = rows.column_names.index("node_id")
    named = rows.remove_column(place)
    for offset, column in enumerate(names.column_names):
        named = named.add_column(place + offset, column, names[column].combine_chunks().take(rows["node_id"]))
    return named


def _flat(history: pa.Table) -> pa.Table:
    """A hierarchy of one level under the top, for series without groups."""
    return pa.table({"unique_id": pa.array(sorted(history["unique_id"].unique().to_pylist()), pa.string())})


def _check(history: pa.Table, hierarchy: pa.Table) -> None:
    """Refuse no history at all, series without history, and history without a place."""
    if not history.num_rows:
        raise BadInput(
            found="no history",
            needed="one row a series and period",
            where="forecast",
            mend="Give at least one month of demand.",
        )
    known = {str(value) for value in hierarchy["unique_id"].unique().to_pylist()}
    seen = {str(value) for value in history["unique_id"].unique().to_pylist()}
    for missing, found, mend in (
        (known - seen, "no history", "Give it a like product, or take it out until it has sold."),
        (seen - known, "history but no place in the hierarchy", "Add it to the hierarchy."),
    ):
        if missing:
            names = ", ".join(sorted(missing)[:5])
            raise BadInput(
                found=f"{found} for {names} ({len(missing)} in all)",
                needed="history and a place in the hierarchy for every series",
                where="forecast",
                mend=mend,
            )


def _middle(levels: list[str], middle_level: str | None) -> int | None:
    """Number of the middle level: the named one, else the one above the bottom; None in a hierarchy without middle."""
    if middle_level is None:
        return len(levels) - 2 if len(levels) > 2 else None
    if middle_level not in levels:
        raise BadInput(
            found=f"middle level {middle_level!r}",
            needed=f"one of {', '.join(levels)}",
            where="forecast",
            mend="Name a level of the hierarchy.",
        )
    return levels.index(middle_level)
