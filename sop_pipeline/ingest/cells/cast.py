"""From text to the registry's types, a file at a time: decides marks and dates, then casts each different cell once."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.config import Source
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.cells import dates, numbers
from sop_pipeline.ingest.cells.columns import Mapping, map_columns
from sop_pipeline.ingest.cells.distinct import Distinct, parted, stacked
from sop_pipeline.ingest.cells.rules import Rule, is_number, rules_of, sql_type
from sop_pipeline.ingest.readers.raw import Raw
from sop_pipeline.tables import Column, Kind, Table

_BETWEEN_CELLS = "\x1f"


@dataclass(frozen=True)
class Cast:
    """A file's rows, what was decided about it, and notes.

    ``rows`` has one row per source row: ``row``, ``cell``, ``position`` and ``whole`` as in ``Raw``, ``extra`` (cells
    nothing maps to, as one text), every column of the table (null where the file lacks it), ``broken`` (the number of
    the first of ``rules`` the row breaks, or null) and ``broken_value`` (the cell that does). ``headings`` are our
    columns' in the file.
    """

    rows: pa.Table
    rules: list[Rule]
    headings: dict[str, str]
    notes: list[str]


def cast_file(connection: duckdb.DuckDBPyConnection, spec: Table, source: Source, raw: Raw, where: str) -> Cast:
    """Return the file's rows in the table's types, each with the rule it breaks."""
    mapping = map_columns(spec, source, raw, where)
    present = [
        column for column in spec.columns if column.name in mapping.positions or column.name in mapping.constants
    ]
    columns = {column.name: _distinct(raw, mapping, column.name) for column in present}
    mapped = _map_cells(connection, source, columns)
    mark, mark_notes = _decimal_mark(connection, source, raw, mapping, present, mapped, where)
    days, date_notes = _read_dates(parted(columns, mapped), spec, source, present, where)
    rules = rules_of(spec, [column.name for column in present])
    typed = parted(columns, _type_cells(connection, mapped, columns, days, present, rules, mark))
    headings = {our: raw.headings[position] for our, position in mapping.positions.items()}
    rows = _rows(spec, raw, mapping, columns, typed)
    return Cast(rows, rules, headings, [*mark_notes, *date_notes, *_note_extras(raw, mapping)])


def _distinct(raw: Raw, mapping: Mapping, name: str) -> Distinct:
    if name in mapping.constants:
        return Distinct.constant(mapping.constants[name], raw.cells.num_rows)
    return Distinct.of(raw.cells.column(f"c{mapping.positions[name]}"))


def _map_cells(connection: duckdb.DuckDBPyConnection, source: Source, columns: dict[str, Distinct]) -> pa.Table:
    renames = [
        {"our": our, "found": text, "wanted": wanted}
        for our, values in source.rename_values.items()
        for text, wanted in values.items()
    ]
    shape = pa.schema([("our", pa.string()), ("found", pa.string()), ("wanted", pa.string())])
    connection.register("renames", pa.Table.from_pylist(renames, schema=shape))
    connection.register("cells", stacked(columns))
    mapped = sql.run(connection, "ingest/mapped_cells")
    connection.unregister("cells")
    connection.unregister("renames")
    return mapped


def _type_cells(
    connection: duckdb.DuckDBPyConnection,
    mapped: pa.Table,
    columns: dict[str, Distinct],
    days: dict[str, pa.Array],
    present: list[Column],
    rules: list[Rule],
    mark: str,
) -> pa.Table:
    for name, kind, by_column in (
        ("kind", pa.string(), {column.name: str(column.kind) for column in present}),
        ("is_counted", pa.bool_(), {column.name: is_number(column) for column in present}),
        ("is_share", pa.bool_(), {column.name: column.unit == "share" for column in present}),
        ("is_listed", pa.bool_(), {column.name: bool(column.one_of) for column in present}),
    ):
        parts = [pa.repeat(by_column[our], len(column.texts)) for our, column in columns.items()]
        mapped = mapped.append_column(name, pa.chunked_array(parts, kind).combine_chunks())
    dates = [days.get(our, tables.nulls(len(column.texts), Kind.DATE)) for our, column in columns.items()]
    mapped = mapped.append_column("day", pa.chunked_array(dates, pa.date32()).combine_chunks())
    connection.register("mapped", mapped.combine_chunks())
    kinds = dict.fromkeys(column.kind for column in present)
    typed = sql.run(
        connection,
        "ingest/typed_cells",
        kinds=[{"name": str(kind), "type": sql_type(kind)} for kind in kinds],
        rules=[{"number": number, **asdict(rule)} for number, rule in enumerate(rules)],
        mark=mark,
    )
    connection.unregister("mapped")
    return typed.combine_chunks()


def _rows(
    spec: Table, raw: Raw, mapping: Mapping, columns: dict[str, Distinct], typed: dict[str, pa.Table]
) -> pa.Table:
    """Give every row the values of its cells."""
    count = raw.cells.num_rows
    values: dict[str, pa.ChunkedArray | pa.Array] = {
        name: raw.cells.column(name) if name in raw.cells.column_names else pa.nulls(count, pa.string())
        for name in ("cell", "whole")
    }
    values["row"] = raw.cells.column("row")
    values["position"] = raw.cells.column("position") if "position" in raw.cells.column_names else _zeros(count)
    values["extra"] = _extra(raw, mapping)
    values["broken"], values["broken_value"] = _broken(columns, typed, count)
    for column in spec.columns:
        if column.name in columns:
            values[column.name] = typed[column.name].column(f"as_{column.kind}").take(columns[column.name].codes)
        else:
            values[column.name] = tables.nulls(count, column.kind)
    return pa.Table.from_pydict(values)


def _zeros(count: int) -> pa.Array:
    return pa.repeat(pa.scalar(0, pa.int64()), count)


def _extra(raw: Raw, mapping: Mapping) -> pa.ChunkedArray | pa.Array:
    positions = sorted(mapping.extras, key=lambda position: raw.headings[position])
    if not positions:
        return pa.nulls(raw.cells.num_rows, pa.string())
    cells = [raw.cells.column(f"c{position}").cast(pa.string()) for position in positions]
    # the stubs have no overload for columns and one separator
    joined: pa.ChunkedArray = pc.binary_join_element_wise(  # type: ignore[call-overload]
        *cells, _BETWEEN_CELLS, null_handling="replace", null_replacement=""
    )
    return joined


def _broken(
    columns: dict[str, Distinct], typed: dict[str, pa.Table], count: int
) -> tuple[pa.ChunkedArray | pa.Array, pa.ChunkedArray | pa.Array]:
    """Return of every row the first rule it breaks (rules are numbered in the order of the columns) and the cell."""
    numbers: pa.ChunkedArray | pa.Array = pa.nulls(count, pa.int64())
    values: pa.ChunkedArray | pa.Array = pa.nulls(count, pa.string())
    for name, column in columns.items():
        rules = typed[name].column("broken")
        if rules.null_count < len(rules):
            here = rules.take(column.codes)
            first = pc.and_(pc.is_null(numbers), pc.is_valid(here))
            numbers = pc.if_else(first, here, numbers)
            values = pc.if_else(first, typed[name].column("text").take(column.codes), values)
    return numbers, values


def _decimal_mark(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    raw: Raw,
    mapping: Mapping,
    present: list[Column],
    mapped: pa.Table,
    where: str,
) -> tuple[str, list[str]]:
    if source.decimal:
        return source.decimal, [f"decimal mark {source.decimal}"]
    columns = [column.name for column in present if column.kind.is_decimal or column.kind is Kind.COUNT]
    if all(mapping.positions.get(name) in raw.typed and name not in source.rename_values for name in columns):
        return ".", []
    try:
        mark = numbers.decimal_mark(_number_evidence(connection, columns, mapped), raw.delimiter)
    except numbers.Undecidable as error:
        raise BadInput(
            found=str(error),
            needed="numbers that can be read in one way only",
            where=f"{where}, columns {', '.join(columns)}",
            mend="Say which mark the file uses in sop.yaml: decimal: '.' or decimal: ','.",
        ) from None
    return mark, [f"decimal mark {mark}"] if mark != "." else []


def _number_evidence(connection: duckdb.DuckDBPyConnection, columns: list[str], mapped: pa.Table) -> numbers.Evidence:
    connection.register("mapped", mapped)
    evidence = sql.run(connection, "ingest/number_evidence", columns=columns).to_pylist()[0]
    connection.unregister("mapped")
    return numbers.Evidence(**evidence)


def _read_dates(
    mapped: dict[str, pa.Table], spec: Table, source: Source, present: list[Column], where: str
) -> tuple[dict[str, pa.Array], list[str]]:
    """Return the day each cell of the date columns means (null: none), and how the columns were read."""
    cells = {
        column.name: mapped[column.name].column("cell").to_pylist()
        for column in present
        if column.kind in (Kind.DATE, Kind.MONTH)
    }
    texts = {name: sorted({text for text in column if text is not None}) for name, column in cells.items()}
    of_file = dates.Evidence()
    for values in texts.values():
        of_file = of_file | dates.evidence(values)
    days: dict[str, pa.Array] = {}
    notes: set[str] = set()
    for name, values in texts.items():
        month_end = spec.name == "inventory" and name == "date"
        try:
            if source.date_format:
                reading = dates.read_declared(values, source.date_format, month_end=month_end)
                _refuse_wrong_form(reading, values, source.date_format, f"{where}, column {name}")
            else:
                of_column = dates.evidence(values)
                decides = of_column.day_first or of_column.month_first
                reading = dates.read(values, of_column if decides else of_file, month_end=month_end)
        except dates.Undecidable as error:
            raise BadInput(
                found=str(error),
                needed="dates that can be read in one way only",
                where=f"{where}, column {name}",
                mend="Say how the file writes dates in sop.yaml: date_format: '%d/%m/%Y' or '%m/%d/%Y'.",
            ) from None
        days[name] = pa.array([text and reading.days.get(text) for text in cells[name]], pa.date32())
        if reading.note:
            notes.add(reading.note)
    return days, sorted(notes)


def _refuse_wrong_form(reading: dates.Reading, values: list[str], form: str, where: str) -> None:
    """A form that fits no cell of a column is a slip in sop.yaml, not bad data."""
    if values and not reading.days:
        raise BadInput(
            found=f"{values[0]!r}, and no cell that fits",
            needed=f"dates written {form}, as date_format says",
            where=where,
            mend="Correct date_format in sop.yaml, or leave it out and it is detected.",
        )


def _note_extras(raw: Raw, mapping: Mapping) -> list[str]:
    if not mapping.extras:
        return []
    names = [raw.headings[position] for position in mapping.extras]
    shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
    return [f"columns not used: {shown}"]
