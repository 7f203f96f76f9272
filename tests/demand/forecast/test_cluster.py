"""Batches on a Dask cluster of this machine: the same numbers, and what is told of a cluster that is none."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest

from sop_pipeline.demand.forecast import dask_cluster
from sop_pipeline.demand.forecast.dask_cluster import connected, refuse_others
from sop_pipeline.demand.forecast.engine import forecast
from sop_pipeline.demand.forecast.results import ForecastResult
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import content_hash
from sop_pipeline.versions import versions


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """A scheduler and two processes of one thread."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as local:
        yield local.scheduler_address.replace("tcp://", "dask://")


@pytest.fixture(scope="module")
def many(history: Callable, ragged: dict[str, list[float]]) -> tuple[pa.Table, pa.Table]:
    """So many series that each worker gets batches; the last have less than two seasons and borrow their family's."""
    series = {f"{name}-{number}": values[number % 5 :] for name, values in ragged.items() for number in range(6)}
    series |= {f"young-{number}": values[-20 + number % 3 :] for number, values in enumerate(ragged.values())}
    families = pa.table({"unique_id": list(series), "family": [f"F{place % 4}" for place in range(len(series))]})
    return history(series, end=72), families


def hashes(result: ForecastResult) -> dict[str, str]:
    return {name: content_hash(getattr(result, name)) for name in ("forecast", "backtest", "accuracy", "approaches")}


@pytest.mark.slow
def test_workers_make_the_tables_that_this_process_makes(
    cluster: str, many: tuple[pa.Table, pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last digit, in batches of another size, and also when a worker is killed meanwhile."""
    monkeypatch.setattr(dask_cluster, "FEWEST_SERIES", 20)
    here = forecast(*many, Settings(horizon=6, origins=3), approach="auto")
    there = forecast(*many, Settings(horizon=6, origins=3, cluster=cluster), approach="auto")
    assert hashes(there) == hashes(here)
    run = dask_cluster._Workers.run

    def struck(self, *arguments):
        os.kill(min(self._client.run(os.getpid).values()), signal.SIGKILL)
        return run(self, *arguments)

    monkeypatch.setattr(dask_cluster._Workers, "run", struck)
    bereft = forecast(*many, Settings(horizon=6, origins=3, cluster=cluster), approach="auto")
    assert hashes(bereft) == hashes(here)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(dask_cluster, "WAIT_SECONDS", 1)
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as alone:
        address = alone.scheduler_address.replace("tcp://", "dask://")
        with (
            pytest.raises(BadInput, match=r"a scheduler without a worker for 1 seconds.*at dask://"),
            connected(address),
        ):
            pass


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "WAIT_SECONDS", 0.2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"dask://127.0.0.1:{free.getsockname()[1]}"
        with (
            pytest.raises(BadInput, match=rf"no scheduler that answers within 0.2 seconds.*{address}"),
            connected(address),
        ):
            pass


def test_without_the_package_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(BadInput, match=r"no package distributed.*pip install -e '\.\[cluster\]'"),
        connected("dask://a:1"),
    ):
        pass


def test_workers_of_other_versions_are_refused() -> None:
    refuse_others({"tcp://a": dict(versions()), "tcp://b": dict(versions())})
    with pytest.raises(BadInput, match=r"duckdb 1\.4\.0 on worker tcp://b, and 1\.5\.5 here"):
        refuse_others({"tcp://a": dict(versions()), "tcp://b": {**versions(), "duckdb": "1.4.0"}})
