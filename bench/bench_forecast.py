"""Speed of the forecasting engine as ratios taken in one run: ``python -m bench.bench_forecast [part ...]``.

Parts: rivals (series per CPU second against AutoETS of statsforecast), origins (twelve backtest origins against one),
scale (30,000 series x 60 months with twelve origins: wall, CPU, memory), accurate (engine accurate with its backtest
against one plain fit of statsforecast's models to the M3 shipments: CPU and OWA). Series are made from a fixed seed
but for the last, whose data are real.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.settings import Settings

MONTHS = 60


def demand(series: int) -> tuple[pa.Table, pa.Table]:
    """Seasonal demand with drifting levels, and 30 families over it."""
    random = np.random.default_rng(1)
    t = np.arange(MONTHS)
    level = np.exp(random.normal(5, 1, series))[:, None]
    season = random.normal(0, 0.2, (series, 12))[:, t % 12]
    drift = np.cumsum(random.normal(0, 0.03, (series, MONTHS)), axis=1)
    y = (level * np.exp(season + drift + random.normal(0, 0.2, (series, MONTHS)))).round(2)
    ids = np.array([f"P{number:05d}" for number in range(series)])
    months = pd.date_range("2020-01-01", periods=MONTHS, freq="MS").date
    history = pa.table(
        {
            "unique_id": pa.array(ids).take(pa.array(np.repeat(np.arange(series), MONTHS))),
            "month": pa.array(months).take(pa.array(np.tile(t, series), pa.int64())),
            "y": pa.array(y.ravel()),
        }
    )
    return history, pa.table(
        {"unique_id": pa.array(ids), "family": [f"F{number % 30:02d}" for number in range(series)]}
    )


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of ``work``, all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def rivals(series: int = 10_000, rival_series: int = 100) -> None:
    """Forecasts alone, without a backtest, on one thread on both sides; the rival's compilation is not counted."""
    from statsforecast.models import AutoETS

    history, hierarchy = demand(series)
    ours = series / cpu(lambda: forecast(history, hierarchy, Settings(horizon=12, origins=0), approaches=(), threads=1))
    values = history["y"].to_numpy().reshape(series, MONTHS)
    model = AutoETS(season_length=12)
    model.forecast(values[0], 12)
    theirs = rival_series / cpu(lambda: [model.forecast(y, 12) for y in values[1 : rival_series + 1]])
    print(
        f"series per CPU second: fast {ours:.0f}, AutoETS {theirs:.1f}: {ours / theirs:.0f} times (must 150, aim 500)"
    )


def origins(series: int = 1000) -> None:
    history, hierarchy = demand(series)
    one, twelve = (
        cpu(partial(forecast, history, hierarchy, Settings(horizon=12, origins=count), approaches=()))
        for count in (1, 12)
    )
    print(f"CPU of 12 backtest origins {twelve:.2f} s, of one {one:.2f} s: {twelve / one:.1f} times (must 3)")


def scale(series: int = 30_000) -> None:
    history, hierarchy = demand(series)
    wall = time.perf_counter()
    used = cpu(lambda: forecast(history, hierarchy, Settings(horizon=24, origins=12), approaches=()))
    wall = time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{series:,} series x {MONTHS} months, 12 origins: {wall:.0f} s wall, {used:.0f} s CPU, peak {peak:.1f} GB "
        "(must 60 s, 4 GB; aim 20 s, 2 GB)"
    )


def accurate() -> None:
    """Engine accurate, twelve origins, against AutoETS + AutoCES + DynamicOptimizedTheta fitted once to every series.

    One thread on both sides, imports and compilation before the clock starts; OWA of the means on the test part.
    """
    from statsforecast.models import AutoCES, AutoETS, DynamicOptimizedTheta

    from bench import bench_accuracy as data

    frame = data.shipments()
    known, later = (frame[frame["split"] == name] for name in ("train", "test"))
    train, test = ({str(k): g["y"].to_numpy(float) for k, g in part.groupby("unique_id")} for part in (known, later))
    table, hierarchy = data.table(known), data.families(frame, "family")
    models: list[Any] = [AutoETS(season_length=12), AutoCES(season_length=12), DynamicOptimizedTheta(season_length=12)]
    paths: dict[str, list[np.ndarray]] = {}

    def plain(series: dict[str, np.ndarray]) -> None:
        paths.update({k: [np.asarray(model.forecast(y, 18)["mean"]) for model in models] for k, y in series.items()})

    plain(dict(list(train.items())[:2]))
    forecast(*demand(40), settings=Settings(horizon=18, engine="accurate"), approaches=(), threads=1)
    theirs = cpu(lambda: plain(train))
    found = []
    ours = cpu(
        lambda: found.append(
            forecast(table, hierarchy, Settings(horizon=18, engine="accurate", origins=12), approaches=(), threads=1)
        )
    )
    for note in found[0].notes:
        print(f"  {note}")
    owa = data.owa(train, test, data.wide(found[0], "product", "mean"))
    rivals_owa = data.owa(train, test, {k: np.mean(path, axis=0) for k, path in paths.items()})
    print(
        f"M3 shipments, accurate with 12 origins {ours:.2f} s CPU, AutoETS + AutoCES + DynamicOptimizedTheta once "
        f"{theirs:.2f} s: 1/{theirs / ours:.1f} (must 1/5, aim 1/15)"
    )
    print(
        f"M3 shipments: OWA accurate {owa:.4f} (must 0.705, aim 0.69), mean of the three {rivals_owa:.4f}: "
        f"{rivals_owa - owa:+.4f} lower (must 0.03)"
    )


def main(wanted: list[str]) -> int:
    known = {"rivals": rivals, "origins": origins, "scale": scale, "accurate": accurate}
    for name in wanted or known:
        known[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
