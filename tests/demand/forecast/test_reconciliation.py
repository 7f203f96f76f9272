"""Minimum trace against the textbook projection, and against what it must never do."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from sop_pipeline import sql
from sop_pipeline.demand.forecast.choice import choose
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.reconciliation import Tree, error_covariance, projection, shrunk_covariance
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.errors import BadInput


@pytest.mark.parametrize("full", [True, False])
def test_projection_is_the_textbook_one(full: bool) -> None:
    """W C' (C W C')^-1 C leaves what S (S' W^-1 S)^-1 S' W^-1 gives (Wickramasuriya et al. 2019)."""
    random = np.random.default_rng(4)
    members = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1]], dtype=float)
    summing = np.vstack([members, np.eye(4)])
    half = random.normal(size=(7, 7))
    covariance = half @ half.T + np.eye(7)
    variance = covariance if full else np.diag(covariance).copy()
    inverse = np.linalg.inv(covariance if full else np.diag(variance))
    base = random.uniform(10, 100, 7)
    expected = summing @ np.linalg.solve(summing.T @ inverse @ summing, summing.T @ inverse @ base)
    step = projection(Tree(7, 3, members), variance, np.ones(4, dtype=bool))
    found = base - step @ (base[:3] - members @ base[3:])
    assert found == pytest.approx(expected)


def test_shrinkage_keeps_variances_and_weakens_correlations() -> None:
    random = np.random.default_rng(5)
    common = random.normal(size=(40, 1))
    errors = common + random.normal(size=(40, 6))
    variance = (errors**2).mean(axis=0)
    shrunk = shrunk_covariance(errors, variance)
    sample = errors.T @ errors / len(errors)
    assert np.diag(shrunk) == pytest.approx(variance)
    apart = ~np.eye(6, dtype=bool)
    assert (np.abs(shrunk[apart]) < np.abs(sample[apart]) + 1e-12).all()
    assert (np.sign(shrunk[apart]) == np.sign(sample[apart])).all()
    assert np.linalg.eigvalsh(shrunk).min() > 0


@pytest.mark.parametrize("periods", [5, 40])
def test_variance_of_aggregates_counts_more_and_correlations_stay(periods: int) -> None:
    """As a vector (too few common errors) and as a matrix, four times the variance is twice the deviation."""
    random = np.random.default_rng(6)
    errors = random.normal(size=(periods, 3)) @ np.array([[2.0, 1, 1], [0, 1, 0], [0, 0, 1]])
    node, period = (place.ravel() for place in np.meshgrid(range(3), range(periods)))
    columns = {"node_id": node, "period": period, "residual": errors.ravel(), "run": [0] * len(node)}
    residuals = pa.Table.from_pydict(columns)
    tree = Tree(3, 1, np.ones((1, 2)))
    with sql.session({"run_residuals": residuals}) as connection:
        once, fourfold = (error_covariance(connection, 0, tree, times) for times in (1.0, 4.0))
    factor = np.array([2.0, 1, 1])
    assert fourfold == pytest.approx(once * (factor**2 if once.ndim == 1 else np.outer(factor, factor)))
    assert once.ndim == (1 if periods == 5 else 2)


def test_reconciled_is_never_under_the_floor() -> None:
    """A series that was never negative stays so, another may be."""
    keys = {"leaf_id": [1, 2, 3], "run": [0, 0, 0], "period": [5, 5, 5]}
    tables = {"minimum_trace": pa.table({**keys, "mean": [10.0, -9.0, -9.0]})}
    tables["series_floor"] = pa.table({"node_id": [1, 2, 3], "floor": pa.array([0.0, 0.0, None])})
    found = sql.query("demand/forecast/reconciled", tables).to_pylist()
    mean = {row["leaf_id"]: row["mean"] for row in found}
    assert mean == {1: Decimal(10), 2: Decimal(0), 3: Decimal(-9)}


def test_reconciled_adds_up_and_stays_above_zero(
    history: Callable, ragged: dict[str, list[float]], families: pa.Table
) -> None:
    found = forecast(history(ragged, end=72), families, Settings(horizon=4), approach="reconciled").plan().to_pylist()
    for lag in range(4):
        mean = {row["item_id"]: row["mean"] for row in found if row["lag"] == lag}
        series = [mean[name] for name in ragged]
        assert mean["company"] == sum(series) == mean["F0"] + mean["F1"]
        assert min(series) >= Decimal(0)


def test_auto_takes_the_least_error_and_says_so(
    history: Callable, ragged: dict[str, list[float]], families: pa.Table
) -> None:
    found = forecast(history(ragged, end=72), families, Settings(horizon=4), approach="auto")
    rows = found.approaches.to_pylist()
    least = min(rows, key=lambda row: row["wmape"])
    assert found.chosen == least["approach"]
    assert [row["approach"] for row in rows if row["chosen"]] == [found.chosen]
    assert least["reason"].startswith(f"Least backtest error: WMAPE {least['wmape']:.1%}")


def test_choice_without_a_backtest_is_the_first() -> None:
    nothing = pa.table({"approach": pa.array([], pa.string()), "wmape": [], "bias": [], "origins": []})
    chosen, rows = choose("auto", ["bottom_up", "reconciled"], nothing)
    assert chosen == "bottom_up"
    assert "too short" in rows["reason"][0].as_py()


def test_an_unknown_approach_is_refused(history: Callable) -> None:
    with pytest.raises(BadInput, match="'sideways'"):
        forecast(history({"a": [1.0] * 12}), settings=Settings(horizon=2), approach="sideways")
