"""Engine ``accurate`` as a whole: no look ahead, no effect of order or threads, fallbacks recorded, and auto's rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.libraries import SLOW_MODELS, SlowModel
from sop_pipeline.demand.forecast.notes import rows
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.errors import BadInput
from sop_pipeline.language.demand import note_words

HORIZON = 4
Series = dict[str, list[float]]


@pytest.fixture(scope="module")
def many() -> Series:
    """Forty positive seasonal series of 44 to 47 months, and one each of awkward kinds."""
    random = np.random.default_rng(5)
    found: Series = {}
    for number in range(40):
        t = np.arange(44 + number % 4)
        season = 1 + 0.3 * np.sin(2 * np.pi * (t - t[-1] + number % 3) / 12)
        noise = np.exp(np.cumsum(random.normal(0, 0.03, len(t))) + random.normal(0, 0.08, len(t)))
        found[f"S{number:02d}"] = [round(float(value), 2) for value in 40 * (number + 1) * season * noise]
    found["zeros"] = [0.0] * 46
    found["gaps"] = [8.0 * (place % 5 == 3) for place in range(46)]
    found["holes"] = [20.0 * (place % 7 > 0) for place in range(46)]
    found["negative"] = [30.0 - 50.0 * (place % 9 == 4) for place in range(46)]
    found["huge"] = [1e12 * value / 1000 for value in found["S20"]]
    found["short"] = found["S07"][-9:]
    found["ended"] = [*found["S09"][:-13], *[0.0] * 13]
    return found


def accurate(history: Callable, series: Series, **options: Any) -> ForecastResult:
    settings = Settings(**{"horizon": HORIZON, "engine": "accurate", **options})
    return forecast(history(series, end=60), settings=settings, approaches=())


@pytest.fixture(scope="module")
def result(history: Callable, many: Series) -> ForecastResult:
    return accurate(history, many)


def kinds(result: ForecastResult) -> list[str]:
    return [note.note for note in result.notes]


def test_an_unknown_engine_is_refused(history: Callable) -> None:
    with pytest.raises(BadInput, match="'magic'"):
        accurate(history, {"a": [1.0] * 12}, engine="magic")


def test_every_shape_is_finite_and_not_negative_where_history_is_not(result: ForecastResult, many: Series) -> None:
    rows = result.forecast.to_pylist()
    assert len(rows) == HORIZON * (len(many) + 1)
    for row in rows:
        assert all(math.isfinite(row[name]) for name in ("mean", "p10", "p50", "p90"))
        if row["item_id"] not in ("negative", "company"):
            assert row["mean"] >= 0
    assert {row["mean"] for row in rows if row["item_id"] in ("zeros", "ended")} == {0}


def test_the_model_column_says_what_each_item_is_made_of(result: ForecastResult) -> None:
    models = {row["item_id"]: row["model"] for row in result.forecast.to_pylist()}
    assert "global boosting" in models["S03"]
    for left_out in ("zeros", "gaps", "short", "ended"):
        assert "global boosting" not in models[left_out]
    assert sum(note.share or 0 for note in result.notes if note.note == "member") == pytest.approx(1)
    assert {"slow_passed", "slow_none"} & set(kinds(result))
    assert note_words(rows(result.notes))[0].startswith("engine accurate: ")


def test_backtest_knows_nothing_after_its_origin(history: Callable, many: Series, result: ForecastResult) -> None:
    """Months that came later, however different, change no forecast made before them: no weight, scale or tree."""
    changed = {name: values[:-4] + [value * 3 + 7 for value in values[-4:]] for name, values in many.items()}
    before, after = (
        {(r["item_id"], r["origin"], r["lag"]): r["forecast"] for r in found.backtest.to_pylist()}
        for found in (result, accurate(history, changed))
    )
    origins = sorted({origin for _, origin, _ in before})
    early = [key for key in before if key[1] <= origins[-4]]
    assert len(early) > 1000
    assert [key for key in early if before[key] != after[key]] == []
    assert any(before[key] != after[key] for key in before if key[1] == origins[-1])


def test_order_of_rows_and_threads_change_nothing(history: Callable, many: Series, result: ForecastResult) -> None:
    table = history(many, end=60)
    shuffled = table.take(np.random.default_rng(0).permutation(table.num_rows))
    again = forecast(shuffled, settings=Settings(horizon=HORIZON, engine="accurate"), approaches=(), threads=1)
    assert again.forecast.equals(result.forecast)
    assert again.backtest.equals(result.backtest)
    assert again.notes == result.notes


def test_backtest_is_combined_too(history: Callable, many: Series, result: ForecastResult) -> None:
    fast = forecast(history(many, end=60), settings=Settings(horizon=HORIZON), approaches=())
    assert not fast.backtest["forecast"].equals(result.backtest["forecast"])
    assert fast.backtest["actual"].equals(result.backtest["actual"])


def test_combined_forecasts_are_reconciled(history: Callable, many: Series) -> None:
    few = {name: many[name] for name in ("S00", "S01", "S02")}
    settings = Settings(horizon=HORIZON, engine="accurate")
    rows = forecast(history(few, end=60), settings=settings, approach="reconciled", approaches=()).plan().to_pylist()
    for lag in range(HORIZON):
        parts = [row["mean"] for row in rows if row["lag"] == lag and row["level"] == "product"]
        (total,) = [row["mean"] for row in rows if row["lag"] == lag and row["level"] == "company"]
        assert len(parts) == 3
        assert sum(parts) == total


def test_too_few_series_leave_the_global_model_out(history: Callable, many: Series) -> None:
    few = {name: many[name] for name in ("S00", "S01", "S02")}
    found = accurate(history, few)
    left_out = next(note for note in found.notes if note.note == "global_too_small")
    assert (left_out.models, left_out.series) == (("global boosting",), 4)
    fast = forecast(history(few, end=60), settings=Settings(horizon=HORIZON), approaches=())
    assert found.forecast["mean"].equals(fast.forecast["mean"])
    assert found.forecast["model"].equals(fast.forecast["model"])


def test_a_fit_that_raises_leaves_the_others_alone(history: Callable, many: Series) -> None:
    class Level:
        """A cheap model; series of 44 months are more than it can take."""

        def forecast(self, y: np.ndarray, h: int) -> dict[str, np.ndarray]:
            if len(y) == 44:
                raise RuntimeError("no convergence")
            return {"mean": np.full(h, y[-3:].mean())}

    models = tuple(SlowModel(model.name, lambda _: Level()) for model in SLOW_MODELS)
    found = accurate(history, many, slow_models=models, screen_errors=-1e9)
    made_of = {row["item_id"]: row["model"] for row in found.forecast.to_pylist()}
    assert made_of["S01"].endswith("DynamicOptimizedTheta + AutoCES + AutoETS")
    assert "Auto" not in made_of["S00"]
    assert "global boosting" in made_of["S00"]
    failed = next(note for note in found.notes if note.note == "slow_failed" and note.models == ("AutoETS",))
    assert (failed.items, failed.names[:2]) == (11, ("S00", "S04"))
    assert "AutoETS failed for 11 items, which keep the other models: S00, S04" in " ".join(
        note_words(rows(found.notes))
    )
    assert np.isfinite(found.forecast["mean"].cast(pa.float64()).to_numpy()).all()


def test_libraries_that_cannot_run_leave_the_models_without_one(history: Callable, many: Series) -> None:
    def broken(*_: object) -> Any:
        raise ImportError("no such library")

    models = tuple(SlowModel(model.name, broken) for model in SLOW_MODELS)
    found = accurate(history, many, slow_models=models, train_trees=broken)
    made_of = {row["item_id"]: row["model"] for row in found.forecast.to_pylist()}
    assert made_of["S01"] == "theta + steady_theta + damped + global autoregression"
    by_kind = {note.note: note for note in found.notes}
    assert by_kind["training_failed"].message == "ImportError: no such library"
    assert by_kind["slow_failed_all"].models == ("DynamicOptimizedTheta", "AutoCES", "AutoETS")


def test_auto_takes_the_best_engine_of_its_budget(history: Callable, many: Series, result: ForecastResult) -> None:
    auto = accurate(history, many, engine="auto", affordable_seconds=0.1)
    fast = accurate(history, many, engine="fast")
    assert kinds(auto)[:2] == ["auto_fast", "auto_next"]
    note, following = auto.notes[:2]
    assert note.seconds is not None
    assert note.most_seconds == 0.1 < note.seconds == following.seconds
    assert following.models == ("accurate",)
    assert auto.forecast.equals(fast.forecast)
    assert fast.notes == ()
    auto = accurate(history, many, engine="auto", affordable_seconds=20.0)
    assert kinds(auto)[:2] == ["auto_accurate", "auto_next"]
    assert auto.notes[1].models == ("thorough",)
    assert "thorough would take an estimated" in " ".join(note_words(rows(auto.notes)))
    assert auto.forecast.equals(result.forecast)


@pytest.mark.slow
def test_thorough_fits_seasons_and_repeats_itself_whatever_the_order(history: Callable, many: Series) -> None:
    table = history(many, end=60)
    settings = Settings(horizon=HORIZON, engine="thorough", origins=6)
    one = forecast(table, settings=settings, approaches=(), threads=2)
    shuffled = table.take(np.random.default_rng(1).permutation(table.num_rows))
    other = forecast(shuffled, settings=settings, approaches=(), threads=1)
    assert one.forecast.equals(other.forecast)
    assert one.backtest.equals(other.backtest)
    tried = {model for note in one.notes if note.note in ("slow_passed", "slow_no_better") for model in note.models}
    assert tried == {"AutoCES", "DynamicOptimizedTheta", "AutoETS"}
    auto = accurate(history, many, engine="auto", affordable_seconds=600.0, origins=6)
    assert kinds(auto)[0] == "auto_thorough"
    assert auto.forecast.equals(one.forecast)


def test_quarters(history: Callable, many: Series) -> None:
    table = history(many, end=60)
    quarterly = table.filter(pa.array([month.month % 3 == 1 for month in table["month"].to_pylist()]))
    found = forecast(quarterly, settings=Settings(horizon=HORIZON, freq="Q", engine="accurate"), approaches=())
    assert found.forecast.num_rows == HORIZON * (len(many) + 1)
    assert np.isfinite(found.forecast["mean"].cast(pa.float64()).to_numpy()).all()


@pytest.mark.parametrize("length", [1, 2, 5, 11, 12, 13, 23, 24])
def test_short_histories_of_many_series(history: Callable, many: Series, length: int) -> None:
    found = accurate(history, {name: values[-length:] for name, values in many.items() if name != "short"}, origins=3)
    assert np.isfinite(found.forecast["mean"].cast(pa.float64()).to_numpy()).all()
