"""Runs the suites in a process of their own, beside the step that made the tables.

Great Expectations takes seconds to import and is pure Python: in its own process it loads while files are read, and
checks one table while the next is written. The child reads requests from its standard input and ends when that closes,
so it never outlives its parent, however that dies. Here: the two ends of the pipe. Not here: the suites
(``expectations``).
"""

from __future__ import annotations

import atexit
import os
import pickle
import struct
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import IO

import pyarrow as pa

from sop_pipeline.process import collect_rarely
from sop_pipeline.validation.finding import Finding

_LENGTH = struct.Struct(">Q")
Request = tuple[str, pa.Table, dict[str, set[str]]]


class SuiteProcess:
    """A child that validates tables in the order they are handed in."""

    def __init__(self) -> None:
        environment = {**os.environ, "GX_ANALYTICS_ENABLED": "false"}
        self._child = subprocess.Popen(
            [sys.executable, "-m", "sop_pipeline.validation.background"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        self._lock = threading.Lock()

    def start(self, made: Mapping[str, pa.Table], references: Mapping[str, set[str]]) -> Pending:
        """Hand ``made`` over and return at once; ``Pending.findings`` waits for the answers."""
        requests: list[Request] = [(name, data, dict(references)) for name, data in made.items()]
        return Pending(self, requests)

    def exchange(self, requests: list[Request]) -> list[Finding]:
        """Send every request and read every answer; EOFError or OSError when the child has died."""
        assert self._child.stdin is not None and self._child.stdout is not None
        with self._lock:
            answers = []
            for request in requests:
                _send(self._child.stdin, request)
                answers.append(_receive(self._child.stdout))
            return answers

    def close(self) -> None:
        """Let the child go."""
        if self._child.stdin is not None and not self._child.stdin.closed:
            self._child.stdin.close()
        self._child.wait()


class Pending:
    """Suites under way; a thread feeds the child while the step goes on."""

    def __init__(self, process: SuiteProcess, requests: list[Request]) -> None:
        self._requests = requests
        self._findings: list[Finding] | None = None
        self._thread = threading.Thread(target=self._run, args=(process,), name="suites", daemon=True)
        self._thread.start()

    def _run(self, process: SuiteProcess) -> None:
        try:
            self._findings = process.exchange(self._requests)
        except (EOFError, OSError):
            self._findings = None

    def findings(self) -> list[Finding]:
        """Return one finding a table, in order; when the child has died, validate here instead."""
        self._thread.join()
        if self._findings is not None:
            return self._findings
        from sop_pipeline.validation import expectations

        return [expectations.validate(*request) for request in self._requests]


_shared: list[SuiteProcess] = []


def suites() -> SuiteProcess:
    """Return this process's child, started on first use and ended with it."""
    if not _shared:
        _shared.append(SuiteProcess())
        atexit.register(_shared[0].close)
    return _shared[0]


def _send(stream: IO[bytes], value: object) -> None:
    content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def _receive(stream: IO[bytes]) -> Finding:
    return pickle.loads(_exactly(stream, _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0]))


def _exactly(stream: IO[bytes], count: int) -> bytes:
    content = stream.read(count)
    if len(content) < count:
        raise EOFError("the process that runs the suites has ended")
    return content


def serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer requests until there are no more."""
    from sop_pipeline.validation import expectations

    expectations.warm_up()
    while header := requests.read(_LENGTH.size):
        name, data, references = pickle.loads(_exactly(requests, _LENGTH.unpack(header)[0]))
        _send(answers, expectations.validate(name, data, references))


if __name__ == "__main__":
    collect_rarely()
    channel = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not mix with the answers
    serve(sys.stdin.buffer, channel)
