"""What a forecast promises whatever the series: coherence, no look ahead, order and threads without effect, ranges."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.errors import BadInput

HORIZON = 6
Series = dict[str, list[float]]


@pytest.fixture(scope="module")
def result(history: Callable, ragged: Series, families: pa.Table) -> ForecastResult:
    return forecast(history(ragged, end=72), families, Settings(horizon=HORIZON))


def cells(table: pa.Table, *names: str) -> dict:
    return {tuple(row[name] for name in names): row for row in table.to_pylist()}


def test_parents_equal_their_children_to_the_last_unit(result: ForecastResult, families: pa.Table) -> None:
    family = dict(zip(families["unique_id"].to_pylist(), families["family"].to_pylist(), strict=True))
    rows = result.forecast.to_pylist()
    assert {row["approach"] for row in rows} == {
        "bottom_up",
        "middle_out",
        "reconciled",
        "top_down_average_proportions",
        "top_down_proportion_of_averages",
        "top_down_forecast_proportions",
    }
    sums: dict[tuple, Decimal] = {}
    for row in rows:
        if row["level"] == "product":
            for item in (family[row["item_id"]], "company"):
                key = (row["approach"], item, row["month"])
                sums[key] = sums.get(key, Decimal(0)) + row["mean"]
    parents = {(r["approach"], r["item_id"], r["month"]): r["mean"] for r in rows if r["level"] != "product"}
    assert parents == sums
    assert len(parents) == 6 * 3 * HORIZON


def test_top_down_keeps_the_top_forecast_and_middle_out_the_middle(result: ForecastResult) -> None:
    mean = {k: r["mean"] for k, r in cells(result.forecast, "approach", "item_id", "month").items()}
    tops = {key[0]: value for key, value in mean.items() if key[1] == "company" and key[2] == dt.date(2026, 2, 1)}
    top_down = [value for approach, value in tops.items() if approach.startswith("top_down")]
    assert max(top_down) == min(top_down)
    assert tops["bottom_up"] != top_down[0]


def test_historical_proportions_follow_their_formulas(history: Callable) -> None:
    """Gross and Sohl on the last year: mean of the shares, and share of the means."""
    random_numbers = np.random.default_rng(3)
    a, b = random_numbers.uniform(20, 80, 36).round(), random_numbers.uniform(100, 300, 36).round()
    found = forecast(history({"a": list(a), "b": list(b)}), settings=Settings(horizon=1))
    mean = {k: float(r["mean"]) for k, r in cells(found.forecast, "approach", "item_id").items()}
    a, b = a[-12:], b[-12:]
    for approach, share in (
        ("top_down_average_proportions", (a / (a + b)).mean()),
        ("top_down_proportion_of_averages", a.sum() / (a + b).sum()),
        ("top_down_forecast_proportions", mean["bottom_up", "a"] / mean["bottom_up", "company"]),
    ):
        assert mean[approach, "a"] / mean[approach, "company"] == pytest.approx(share, abs=1e-6)


def test_ranges_are_ordered_and_never_below_zero(result: ForecastResult) -> None:
    for row in result.forecast.to_pylist():
        assert Decimal(0) <= row["p10"] <= row["p50"] <= row["p90"]
        assert row["mean"] >= 0


def test_backtest_knows_nothing_after_its_origin(history: Callable, ragged: Series, families: pa.Table) -> None:
    """Months that came later, however different, change no forecast made before them."""
    changed = {name: values[:-4] + [value * 3 + 7 for value in values[-4:]] for name, values in ragged.items()}
    before = cells(
        forecast(history(ragged, end=72), families, Settings(horizon=HORIZON)).backtest,
        "approach",
        "item_id",
        "origin",
        "lag",
    )
    after = cells(
        forecast(history(changed, end=72), families, Settings(horizon=HORIZON)).backtest,
        "approach",
        "item_id",
        "origin",
        "lag",
    )
    changed_from = dt.date(2025, 10, 1)
    early = [key for key in before if key[2] <= changed_from]
    assert len(early) > 1000
    for key in early:
        assert before[key]["forecast"] == after[key]["forecast"], key
    assert any(before[key]["forecast"] != after[key]["forecast"] for key in before if key[2] > changed_from)


def test_backtest_holds_what_came(result: ForecastResult, ragged: Series) -> None:
    month_of = {"S03": 72 - len(ragged["S03"]) + 1}
    for row in result.backtest.to_pylist():
        if row["item_id"] == "S03":
            place = (row["month"].year - 2020) * 12 + row["month"].month - 1 - month_of["S03"]
            assert float(row["actual"]) == ragged["S03"][place]
            assert (
                row["lag"] == (row["month"].year - row["origin"].year) * 12 + row["month"].month - row["origin"].month
            )


def test_backtest_is_what_would_have_been_forecast(history: Callable, ragged: Series, families: pa.Table) -> None:
    """At a refit origin the backtest is, number for number, the forecast made from the shorter history."""
    back = 6
    long = forecast(history(ragged, end=72), families, Settings(horizon=HORIZON))
    short = forecast(
        history({name: values[:-back] for name, values in ragged.items()}, end=72 - back),
        families,
        Settings(horizon=HORIZON),
    )
    then = cells(short.forecast, "approach", "item_id", "month")
    origin = dt.date(2025, 8, 1)
    compared = [row for row in long.backtest.to_pylist() if row["origin"] == origin and row["approach"] == "bottom_up"]
    assert len(compared) == 15 * HORIZON
    for row in compared:
        assert row["forecast"] == then["bottom_up", row["item_id"], row["month"]]["mean"]


def test_order_of_rows_and_threads_do_not_matter(history: Callable, ragged: Series, families: pa.Table) -> None:
    table = history(ragged, end=72)
    order = list(range(table.num_rows))
    random.Random(5).shuffle(order)
    one = forecast(table, families, Settings(horizon=HORIZON), threads=1)
    two = forecast(
        table.take(order), families.take(list(reversed(range(len(ragged))))), Settings(horizon=HORIZON), threads=2
    )
    assert one.forecast.equals(two.forecast)
    assert one.backtest.equals(two.backtest)
    assert one.accuracy.equals(two.accuracy)


@pytest.mark.parametrize("lag", range(HORIZON))
def test_accuracy_follows_its_formulas_at_every_lag(result: ForecastResult, lag: int) -> None:
    rows = [
        row
        for row in result.backtest.to_pylist()
        if row["approach"] == "bottom_up" and row["level"] == "product" and row["lag"] == lag and row["is_judged"]
    ]
    error = np.array([float(row["forecast"] - row["actual"]) for row in rows])
    actual = np.array([float(row["actual"]) for row in rows])
    found = cells(result.accuracy, "approach", "item_id", "level", "lag")["bottom_up", "all", "product", lag]
    assert found["n"] == len(rows)
    assert found["wmape"] == pytest.approx(np.abs(error).sum() / np.abs(actual).sum())
    assert found["bias"] == pytest.approx(error.sum() / np.abs(actual).sum())
    assert found["tracking_signal"] == pytest.approx(error.sum() / np.abs(error).mean())


def test_seasonal_series_beat_the_naive(result: ForecastResult) -> None:
    found = cells(result.accuracy, "approach", "item_id", "level", "lag")
    for lag in range(HORIZON):
        assert found["bottom_up", "all", "company", lag]["mase"] < 1


def test_no_history_at_all_is_refused():
    empty = pa.table({"unique_id": [], "month": [], "y": []})
    with pytest.raises(BadInput, match="no history; needed one row"):
        forecast(empty, pa.table({"unique_id": pa.array([], pa.string())}))


def test_a_series_without_history_is_named(history: Callable) -> None:
    with pytest.raises(BadInput, match="no history for b"):
        forecast(history({"a": [1, 2, 3]}), pa.table({"unique_id": ["a", "b"]}), Settings(horizon=3))


def test_a_series_without_a_place_is_named(history: Callable) -> None:
    with pytest.raises(BadInput, match="no place in the hierarchy for b"):
        forecast(history({"a": [1, 2, 3], "b": [1, 2]}), pa.table({"unique_id": ["a"]}), Settings(horizon=3))


def test_short_history_borrows_the_familys_season(history: Callable, ragged: Series) -> None:
    """Fourteen months cannot show a season; the family's can."""
    t = np.arange(60)
    season = 1 + 0.5 * np.sin(2 * np.pi * t / 12)
    series = {f"old{k}": list(100 * (k + 1) * season) for k in range(3)} | {"young": list((40 * season)[-14:])}
    groups = pa.table({"unique_id": list(series), "family": ["one"] * 4})
    found = cells(
        forecast(history(series, end=60), groups, Settings(horizon=12)).forecast, "approach", "item_id", "month"
    )
    young = [float(row["mean"]) for key, row in found.items() if key[:2] == ("bottom_up", "young")]
    expected = 40 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(60, 72) / 12))
    assert young == pytest.approx(list(expected), rel=0.15)


