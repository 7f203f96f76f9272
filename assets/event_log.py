"""Dagster's event log on SQLite, with files that stay open between events.

Files, tables and events are those of Dagster's own storage, which reads them and may be set back in ``dagster.yaml`` at
any time. That one opens, compiles, syncs, empties the write-ahead log and closes for each of a cycle's thousand events
and more, some of them twice: a sixth of a cycle's time, most of it waiting for the disk. Here the index of all runs and
the file of the run at hand stay open until another run is asked for or the instance is done with. A process killed
loses nothing; a power cut may cost the last events, never a file.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from dagster._core.events.log import EventLogEntry
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event

INDEX = "index"
BUSY_SECONDS = 30.0
"""How long a write waits for another process, such as the web UI, that is writing."""


class EventLog(SqliteEventLogStorage):
    """The event log of the Dagster home."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._open: dict[str, Engine] = {}
        self._one_at_a_time = threading.RLock()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> EventLog:
        """Open the log where Dagster keeps it by default, in ``history/runs`` of the home ``base_dir``."""
        return cls(str(Path(config_value["base_dir"]) / "history" / "runs"), inst_data)

    def run_connection(self, run_id: str | None = None) -> AbstractContextManager[Connection]:
        """Open a transaction on a run's own file."""
        return self._transaction(str(run_id))

    def index_connection(self) -> AbstractContextManager[Connection]:
        """Open a transaction on the index of all runs."""
        return self._transaction(INDEX)

    def store_event(self, event: EventLogEntry) -> None:
        """Store an event, and touch its run's file: the web UI watches that, not the write-ahead log beside it."""
        super().store_event(event)
        os.utime(self.path_for_shard(event.run_id))

    def wipe(self) -> None:
        """Delete every event; files are closed first."""
        self._close(set(self._open))
        super().wipe()

    def dispose(self) -> None:
        """Close every file."""
        self._close(set(self._open))
        super().dispose()

    @contextmanager
    def _transaction(self, name: str) -> Iterator[Connection]:
        with self._one_at_a_time:
            if name not in self._open:
                with super().run_connection(name):
                    pass  # Dagster makes and migrates the file
                self._close(set(self._open) - {INDEX})
                self._open[name] = _engine(self.conn_string_for_shard(name))
            with self._open[name].begin() as connection:
                yield connection

    def _close(self, names: set[str]) -> None:
        for name in names:
            self._open.pop(name).dispose()


def _engine(address: str) -> Engine:
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", lambda connection, _: connection.execute("pragma synchronous = normal"))
    return engine
