"""A batch of series forecast on its own: pure functions of Arrow tables and settings.

What belongs here: what is computed for each series from its own history, and the one thing it may borrow. Each function
opens an in-memory DuckDB of its own and shares nothing, so threads, processes or the nodes of a cluster may run the
batches, however the series are cut; arguments and results can be pickled. Not here: how batches are cut and run
(``base``), nor what is learnt from all series at once after them (``engine`` lists it).

A series of less than two seasons borrows its family's seasonal profile, the mean over all of the family's series. That
is the only thing a batch needs beside its own histories: ``own_profiles`` of whole families, in any batches, then
``family_profiles`` of them together, then ``forecast_batch`` of every batch, each with the profiles of its families.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.demand.forecast.level_shifts import known_shifts
from sop_pipeline.demand.forecast.models import fit_models
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import make, read

BATCH_SERIES = 1500
"""Series of a batch: so many that what every batch costs does not count, so few that they fit into memory."""
PROFILES = pa.schema(
    [("parent_id", pa.int32()), ("known_period", pa.int64()), ("profile", pa.list_(pa.field("l", pa.float64())))]
)
"""Columns of ``family_profiles``: a family's number, the period from which its profile is known, the profile."""


def own_profiles(history: pa.Table, settings: Settings) -> pa.Table:
    """Return the seasonal profiles of a batch's series, phase 0 first: a row per series and cutoff of two seasons.

    ``history`` has a row per series: node_id, parent_id (its family's), first_period (months or quarters since year 0),
    periods, history (a list without gaps). Columns: node_id, cutoff, known_period, strength, is_certain, profile,
    relative_profile.
    """
    with _fitted({"series": history}, settings) as connection:
        return read(connection, "demand/models/seasonal_profiles", settings.params())


def family_profiles(own: pa.Table, history: pa.Table, settings: Settings) -> pa.Table:
    """Return the mean profile of each family, in columns ``PROFILES``.

    ``own`` are the ``own_profiles`` of ``history``, which has every series of its families: the average over a part of
    a family would be another one.
    """
    tables = {"seasonal_profiles": own, "nodes": history.select(["node_id", "parent_id"])}
    return sql.query("demand/models/family_profiles", tables, {"season": settings.season})


def forecast_batch(history: pa.Table, profiles: pa.Table, settings: Settings) -> pa.Table:
    """Return a batch's base forecasts, the real one (``newest``) and those of every backtest origin. METHODS 3.

    ``history`` is as for ``own_profiles``; ``profiles`` are the ``family_profiles`` of the families of its short
    series; others are not looked at. One row per series, origin and lag: node_id, newest, origin_period, lag, mean,
    error_scale, seasonal_naive, is_intermittent, is_erratic, shift_periods; with ``settings.residuals`` also residuals,
    the past errors of the fit behind the forecast, at lag 0.
    """
    nodes = history.select(["node_id", "parent_id"])
    with _fitted({"series": history, "nodes": nodes, "family_profiles": profiles}, settings) as connection:
        fit_models(connection, settings)
        structure = {"models": settings.models, "residuals": settings.residuals}
        return read(connection, "demand/models/base_forecast", settings.params(), **structure)


@contextmanager
def _fitted(tables: Mapping[str, pa.Table], settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a session of one thread over ``tables`` with ``fits``: DuckDB shares out row groups, larger than a batch."""
    with sql.session(tables, threads=1) as connection:
        connection.register("level_shifts", known_shifts(tables["series"], settings))
        make(connection, "fits", "demand/models/fits", settings.params())
        yield connection
