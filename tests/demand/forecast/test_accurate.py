"""Engine ``accurate``: the backtest decides the slower model's share, and no series can stop the batch."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pytest

from sop_pipeline.demand import forecast_accurate
from sop_pipeline.demand.forecast import forecast
from sop_pipeline.errors import BadInput


@pytest.mark.parametrize(
    ("errors", "decision"),
    [
        ({"compared": 10, "fast": 8.0, "both": 9.0, "rival": 10.0}, "fast"),
        ({"compared": 10, "fast": 8.0, "both": 7.0, "rival": 7.5}, "both"),
        ({"compared": 10, "fast": 8.0, "both": 7.0, "rival": 6.5}, "rival"),
        ({"compared": 10, "fast": 8.0, "both": 8.0, "rival": 8.0}, "fast"),
        ({"compared": 0, "fast": None, "both": None, "rival": None}, "both"),
    ],
)
def test_the_least_backtest_error_decides(errors: dict, decision: str) -> None:
    assert forecast_accurate._decide(errors, 0)[0] == decision


def test_an_unknown_engine_is_refused(history: Callable) -> None:
    with pytest.raises(BadInput, match="'magic'"):
        forecast(history({"a": [1.0] * 12}), horizon=2, engine="magic")


def test_auto_stays_fast_when_too_much_is_asked(
    history: Callable, ragged: dict[str, list[float]], families: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast_accurate, "AFFORDABLE_FITS", 3)
    auto = forecast(history(ragged, end=72), families, horizon=3, engine="auto", approaches=())
    fast = forecast(history(ragged, end=72), families, horizon=3, approaches=())
    assert "engine auto: fast" in auto.notes[0]
    assert auto.forecast.equals(fast.forecast)


@pytest.mark.slow
def test_accurate_says_what_it_did_and_survives_a_failing_model(
    history: Callable, ragged: dict[str, list[float]], families: pa.Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = pytest.importorskip("statsforecast.models")
    table = history(ragged, end=72)
    found = forecast(table, families, horizon=3, engine="accurate", approaches=())
    assert found.notes[0].startswith("engine accurate: ")
    assert found.forecast.num_rows == 15 * 3

    def broken(*_: object) -> None:
        raise RuntimeError("no convergence")

    monkeypatch.setattr(models.DynamicOptimizedTheta, "forecast", broken)
    fallen = forecast(table, families, horizon=3, engine="accurate", approaches=())
    fast = forecast(table, families, horizon=3, approaches=())
    assert any("keep the fast forecast" in note for note in fallen.notes)
    assert fallen.forecast["mean"].equals(fast.forecast["mean"])
