"""What a cluster costs and brings: ``python -m bench.bench_cluster [series]``.

Forecasts with twelve origins by threads of this process, and by a Dask cluster of as many processes on this machine, in
one run: wall, CPU of this process and of the workers, what crosses the wire, what a first call and a task without work
cost. Every number of the forecasts has to be the same. Only with workers elsewhere is anything gained.
"""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
from distributed import Client, LocalCluster

from bench.bench_forecast import demand
from sop_pipeline import sql
from sop_pipeline.demand.forecast.base import base_forecasts, cut
from sop_pipeline.demand.forecast.dask_cluster import connected
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.hierarchy import COMPANY, ancestry
from sop_pipeline.demand.forecast.nodes import make_nodes
from sop_pipeline.demand.forecast.runners import BATCH_SERIES
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.lake import content_hash

WORKERS = 2


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    made = work()
    return time.perf_counter() - start, made


def batches_alone(series: int) -> None:
    """The part that a cluster takes over, and what crosses the wire."""
    history, hierarchy = demand(series)
    settings = Settings(horizon=24, origins=12)
    with sql.session({"given_history": history, "ancestry": ancestry(hierarchy, COMPANY)}) as connection:
        nodes = make_nodes(connection, settings, None)
    before = time.process_time()
    made = base_forecasts(nodes, settings, threads=1)
    used = time.process_time() - before
    sent = sum(len(pickle.dumps(batch)) for batch in cut(nodes, BATCH_SERIES))
    print(
        f"batches alone, one thread: {used:.1f} s CPU, {1000 * used / nodes.num_rows:.2f} ms a series; sent "
        f"{sent / nodes.num_rows / 1e3:.2f} kB a series, returned {len(pickle.dumps(made)) / nodes.num_rows / 1e3:.1f}"
    )


def whole(series: int, local: LocalCluster) -> None:
    """The whole forecast by threads and by the cluster."""
    address = address_of(local)

    def workers_cpu() -> float:
        with Client(local) as client:
            return sum(client.run(time.process_time).values())

    history, hierarchy = demand(series)
    hashes = []
    for name, cluster in (("threads", None), ("cluster, first call", address), ("cluster, again", address)):
        settings = Settings(horizon=24, origins=12, cluster=cluster)
        before, theirs = time.process_time(), workers_cpu()
        wall, made = timed(partial(forecast, history, hierarchy, settings, approaches=()))
        ours, theirs = time.process_time() - before, workers_cpu() - theirs
        hashes.append(tuple(content_hash(part) for part in (made.forecast, made.backtest, made.accuracy)))
        print(f"{series:,} series by {name}: {wall:.1f} s wall, CPU {ours:.1f} s here, {theirs:.1f} s of workers")
    print("every number the same" if len(set(hashes)) == 1 else "NUMBERS DIFFER")


def address_of(local: LocalCluster) -> str:
    return str(local.scheduler_address).replace("tcp://", "dask://")


def no_work(address: str) -> None:
    """Connecting, the look at the workers' versions, and one empty task."""
    for name in ("first", "again"):
        with connected(address) as workers:
            wall, _ = timed(partial(workers.run, _same, [pa.table({"a": [1]})]))
        whole_wall, _ = timed(partial(_connect, address))
        print(f"{name}: connecting {whole_wall:.2f} s, a task without work {wall:.3f} s")


def _connect(address: str) -> None:
    with connected(address):
        pass


def _same(batch: pa.Table) -> pa.Table:
    return batch


def main(wanted: list[str]) -> int:
    series = int(wanted[0]) if wanted else 6000
    batches_alone(series)
    start = time.perf_counter()
    with LocalCluster(n_workers=WORKERS, threads_per_worker=1, host="127.0.0.1", dashboard_address=":0") as local:
        print(f"a cluster of {WORKERS} processes on this machine starts in {time.perf_counter() - start:.1f} s")
        whole(series, local)
        no_work(address_of(local))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
