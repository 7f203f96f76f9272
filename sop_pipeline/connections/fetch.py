"""Fetches by a process that can be ended: what does not answer in time is given up, tried again, and then told.

A driver that waits for a server cannot be interrupted, but its process can. Secrets go to it through its pipe, not by
its arguments. Not here: what is fetched, and how (``bring``).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sop_pipeline.connections.bring import Brought, bring
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.settings import Connection
from sop_pipeline.connections.trouble import Trouble
from sop_pipeline.errors import BadInput
from sop_pipeline.worker import Worker, WorkerDied

_GRACE_SECONDS = 10
"""How much longer than a server's own limit is waited for what it says when it is reached."""
_NO_RIGHT = ("authentication", "denied", "pg_hba", "authorized", "access_key", "signature", "status 403")
_logger = logging.getLogger("sop.sources")


@dataclass(frozen=True)
class Fetched:
    """What came of asking: the files, when it was asked, how often."""

    brought: list[Brought]
    asked_at: str
    attempts: int


class Fetcher:
    """The process that fetches, and how often and how long it is tried. Used as a context manager."""

    def __init__(self, pause: Callable[[float], None] = time.sleep, grace_seconds: float = _GRACE_SECONDS) -> None:
        self._pause, self._grace = pause, grace_seconds
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def bring(self, asked: Asked[Any], where: str) -> Fetched:
        """Have what is asked for put at its target; BadInput, after the last attempt, says what to do."""
        asked_at = datetime.now(UTC).isoformat(timespec="seconds")
        connection: Connection = asked.connection
        for attempt in range(1, connection.attempts + 1):
            try:
                return Fetched(self._once(asked), asked_at, attempt)
            except Trouble as trouble:
                if asked.target.is_file():
                    asked.target.unlink()
                if trouble.permanent or attempt == connection.attempts:
                    raise _told(trouble, connection, where, attempt) from None
                wait = 2.0**attempt
                _logger.warning("%s: %s. Trying again in %g s.", where, trouble, wait)
                self._pause(wait)
        raise AssertionError("at least one attempt is made")

    def _once(self, asked: Asked[Any]) -> list[Brought]:
        if asked.connection.keeps_time:
            return bring(asked)
        limit = asked.connection.timeout_seconds
        if self._worker is None:
            self._worker = Worker(bring)
        answer = self._worker.ask(asked)
        try:
            brought: list[Brought] = answer.result(limit + self._grace)
            return brought
        except NoAnswer:
            self._end()
            raise Trouble(f"no answer within {limit} s", permanent=False) from None
        except WorkerDied as error:
            self._end()
            raise Trouble(str(error), permanent=False) from None

    def _end(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None


def _told(trouble: Trouble, connection: Connection, where: str, attempts: int) -> BadInput:
    tried = f" ({attempts} attempts)" if attempts > 1 else ""
    return BadInput(
        found=f"{str(trouble).rstrip('.')}{tried}",
        needed=f"what it names of {connection.title} at {connection.place}",
        where=where,
        mend=_mend(trouble, connection),
    )


def _mend(trouble: Trouble, connection: Connection) -> str:
    said = str(trouble).lower()
    if not trouble.permanent:
        if "no answer" in said or "timeout" in said or "no end of" in said:
            return f"Ask for less, or raise timeout_seconds of the connection (now {connection.timeout_seconds})."
        return "See that it runs and that this machine may reach it, then run the cycle again."
    if any(word in said for word in _NO_RIGHT):
        named = "".join(f" or what {name} holds" for name in connection.variables.values())
        return f"Correct the user{named}, or have it granted the right to read."
    return "Correct the source or the connection in sop.yaml; sop check tries it."
