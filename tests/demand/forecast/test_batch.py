"""A batch is a pure function: however the series are cut and whoever runs the batches, every number is the same."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sop_pipeline import sql, tables
from sop_pipeline.demand.forecast.base import cut, lenders
from sop_pipeline.demand.forecast.batch import PROFILES, family_profiles, forecast_batch, own_profiles
from sop_pipeline.demand.forecast.hierarchy import COMPANY, ancestry
from sop_pipeline.demand.forecast.nodes import make_nodes
from sop_pipeline.demand.forecast.settings import Settings

SETTINGS = Settings(horizon=6, origins=7, residuals=True)
ORDER: list[tuple[str, Literal["ascending", "descending"]]] = [
    ("parent_id", "ascending"),
    ("known_period", "ascending"),
]


@pytest.fixture(scope="module")
def nodes(history: Callable, ragged: dict[str, list[float]]) -> pa.Table:
    """The histories of fifteen series, two families and the company; two of the series are too short for a season."""
    series = {**ragged, "short": ragged["S04"][-9:], "young": ragged["S05"][-20:], "new": [3.0]}
    families = pa.table({"unique_id": list(series), "family": [f"F{place % 2}" for place in range(len(series))]})
    tables = {"given_history": history(series, end=72), "ancestry": ancestry(families, COMPANY)}
    with sql.session(tables) as connection:
        return make_nodes(connection, SETTINGS, None)


@pytest.fixture(scope="module")
def profiles(nodes: pa.Table) -> pa.Table:
    """What the families lend."""
    return family_profiles(own_profiles(nodes, SETTINGS), nodes, SETTINGS)


@pytest.fixture(scope="module")
def whole(nodes: pa.Table, profiles: pa.Table) -> list[dict]:
    """Every series in one batch."""
    return rows([forecast_batch(nodes, profiles, SETTINGS)])


def rows(parts: list[pa.Table]) -> list[dict]:
    return sorted(
        pa.concat_tables(parts).to_pylist(), key=lambda row: (row["node_id"], row["origin_period"], row["lag"])
    )


def test_a_batch_has_every_origin_and_lag_once(nodes: pa.Table, whole: list[dict]) -> None:
    keys = [(row["node_id"], row["origin_period"], row["lag"]) for row in whole]
    assert len(set(keys)) == len(keys)
    assert {row["node_id"] for row in whole} == set(range(18))
    real = [row for row in whole if row["newest"]]
    assert len(real) == 18 * 6
    lengths = {row["node_id"]: row["periods"] for row in tables.rows(nodes)}
    residuals = {row["node_id"]: row["residuals"] for row in real if row["lag"] == 0}
    assert {node: len(errors) for node, errors in residuals.items()} == {n: max(k - 2, 0) for n, k in lengths.items()}
    assert all(row["residuals"] is None for row in whole if row["lag"])


@pytest.mark.parametrize("size", [1, 4, 17])
def test_however_series_are_cut_every_number_is_the_same(
    nodes: pa.Table, profiles: pa.Table, whole: list[dict], size: int
) -> None:
    """To the last digit; what travels with a batch is what its families lend."""
    batches = cut(nodes, size)
    assert sum(batch.num_rows for batch in batches) == 18
    own = pa.concat_tables([own_profiles(batch, SETTINGS) for batch in batches])
    assert family_profiles(own, nodes, SETTINGS).sort_by(ORDER).equals(profiles.sort_by(ORDER))
    assert rows([forecast_batch(batch, profiles, SETTINGS) for batch in batches]) == whole


def test_a_short_series_needs_the_profile_its_family_lends(
    nodes: pa.Table, profiles: pa.Table, whole: list[dict]
) -> None:
    """Without it the numbers differ, so a batch that left it behind would not pass for whole."""
    alone = rows([forecast_batch(nodes, PROFILES.empty_table(), SETTINGS)])
    changed = {one["node_id"] for one, other in zip(alone, whole, strict=True) if one["mean"] != other["mean"]}
    lengths = {row["node_id"]: row["periods"] for row in tables.rows(nodes)}
    assert changed
    assert all(lengths[node] - 2 * SETTINGS.refit < 2 * SETTINGS.season for node in changed)


@pytest.mark.parametrize(
    "pool",
    [
        lambda: ThreadPoolExecutor(2),
        lambda: ProcessPoolExecutor(2, get_context("spawn")),
        lambda: ProcessPoolExecutor(2, get_context("forkserver")),
    ],
    ids=["threads", "spawn", "forkserver"],
)
def test_whoever_runs_the_batches_every_number_is_the_same(
    nodes: pa.Table, profiles: pa.Table, whole: list[dict], pool: Callable[[], Executor]
) -> None:
    batches = cut(nodes, 5)
    with pool() as runners:
        own = pa.concat_tables(runners.map(own_profiles, batches, repeat(SETTINGS)))
        assert family_profiles(own, nodes, SETTINGS).sort_by(ORDER).equals(profiles.sort_by(ORDER))
        assert rows(list(runners.map(forecast_batch, batches, repeat(profiles), repeat(SETTINGS)))) == whole


def test_a_batch_is_pickled_without_the_rest_of_its_table(nodes: pa.Table, profiles: pa.Table) -> None:
    many = pa.concat_tables([nodes] * 200)
    batch = cut(many, 18)[0]
    assert len(pickle.dumps(batch)) < 1.5 * len(pickle.dumps(cut(nodes, 18)[0]))
    asked = pickle.loads(pickle.dumps((batch, profiles, SETTINGS)))
    assert asked == (batch, profiles, SETTINGS)


def test_only_families_with_a_short_series_are_asked_to_lend(nodes: pa.Table, profiles: pa.Table) -> None:
    """Of a family all series lend, or its mean would be another; where all are long nobody does."""
    newest_only = Settings(horizon=6, origins=0)
    young = tables.where(nodes, periods=20)
    assert young["parent_id"].to_pylist() == [2]
    without = nodes.filter(pc.field("periods") != 20)
    assert set(lenders(without, newest_only)["parent_id"].to_pylist()) == {1}
    assert lenders(without, newest_only).num_rows == without["parent_id"].to_pylist().count(1)
    assert not lenders(nodes.filter(pc.field("periods") >= 24), newest_only).num_rows


def test_the_error_scale_is_of_one_month_and_not_of_all_together(whole: list[dict]) -> None:
    """Beside the root mean square of the fit's own past errors; a sum of errors is five times as much."""
    newest = [row for row in whole if row["newest"] and row["lag"] == 0 and len(row["residuals"]) > 30]
    ratios = [row["error_scale"] / np.sqrt(np.mean(np.square(row["residuals"]))) for row in newest]
    assert len(ratios) > 10
    assert all(0.5 < ratio < 2 for ratio in ratios)
