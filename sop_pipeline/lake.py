"""Storage: immutable Parquet files, one pointer a cycle, content hashes.

A table is written aside, synced and renamed, and never overwritten. A run's tables are visible to that run alone until
``publish`` swaps the cycle's pointer by one atomic rename; so a reader never mixes two runs, and a kill at any moment
leaves the cycle wholly old or wholly new. What was published is held against its content hash whenever it is read.
Not here: what tables mean (``tables``), who computes them, or the views for other programs (``views``).
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import json
import os
import re
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import in_words, refuse_kept, sync_folder, telling
from sop_pipeline.errors import BadInput
from sop_pipeline.pointers import (
    FORMAT,
    OLDEST_TOLD,
    Manifest,
    Pointers,
    Want,
    rests_on,
    way_out,
    write_json,
)
from sop_pipeline.versions import versions

SETTINGS = "_settings.json"
VERSIONS = "_versions.json"
EARLIER = "_earlier.json"
_HASHED_ROWS = 500_000
"""Rows whose text is held at once while a table is hashed."""
_SAFE = re.compile(r"^[A-Za-z0-9_.-]+$")


@dataclass(frozen=True)
class Entry:
    """One table of one run: where it is, how large, and what it says (``content_sha256``)."""

    table: str
    file: str
    rows: int
    columns: dict[str, str]
    content_sha256: str
    run: str


def content_hash(data: pa.Table) -> str:
    """Return the SHA-256 of a table's canonical rows: columns named and typed, rows as they are ordered, as CSV text.

    Tables reach this point in key order (``tables.conform``), so the hash depends on content, never on file bytes.
    """
    digest = hashlib.sha256()
    digest.update("\n".join(f"{field.name}:{field.type}" for field in data.schema).encode())
    options = pa_csv.WriteOptions(include_header=False, batch_size=65536)
    for start in range(0, data.num_rows if data.num_columns else 0, _HASHED_ROWS):
        sink = pa.BufferOutputStream()
        pa_csv.write_csv(data.slice(start, _HASHED_ROWS).combine_chunks(), sink, options)
        digest.update(sink.getvalue())
    return digest.hexdigest()


class Lake(Pointers):
    """The tables of one company, under ``<company>/lake``."""

    # -- writing -------------------------------------------------------------------------------------------------------

    def write(self, table: str, data: pa.Table, cycle: Cycle, run: str) -> Entry:
        """Write one table of a run and note it in the run's own list; nothing else sees it yet."""
        for name in (table, run):
            if not _SAFE.match(name):
                raise BadInput(
                    found=f"{name!r}",
                    needed="a name that can be part of a file name",
                    where=f"lake {self.root}",
                    mend="Use letters, digits, '_', '-' and '.'.",
                )
        folder = self.root / "data" / table
        with telling(folder):
            folder.mkdir(parents=True, exist_ok=True)
            path = _unused(folder, f"{cycle}-{run}")
            _write_parquet(data, path)
        entry = Entry(
            table=table,
            file=str(path.relative_to(self.root)),
            rows=data.num_rows,
            columns={field.name: str(field.type) for field in data.schema},
            content_sha256=content_hash(data),
            run=run,
        )
        write_json(self._run_folder(cycle, run) / f"{table}.json", asdict(entry))
        return entry

    def take(self, entry: Entry, cycle: Cycle, run: str) -> Entry:
        """Note a file that is there already as a table of a run: what an earlier run wrote is what this one would."""
        taken = replace(entry, run=run)
        write_json(self._run_folder(cycle, run) / f"{entry.table}.json", asdict(taken))
        return taken

    def note_settings(self, cycle: Cycle, run: str, settings: Mapping[str, Any]) -> None:
        """Note the settings and versions a run plans with, beside its tables; none of what changed while it ran."""
        for name, value in ((SETTINGS, settings), (VERSIONS, versions())):
            path = self._run_folder(cycle, run) / name
            if not path.exists():
                write_json(path, value)
            elif json.loads(path.read_text(encoding="utf-8")) != value:
                write_json(path, None)

    def note_earlier(self, cycle: Cycle, run: str, wants: Sequence[Want], manifest: Manifest | None = None) -> Manifest:
        """Return what a run reads of earlier cycles: as published when it first asks, however long it takes.

        ``manifest`` is what a run read that had no name until now.
        """
        path = self._run_folder(cycle, run) / EARLIER
        if not path.exists():
            read = self.manifest(cycle, wants) if manifest is None else manifest
            write_json(path, {"wants": rests_on({}, wants)["wants"], "manifest": read})
        return json.loads(path.read_text(encoding="utf-8"))["manifest"]  # type: ignore[no-any-return]

    def publish(self, cycle: Cycle, run: str, lineage: Mapping[str, set[str]] | None = None) -> dict[str, Any]:
        """Swap the cycle's pointer to the run's tables by one atomic rename, the last thing here, and return it.

        Tables the run did not make keep their entry. Where ``lineage`` (table to the tables it is made from) shows
        that such a kept table descends from one the run replaced with other content, it is named under ``stale``; a
        table that was made again and came out as it was has not changed.
        """
        fresh = self.run_entries(cycle, run)
        if not fresh:
            return self.pointer(cycle)
        before = {} if lineage and set(lineage) <= set(fresh) else self.pointer(cycle)
        old: dict[str, Any] = before.get("tables", {})
        changed = {name for name, entry in fresh.items() if not _same_content(old.get(name), entry)}
        below = _descendants(changed, lineage or {}, unchanged=set(fresh) - changed)
        stale = (set(before.get("stale", ())) | below) - set(fresh)
        tables = {**old, **{name: asdict(entry) for name, entry in fresh.items()}}
        pointer: dict[str, Any] = {
            "format": FORMAT,
            "cycle": cycle.name,
            "run": run,
            "tables": dict(sorted(tables.items())),
            "stale": sorted(stale & set(old)),
            "rests_on": before.get("rests_on") or self._rests_on(cycle, run),
        }
        write_json(self.pointer_path(cycle), pointer)
        return pointer

    def _rests_on(self, cycle: Cycle, run: str) -> dict[str, Any] | None:
        path = self._run_folder(cycle, run) / EARLIER
        if not path.exists():
            return None
        noted = json.loads(path.read_text(encoding="utf-8"))
        return rests_on(noted["manifest"], [Want(tuple(tables), every) for tables, every in noted["wants"]])

    def sweep(self, older_than_seconds: float = 3600.0) -> list[str]:
        """Delete what killed writes left aside longer than ``older_than_seconds`` ago; return their names.

        Finished files stay, those of failed runs too: a run can be taken up where it stopped.
        """
        gone: list[str] = []
        for path in sorted(self.root.rglob(".*")) if self.root.exists() else []:
            if path.is_file() and time.time() - path.stat().st_mtime > older_than_seconds:
                path.unlink(missing_ok=True)
                gone.append(str(path.relative_to(self.root)))
        return gone

    # -- reading -------------------------------------------------------------------------------------------------------

    def run_entries(self, cycle: Cycle, run: str) -> dict[str, Entry]:
        """Return the tables a run has written so far."""
        folder = self._run_folder(cycle, run)
        return {path.stem: _entry(path, cycle) for path in sorted(folder.glob("[!_]*.json"))}

    def read(self, table: str, cycle: Cycle, run: str | None = None) -> pa.Table:
        """Return a table: the run's own when it wrote one, else the cycle's published one; SopError when neither is.

        A published table is held against its content hash.
        """
        return self.at_hand(table, cycle, run).read()

    def at_hand(self, table: str, cycle: Cycle, run: str | None = None) -> AtHand:
        """Return what ``read`` would, to be read when it is needed, with its content hash."""
        own = self._run_folder(cycle, run) / f"{table}.json" if run else None
        if own is not None and own.exists():
            entry = _entry(own, cycle)
            return AtHand(entry.content_sha256, functools.partial(read_parquet, self.root / entry.file, cycle))
        listed = self.pointer(cycle).get("tables", {}).get(table)
        if listed is None:
            raise BadInput(
                found="no such table",
                needed=f"table {table} of cycle {cycle}",
                where=f"lake {self.root}",
                mend=f"Run the cycle first: sop run --cycle {cycle}.",
            )
        return AtHand(listed["content_sha256"], functools.partial(self.verified, listed, cycle))

    def head(self, entry: Entry, cycle: Cycle, rows: int) -> pa.Table:
        """Return the first rows of a table that a run has."""
        return read_parquet(self.root / entry.file, cycle, rows)

    def verified(self, entry: Mapping[str, Any], cycle: Cycle | str) -> pa.Table:
        """Return a published table; BadInput when its file is gone, cannot be read, or says something else by now."""
        path = self.root / entry["file"]
        data = read_parquet(path, cycle)
        if content_hash(data) != entry["content_sha256"]:
            raise BadInput(
                found="other rows than were published",
                needed=f"table {entry['table']} of cycle {cycle} with content hash {entry['content_sha256'][:16]}",
                where=str(path),
                mend=way_out(cycle),
            )
        return data

    def damage(self, cycle: Cycle) -> list[BadInput]:
        """Return what is wrong with the files of a published cycle, one fault a file; none when all is as published."""
        try:
            entries = self.pointer(cycle).get("tables", {})
        except BadInput as fault:
            return [fault]
        return self.faults(cycle, entries)

    def faults(self, cycle: Cycle, entries: Mapping[str, Mapping[str, Any]]) -> list[BadInput]:
        """Return what is wrong with the files of tables, one fault a file."""
        faults = []
        for entry in entries.values():
            try:
                self.verified(entry, cycle)
            except BadInput as fault:
                faults.append(fault)
        return faults

    def published(self, cycle: Cycle) -> TablesAtHand:
        """Return the cycle's tables, all of one pointer however often it is swapped meanwhile, each read on demand.

        Raises BadInput for a cycle whose tables are of a format that is no longer told in words.
        """
        pointer = self.pointer(cycle)
        written = int(pointer.get("format", 1))
        if pointer and written < OLDEST_TOLD:
            raise BadInput(
                found=f"a cycle published in format {written}",
                needed=f"format {OLDEST_TOLD} or newer",
                where=str(self.pointer_path(cycle)),
                mend=f"Plan it again: sop run --cycle {cycle}.",
            )
        return self.named(cycle, pointer.get("tables", {}))

    def named(self, cycle: Cycle, entries: Mapping[str, Mapping[str, Any]]) -> TablesAtHand:
        """Return the tables that a release's manifest names, each read on demand."""
        return TablesAtHand(
            {
                name: AtHand(entry["content_sha256"], functools.partial(self.verified, entry, cycle))
                for name, entry in entries.items()
            }
        )

    def settings(self, cycle: Cycle) -> dict[str, Any] | None:
        """Return the settings a published cycle was planned with; None where runs of several made it, or none kept."""
        return self._noted(cycle, SETTINGS)

    def versions(self, cycle: Cycle) -> dict[str, str] | None:
        """Return the versions a published cycle was planned with; None where runs of several made it, or none kept."""
        return self._noted(cycle, VERSIONS)

    def _noted(self, cycle: Cycle, name: str) -> dict[str, Any] | None:
        """What all runs behind a published cycle have noted alike."""
        pointer = self.pointer(cycle)
        if pointer.get("stale"):
            return None  # some table was made of what is no longer there
        runs = {entry["run"] for entry in pointer.get("tables", {}).values()}
        paths = [self._run_folder(cycle, run) / name for run in sorted(runs)]
        noted = [json.loads(path.read_text(encoding="utf-8")) if path.exists() else None for path in paths]
        return noted[0] if noted and all(each == noted[0] for each in noted) else None

    # -- places --------------------------------------------------------------------------------------------------------

    def snapshot_folder(self, cycle: Cycle) -> Path:
        """Where the cycle's source files are kept as they were."""
        return self.root / "snapshots" / cycle.name

    def _run_folder(self, cycle: Cycle, run: str) -> Path:
        return self.root / "runs" / cycle.name / run


