"""Runs the suites in a process of their own, beside the step that made the tables.

Great Expectations takes seconds to import and is pure Python: in its own process it loads while files are read, and
checks one table while the next is written. A long table stays here, and its ``profile`` goes. Not here:
the suites (``expectations``), the process (``worker``).
"""

from __future__ import annotations

import atexit
import functools
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.validation import expectations
from sop_pipeline.validation.finding import Finding
from sop_pipeline.validation.profile import LONG, Profile, profile
from sop_pipeline.worker import Worker, WorkerDied

Request = tuple[str, pa.Table | Profile, dict[str, set[str]]]


@dataclass(frozen=True)
class Pending:
    """Suites under way."""

    asked: list[tuple[Request, Future[Finding]]]

    def findings(self) -> list[Finding]:
        """Wait for one finding a table, in order; when the process has died, validate here instead."""
        return [_answer(request, future) for request, future in self.asked]


def _answer(request: Request, future: Future[Finding]) -> Finding:
    try:
        return future.result()
    except WorkerDied:
        return expectations.validate(*request)


def prepare() -> None:
    """Have the library load while something else is done."""
    _worker()


def start(made: Mapping[str, pa.Table], references: Mapping[str, set[str]]) -> Pending:
    """Hand the tables over and return; ``references`` gives the values of `table.column`.

    Of a long table its profile goes, counted here, unless a row breaks a rule: then all of it, to say which.
    """
    requests: list[Request] = [_request(name, data, references) for name, data in made.items()]
    return Pending([(request, _worker().ask(*request)) for request in requests])


def _request(name: str, data: pa.Table, references: Mapping[str, set[str]]) -> Request:
    referred = {column.references for column in tables.get(name).columns}
    known = {name: values for name, values in references.items() if name in referred}
    if data.num_rows > LONG:
        counted = profile(name, data, known)
        if counted.is_clean:
            return name, counted, {}
    return name, data, known


@functools.cache
def _worker() -> Worker:
    """The one process for suites, started on first use and ended with the one that started it."""
    worker = Worker(expectations.validate, prepare=expectations.load)
    atexit.register(worker.close)
    return worker
