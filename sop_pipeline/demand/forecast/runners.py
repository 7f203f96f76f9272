"""Who runs the batches of a forecast: threads of this process, or the workers of a cluster.

A batch is a pure function of what it is given, so the numbers are the same to the last digit. Not here: what a batch is
(``batch``), how one cluster is spoken to (``dask_cluster``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from typing import Any, Protocol

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.demand.forecast.batch import BATCH_SERIES


class Runners(Protocol):
    """Who runs batches."""

    def batch_series(self, series: int) -> int:
        """How many of ``series`` a batch is to have."""

    def run(self, function: Callable[..., pa.Table], batches: Sequence[pa.Table], *shared: Any) -> list[pa.Table]:
        """Return what ``function`` makes of each batch and what all of them are given, in their order."""


@contextmanager
def runners(cluster: str | None, threads: int | None) -> Iterator[Runners]:
    """Have the workers of the cluster at an address ready, or without one so many threads of this process."""
    if cluster is None:
        with ThreadPoolExecutor(threads or sql.THREADS) as pool:
            yield _Threads(pool)
        return
    from sop_pipeline.demand.forecast.dask_cluster import connected

    with connected(cluster) as workers:
        yield workers


class _Threads:
    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool

    def batch_series(self, series: int) -> int:
        return BATCH_SERIES

    def run(self, function: Callable[..., pa.Table], batches: Sequence[pa.Table], *shared: Any) -> list[pa.Table]:
        return list(self._pool.map(function, batches, *map(repeat, shared)))
