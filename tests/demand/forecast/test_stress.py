"""Every length of history with every shape of demand: finite, coherent, not negative where forbidden, no abort."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.settings import Settings
from tests.thrift import few_fast

LENGTHS = (1, 2, 5, 6, 11, 12, 13, 23, 24, 36)


def shapes(length: int) -> dict[str, list[float]]:
    t = np.arange(length)
    noise = np.random.default_rng(length).uniform(0.5, 1.5, length)
    return {
        "all_zero": [0.0] * length,
        "constant": [7.0] * length,
        "one_spike": [900.0 if i == length // 2 else 0.0 for i in t],
        "step": [10.0 if i < length / 2 else 100.0 for i in t],
        "intermittent": [5.0 if i % 4 == 1 else 0.0 for i in t],
        "negative_months": [20.0 - 45.0 * (i % 5 == 2) for i in t],
        "huge": list(1e12 * noise),
        "tiny": list(1e-4 * noise.round(2)),
        "trailing_zeros": [30.0 if i < length / 2 else 0.0 for i in t],
        "noise": list(50 * noise),
        "gaps": list(40 * noise),
    }


def with_gaps(table: pa.Table) -> pa.Table:
    """The history without every second inner row of ``gaps``; months without a row count as zero."""
    ids = table["unique_id"].to_pylist()
    inner = [name == "gaps" and other == "gaps" for name, other in zip(ids, [*ids[1:], None], strict=True)]
    return table.filter([not (is_inner and place % 2) for place, is_inner in enumerate(inner)])


@pytest.mark.parametrize("length", few_fast(LENGTHS, 5))
def test_any_length_and_shape(history: Callable, length: int) -> None:
    series = shapes(length)
    found = forecast(with_gaps(history(series)), settings=Settings(horizon=13, origins=6))
    sums: dict[tuple, Decimal] = {}
    tops: dict[tuple, Decimal] = {}
    for row in found.forecast.to_pylist():
        for quantity in ("mean", "p10", "p50", "p90"):
            assert row[quantity] is not None
            assert math.isfinite(row[quantity])
        assert row["p10"] <= row["p50"] <= row["p90"]
        key = (row["approach"], row["month"])
        if row["level"] == "product":
            sums[key] = sums.get(key, Decimal(0)) + row["mean"]
            if row["item_id"] != "negative_months":
                assert row["mean"] >= 0
                assert row["p10"] >= 0
            if row["approach"] == "bottom_up":
                assert abs(row["mean"]) <= 3 * max(abs(value) for value in series[row["item_id"]]) + 1
        else:
            tops[key] = row["mean"]
    assert tops == sums
    assert len(tops) == 5 * 13
    assert found.forecast.num_rows == 5 * 13 * (len(series) + 1)
    for row in found.accuracy.to_pylist():
        assert all(row[name] is None or math.isfinite(row[name]) for name in ("wmape", "bias", "mase", "smape"))


def test_all_lengths_together_in_one_hierarchy(history: Callable) -> None:
    series = {f"{name}-{length}": values for length in LENGTHS for name, values in shapes(length).items()}
    found = forecast(history(series, end=40), settings=Settings(horizon=4))
    assert found.forecast.num_rows == 5 * 4 * (len(series) + 1)
    assert np.isfinite(found.forecast["mean"].cast(pa.float64()).to_numpy()).all()


@pytest.mark.parametrize("origins", [0, 1, 3])
def test_few_origins_give_quantiles_in_order(history: Callable, origins: int) -> None:
    """Fewer errors than a P90 needs: the range may shrink to the mean, never turn over or be missing."""
    found = forecast(history(shapes(13)), settings=Settings(horizon=3, origins=origins))
    for row in found.forecast.to_pylist():
        assert row["p10"] <= row["p50"] <= row["p90"]
        if origins == 0:
            assert float(row["p10"]) == pytest.approx(float(row["mean"])) == float(row["p90"])


def test_gaps_inside_a_series_count_as_zero(history: Callable) -> None:
    table = history({"a": [10.0] * 25})
    found = forecast(table.filter([i % 2 == 0 for i in range(25)]), settings=Settings(horizon=2))
    mean = [float(row["mean"]) for row in found.plan().to_pylist() if row["level"] == "product"]
    assert mean == pytest.approx([0, 10]), "every other month, as the gaps are"