class AtHand(NamedTuple):
    """A table of the lake that is not read yet, and its content hash."""

    content_sha256: str
    read: Callable[[], pa.Table]


class TablesAtHand(Mapping[str, pa.Table]):
    """Tables by name; a file is read when its table is asked for, and once."""

    def __init__(self, at_hand: Mapping[str, AtHand]) -> None:
        self._at_hand = at_hand
        self._read: dict[str, pa.Table] = {}
        self.hashes: dict[str, str] = {name: each.content_sha256 for name, each in at_hand.items()}
        """Content hash of every table."""

    def __getitem__(self, table: str) -> pa.Table:
        if table not in self._read:
            self._read[table] = self._at_hand[table].read()
        return self._read[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._at_hand)

    def __len__(self) -> int:
        return len(self._at_hand)

    def __contains__(self, table: object) -> bool:
        return table in self._at_hand


def read_parquet(path: Path, cycle: Cycle | str, rows: int | None = None) -> pa.Table:
    """Read a file of the lake, or its first rows; BadInput when it is gone or is no longer what was written."""
    try:
        with pq.ParquetFile(path) as file:
            if rows is None:
                return file.read()
            return pa.Table.from_batches(itertools.islice(file.iter_batches(rows), 1), file.schema_arrow)
    except FileNotFoundError as error:
        raise _damaged(path, cycle, "no such file") from error
    except (OSError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno:
            raise in_words(error, path) from error
        raise _damaged(path, cycle, f"a damaged file ({' '.join(str(error).split())})") from error


def _write_parquet(data: pa.Table, path: Path) -> None:
    refuse_kept(path)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        pq.write_table(data, aside, compression="zstd", write_statistics=True)
        with aside.open("rb") as handle:
            os.fsync(handle.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _entry(path: Path, cycle: Cycle) -> Entry:
    """Read what a run noted of a table it wrote."""
    try:
        return Entry(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise _damaged(path, cycle, f"a damaged note ({error})") from error


def _damaged(path: Path, cycle: Cycle | str, found: str) -> BadInput:
    return BadInput(found=found, needed="the file as it was written", where=str(path), mend=way_out(cycle))


def _unused(folder: Path, stem: str) -> Path:
    """The first number no file has yet: a file once written is never overwritten, even where others were deleted."""
    number = 0
    while (path := folder / f"{stem}-{number}.parquet").exists():
        number += 1
    return path


def _same_content(old: dict[str, Any] | None, new: Entry) -> bool:
    return old is not None and old["content_sha256"] == new.content_sha256


def _descendants(changed: set[str], lineage: Mapping[str, set[str]], unchanged: set[str]) -> set[str]:
    """Tables made of changed ones, and of those in turn; what was made again and is as it was hands nothing on."""
    found: set[str] = set()
    frontier = set(changed)
    while frontier:
        frontier = {name for name, parents in lineage.items() if parents & frontier} - found - unchanged
        found |= frontier
    return found
