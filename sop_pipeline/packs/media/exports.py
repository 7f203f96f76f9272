"""The deliverables as files: CSV for whoever opens them in a spreadsheet, Parquet for systems, and their schema.

In CSV months are ``YYYY-MM``, numbers exact; text that a spreadsheet would take for a formula is made text. In Parquet
types are the lake's. ``schema.json`` says of every file what a row is and of every column its kind, unit and meaning.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.workbook import sheets
from sop_pipeline.tables.schema import Kind, Table

CLOSING = ("gap_sets", "gap_levers", "gap_lever_months", "gap_limits")
"""What levers close, beside the deliverables, where there is a gap."""
_FORMULA = r"^[=+\-@\t\r]"


def deliverables(tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    """Every deliverable as the bytes of a CSV file, by file name; a header alone where it has no rows.

    Where a product is made at several sites in a month, ``site_schedule.csv`` stands beside ``production_plan.csv``,
    whose rows are by product and month.
    """
    return {f"{spec.name}.csv": csv(spec, data) for spec, data in _exported(tables)}


def typed(tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    """The same tables as Parquet, by file name."""
    return {f"{spec.name}.parquet": parquet(spec, data) for spec, data in _exported(tables)}


def schema(tables: Mapping[str, pa.Table]) -> bytes:
    """What the files hold, as JSON: by table its meaning, the grain of its rows, its key and its columns."""
    return described(spec for spec, _ in _exported(tables))


def described(specs: Iterable[Table]) -> bytes:
    """What tables hold, as JSON."""
    by_name = {spec.name: _described(spec) for spec in specs}
    return (json.dumps(by_name, indent=2, ensure_ascii=False) + "\n").encode()


def _exported(tables: Mapping[str, pa.Table]) -> Iterator[tuple[Table, pa.Table]]:
    for spec in registry.DELIVERABLES:
        table = tables.get(spec.name)
        yield spec, registry.empty(spec) if table is None else table
    yield from ((registry.get(name), tables[name]) for name in CLOSING if name in tables and tables[name].num_rows)
    sites = tables.get("site_schedule")
    if sites is not None and _splits(sites):
        yield registry.get("site_schedule"), sites


def _described(spec: Table) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "kind": str(column.kind),
            "unit": column.unit,
            "meaning": column.meaning,
            "required": column.required,
            **({"one_of": list(column.one_of)} if column.one_of else {}),
        }
        for column in spec.columns
    ]
    return {"meaning": spec.meaning, "grain": spec.grain, "key": list(spec.key), "columns": columns}


def long_tables(book: Book) -> dict[str, bytes]:
    """The tables, of many products, that no sheet of the workbook can hold: as CSV files, by file name."""
    return {f"{name}.csv": csv(registry.get(name), rows) for name, rows in sheets.long_tables(book).items()}


def _splits(sites: pa.Table) -> bool:
    """Whether any product is made at several sites in a month."""
    return sites.group_by(["product_id", "month"]).aggregate([]).num_rows < sites.num_rows


def csv(spec: Table, data: pa.Table) -> bytes:
    """Write one table: UTF-8, comma, a header line, line feeds as line ends."""
    columns = [_written(spec[name].kind, data.column(name)) for name in spec.names]
    sink = pa.BufferOutputStream()
    options = pa_csv.WriteOptions(include_header=True, quoting_style="needed")
    pa_csv.write_csv(pa.table(columns, names=spec.names), sink, options)
    return bytes(sink.getvalue())


def parquet(spec: Table, data: pa.Table) -> bytes:
    """Write one table as Parquet, its columns' meanings and units in the schema."""
    fields = [
        field.with_metadata({"meaning": spec[field.name].meaning, "unit": spec[field.name].unit})
        for field in spec.arrow
    ]
    sink = pa.BufferOutputStream()
    pq.write_table(data.select(spec.names).cast(pa.schema(fields, {"grain": spec.grain})), sink)
    return bytes(sink.getvalue())


def _written(kind: Kind, column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if kind is Kind.MONTH:
        return pc.strftime(column, format="%Y-%m")
    return harmless(column) if kind is Kind.TEXT else column


def harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    risky = pc.match_substring_regex(column, _FORMULA).fill_null(False)
    marked = pc.utf8_replace_slice(column.cast(pa.string()), start=0, stop=0, replacement="'")
    return pc.if_else(risky, marked, column)
