"""The autoregression over all series: what it learns from them, and which it leaves to others."""

from __future__ import annotations

import numpy as np
import pytest

from sop_pipeline.demand.forecast.accurate.arrays import Arrays
from sop_pipeline.demand.forecast.accurate.autoregression import autoregressive_forecasts
from sop_pipeline.demand.forecast.accurate.panel import Panel
from sop_pipeline.demand.forecast.settings import Settings

HORIZON = 6


def asked(y: np.ndarray) -> Arrays:
    """The real forecast of every row of ``y``, the SQL models saying one."""
    series, width = y.shape
    ones = np.ones((series, HORIZON))
    rows = np.arange(series)
    return Arrays(
        panel=Panel(rows, y, start=24_000),
        rows=rows,
        origins=np.full(series, width),
        newest=np.ones(series, bool),
        series=np.ones(series, bool),
        shifted=np.zeros(series, bool),
        fast=ones,
        scales=ones,
        actuals=ones * np.nan,
        periods=width + np.tile(np.arange(HORIZON), (series, 1)),
    )


def seasons_that_grow(series: int, width: int) -> np.ndarray:
    """Seasons of half the level, each series' own, growing by half a per cent a month without noise."""
    random = np.random.default_rng(2)
    t, shift = np.arange(width), random.integers(0, 12, (series, 1))
    return 100 * np.exp(0.5 * np.sin(2 * np.pi * (t + shift) / 12) + 0.005 * t)


def test_what_all_series_do_is_learnt_from_them() -> None:
    """Growth and season return as they were; a seasonal naive would be 6 % low."""
    y = seasons_that_grow(60, 48 + HORIZON)
    found = autoregressive_forecasts(asked(y[:, :48]), Settings(horizon=HORIZON, origins=0))
    assert np.abs(found / y[:, 48:] - 1).max() < 0.02


def test_short_and_ended_series_and_small_panels_are_left_to_others() -> None:
    y = seasons_that_grow(60, 48)
    y[0, :40] = np.nan
    y[1, 30:] = 0
    found = autoregressive_forecasts(asked(y), Settings(horizon=HORIZON, origins=0))
    assert np.isnan(found[:2]).all()
    assert np.isfinite(found[2:]).all()
    assert np.isnan(autoregressive_forecasts(asked(y[2:8]), Settings(horizon=HORIZON, origins=0))).all()


@pytest.mark.parametrize("scale", [1e-3, 1e6])
def test_the_unit_of_measure_changes_nothing(scale: float) -> None:
    y = seasons_that_grow(60, 48)
    y[::2] *= scale
    one, other = (
        autoregressive_forecasts(asked(values), Settings(horizon=HORIZON, origins=0))
        for values in (y, seasons_that_grow(60, 48))
    )
    np.testing.assert_allclose(one[::2], other[::2] * scale, rtol=1e-6)
