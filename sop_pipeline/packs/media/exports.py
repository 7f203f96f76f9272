"""The six deliverables as CSV, for other systems and for whoever opens them in a spreadsheet.

Months are ``YYYY-MM``, numbers exact; text that a spreadsheet would take for a formula is made text.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from sop_pipeline import tables as registry
from sop_pipeline.tables.schema import Kind, Table

_FORMULA = r"^[=+\-@\t\r]"


def deliverables(tables: Mapping[str, pa.Table]) -> dict[str, bytes]:
    """Every deliverable as the bytes of a CSV file, by file name; a header alone where it has no rows.

    Where a product is made at several sites in a month, ``site_schedule.csv`` stands beside ``production_plan.csv``,
    whose rows are by product and month.
    """
    files = {}
    for spec in registry.DELIVERABLES:
        table = tables.get(spec.name)
        files[f"{spec.name}.csv"] = csv(spec, registry.empty(spec) if table is None else table)
    sites = tables.get("site_schedule")
    if sites is not None and _splits(sites):
        files["site_schedule.csv"] = csv(registry.get("site_schedule"), sites)
    return files


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


def _written(kind: Kind, column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    if kind is Kind.MONTH:
        return pc.strftime(column, format="%Y-%m")
    return harmless(column) if kind is Kind.TEXT else column


def harmless(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    risky = pc.match_substring_regex(column, _FORMULA).fill_null(False)
    marked = pc.utf8_replace_slice(column.cast(pa.string()), start=0, stop=0, replacement="'")
    return pc.if_else(risky, marked, column)
