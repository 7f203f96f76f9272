"""Series and small builders that the forecasting tests share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest


def month(number: int) -> dt.date:
    """The month ``number`` months after January 2020."""
    return dt.date(2020 + number // 12, number % 12 + 1, 1)


def long_history(series: dict[str, list[float]], *, end: int | None = None) -> pa.Table:
    """Long history from lists; with ``end`` all series end in that month, else all start in January 2020."""
    rows = []
    for unique_id, values in series.items():
        start = 0 if end is None else end - len(values) + 1
        rows += [(unique_id, month(start + place), float(value)) for place, value in enumerate(values)]
    ids, months, ys = zip(*rows, strict=True)
    return pa.table(
        {"unique_id": pa.array(ids, pa.string()), "month": pa.array(months, pa.date32()), "y": pa.array(ys)}
    )


@pytest.fixture(scope="session")
def history() -> Callable[..., pa.Table]:
    """The builder of long histories."""
    return long_history


@pytest.fixture(scope="session")
def ragged() -> dict[str, list[float]]:
    """Twelve series of different lengths and kinds: seasonal, trending, flat, intermittent, shifting."""
    random = np.random.default_rng(11)
    series = {}
    for number in range(12):
        length = 30 + 3 * number
        t = np.arange(length)
        level = 50 * (1 + number)
        season = 1 + 0.4 * np.sin(2 * np.pi * (t + number) / 12) if number % 3 else 1
        trend = 1 + 0.01 * t * (number % 4 == 1)
        values = level * season * trend * np.exp(random.normal(0, 0.1, length))
        if number % 5 == 4:
            values = values * (random.random(length) < 0.4)
        series[f"S{number:02d}"] = [round(float(value), 2) for value in values]
    return series


@pytest.fixture(scope="session")
def families(ragged: dict[str, list[float]]) -> pa.Table:
    """Two families over the ragged series."""
    return pa.table({"unique_id": list(ragged), "family": [f"F{place % 2}" for place in range(len(ragged))]})
