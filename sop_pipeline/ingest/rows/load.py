"""One input table from its files: read, map, cast, and say of every row what became of it.

Every source row ends in exactly one status: used, duplicate, superseded, later (not yet known to the cycle), total (the
sum of other rows) or quarantined; ``source_files`` counts them. The order is: what cannot be read, what is a total or
dated far from the rest, what is not yet known, what is said twice, what is corrected. References to other tables come
after all tables are read (``references``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.ingest.rows.far_days import set_aside_far_days
from sop_pipeline.ingest.rows.file_names import with_name_values
from sop_pipeline.ingest.rows.grain import Knowledge
from sop_pipeline.ingest.rows.loaded import COLUMN_BITS, FILE_BITS, LoadedFile, LoadedTable
from sop_pipeline.ingest.rows.months_only import refuse_dating, refuse_other_than_months
from sop_pipeline.ingest.rows.plans import refuse_overlaps
from sop_pipeline.ingest.rows.repeats import judge
from sop_pipeline.ingest.rows.spans import settle_undeclared
from sop_pipeline.ingest.rows.totals import leave_out_total_rows
from sop_pipeline.ingest.snapshots import Snapshot, SourceFile
from sop_pipeline.periods import PeriodCalendar
from sop_pipeline.reading.cells.cast import Cast, cast_file
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.room_settings import IngestSettings
from sop_pipeline.tables import Table


@dataclass(frozen=True)
class _Shared:
    """What the files of a table share: the reader, the calendar of periods, and what was read by bytes and settings."""

    reader: Reader
    calendar: PeriodCalendar | None
    read_before: dict[tuple[str, str], Raw]


@contextmanager
def load_table(
    spec: Table, company: IngestSettings, snapshot: Snapshot, knowledge: Knowledge | None, reader: Reader
) -> Iterator[LoadedTable]:
    """Read every file of a table and judge its rows; ``knowledge`` None takes every row whatever its date.

    Raises BadInput when a file cannot be read at all, lacks a required column, or has dates or decimal marks that can
    be read in two ways.
    """
    with reader.connection.cursor() as connection:
        loaded = LoadedTable(spec, connection, [])
        casts: dict[int, Cast] = {}
        shared = _Shared(reader, company.periods.calendar if company.periods else None, {})
        for number, file in enumerate(snapshot.of(spec.name)):
            cast = _add_file(loaded, company.sources[spec.name][file.source], snapshot, file, shared)
            if cast is not None:
                casts[number] = cast
        _create(connection, loaded.columns, casts)
        for number, cast in casts.items():
            _set_aside_broken(loaded, number, cast)
        del casts
        refuse_other_than_months(loaded)
        leave_out_total_rows(loaded)
        set_aside_far_days(loaded)
        settle_undeclared(loaded)
        judge(loaded, knowledge)
        if spec.name == "business_plan":
            refuse_overlaps(loaded)
        yield loaded


def _add_file(
    loaded: LoadedTable, source: Source, snapshot: Snapshot, file: SourceFile, shared: _Shared
) -> Cast | None:
    """Read a file and cast its cells; of bytes that were read before, only the name is kept."""
    label = _label(loaded, source, file)
    refuse_dating(loaded.spec, source, f"{loaded.spec.name}: {label}")
    source = with_name_values(source, file.name, label)
    bytes_and_settings = (file.sha256, source.model_dump_json(exclude={"path"}))
    if bytes_and_settings in shared.read_before:
        raw = shared.read_before[bytes_and_settings]
        note = "the same bytes as an earlier file: counted once"
        loaded.files.append(LoadedFile(file, label, source, raw, {}, [], [*raw.notes, note], [], resent=True))
        return None
    raw = shared.reader.cells(snapshot.path(file), loaded.spec.name, source, label)
    shared.read_before[bytes_and_settings] = raw
    cast = cast_file(loaded.connection, loaded.spec, source, raw, label, shared.calendar)
    notes = [*raw.notes, *cast.notes]
    remarks = list(cast.remarks)
    loaded.files.append(
        LoadedFile(file, label, source, raw, cast.headings, cast.extras, notes, remarks, misspelt=cast.misspelt)
    )
    return cast


def _label(loaded: LoadedTable, source: Source, file: SourceFile) -> str:
    label = f"{file.name} [{source.sheet}]" if source.sheet else file.name
    in_use = {entry.label for entry in loaded.files}
    number, unique = 1, label
    while unique in in_use:
        number += 1
        unique = f"{label} ({number})"
    return unique


def _create(connection: duckdb.DuckDBPyConnection, columns: list[str], casts: dict[int, Cast]) -> None:
    """Put the files' rows into one table; one statement costs half of what one a file does."""
    parts = [cast.rows.append_column("file", pa.repeat(file, cast.rows.num_rows)) for file, cast in casts.items()]
    connection.register("parts", pa.concat_tables(parts).combine_chunks())
    # temporary: what is temporary belongs to the table's own cursor, and the names of one table do not meet another's
    bits = {"file_bits": FILE_BITS, "column_bits": COLUMN_BITS}
    connection.execute(f"create temp table all_rows as {sql.text('ingest/all_rows', cells=columns)}", bits)
    connection.unregister("parts")
    connection.execute(
        "create temp table set_aside (id bigint, status varchar, column_name varchar, value varchar, reason varchar)"
    )
    connection.execute(f"create temp view standing as {sql.text('ingest/standing')}")


def _set_aside_broken(loaded: LoadedTable, number: int, cast: Cast) -> None:
    if cast.rows.column("broken").null_count == cast.rows.num_rows:
        return
    rules: dict[str, list[int] | list[str]] = {
        "broken": list(range(len(cast.rules))),
        "column_name": [rule.column for rule in cast.rules],
        "reason": [rule.reason for rule in cast.rules],
    }
    loaded.connection.register("rules", pa.table(rules))
    broken = sql.text("ingest/broken_rows")
    loaded.connection.execute(f"insert into set_aside by name {broken}", {"file": number})
    loaded.connection.unregister("rules")
