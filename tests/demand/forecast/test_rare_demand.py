"""The median of intermittent demand: a quantile of its own past, chosen by absolute errors over all such series."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.rare_demand import _quantile
from sop_pipeline.demand.forecast.settings import Settings


@pytest.mark.parametrize(
    ("quantile", "expected"), [(0.5, [0.0, 3.0]), (0.3, [0.0, 3.0]), (0.7, [4.0, 3.0]), (0.95, [9.0, 3.0])]
)
def test_a_quantile_of_unknown_and_known_periods(quantile: float, expected: list[float]) -> None:
    known = np.array([[9.0, 0.0, 0.0, 0.0, 4.0, 4.0], [np.nan, np.nan, np.nan, np.nan, np.nan, 3.0]])
    assert _quantile(known, quantile, 0.0).tolist() == expected


def test_recent_periods_count_more() -> None:
    falling = np.array([[5.0] * 6 + [0.0] * 4])
    assert _quantile(falling, 0.5, 0.0).tolist() == [5.0]
    assert _quantile(falling, 0.5, 0.2).tolist() == [0.0]


def medians(history: Callable, series: dict[str, list[float]], **options: object) -> dict[str, float]:
    plan = forecast(history(series, end=60), settings=Settings(horizon=3, **options), approaches=()).plan()  # type: ignore[arg-type]
    return {row["item_id"]: float(row["p50"]) for row in plan.to_pylist() if row["lag"] == 0}


def test_demand_that_is_nothing_in_most_months_has_a_median_of_nothing(history: Callable) -> None:
    """Its rate is no median: the mean of 30 every third month is 10, half of all months and more are nothing."""
    random = np.random.default_rng(4)
    series = {f"R{number:02d}": list(30.0 * (random.random(48) < 0.33)) for number in range(20)}
    found = medians(history, series)
    assert {found[name] for name in series} == {0.0}


def test_demand_in_most_months_has_the_size_of_one_for_its_median(history: Callable) -> None:
    """Seven months in ten have 40: the level of a half is not lost to lower ones, as it has the least errors."""
    random = np.random.default_rng(6)
    series = {f"R{number:02d}": list(40.0 * (random.random(60) < 0.7)) for number in range(30)}
    found = medians(history, series)
    assert np.median([found[name] for name in series]) == 40


def test_p50_lies_between_p10_and_p90_for_every_approach(history: Callable, ragged: dict[str, list[float]]) -> None:
    found = forecast(history(ragged, end=70), settings=Settings(horizon=6)).forecast.to_pylist()
    assert len({row["approach"] for row in found}) > 3
    assert all(row["p10"] <= row["p50"] <= row["p90"] for row in found)
