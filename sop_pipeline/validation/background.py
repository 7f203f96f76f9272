"""Runs the suites in a process of their own, beside the step that made the tables.

Of each table goes its ``profile``, unless a row breaks a rule: then all of it, to say which. What a suite said of a
clean profile is kept, in the lake and while this process lives (but for a run that is to be fresh), and the library,
which takes seconds to import, is loaded when there is something new to judge.
Not here: the suites (``expectations``), the process (``worker``).
"""

from __future__ import annotations

import atexit
import functools
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.made_once import Place, all_fresh
from sop_pipeline.validation import expectations
from sop_pipeline.validation.finding import Finding
from sop_pipeline.validation.profile import Profile, profile
from sop_pipeline.worker import Worker, WorkerDied

Request = tuple[str, pa.Table | Profile, dict[str, set[str]]]


@dataclass(frozen=True)
class Pending:
    """Suites under way."""

    asked: list[_Known | _Asked]

    def findings(self) -> list[Finding]:
        """Wait for one finding a table, in order; when the process has died, validate here instead."""
        return [each.finding() for each in self.asked]


@dataclass(frozen=True)
class _Known:
    """A table whose profile has been judged before, by ``rules`` rules."""

    table: str
    rows: int
    rules: int

    def finding(self) -> Finding:
        return expectations.kept_all(self.table, self.rows, self.rules)


@dataclass(frozen=True)
class _Asked:
    """A table that is being judged, and where the answer is kept if no row breaks a rule."""

    request: Request
    future: Future[Finding]
    place: Place | None

    def finding(self) -> Finding:
        found = self._answer()
        asked = self.request[1]
        if self.place and found.passed and isinstance(asked, Profile):
            self.place.keep(str(asked.rules).encode())
            _passed.add(_judged(found.table, asked))
        return found

    def _answer(self) -> Finding:
        try:
            return self.future.result()
        except WorkerDied:
            return expectations.validate(*self.request)


def prepare() -> None:
    """Have the library load while something else is done."""
    if _beside:
        _worker()


def judge_here() -> None:
    """Load the library into this process, for it and those forked from it to judge without one beside."""
    global _beside
    expectations.load()
    _beside = False


def start(made: Mapping[str, pa.Table], references: Mapping[str, pa.ChunkedArray]) -> Pending:
    """Hand the tables over and return; ``references`` gives the values of `table.column`."""
    return Pending([_started(name, data, references) for name, data in made.items()])


def _started(name: str, data: pa.Table, references: Mapping[str, pa.ChunkedArray]) -> _Known | _Asked:
    referred = {column.references for column in tables.get(name).columns}
    known = {name: values for name, values in references.items() if name in referred}
    counted = profile(name, data, known)
    if not counted.is_clean:
        return _ask((name, data, {name: _words(values) for name, values in known.items()}), None)
    judged = _judged(name, counted)
    place = Place.of("suite", judged)
    if not place.found and not all_fresh() and judged in _passed:
        place = replace(place, found=place.keep(str(counted.rules).encode()))
    return _Known(name, counted.rows, int(place.found)) if place.found else _ask((name, counted, {}), place)


_Judged = tuple[str, tuple[str, ...], tuple[str, ...]]
_passed: set[_Judged] = set()


def _judged(name: str, clean: Profile) -> _Judged:
    """All that a suite sees of a clean profile: its table, columns and rules."""
    return name, clean.columns, tuple(clean.broken)


def _words(values: pa.ChunkedArray) -> set[str]:
    return {str(value) for value in values.drop_null().to_pylist()}


def _ask(request: Request, place: Place | None) -> _Asked:
    return _Asked(request, _worker().ask(*request) if _beside else _judged_here(request), place)


def _judged_here(request: Request) -> Future[Finding]:
    found: Future[Finding] = Future()
    found.set_result(expectations.validate(*request))
    return found


_beside = True
"""Whether a process beside this one judges."""


@functools.cache
def _worker() -> Worker:
    """The one process for suites, started on first use and ended with the one that started it."""
    worker = Worker(expectations.validate, prepare=expectations.load)
    atexit.register(worker.close)
    return worker
