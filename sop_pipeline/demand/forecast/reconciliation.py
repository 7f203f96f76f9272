"""Minimum-trace reconciliation: every level's own forecast, brought together with the least total error.

What belongs here: the covariance of the base forecasts' errors and the projection (Wickramasuriya, Athanasopoulos and
Hyndman 2019), in numpy, because it is dense linear algebra. Not here: the base forecasts and the adding up, which are
SQL (``base``, ``hierarchy``).

With C the rows "parent - its series = 0" and W the error covariance, the reconciled forecasts of one period are
``y - W C' (C W C')^-1 C y``. Up to ``FULL_NODES`` nodes W has the sample correlations shrunk towards none (Schaefer
and Strimmer 2005); above, or with too little common history, W is diagonal. Variances of aggregates count
``aggregate_variance`` times (docs/decisions/0010).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from sop_pipeline.demand.forecast.settings import Settings

FULL_NODES = 1500
FEWEST_COMMON = 8


@dataclass(frozen=True)
class Tree:
    """Nodes in order of number, series last; ``members[a, j]`` is 1 where series j belongs to aggregate a."""

    nodes: int
    aggregates: int
    members: np.ndarray


def reconcile(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Make ``minimum_trace`` (leaf_id, run, period, mean) from ``base``, ``memberships`` and ``run_residuals``."""
    tree = _tree(connection)
    parts = []
    for (run,) in connection.execute("select distinct run from base order by run").fetchall():
        variance = error_covariance(connection, run, tree, settings.aggregate_variance)
        parts.append(_run(connection, run, tree, variance))
    connection.register("minimum_trace", pa.concat_tables([pa.Table.from_pydict(part) for part in parts]))


def _tree(connection: duckdb.DuckDBPyConnection) -> Tree:
    rows = connection.execute(
        "select node_id, leaf_id from memberships where node_id <> leaf_id order by node_id, leaf_id"
    ).fetchnumpy()
    (nodes,) = connection.execute("select count(*) from nodes").fetchone() or (0,)
    (aggregates,) = connection.execute(
        "select count(*) from nodes where level_no < (select max(level_no) from nodes)"
    ).fetchone() or (0,)
    members = np.zeros((aggregates, nodes - aggregates))
    members[rows["node_id"], rows["leaf_id"] - aggregates] = 1
    return Tree(nodes, aggregates, members)


def error_covariance(
    connection: duckdb.DuckDBPyConnection, run: int, tree: Tree, aggregate_variance: float
) -> np.ndarray:
    """Error covariance known at a run: a matrix, or a vector of variances where a matrix cannot be learnt."""
    rows = connection.execute(
        "select node_id, period, residual from run_residuals where run = ? order by node_id, period", [run]
    ).fetchnumpy()
    square = np.square(np.asarray(rows["residual"], dtype=float))
    counts = np.bincount(rows["node_id"], minlength=tree.nodes)
    variance = np.bincount(rows["node_id"], square, minlength=tree.nodes) / np.maximum(counts, 1)
    variance[: tree.aggregates] *= aggregate_variance
    variance = np.maximum(variance, 1e-9 * max(float(variance.max(initial=0.0)), 1e-12))
    periods = np.unique(rows["period"])
    if tree.nodes > FULL_NODES or not len(periods):
        return variance
    errors = np.full((len(periods), tree.nodes), np.nan)
    errors[np.searchsorted(periods, rows["period"]), rows["node_id"]] = rows["residual"]
    common = errors[~np.isnan(errors).any(axis=1)]
    return shrunk_covariance(common, variance) if len(common) >= FEWEST_COMMON else variance


def shrunk_covariance(errors: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Covariance from common errors (periods x nodes): ``variance``, and correlations shrunk by their own variance.

    Errors are taken about their means: what all nodes missed in one stretch of history is no correlation to come.
    """
    scaled = (errors - errors.mean(axis=0)) / np.sqrt(variance)
    count = len(scaled)
    spread = np.sqrt((scaled**2).mean(axis=0))
    scaled = scaled / np.where(spread > 0, spread, 1)
    correlation = scaled.T @ scaled / count
    noise = ((scaled**2).T @ (scaled**2) / count - correlation**2) / (count - 1)
    apart = ~np.eye(len(correlation), dtype=bool)
    total = float((correlation[apart] ** 2).sum())
    shrinkage = min(1.0, max(0.0, float(noise[apart].sum()) / total)) if total > 0 else 1.0
    shrunk = np.where(apart, (1 - shrinkage) * correlation, 1.0)
    deviation = np.sqrt(variance)
    return shrunk * deviation[:, None] * deviation[None, :]


def _run(connection: duckdb.DuckDBPyConnection, run: int, tree: Tree, variance: np.ndarray) -> dict[str, np.ndarray]:
    """Reconciled series of one run; a period that a node of it lacks keeps the series' own forecasts."""
    rows = connection.execute(
        "select node_id, period, mean::double as mean from base where run = ? order by period, node_id", [run]
    ).fetchnumpy()
    periods = np.unique(rows["period"])
    base = np.full((tree.nodes, len(periods)), np.nan)
    base[rows["node_id"], np.searchsorted(periods, rows["period"])] = rows["mean"]
    present = ~np.isnan(base[tree.aggregates :]).all(axis=1)
    missing = np.isnan(base)
    whole = ~missing[: tree.aggregates].any(axis=0) & ~missing[tree.aggregates :][present].any(axis=0)
    gaps = base[: tree.aggregates] - tree.members @ np.nan_to_num(base[tree.aggregates :])
    step = projection(tree, variance, present) @ np.where(whole, gaps, 0.0)
    leaves = base[tree.aggregates :] - step[tree.aggregates :]
    leaf, place = np.nonzero(~np.isnan(leaves))
    return {
        "leaf_id": leaf + tree.aggregates,
        "run": np.full(len(leaf), run),
        "period": periods[place],
        "mean": leaves[leaf, place],
    }


def projection(tree: Tree, variance: np.ndarray, present: np.ndarray) -> np.ndarray:
    """``W C' (C W C')^-1``: nodes x aggregates. Series absent from the run take no part."""
    constraint = np.hstack([np.eye(tree.aggregates), -tree.members * present])
    spread = constraint * variance if variance.ndim == 1 else constraint @ variance
    inner = spread @ constraint.T
    return np.asarray(np.linalg.lstsq(inner, spread, rcond=None)[0].T)
