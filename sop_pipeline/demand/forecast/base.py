"""Base forecasts: every node of a hierarchy forecast on its own, with every backtest origin, in DuckDB.

What belongs here: the order in which the ``.sql`` files of ``sql/demand/models`` run, and the cutting into batches that
bounds memory and keeps every core busy (DuckDB shares out work by row groups, far larger than a batch of fits). Not
here: the models (each is a ``.sql`` file), nor what joins nodes to each other (``hierarchy``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb

from sop_pipeline import sql
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import make

BATCH_NODES = 1500
Batch = Callable[[duckdb.DuckDBPyConnection, dict[str, Any]], None]


def base_forecasts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, threads: int | None = None, *, residuals: bool = False
) -> None:
    """Make ``base_forecast`` from ``node_history`` and ``nodes``, in batches on ``threads`` cursors.

    Rows: node_id, newest (the real forecast, else backtest), origin_period, lag, mean, error_scale, seasonal_naive.
    METHODS 3. A family's seasonal profile comes from all of its nodes, so profiles are made for all before the models.
    ``residuals`` keeps the one-step errors inside each history as well, for reconciliation.
    """
    params = settings.params()
    make(connection, "series", "demand/models/series", params, temporary=False)

    def profiles(cursor: duckdb.DuckDBPyConnection, batch: dict[str, Any]) -> None:
        make(cursor, f"fits_{batch['first_node']}", "demand/models/fits", batch, temporary=False)
        _fits(cursor, batch)
        make(cursor, f"profiles_{batch['first_node']}", "demand/models/seasonal_profiles", batch, temporary=False)

    def models(cursor: duckdb.DuckDBPyConnection, batch: dict[str, Any]) -> None:
        _fits(cursor, batch)
        _models(cursor, settings, batch)
        if residuals:
            make(cursor, f"residuals_{batch['first_node']}", "demand/models/residuals", batch, temporary=False)

    _in_batches(connection, profiles, params, threads)
    _gather(connection, "seasonal_profiles", "profiles")
    make(connection, "family_profiles", "demand/models/family_profiles", params, temporary=False)
    _in_batches(connection, models, params, threads)
    _gather(connection, "base_forecast", "forecast")
    if residuals:
        _gather(connection, "residuals", "residuals")


def _fits(cursor: duckdb.DuckDBPyConnection, batch: Mapping[str, Any]) -> None:
    """Let ``fits`` be those of this batch."""
    cursor.execute(f"create or replace temp view fits as select * from fits_{batch['first_node']}")


def _first_nodes(connection: duckdb.DuckDBPyConnection) -> range:
    (nodes,) = connection.execute("select coalesce(max(node_id), 0) + 1 from series").fetchone() or (1,)
    return range(0, int(nodes), BATCH_NODES)


def _in_batches(
    connection: duckdb.DuckDBPyConnection, work: Batch, params: Mapping[str, Any], threads: int | None
) -> None:
    """Run ``work`` for every batch of nodes, each on a cursor of its own."""

    def one(first: int) -> None:
        cursor = connection.cursor()
        try:
            work(cursor, {**params, "first_node": first, "last_node": first + BATCH_NODES - 1})
        finally:
            cursor.close()

    with ThreadPoolExecutor(threads or sql.THREADS) as pool:
        list(pool.map(one, _first_nodes(connection)))


def release(connection: duckdb.DuckDBPyConnection) -> None:
    """Let go of the batches' parts once ``base_forecast`` has been read: they are the larger part of the memory."""
    for view, part in (("base_forecast", "forecast"), ("seasonal_profiles", "profiles"), ("fits", "fits")):
        connection.execute(f"drop view if exists {view}")
        for first in _first_nodes(connection):
            connection.execute(f"drop table if exists {part}_{first}")


def _gather(connection: duckdb.DuckDBPyConnection, name: str, part: str) -> None:
    """Make view ``name`` over the parts that the batches left."""
    parts = " union all ".join(f"select * from {part}_{first}" for first in _first_nodes(connection))
    connection.execute(f"create or replace view {name} as {parts}")


def _models(connection: duckdb.DuckDBPyConnection, settings: Settings, params: Mapping[str, Any]) -> None:
    """Fit and forecast one batch of nodes with every model."""
    make(connection, "adjusted", "demand/models/adjusted", params)
    make(connection, "origins", "demand/models/origins", params)
    _smooth(connection, params)
    make(connection, "lines", "demand/models/lines", params)
    make(connection, "line_slopes", "demand/models/line_slopes", params)
    for name, smoothed in (("theta", "ses_forecast"), ("steady_theta", "steady_forecast")):
        make(connection, f"{name}_forecast", "demand/models/theta_forecast", params, smoothed=smoothed)
    _trend(connection, "damped", {**params, **settings.trend_grid(settings.phis)})
    if "holt" in settings.models:
        _trend(connection, "holt", {**params, **settings.trend_grid((1.0,))})
    make(connection, "seasonal_naive_forecast", "demand/models/seasonal_naive_forecast", params)
    make(connection, "intermittent_states", "demand/models/intermittent_states", params)
    intermittent = "demand/models/intermittent_forecast"
    make(connection, "intermittent_forecast", intermittent, params, models=settings.intermittent_models)
    name = f"forecast_{params['first_node']}"
    make(connection, name, "demand/models/base_forecast", params, temporary=False, models=settings.models)


def _smooth(connection: duckdb.DuckDBPyConnection, params: Mapping[str, Any]) -> None:
    """Simple exponential smoothing, by each series' own constant (coarse, then fine) and by the steady one."""
    searches = (("ses_coarse", "ses_best", None), ("ses_fine", "ses", "ses_best"), ("ses_steady", "steady", None))
    for candidates, fit, known in searches:
        make(connection, "ses_candidates", f"demand/models/{candidates}", params)
        make(connection, fit, "demand/models/ses_search", params, known=known)
    for fit in ("ses", "steady"):
        make(connection, f"{fit}_forecast", "demand/models/ses_forecast", params, fit=fit)


def _trend(connection: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Any]) -> None:
    """Damped trend or Holt, by the damping constants in ``params``."""
    make(connection, "trend_candidates", "demand/models/trend_grid", params)
    make(connection, name, "demand/models/trend_search", params)
    make(connection, f"{name}_forecast", "demand/models/trend_forecast", params, fit=name)
