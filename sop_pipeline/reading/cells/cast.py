"""From text to the registry's types, a file at a time: decides marks and dates, then casts each different cell once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.config import Source
from sop_pipeline.periods import PeriodCalendar
from sop_pipeline.reading.cells.blanked import Blanked, blank_optional
from sop_pipeline.reading.cells.columns import Mapping, map_columns, unused_columns
from sop_pipeline.reading.cells.date_columns import read_dates
from sop_pipeline.reading.cells.distinct import Distinct, parted, stacked
from sop_pipeline.reading.cells.factors import factors_of, scaled
from sop_pipeline.reading.cells.number_columns import decimal_mark, typed_columns
from sop_pipeline.reading.cells.period_columns import Dating
from sop_pipeline.reading.cells.rules import Rule, is_number, rules_of, sql_type
from sop_pipeline.reading.readers.raw import Raw
from sop_pipeline.tables import Column, Kind, Table

BETWEEN_CELLS = "\x1f"


@dataclass(frozen=True)
class Cast:
    """A file's rows, what was decided about it, and notes.

    ``rows`` has one row per source row: ``row``, ``cell``, ``position`` and ``whole`` as in ``Raw``, ``covers`` (how
    many days the row is about, from its day on), ``extra`` (cells nothing maps to, as one text in the order of
    ``extras``, their headings), every column of the table (null where the file lacks it), ``broken`` (the number of the
    first of ``rules`` the row breaks, or null) and ``broken_value`` (the cell that does). ``headings`` are our columns'
    in the file, ``misspelt`` those nothing maps to that look like one of ours that is missing. ``remarks`` are for a
    person to look at.
    """

    rows: pa.Table
    rules: list[Rule]
    headings: dict[str, str]
    extras: list[str]
    misspelt: dict[str, str]
    notes: list[str]
    remarks: list[str]


def cast_file(
    connection: duckdb.DuckDBPyConnection,
    spec: Table,
    source: Source,
    raw: Raw,
    where: str,
    calendar: PeriodCalendar | None = None,
    *,
    as_floats: bool = False,
) -> Cast:
    """Return the file's rows in the table's types, each with the rule it breaks.

    ``as_floats`` keeps every digit of quantities, money and rates, for callers that calculate and store nothing.
    """
    mapping = map_columns(spec, source, raw, where)
    present = [
        column for column in spec.columns if column.name in mapping.positions or column.name in mapping.constants
    ]
    columns = {column.name: _distinct(raw, mapping, column.name) for column in present}
    mapped = _map_cells(connection, source, columns)
    typed = typed_columns(raw, mapping, source)
    written = [column for column in present if column.name not in typed]
    mark, mark_notes = decimal_mark(connection, source, raw, written, mapped, where)
    read = read_dates(parted(columns, mapped), spec, source, present, Dating(source.dated_by, calendar), where)
    cells = _judged(mapped, columns, present, typed if mark != "." else frozenset(), read.days)
    rules = rules_of(spec, [column.name for column in present])
    headings = {our: raw.headings[position] for our, position in mapping.positions.items()}
    values = parted(columns, _type_cells(connection, cells, present, rules, mark, as_floats))
    values = _in_our_units(values, spec, factors_of(source.factors, spec, where))
    blanked = blank_optional(values, spec, rules, read.sentinels, headings)
    extras, extra_notes, misspelt = unused_columns(spec, raw, mapping)
    return Cast(
        _rows(spec, raw, extras, columns, blanked, read.covers),
        rules,
        headings,
        extras,
        misspelt,
        [*mark_notes, *read.notes, *extra_notes],
        [
            *raw.remarks,
            *blanked.remarks,
            *(f"column {name!r} is not used; did you mean {our}?" for name, our in misspelt.items()),
        ],
    )


def _in_our_units(values: dict[str, pa.Table], spec: Table, factors: dict[str, Fraction]) -> dict[str, pa.Table]:
    """Multiply the numbers of columns that the file has in other units."""
    for our in factors.keys() & values.keys():
        cells, name = values[our], f"as_{spec[our].kind}"
        at = cells.column_names.index(name)
        values[our] = cells.set_column(at, name, scaled(cells.column(name), factors[our]))
    return values


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
    mapped = sql.run(connection, "reading/mapped_cells")
    connection.unregister("cells")
    connection.unregister("renames")
    return mapped


def _judged(
    mapped: pa.Table,
    columns: dict[str, Distinct],
    present: list[Column],
    with_point: frozenset[str],
    days: dict[str, pa.Array],
) -> pa.Table:
    """Return the mapped cells, each with what its column is; numbers of ``with_point`` have a point, not the mark."""
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
    if with_point:
        here = pc.is_in(mapped.column("our"), value_set=pa.array(sorted(with_point)))
        cell = mapped.column("cell")
        cell = pc.if_else(here, pc.replace_substring(cell, ".", ","), cell)
        mapped = mapped.set_column(mapped.column_names.index("cell"), "cell", cell)
    return mapped.combine_chunks()


def _type_cells(
    connection: duckdb.DuckDBPyConnection,
    cells: pa.Table,
    present: list[Column],
    rules: list[Rule],
    mark: str,
    as_floats: bool,
) -> pa.Table:
    connection.register("mapped", cells)
    kinds = dict.fromkeys(column.kind for column in present)
    typed = sql.run(
        connection,
        "reading/typed_cells",
        kinds=[
            {"name": str(kind), "type": "double" if as_floats and kind.is_decimal else sql_type(kind)} for kind in kinds
        ],
        rules=[{"number": number, **asdict(rule)} for number, rule in enumerate(rules)],
        mark=mark,
    )
    connection.unregister("mapped")
    return typed.combine_chunks()


def _rows(
    spec: Table,
    raw: Raw,
    extras: list[str],
    columns: dict[str, Distinct],
    cells: Blanked,
    covers: dict[str, pa.Array],
) -> pa.Table:
    """Give every row the values of its cells."""
    count = raw.cells.num_rows
    values: dict[str, pa.ChunkedArray | pa.Array] = {
        name: raw.cells.column(name) if name in raw.cells.column_names else pa.nulls(count, pa.string())
        for name in ("cell", "whole")
    }
    values["row"] = raw.cells.column("row")
    values["position"] = raw.cells.column("position") if "position" in raw.cells.column_names else _zeros(count)
    values["covers"] = _covers(columns, covers, count)
    values["extra"] = _extra(raw, extras)
    values["broken"], values["broken_value"] = _broken(columns, cells, count)
    for column in spec.columns:
        if column.name in columns:
            values[column.name] = cells.values[column.name].take(columns[column.name].codes)
        else:
            values[column.name] = tables.nulls(count, column.kind)
    return pa.Table.from_pydict(values)


def _covers(columns: dict[str, Distinct], covers: dict[str, pa.Array], count: int) -> pa.Array:
    for name, days in covers.items():
        return days.take(columns[name].codes)
    return pa.repeat(pa.scalar(1, pa.int16()), count)


def _zeros(count: int) -> pa.Array:
    return pa.repeat(pa.scalar(0, pa.int64()), count)


def _extra(raw: Raw, extras: list[str]) -> pa.ChunkedArray | pa.Array:
    if not extras:
        return pa.nulls(raw.cells.num_rows, pa.string())
    cells = [raw.cells.column(f"c{raw.headings.index(heading)}").cast(pa.string()) for heading in extras]
    # the stubs have no overload for columns and one separator
    joined: pa.ChunkedArray = pc.binary_join_element_wise(  # type: ignore[call-overload]
        *cells, BETWEEN_CELLS, null_handling="replace", null_replacement=""
    )
    return joined


def _broken(
    columns: dict[str, Distinct], cells: Blanked, count: int
) -> tuple[pa.ChunkedArray | pa.Array, pa.ChunkedArray | pa.Array]:
    """Return of every row the first rule it breaks (rules are numbered in the order of the columns) and the cell."""
    numbers: pa.ChunkedArray | pa.Array = pa.nulls(count, pa.int64())
    values: pa.ChunkedArray | pa.Array = pa.nulls(count, pa.string())
    for name, column in columns.items():
        rules = cells.broken[name]
        if rules.null_count < len(rules):
            here = rules.take(column.codes)
            first = pc.and_(pc.is_null(numbers), pc.is_valid(here))
            numbers = pc.if_else(first, here, numbers)
            values = pc.if_else(first, cells.texts[name].take(column.codes), values)
    return numbers, values
