"""Base forecasts: every node of a hierarchy forecast on its own, in batches that bound memory and keep every core busy.

What belongs here: how the nodes are cut into batches and who runs them. Not here: a batch (``batch``), nor what joins
nodes to each other (``hierarchy``).
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import repeat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql
from sop_pipeline.demand.forecast.batch import PROFILES, family_profiles, forecast_batch, own_profiles
from sop_pipeline.demand.forecast.settings import Settings

BATCH_SERIES = 1500


def base_forecasts(history: pa.Table, settings: Settings, threads: int | None = None) -> pa.Table:
    """Return the base forecasts of ``history``, whose rows and those returned are as in ``forecast_batch``."""
    with ThreadPoolExecutor(threads or sql.THREADS) as pool:
        profiles = _lent_profiles(history, settings, pool)
        batches = cut(history)
        return pa.concat_tables(pool.map(forecast_batch, batches, repeat(profiles), repeat(settings)))


def cut(history: pa.Table, size: int = BATCH_SERIES) -> list[pa.Table]:
    """Cut ``history`` into batches of ``size`` series, each a copy: a slice would be pickled with all of its table."""
    starts = range(0, history.num_rows, size)
    return [history.take(np.arange(first, min(first + size, history.num_rows))) for first in starts]


def lenders(history: pa.Table, settings: Settings) -> pa.Table:
    """Return the part of ``history`` whose families have a series that borrows: under two seasons at some origin."""
    oldest_fit = pc.subtract(history["periods"], -(-settings.origins // settings.refit) * settings.refit)
    borrowers = history.filter(pc.less(oldest_fit, pa.scalar(2 * settings.season)))
    return history.filter(pc.is_in(history["parent_id"], borrowers["parent_id"].combine_chunks(), skip_nulls=True))


def _lent_profiles(history: pa.Table, settings: Settings, pool: Executor) -> pa.Table:
    """Profiles of the families that lend; they are few and small, and every batch is given all of them."""
    families = lenders(history, settings)
    if not families.num_rows:
        return PROFILES.empty_table()
    own = pa.concat_tables(pool.map(own_profiles, cut(families), repeat(settings)))
    return family_profiles(own, families, settings)
