"""One input table from its files: read, map, cast, and say of every row what became of it.

Every source row ends in exactly one fate: used, duplicate, superseded, later (not yet known to the cycle) or
quarantined; ``source_files`` counts them. The order is: what cannot be read, what is not yet known, what is said twice,
what is corrected. References to other tables come after all tables are read (``references``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.ingest.cast import Cast, cast_file
from sop_pipeline.ingest.grain import NATURAL_KEY, OWN_DATE, Knowledge
from sop_pipeline.ingest.raw import Raw
from sop_pipeline.ingest.reading import Reader
from sop_pipeline.ingest.snapshots import Snapshot, SourceFile
from sop_pipeline.tables import Table

_NOBODY_YET = "0001-01-01"
# A row's id orders it by file, row and (of a wide file) column: what "earlier" means wherever rows contend.
_FILE_BITS, _COLUMN_BITS = 48, 16


@dataclass(frozen=True)
class LoadedFile:
    """A file as read: its cells, our columns' headings in it, and whether the same bytes were read before."""

    file: SourceFile
    label: str
    raw: Raw
    headings: dict[str, str]
    notes: list[str]
    resent: bool = False


@dataclass
class LoadedTable:
    """A table on its way in, in a DuckDB session: ``all_rows``, their ``marks``, and those still ``standing``."""

    spec: Table
    connection: duckdb.DuckDBPyConnection
    files: list[LoadedFile]

    def mark(self, selection: str, fate: str, params: dict[str, Any] | None = None, **structure: Any) -> int:
        """Give the rows that ``sql/ingest/<selection>.sql`` selects their fate, and return how many they are."""
        found = sql.run(self.connection, f"ingest/{selection}", params, **structure)
        return self.set_aside(found.select(["id"]), fate)

    def set_aside(self, ids: pa.Table, fate: str, column: str | None = None, reason: str | None = None) -> int:
        """Give rows their fate; ``ids`` may carry ``value``, the cell at fault."""
        if not ids.num_rows:
            return 0
        value = "value" if "value" in ids.column_names else "null"
        self.connection.register("chosen", ids)
        self.connection.execute(
            f"insert into marks select id, $fate, $column, {value}, $reason from chosen",
            {"fate": fate, "column": column, "reason": reason},
        )
        self.connection.unregister("chosen")
        return ids.num_rows


@contextmanager
def load_table(
    spec: Table, sources: list[Source], snapshot: Snapshot, knowledge: Knowledge | None, reader: Reader
) -> Iterator[LoadedTable]:
    """Read every file of a table and judge its rows; ``knowledge`` None takes every row whatever its date.

    Raises BadInput when a file cannot be read at all, lacks a required column, or has dates or decimal marks that can
    be read in two ways.
    """
    with reader.connection.cursor() as connection:
        loaded = LoadedTable(spec, connection, [])
        casts: dict[int, Cast] = {}
        seen: dict[tuple[str, str], Raw] = {}
        for file in snapshot.of(spec.name):
            source = sources[file.source]
            _add_file(loaded, source, snapshot, file, seen, reader, casts)
        _create(connection, spec, casts)
        for number, cast in casts.items():
            _set_aside_broken(loaded, number, cast)
        del casts
        _judge(loaded, knowledge)
        yield loaded


def _create(connection: duckdb.DuckDBPyConnection, spec: Table, casts: dict[int, Cast]) -> None:
    """Put the files' rows into one table; one statement costs half of what one a file does."""
    parts = [cast.rows.append_column("file", pa.repeat(file, cast.rows.num_rows)) for file, cast in casts.items()]
    connection.register("parts", pa.concat_tables(parts).combine_chunks())
    columns = ", ".join(_quoted(spec))
    # temporary: what is temporary belongs to the table's own cursor, and the names of one table do not meet another's
    connection.execute(
        "create temp table all_rows as select * exclude (position), "
        f"(file << {_FILE_BITS}) + (row << {_COLUMN_BITS}) + position as id, hash({columns}) as digest from parts"
    )
    connection.unregister("parts")
    connection.execute(
        "create temp table marks (id bigint, fate varchar, column_name varchar, value varchar, reason varchar)"
    )
    connection.execute("create temp view standing as select * from all_rows where id not in (select id from marks)")


