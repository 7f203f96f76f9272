"""Batches on the workers of a Dask cluster: ``dask://host:8786`` is its scheduler, ``dask+tls://`` one that asks who.

Workers run this project's own code, imported there: they have to have the versions that this machine has, or the
numbers could be others. Dask itself is no part of the project's libraries; it comes with the extra ``cluster``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from sop_pipeline.demand.forecast.batch import BATCH_SERIES
from sop_pipeline.errors import BadInput
from sop_pipeline.versions import versions

if TYPE_CHECKING:
    from distributed import Client

WAIT_SECONDS = 15
"""How long the scheduler may take to answer, and its first worker to be there."""
FEWEST_SERIES = 100
"""Series below which what a batch costs by itself is more than another worker brings."""
_TRIES = 3
"""How often a batch is begun, each time on another worker, when those that had it are gone."""
_WHERE = "operation: cluster in sop.yaml"


@contextmanager
def connected(cluster: str) -> Iterator[_Workers]:
    """Have the workers of a cluster ready; BadInput where there are none, or they are no peers of this machine."""
    client = _client(cluster)
    try:
        yield _Workers(client, _threads(client, cluster))
    finally:
        client.close()


class _Workers:
    def __init__(self, client: Client, threads: int) -> None:
        self._client, self._threads = client, threads

    def batch_series(self, series: int) -> int:
        return min(BATCH_SERIES, max(FEWEST_SERIES, -(-series // self._threads)))

    def run(self, function: Callable[..., pa.Table], batches: Sequence[pa.Table], *shared: Any) -> list[pa.Table]:
        from distributed import KilledWorker

        given = [_sent(each) for each in shared]
        futures = [
            self._client.submit(_made, function, _sent(batch), *given, pure=False, retries=_TRIES - 1)
            for batch in batches
        ]
        try:
            return [_received(made) for made in self._client.gather(futures)]
        except KilledWorker as error:
            raise BadInput(
                found="workers that end while they forecast",
                needed="workers that live as long as a batch takes",
                where=_WHERE,
                mend="Their logs say why; as a rule it is memory. Or take cluster out, and this machine forecasts.",
            ) from error


def _made(function: Callable[..., pa.Table], *given: Any) -> bytes:
    """What a worker does."""
    sent: bytes = _sent(function(*map(_received, given)))
    return sent


def _sent(value: Any) -> Any:
    """A table as bytes: Dask's own form of one arrives at addresses that Arrow warns of."""
    if not isinstance(value, pa.Table):
        return value
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, value.schema) as stream:
        stream.write_table(value)
    return sink.getvalue().to_pybytes()


def _received(value: Any) -> Any:
    return pa.ipc.open_stream(value).read_all() if isinstance(value, bytes) else value


def _client(cluster: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise BadInput(
            found="no package distributed",
            needed="what speaks to a Dask cluster",
            where=_WHERE,
            mend="Install it with the project: pip install -e '.[cluster]'. Or take cluster out.",
        ) from error
    address = cluster.replace("dask+tls://", "tls://").replace("dask://", "tcp://")
    try:
        client = Client(address, timeout=WAIT_SECONDS, set_as_default=False, name="sop")
    except (OSError, TimeoutError) as error:
        raise _away(f"no scheduler that answers within {WAIT_SECONDS} seconds", cluster) from error
    return client


def _threads(client: Client, cluster: str) -> int:
    """How many threads the workers have, when there are some, and all of them are like this machine."""
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
        refuse_others(client.run(versions))
    except TimeoutError as error:
        raise _away(f"a scheduler without a worker for {WAIT_SECONDS} seconds", cluster) from error
    except ImportError as error:
        raise _unlike(f"workers that have no {error.name}") from error
    return sum(client.nthreads().values())


def refuse_others(found: dict[str, dict[str, str]]) -> None:
    """Refuse workers of other versions: their numbers could be others too."""
    for worker, theirs in sorted(found.items()):
        for name, ours in versions().items():
            if theirs.get(name) != ours:
                raise _unlike(f"{name} {theirs.get(name, 'missing')} on worker {worker}, and {ours} here")


def _away(found: str, cluster: str) -> BadInput:
    return BadInput(
        found=found,
        needed=f"a Dask scheduler at {cluster}, with workers",
        where=_WHERE,
        mend="Start it, or mend the address. Without cluster this machine forecasts, with the same numbers.",
    )


def _unlike(found: str) -> BadInput:
    return BadInput(
        found=found,
        needed="workers with the project and its libraries as this machine has them",
        where=_WHERE,
        mend="Make their environment from the same checkout and requirements.lock, and start them again.",
    )
