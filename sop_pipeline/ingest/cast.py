"""From text to the registry's types, a file at a time: decides marks and dates, then casts all rows at once."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput, fault
from sop_pipeline.ingest import dates, numbers
from sop_pipeline.ingest.mapping import Mapping, map_columns
from sop_pipeline.ingest.raw import Raw
from sop_pipeline.ingest.rules import Rule, cast_column, rules_of
from sop_pipeline.tables import Column, Kind, Table


@dataclass(frozen=True)
class Cast:
    """What was decided about a file: the rules its rows were held to, by number, where our columns are, and notes."""

    rules: list[Rule]
    headings: dict[str, str]
    notes: list[str]


def cast_file(connection: duckdb.DuckDBPyConnection, spec: Table, source: Source, raw: Raw, where: str) -> Cast:
    """Leave the file's rows in the view ``typed``: one row per source row, ``broken`` the number of the rule it breaks.

    Columns the file lacks are there and null.
    """
    mapping = map_columns(spec, source, raw, where)
    present = [
        column for column in spec.columns if column.name in mapping.positions or column.name in mapping.constants
    ]
    _map_rows(connection, source, raw, mapping, present)
    mark, mark_notes = _decimal_mark(connection, source, raw, present, where)
    readings, date_notes = _read_dates(connection, spec, source, present, where)
    connection.register("dates", readings)  # stays registered: the view below reads it
    rules = rules_of(spec, [column.name for column in present])
    statement = sql.text(
        "ingest/typed_rows",
        columns=[cast_column(column) for column in present],
        absent=[cast_column(column) for column in spec.columns if column not in present],
        rules=rules,
        mark=mark,
    )
    connection.execute(f"create or replace view typed as {statement}")
    headings = {our: raw.headings[position] for our, position in mapping.positions.items()}
    return Cast(rules, headings, [*mark_notes, *date_notes, *_note_extras(raw, mapping)])


def _map_rows(
    connection: duckdb.DuckDBPyConnection, source: Source, raw: Raw, mapping: Mapping, present: list[Column]
) -> None:
    renames = [
        {"our": our, "found": found, "wanted": wanted}
        for our, values in source.rename_values.items()
        for found, wanted in values.items()
    ]
    shape = pa.schema([("our", pa.string()), ("found", pa.string()), ("wanted", pa.string())])
    connection.register("renames", pa.Table.from_pylist(renames, schema=shape))
    connection.register("cells", raw.cells)
    columns = [
        {
            "name": column.name,
            "constant": column.name in mapping.constants,
            "position": mapping.positions.get(column.name),
            "renamed": column.name in source.rename_values,
        }
        for column in present
    ]
    extras = sorted(mapping.extras, key=lambda position: raw.headings[position])
    statement = sql.text("ingest/mapped_rows", columns=columns, extras=extras, is_wide="cell" in raw.cells.column_names)
    constants = {f"constant_{name}": value for name, value in mapping.constants.items()}
    connection.execute(f"create or replace table mapped as {statement}", constants or None)
    connection.unregister("cells")
    connection.unregister("renames")


def _decimal_mark(
    connection: duckdb.DuckDBPyConnection, source: Source, raw: Raw, present: list[Column], where: str
) -> tuple[str, list[str]]:
    if source.decimal:
        return source.decimal, [f"decimal mark {source.decimal}"]
    columns = [column.name for column in present if column.kind.is_decimal or column.kind is Kind.COUNT]
    if not columns:
        return ".", []
    found = sql.run(connection, "ingest/number_evidence", columns=columns).to_pylist()[0]
    try:
        mark = numbers.decimal_mark(numbers.Evidence(**found), raw.delimiter)
    except numbers.Undecidable as error:
        raise BadInput(
            fault(
                found=str(error),
                needed="numbers that can be read in one way only",
                where=f"{where}, columns {', '.join(columns)}",
                mend="Say which mark the file uses in sop.yaml: decimal: '.' or decimal: ','.",
            )
        ) from None
    return mark, [f"decimal mark {mark}"] if mark != "." else []


_DATES_SCHEMA = pa.schema([("our", pa.string()), ("found", pa.string()), ("day", pa.date32())])


def _read_dates(
    connection: duckdb.DuckDBPyConnection, spec: Table, source: Source, present: list[Column], where: str
) -> tuple[pa.Table, list[str]]:
    texts = {
        column.name: _distinct(connection, column.name) for column in present if column.kind in (Kind.DATE, Kind.MONTH)
    }
    known = dates.Evidence()
    for values in texts.values():
        known = known | dates.evidence(values)
    rows: list[dict[str, object]] = []
    notes: set[str] = set()
    for name, values in texts.items():
        month_end = spec.name == "inventory" and name == "date"
        try:
            if source.date_format:
                reading = dates.read_declared(values, source.date_format, month_end=month_end)
                _refuse_wrong_form(reading, values, source.date_format, f"{where}, column {name}")
            else:
                own = dates.evidence(values)
                reading = dates.read(values, own if own.day_first or own.month_first else known, month_end=month_end)
        except dates.Undecidable as error:
            raise BadInput(
                fault(
                    found=str(error),
                    needed="dates that can be read in one way only",
                    where=f"{where}, column {name}",
                    mend="Say how the file writes dates in sop.yaml: date_format: '%d/%m/%Y' or '%m/%d/%Y'.",
                )
            ) from None
        rows.extend({"our": name, "found": text, "day": day} for text, day in reading.days.items())
        if reading.note:
            notes.add(reading.note)
    return pa.Table.from_pylist(rows, schema=_DATES_SCHEMA), sorted(notes)


def _refuse_wrong_form(reading: dates.Reading, values: list[str], form: str, where: str) -> None:
    """A form that fits no cell of a column is a slip in sop.yaml, not bad data."""
    if values and not reading.days:
        raise BadInput(
            fault(
                found=f"{values[0]!r}, and no cell that fits",
                needed=f"dates written {form}, as date_format says",
                where=where,
                mend="Correct date_format in sop.yaml, or leave it out and it is detected.",
            )
        )


def _distinct(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    found = connection.execute(f'select distinct "{name}" as found from mapped where "{name}" is not null')
    return sorted(row[0] for row in found.fetchall())


def _note_extras(raw: Raw, mapping: Mapping) -> list[str]:
    if not mapping.extras:
        return []
    names = [raw.headings[position] for position in mapping.extras]
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return [f"columns not used: {shown}"]
