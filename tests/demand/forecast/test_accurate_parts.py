"""The parts of engine ``accurate``: weights from past errors, the screen, what is known when, and single fits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline.demand.forecast.accurate import cost
from sop_pipeline.demand.forecast.accurate.combination import (
    PRIOR_PERIODS,
    combine,
    moments_by_period,
    scaled_errors,
    simplex_weights,
    weights_by_origin,
)
from sop_pipeline.demand.forecast.accurate.features import Features
from sop_pipeline.demand.forecast.accurate.panel import Panel, scale
from sop_pipeline.demand.forecast.accurate.screen import helps, pilot
from sop_pipeline.demand.forecast.accurate.slow_models import Profiles, fit
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.libraries import SlowModel
from sop_pipeline.demand.forecast.settings import Settings

MANY = 1e9


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([[1.0, 0.0], [0.0, 1.0]], [0.5, 0.5]),
        ([[1.0, 0.0], [0.0, 3.0]], [0.75, 0.25]),
        ([[1.0, 1.5], [1.5, 4.0]], [1.0, 0.0]),
        ([[2.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 1.5]], [0.25, 0.25, 0.5]),
        ([[0.0, 0.0], [0.0, 0.0]], [0.5, 0.5]),
    ],
)
def test_weights_are_the_optimum_on_the_simplex(moments: list[list[float]], expected: list[float]) -> None:
    assert simplex_weights(np.array(moments), MANY) == pytest.approx(expected, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 5), st.integers(0, 10_000))
def test_no_other_weights_do_better(models: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    errors = random.normal(size=(models, 30)) + random.normal(size=30)
    moments = errors @ errors.T
    weights = simplex_weights(moments, MANY)
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= 0
    for other in random.dirichlet(np.ones(models), 50):
        assert weights @ moments @ weights <= other @ moments @ other * (1 + 1e-6)


def test_few_periods_draw_weights_to_equal_shares() -> None:
    moments = np.diag([1.0, 3.0])
    assert simplex_weights(moments, 0) == pytest.approx([0.5, 0.5])
    assert simplex_weights(moments, PRIOR_PERIODS) == pytest.approx([0.625, 0.375])


def test_an_origin_is_weighed_by_earlier_periods_alone() -> None:
    random = np.random.default_rng(1)
    errors, periods = random.normal(size=(2, 60)), np.repeat(np.arange(6), 10)
    before = weights_by_origin(moments_by_period(errors, periods, 6))
    errors[1, periods >= 4] *= 20
    after = weights_by_origin(moments_by_period(errors, periods, 6))
    assert before[0] == pytest.approx([0.5, 0.5])
    assert (before[:5] == after[:5]).all()
    assert (before[5:] != after[5:]).all()


def test_errors_without_a_scale_or_a_model_do_not_count_and_the_wildest_count_little() -> None:
    found = scaled_errors(np.array([[1.0, 2.0, 9e9], [1.0, np.nan, 1.0]]), np.zeros(3), np.array([0.0, 1.0, 1.0]))
    assert np.isnan(found[:, :2]).all()
    assert found[:, 2].tolist() == [4.0, 1.0]


def test_a_missing_model_leaves_its_share_to_the_others() -> None:
    forecasts = np.array([[10.0, 10.0, np.nan], [20.0, np.nan, np.nan], [40.0, 40.0, np.nan]])
    mean = combine(forecasts, np.array([0.5, 0.25, 0.25])[:, None])
    assert mean[:2].tolist() == [20.0, 20.0]
    assert np.isnan(mean[2])


def test_the_screen_takes_a_model_that_helps_everywhere_and_no_other() -> None:
    random = np.random.default_rng(2)
    series = np.repeat(np.arange(20), 6)
    combined = random.normal(1, 0.3, 120)
    assert helps(combined, combined - 1, series, 1 / 3, 2.0)
    assert not helps(combined, combined + random.normal(0, 2, 120), series, 1 / 3, 2.0)
    assert not helps(combined[:30], combined[:30] - 1, series[:30], 1 / 3, 2.0)


def test_the_pilot_is_spread_over_the_list() -> None:
    found = pilot(np.arange(1000), 24)
    assert len(found) == len(set(found)) == 24
    assert (found[0], found[-1]) == (0, 999)
    assert pilot(np.arange(5), 24).tolist() == [0, 1, 2, 3, 4]


@pytest.fixture
def panel() -> Panel:
    """Positive, with zeros, intermittent, all zero, short, negative, ended."""
    random = np.random.default_rng(3)
    y = random.uniform(50, 150, (7, 40)).round()
    y[1, ::5] = 0
    y[2] = np.where(np.arange(40) % 4 == 2, 6, 0)
    y[3] = 0
    y[4, :32] = np.nan
    y[5, 7] = -30
    y[6, 26:] = 0
    return Panel(np.arange(7), y, start=24_000)


def test_regular_are_dense_series_with_a_season_that_have_not_ended(panel: Panel) -> None:
    seen = scale(panel, 40, 40, 12)
    assert seen.regular.tolist() == [True, True, False, False, False, True, False]
    assert seen.in_logs.tolist() == [True, False, False, False, True, False, False]


def test_scaling_and_features_know_nothing_after_the_cut_off_or_origin(panel: Panel) -> None:
    changed = Panel(panel.node_ids, panel.y.copy(), panel.start)
    changed.y[:, 30:] = changed.y[:, 30:] * 7 + 1
    one, other = (scale(each, 30, 36, 12) for each in (panel, changed))
    np.testing.assert_array_equal(one.x[:, :30], other.x[:, :30])
    np.testing.assert_array_equal(one.unit, other.unit)
    rows, origins = np.array([0, 1, 5, 0]), np.array([30, 30, 29, 25])
    lags = np.tile(np.arange(10), (4, 1))
    before, after = (Features(each, panel.start, 12).table(rows, origins, lags) for each in (one, other))
    np.testing.assert_array_equal(before.values, after.values)
    np.testing.assert_array_equal(before.levels, after.levels)
    late = [Features(each, panel.start, 12).table(rows, origins + 3, lags).values for each in (one, other)]
    assert (np.nan_to_num(late[0]) != np.nan_to_num(late[1])).any()


def test_restoring_undoes_scaling_and_stays_in_bounds(panel: Panel) -> None:
    seen = scale(panel, 40, 40, 12)
    rows = np.array([0, 1, 5])
    np.testing.assert_allclose(seen.restore(rows, seen.x[rows]), panel.y[rows], atol=1e-9)
    wild = seen.restore(rows, np.array([[-50.0, 50.0]] * 3))
    assert np.isfinite(wild).all()
    assert (wild[:2] >= 0).all()
    assert wild[2, 0] < 0


@pytest.mark.parametrize("path", [[np.nan, 1.0], [-1.0, 1.0], [1e9, 1.0]])
def test_a_path_that_cannot_be_is_a_failed_fit(path: list[float]) -> None:
    class Wild:
        def forecast(self, y: np.ndarray, h: int) -> dict[str, np.ndarray]:
            return {"mean": np.array(path)}

    panel = Panel(np.array([0]), np.full((1, 30), 9.0), start=24_000)
    assert fit(SlowModel("wild", lambda _: Wild()), panel, 0, 30, Profiles({0: [(24, [0.0] * 12)]}), 2) is None
    assert fit(SlowModel("wild", lambda _: Wild()), panel, 0, 30, Profiles({0: [(31, [0.0] * 12)]}), 2) is None


def test_a_fit_puts_the_known_profile_back() -> None:
    class Mean:
        def forecast(self, y: np.ndarray, h: int) -> dict[str, np.ndarray]:
            assert np.ptp(y) < 1e-9
            return {"mean": np.full(h, y.mean())}

    profile = np.linspace(-0.3, 0.3, 12)
    y = 50 * np.exp(profile[(24_005 + np.arange(36)) % 12])
    panel = Panel(np.array([0]), y[None, :30], start=24_005)
    found = fit(SlowModel("mean", lambda _: Mean()), panel, 0, 30, Profiles({0: [(24, list(profile))]}), 6)
    assert found is not None
    np.testing.assert_allclose(found, y[30:])


@pytest.mark.parametrize("engine", ["accurate", "thorough"])
def test_cost_grows_with_everything_asked_for(engine: str) -> None:
    base = cost.estimated_seconds(engine, 1000, 90_000, 3)
    for more in ((2000, 90_000, 3), (1000, 180_000, 3), (1000, 90_000, 4)):
        assert cost.estimated_seconds(engine, *more) > base
    assert cost.estimated_seconds("fast", 1000, 90_000, 3) == 0
    assert cost.estimated_seconds(engine, 30_000, 9_400_000, 3) > Settings().affordable_seconds


@pytest.mark.slow
def test_models_made_for_the_data_pass_the_screen(history: Callable) -> None:
    """Straight lines with little noise: a damped trend falls short of them, AutoETS does not."""
    random = np.random.default_rng(8)
    t = np.arange(60)
    series = {
        f"L{number:02d}": list((200 + number * 10 + random.uniform(-3, 8) * t + random.normal(0, 0.4, 60)).round(2))
        for number in range(40)
    }
    found = forecast(history(series, end=70), settings=Settings(horizon=12, engine="accurate"), approaches=())
    assert any(note.note == "slow_passed" for note in found.notes), found.notes
