"""Rows and columns that add the others up: spreadsheets carry them, and planning on them counts everything twice.

A total is known by its amounts: they say nothing the others do not say. One whose amounts differ is not left out,
whatever it is called; it is set aside like any other row that names nothing.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.ingest.rows.loaded import FILE_BITS, LoadedTable
from sop_pipeline.reading.cells.rules import ROW_DATE
from sop_pipeline.tables import Kind, Table

_WORDS = "(grand |sub)?totals?:?|sum(me)?|gesamt(summe)?|insgesamt|totale|totaal|somme|suma|all|overall"
# A name that is no word for a total is one when it adds up this often; chance would not.
_OFTEN = 3
_ANY_BROKEN = "select id from set_aside where column_name = $date limit 1"
_DATED = {**ROW_DATE, "business_plan": "month", "external_forecasts": "month"}
_ADDED = (Kind.QUANTITY, Kind.MONEY)


def is_total_word(text: str) -> bool:
    """Whether a name says that a row is a total."""
    return re.fullmatch(_WORDS, text.strip(), re.IGNORECASE) is not None


def leave_out_total_rows(loaded: LoadedTable) -> None:
    """Leave out rows whose day is a word (``Sum``) and whose amounts are the sums of the file's other rows."""
    date, measures = _DATED.get(loaded.spec.name), _measures(loaded.spec)
    item = "product_id" if "product_id" in loaded.spec else "family" if "family" in loaded.spec else None
    if date is None or item is None or not measures:
        return
    if not loaded.connection.execute(_ANY_BROKEN, {"date": date}).fetchone():
        return
    rows = sql.run(
        loaded.connection, "ingest/total_rows", {"date": date, "words": _WORDS}, item=f'"{item}"', measures=measures
    )
    _leave_out(loaded, rows, date)


def leave_out_totals(loaded: LoadedTable, column: str, unknown: pa.Table) -> set[str]:
    """Leave out rows of unknown names that are, month by month, the sums of the others; return these names."""
    date, measures = _DATED.get(loaded.spec.name), _measures(loaded.spec)
    if date is None or not measures or not unknown.num_rows:
        return set()
    loaded.connection.register("unknown", unknown)
    rows = sql.run(
        loaded.connection,
        "ingest/total_names",
        {"words": _WORDS, "often": _OFTEN},
        item=f'"{column}"',
        date=f'"{date}"',
        measures=measures,
    )
    loaded.connection.unregister("unknown")
    _leave_out(loaded, rows, column)
    return set(tables.texts(rows, "value"))


def _measures(spec: Table) -> list[str]:
    return [f'"{column.name}"' for column in spec.columns if column.kind in _ADDED]


def _leave_out(loaded: LoadedTable, rows: pa.Table, column: str) -> None:
    if not rows.num_rows:
        return
    loaded.set_status(rows, "total")
    places = pa.Table.from_pydict({"file": pc.shift_right(rows.column("id"), FILE_BITS), "value": rows.column("value")})
    named = places.group_by(["file", "value"]).aggregate([([], "count_all")])
    for row in sorted(named.to_pylist(), key=lambda row: (row["file"], row["value"])):
        entry = loaded.files[row["file"]]
        many = "1 row" if row["count_all"] == 1 else f"{row['count_all']} {'cells' if entry.source.wide else 'rows'}"
        heading = entry.headings.get(column, column)
        entry.remarks.append(f"{heading} {row['value']!r} is the sum of the others, left out ({many})")