def _add_file(
    loaded: LoadedTable,
    source: Source,
    snapshot: Snapshot,
    file: SourceFile,
    seen: dict[tuple[str, str], Raw],
    reader: Reader,
    casts: dict[int, Cast],
) -> None:
    label = _label(loaded, source, file)
    bytes_and_settings = (file.sha256, source.model_dump_json(exclude={"path"}))
    number = len(loaded.files)
    if bytes_and_settings in seen:
        raw = seen[bytes_and_settings]
        note = "the same bytes as an earlier file: counted once"
        loaded.files.append(LoadedFile(file, label, raw, {}, [*raw.notes, note], resent=True))
        return
    raw = seen[bytes_and_settings] = reader.cells(snapshot.path(file), source, label)
    cast = cast_file(loaded.connection, loaded.spec, source, raw, label)
    loaded.files.append(LoadedFile(file, label, raw, cast.headings, [*raw.notes, *cast.notes]))
    casts[number] = cast


def _set_aside_broken(loaded: LoadedTable, number: int, cast: Cast) -> None:
    if cast.rows.column("broken").null_count == cast.rows.num_rows:
        return
    rules = {
        "broken": list(range(len(cast.rules))),
        "column_name": [rule.column for rule in cast.rules],
        "reason": [rule.reason for rule in cast.rules],
    }
    loaded.connection.register("rules", pa.table(rules))
    broken = sql.text("ingest/broken_rows")
    loaded.connection.execute(f"insert into marks by name {broken}", {"file": number})
    loaded.connection.unregister("rules")


def _quoted(spec: Table) -> list[str]:
    return [f'"{name}"' for name in spec.names]


def _label(loaded: LoadedTable, source: Source, file: SourceFile) -> str:
    label = f"{file.name} [{source.sheet}]" if source.sheet else file.name
    taken = {entry.label for entry in loaded.files}
    number, unique = 1, label
    while unique in taken:
        number += 1
        unique = f"{label} ({number})"
    return unique


def _judge(loaded: LoadedTable, knowledge: Knowledge | None) -> None:
    spec = loaded.spec
    columns = _quoted(spec)
    own_date = OWN_DATE.get(spec.name)
    if knowledge is not None:
        limit = knowledge.limit(spec.name)
        params = {"recorded_limit": limit, **({"own_limit": limit} if own_date else {})}
        loaded.mark("later_rows", "later", params, own_date=own_date and f'"{own_date}"')
    loaded.mark("repeated_rows", "duplicate", cells=columns)
    if spec.key:
        _judge_keys(loaded, own_date)
        return
    if len(loaded.files) > 1:
        _judge_resent(loaded, columns, own_date)
    if spec.name in NATURAL_KEY and _any_recorded(loaded):
        loaded.mark("corrected_rows", "superseded", key=_natural_key(spec))


def _judge_resent(loaded: LoadedTable, columns: list[str], own_date: str | None) -> None:
    """Count what a file sends again once; what it states otherwise replaces the earlier statement."""
    day = f'"{own_date}"' if own_date else "null::date"
    known = sql.run(loaded.connection, "ingest/resent_rows", cells=columns, day=day)
    if not known.num_rows:
        return
    if loaded.spec.name in NATURAL_KEY:
        loaded.connection.register("known", known)
        restated = sql.run(loaded.connection, "ingest/restated_rows", cells=columns, key=_natural_key(loaded.spec))
        loaded.connection.unregister("known")
        loaded.set_aside(restated, "superseded")
        known = known.filter(pc.invert(pc.is_in(known.column("id"), value_set=restated.column("id"))))
    loaded.set_aside(known, "duplicate")


def _natural_key(spec: Table) -> list[str]:
    return [f'"{name}"' for name in NATURAL_KEY[spec.name]]


def _any_recorded(loaded: LoadedTable) -> bool:
    found = loaded.connection.execute("select count(recorded_on) from standing").fetchone()
    return bool(found and found[0])


def _judge_keys(loaded: LoadedTable, own_date: str | None) -> None:
    spec = loaded.spec
    own = f'"{own_date}"' if own_date else f"date '{_NOBODY_YET}'"
    found = sql.run(
        loaded.connection,
        "ingest/repeated_keys",
        key=[f'"{name}"' for name in spec.key],
        others=[f'"{name}"' for name in spec.names if name not in spec.key],
        known_on=f"coalesce(recorded_on, {own}, date '{_NOBODY_YET}')",
    )
    reason = (
        f"Needed {spec.grain}: a row further down has the same {', '.join(spec.key)} and other values, and is the one "
        "used. Keep one of them, or fill in recorded_on."
    )
    for fate in ("duplicate", "superseded", "contradicted"):
        ids = found.filter(pc.equal(found.column("fate"), fate)).select(["id", "value"])
        if fate == "contradicted":
            loaded.set_aside(ids, "quarantined", spec.key[0], reason)
        else:
            loaded.set_aside(ids, fate)
