"""Base forecasts: every node of a hierarchy forecast on its own, with every backtest origin, in DuckDB.

What belongs here: the order in which the ``.sql`` files of ``sql/demand/models`` run, and the cutting into batches
that bounds memory. Not here: the models (each is a ``.sql`` file), nor what joins nodes to each other (``hierarchy``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import duckdb

from sop_pipeline import sql
from sop_pipeline.demand.forecast_settings import Settings

BATCH_NODES = 4000
_BOUND = re.compile(r"\$([a-z_][a-z0-9_]*)")


def make(
    connection: duckdb.DuckDBPyConnection, table: str, file: str, params: Mapping[str, Any], **structure: Any
) -> None:
    """Create temporary ``table`` from ``sql/<file>.sql``, binding those of ``params`` that it names."""
    statement = sql.text(file, **structure)
    bound = {name: params[name] for name in sorted(set(_BOUND.findall(statement)))}
    connection.execute(f"create or replace temp table {table} as {statement}", bound or None)


def base_forecasts(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make table ``base_forecast`` from ``node_history`` and ``nodes``.

    Rows: node_id, newest (the real forecast, else backtest), origin_period, lag, mean, error_scale, seasonal_naive.
    METHODS 3. Families' seasonal profiles come from all nodes; everything after them runs batch by batch.
    """
    params = settings.params()
    for table in ("series", "fits", "seasonal_profiles", "family_profiles"):
        make(connection, table, f"demand/models/{table}", params)
    for first in range(0, _nodes(connection), BATCH_NODES):
        _batch(connection, settings, {**params, "first_node": first, "last_node": first + BATCH_NODES - 1})
        verb = "create or replace temp table base_forecast as" if first == 0 else "insert into base_forecast"
        connection.execute(f"{verb} select * from batch_forecast")


def _nodes(connection: duckdb.DuckDBPyConnection) -> int:
    (highest,) = connection.execute("select coalesce(max(node_id), 0) from series").fetchone() or (0,)
    return int(highest) + 1


def _batch(connection: duckdb.DuckDBPyConnection, settings: Settings, params: Mapping[str, Any]) -> None:
    """Fit and forecast one batch of nodes with every model."""
    make(connection, "adjusted", "demand/models/adjusted", params)
    make(connection, "origins", "demand/models/origins", params)
    _smooth(connection, params)
    _trend(connection, "damped", {**params, **settings.trend_grid(settings.phis)})
    if "holt" in settings.models:
        _trend(connection, "holt", {**params, **settings.trend_grid((1.0,))})
    make(connection, "theta_forecast", "demand/models/theta_forecast", params)
    make(connection, "seasonal_naive_forecast", "demand/models/seasonal_naive_forecast", params)
    make(connection, "batch_forecast", "demand/models/base_forecast", params, models=settings.models)


def _smooth(connection: duckdb.DuckDBPyConnection, params: Mapping[str, Any]) -> None:
    """Simple exponential smoothing: coarse grid, then hundredths around the best."""
    make(connection, "ses_candidates", "demand/models/ses_coarse", params)
    make(connection, "ses_best", "demand/models/ses_search", params)
    make(connection, "ses_candidates", "demand/models/ses_fine", params)
    make(connection, "ses", "demand/models/ses_search", params)
    make(connection, "ses_states", "demand/models/ses_states", params)
    make(connection, "ses_forecast", "demand/models/ses_forecast", params)


def _trend(connection: duckdb.DuckDBPyConnection, name: str, params: Mapping[str, Any]) -> None:
    """Damped trend or Holt, by the damping constants in ``params``."""
    make(connection, "trend_candidates", "demand/models/trend_grid", params)
    make(connection, name, "demand/models/trend_search", params)
    make(connection, f"{name}_states", "demand/models/trend_states", params, fit=name)
    make(connection, f"{name}_forecast", "demand/models/trend_forecast", params, states=f"{name}_states")
