"""The views of ``lake/sop.duckdb``, for people and BI tools: each table over all published cycles.

Nothing of the pipeline reads them, so they come after a publication and fail apart from it: a cycle whose files are
damaged is left out and named, the others are shown.
"""

from __future__ import annotations

import uuid
from pathlib import Path

import duckdb

from sop_pipeline.disk import in_words
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake

Members = dict[str, list[tuple[str, str]]]
"""Files by table: each with its cycle."""


def refresh_views(lake: Lake) -> list[str]:
    """Rebuild ``sop.duckdb`` aside and rename it; return what could not be shown, one note each."""
    members, notes = _members(lake)
    aside = lake.root / f".sop.{uuid.uuid4().hex[:8]}.duckdb"
    try:
        _write(aside, members)
        aside.replace(lake.root / "sop.duckdb")
    except OSError as error:
        notes.append(f"The views of sop.duckdb are not new: {in_words(error, lake.root)}")
    except duckdb.Error as error:
        notes.append(f"The views of sop.duckdb are not new: {' '.join(str(error).split())}")
    finally:
        for left in lake.root.glob(f"{aside.name}*"):
            left.unlink(missing_ok=True)
    return notes


def _members(lake: Lake) -> tuple[Members, list[str]]:
    """The files to show by table, and notes on those that are not there."""
    members: Members = {}
    notes = []
    for cycle in lake.cycles():
        try:
            entries = lake.pointer(cycle)["tables"]
        except BadInput as fault:
            notes.append(f"The views of sop.duckdb leave cycle {cycle} out. {fault}")
            continue
        for name, entry in entries.items():
            path = lake.root / entry["file"]
            if _is_parquet(path):
                members.setdefault(name, []).append((cycle.name, str(path.resolve())))
            else:
                notes.append(f"The views of sop.duckdb leave table {name} of cycle {cycle} out: damaged, {path}.")
    return members, notes


def _is_parquet(path: Path) -> bool:
    """Whether a file is there and whole by its ends; ``sop verify`` looks at what is between."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(-4, 2)
            return start == file.read(4) == b"PAR1"
    except OSError:
        return False


def _write(path: Path, members: Members) -> None:
    with duckdb.connect(str(path)) as connection:
        for name, files in sorted(members.items()):
            union = " union all by name ".join(
                f"select '{cycle}' as planning_cycle, * from read_parquet('{_quoted(file)}')" for cycle, file in files
            )
            connection.execute(f'create view "{name}" as {union}')


def _quoted(path: str) -> str:
    return path.replace("'", "''")
