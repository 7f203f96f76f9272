"""Engine ``accurate``: a slower model of statsforecast beside the SQL models, its share decided by the backtest.

What belongs here: the screen, the running of the slower model so that no series can stop a batch, and the decision.
Not here: the SQL models (``engine``).

The model is the dynamic optimised Theta (Fiorucci et al. 2016). It is fitted to positive series of two seasons or more,
for the real forecast and every third backtest origin; at the origins between, the backtest is the SQL models' own.
Whether it replaces the fast forecast, is averaged with it, or has no share is one decision for the whole batch.
``auto`` is ``accurate`` while at most ``AFFORDABLE_FITS`` fits are asked for, else ``fast``.
"""

from __future__ import annotations

import warnings
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from sop_pipeline.demand.engine import make, read
from sop_pipeline.demand.forecast_settings import Settings
from sop_pipeline.errors import BadInput, fault

ENGINES = ("fast", "accurate", "auto")
AFFORDABLE_FITS = 4000
RIVAL_STEP = 3
RIVAL = "dynamic optimised theta"
WEIGHTS = {"fast": 0.0, "both": 0.5, "rival": 1.0}


def check_engine(engine: str) -> None:
    """Refuse an engine that does not exist."""
    if engine not in ENGINES:
        raise BadInput(
            fault(found=f"engine {engine!r}", needed=", ".join(ENGINES), where="forecast", mend="Choose one of them.")
        )


def sharpen(connection: duckdb.DuckDBPyConnection, settings: Settings, engine: str) -> tuple[str, tuple[str, ...]]:
    """Replace ``base_forecast`` by its combination with the slower model; returns what it is made of, and notes."""
    fast = " + ".join(settings.models)
    if engine == "fast":
        return fast, ()
    params = {**settings.params(), "rival_step": RIVAL_STEP}
    asked = read(connection, "demand/forecast/rival_origins", params)
    if engine == "auto" and asked.num_rows > AFFORDABLE_FITS:
        return fast, (
            f"engine auto: fast, because accurate would take {asked.num_rows} fits ({AFFORDABLE_FITS} at most)",
        )
    found, failed = _fit(asked, settings)
    connection.register("rival_rows", found)
    connection.execute("create or replace temp table rival as select * from rival_rows")
    decision, notes = _decide(read(connection, "demand/forecast/rival_errors", params).to_pylist()[0], failed)
    weight = {**params, "weight": WEIGHTS[decision]}
    make(connection, "combined_forecast", "demand/forecast/rival_combined", weight, temporary=False)
    connection.execute("create or replace view base_forecast as select * from combined_forecast")
    return {"fast": fast, "both": f"{fast} + {RIVAL}", "rival": RIVAL}[decision], notes


def _fit(asked: pa.Table, settings: Settings) -> tuple[pa.Table, int]:
    """Forecast every row of ``asked``; a series that fails keeps the fast forecast and is counted."""
    from statsforecast.models import DynamicOptimizedTheta

    columns: dict[str, list[Any]] = {"node_id": [], "newest": [], "origin_period": [], "lag": [], "mean": []}
    failed: set[int] = set()
    for row in asked.to_pylist():
        y = np.array(row["history"], dtype=float)
        scale = float(y.mean())
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = DynamicOptimizedTheta(season_length=settings.season)
                mean = scale * np.asarray(model.forecast(y / scale, settings.horizon)["mean"], dtype=float)
        except Exception:  # whatever a fit dies of, the batch goes on with the fast forecast
            mean = np.array([np.nan])
        if not np.isfinite(mean).all() or mean.max() > 10 * y.max():
            failed.add(row["node_id"])
            continue
        for name in ("node_id", "newest", "origin_period"):
            columns[name] += [row[name]] * settings.horizon
        columns["lag"] += range(settings.horizon)
        columns["mean"] += mean.tolist()
    types = {"node_id": pa.int64(), "newest": pa.bool_(), "origin_period": pa.int64(), "lag": pa.int64()}
    return pa.table({n: pa.array(v, types.get(n, pa.float64())) for n, v in columns.items()}), len(failed)


def _decide(errors: dict[str, Any], failed: int) -> tuple[str, tuple[str, ...]]:
    """Take the least backtest error; without one, the average."""
    fallback = (f"{failed} series keep the fast forecast where {RIVAL} failed",) if failed else ()
    if not errors["compared"]:
        return "both", (f"engine accurate: averaged with {RIVAL}, no backtest being long enough to decide", *fallback)
    decision = min(WEIGHTS, key=lambda name: (round(errors[name] / errors["compared"], 6), WEIGHTS[name]))
    scaled = ", ".join(f"{name} {errors[name] / errors['compared']:.3f}" for name in WEIGHTS)
    return decision, (f"engine accurate: {decision} by scaled backtest error ({scaled}; rival: {RIVAL})", *fallback)
