"""Base forecasts: every node of a hierarchy forecast on its own, in batches that bound memory and keep every core busy.

What belongs here: how the nodes are cut into batches. Not here: a batch (``batch``), who runs them (``runners``), nor
what joins nodes to each other (``hierarchy``).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.demand.forecast.batch import (
    BATCH_SERIES,
    PROFILES,
    family_profiles,
    forecast_batch,
    own_profiles,
)
from sop_pipeline.demand.forecast.runners import Runners, runners
from sop_pipeline.demand.forecast.settings import Settings


def base_forecasts(history: pa.Table, settings: Settings, threads: int | None = None) -> pa.Table:
    """Return the base forecasts of ``history``, whose rows and those returned are as in ``forecast_batch``."""
    with runners(settings.cluster, threads) as workers:
        profiles = _lent_profiles(history, settings, workers)
        batches = cut(history, workers.batch_series(history.num_rows))
        return pa.concat_tables(workers.run(forecast_batch, batches, profiles, settings))


def cut(history: pa.Table, size: int = BATCH_SERIES) -> list[pa.Table]:
    """Cut ``history`` into batches of ``size`` series, each a copy: a slice would be pickled with all of its table."""
    starts = range(0, history.num_rows, size)
    return [history.take(np.arange(first, min(first + size, history.num_rows))) for first in starts]


def lenders(history: pa.Table, settings: Settings) -> pa.Table:
    """Return the part of ``history`` whose families have a series that borrows: under two seasons at some origin."""
    oldest_fit = pc.subtract(history["periods"], -(-settings.origins // settings.refit) * settings.refit)
    borrowers = history.filter(pc.less(oldest_fit, pa.scalar(2 * settings.season)))
    return history.filter(pc.is_in(history["parent_id"], borrowers["parent_id"].combine_chunks(), skip_nulls=True))


def _lent_profiles(history: pa.Table, settings: Settings, workers: Runners) -> pa.Table:
    """Profiles of the families that lend; they are few and small, and every batch is given all of them."""
    families = lenders(history, settings)
    if not families.num_rows:
        return PROFILES.empty_table()
    batches = cut(families, workers.batch_series(families.num_rows))
    own = pa.concat_tables(workers.run(own_profiles, batches, settings))
    return family_profiles(own, families, settings)
