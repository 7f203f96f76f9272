"""What a source of a connection asks for, as files: the rows of a query, or files of storage as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sop_pipeline.connections.query import write_rows
from sop_pipeline.connections.rows import Asked
from sop_pipeline.connections.storage import copy_files


class Brought(NamedTuple):
    """A file: where it was put, the address it has in storage, or the number of a query's rows."""

    path: Path
    address: str | None = None
    rows: int | None = None


def bring(asked: Asked[Any]) -> list[Brought]:
    """Put what is asked for at the target, a file for a query and a folder for storage; ``Trouble`` where it cannot."""
    if asked.connection.type == "s3":
        return [Brought(each.path, address=each.address) for each in copy_files(asked)]
    return [Brought(asked.target, rows=write_rows(asked))]
