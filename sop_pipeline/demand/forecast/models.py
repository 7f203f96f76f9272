"""The models of a batch, fitted and rolled through every backtest origin, in the order their statements need.

What belongs here: that order. Not here: the models (each is a ``.sql`` file of ``sql/demand/models``) nor how a batch
comes about (``batch``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb

from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import make


def fit_models(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make every table that ``base_forecast`` joins, from ``fits``, ``nodes`` and ``family_profiles``."""
    params = settings.params()
    make(connection, "seasonal_profiles", "demand/models/seasonal_profiles", params)
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
    if settings.residuals:
        make(connection, "residuals", "demand/models/residuals", params)


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