def test_a_year_of_nothing_is_an_end(history: Callable) -> None:
    series = {"ended": [50.0] * 24 + [0.0] * 12, "alive": [20.0] * 36}
    found = cells(forecast(history(series), settings=Settings(horizon=3)).forecast, "approach", "item_id", "lag")
    assert found["bottom_up", "ended", 0]["mean"] == 0
    assert found["bottom_up", "alive", 2]["mean"] == 20


def test_the_model_named_is_the_one_that_forecast(history: Callable) -> None:
    monthly = [100.0, 110.0, 95.0, 105.0] * 9
    found = forecast(
        history({"often": monthly, "seldom": [0.0, 0.0, 0.0, 30.0, 0.0] * 7 + [0.0]}),
        settings=Settings(horizon=2),
        approaches=(),
    )
    named = {row["item_id"]: row["model"] for row in found.forecast.to_pylist()}
    assert named["often"] == "theta + steady_theta + damped"
    assert named["seldom"] == "tsb + ses"


@pytest.mark.parametrize("change", ["trend", "step"])
@pytest.mark.parametrize("seasonal", [True, False])
def test_two_years_show_a_season_but_neither_trend_nor_step_is_one(
    history: Callable, change: str, seasonal: bool
) -> None:
    """About its own line the path is the season that was there; a level that moved does not come back every year."""
    month = np.arange(24)
    moved = 1 + month / 36 if change == "trend" else np.where(month < 12, 1.0, 1.6)
    season = 1 + 0.4 * np.sin(2 * np.pi * month / 12) * seasonal
    noise = np.exp(np.random.default_rng(3).normal(0, 0.03, 24))
    values = (100 * moved * season * noise).tolist()
    found = forecast(history({"a": values}), settings=Settings(horizon=12), approaches=()).plan().to_pylist()
    mean = np.array([float(row["mean"]) for row in found if row["item_id"] == "a"])
    assert about_its_line(mean) == pytest.approx(about_its_line(season[:12]), abs=0.15 if seasonal else 0.03)


