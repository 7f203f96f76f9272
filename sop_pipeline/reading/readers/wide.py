"""Wide to long: a file with one column per product becomes one row per cell.

What a repeated heading means is decided by whoever knows the products: here it is only marked
(docs/decisions/0006-repeated-headings.md).
"""

from __future__ import annotations

from dataclasses import replace

import duckdb
import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Wide
from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.names import nearest
from sop_pipeline.reading.readers.raw import Raw, echoes, without_mark


def melt(connection: duckdb.DuckDBPyConnection, raw: Raw, wide: Wide, drop_zeros: bool, where: str) -> Raw:
    """Return one row per filled cell: the kept columns, the heading, the value.

    ``cells`` gets two more columns: ``cell`` (the heading) and ``whole`` (the whole source row, by which a repeated
    source row is known). Zero cells are left out when ``drop_zeros`` says so, and counted.
    """
    kept = _kept_positions(raw, wide, where)
    melted = [position for position in range(len(raw.headings)) if position not in kept]
    if not melted:
        raise BadInput(
            found="no column but those that wide.keep names",
            needed=f"columns to become rows of {wide.names_to}",
            where=where,
            mend="Take the item columns out of wide.keep.",
        )
    names = pa.table(
        {
            "position": pa.array(melted, pa.int64()),
            "heading": pa.array([raw.headings[position] for position in melted], pa.string()),
        }
    )
    connection.register("wide_cells", _of_one_kind(raw, melted))
    connection.register("headings", names)
    cells = sql.run(
        connection,
        "reading/wide_to_long",
        {"drop_zeros": drop_zeros},
        kept=kept,
        melted=melted,
        width=len(raw.headings),
    )
    connection.unregister("wide_cells")
    connection.unregister("headings")
    left_out = raw.cells.num_rows * len(melted) - cells.num_rows
    headings = (*(raw.headings[position] for position in kept), wide.names_to, wide.values_to)
    blank = "blank or zero" if drop_zeros else "blank"
    note = f"wide: {raw.cells.num_rows} rows by {len(melted)} columns, {left_out} {blank} cells"
    return replace(
        raw,
        headings=headings,
        repeated=frozenset(),
        cells=cells,
        extent=replace(raw.extent, columns=len(melted), cells_left_out=left_out),
        notes=(*raw.notes, note),
        echoes=echoes(raw.headings, melted),
        typed=frozenset({len(kept) + 1} if set(melted) <= raw.typed else set()),
    )


def _of_one_kind(raw: Raw, melted: list[int]) -> pa.Table:
    """Return the cells, numbers the file has as numbers without a mark where text cells stand beside them."""
    cells = raw.cells
    if set(melted) <= raw.typed:
        return cells
    for position in sorted(raw.typed.intersection(melted)):
        name = f"c{position}"
        cells = cells.set_column(cells.column_names.index(name), name, without_mark(cells.column(name)))
    return cells


def _kept_positions(raw: Raw, wide: Wide, where: str) -> list[int]:
    positions = []
    for name in wide.keep:
        if name not in raw.headings:
            raise BadInput(
                found=f"no column {name!r}",
                needed="the column that wide.keep names",
                where=where,
                mend=nearest(name, raw.headings),
            )
        positions.append(raw.headings.index(name))
    return positions