def about_its_line(values: np.ndarray) -> np.ndarray:
    """Logarithms less their least-squares line."""
    t, x = np.arange(len(values)), np.log(values)
    return np.asarray(x - np.polyval(np.polyfit(t, x, 1), t))


def test_demand_of_one_season_is_seasonal_and_not_intermittent(history: Callable) -> None:
    """Goods sold from November to February alone are forecast for those months, and next to nothing between."""
    size = np.random.default_rng(5).uniform(80, 120, 48)
    sold = np.where(np.isin(np.arange(48) % 12, (0, 1, 10, 11)), size, 0.0)
    found = (
        forecast(history({"a": sold[:36].tolist()}), settings=Settings(horizon=12), approaches=()).plan().to_pylist()
    )
    mean = np.array([float(row["mean"]) for row in found if row["item_id"] == "a"])
    assert np.abs(mean - sold[36:]).sum() / sold[36:].sum() < 0.25


def test_a_series_that_begins_late_has_its_share_of_the_months_it_was_there(history: Callable) -> None:
    """Half of the last two months and none before are more than an eleventh of the year's average."""
    given = history({"old": [100.0] * 24, "new": [100.0] * 2}, end=24)
    found = (
        forecast(given, settings=Settings(horizon=1, proportions="average_proportions"), approach="top_down")
        .plan()
        .to_pylist()
    )
    mean = {row["item_id"]: float(row["mean"]) for row in found}
    old = (10 + 2 * 0.5) / 12
    assert mean["new"] / mean["company"] == pytest.approx(0.5 / (0.5 + old), abs=1e-4)


def test_a_forecast_too_large_to_keep_is_refused_by_name(history: Callable) -> None:
    with pytest.raises(BadInput, match="runaway"):
        forecast(
            history({"runaway": [2.0**month for month in range(40)], "tame": [5.0] * 40}), settings=Settings(horizon=60)
        )
