"""Optional cells that are read as blank, and said to be: dates that say "no date", and bad cells of products.

A product with a bad price is still a product, and its sales are sales; the default for a blank price is listed. Rows of
other tables with a bad cell are set aside whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables
from sop_pipeline.reading.cells.rules import Rule
from sop_pipeline.reading.readers.names import shortened
from sop_pipeline.tables import Table

_KEEPS_ITS_ROWS = "products"


@dataclass(frozen=True)
class Blanked:
    """By column, for each different cell: its text, its value, and the number of the rule it breaks."""

    texts: dict[str, pa.ChunkedArray]
    values: dict[str, pa.ChunkedArray]
    broken: dict[str, pa.ChunkedArray]
    remarks: list[str]


def blank_optional(
    typed: Mapping[str, pa.Table],
    spec: Table,
    rules: list[Rule],
    sentinels: Mapping[str, frozenset[str]],
    headings: Mapping[str, str],
) -> Blanked:
    """Blank what may be blank and cannot be used; a remark counts the rows and shows one of the cells."""
    blanked = Blanked({}, {}, {}, [])
    for name, cells in typed.items():
        column, heading = spec[name], headings.get(name, name)
        texts, broken = cells.column("text"), cells.column("broken")
        values = cells.column(f"as_{column.kind}")
        if sentinels.get(name):
            here = pc.is_in(texts, value_set=pa.array(sorted(sentinels[name]), pa.string()))
            blanked.remarks.append(f"{heading}: {_shown(cells, here)} read as blank: it says that there is no date")
            broken = pc.if_else(here, None, broken)
            values = pc.if_else(here, None, values)
        if spec.name == _KEEPS_ITS_ROWS and not column.required and broken.null_count < len(broken):
            for number in sorted({int(number) for number in broken.to_pylist() if number is not None}):
                here = pc.is_in(broken, value_set=pa.array([number], pa.int64()))
                blanked.remarks.append(f"{heading}: {_shown(cells, here)} read as blank. {rules[number].reason}")
            values = pc.if_else(pc.is_null(broken), values, None)
            broken = pa.chunked_array([pa.nulls(len(broken), pa.int64())])
        blanked.texts[name], blanked.values[name], blanked.broken[name] = texts, values, broken
    return blanked


def _shown(cells: pa.Table, here: pa.ChunkedArray | pa.BooleanArray) -> str:
    chosen = cells.filter(here)
    rows = pc.sum(chosen.column("times")).as_py()
    example = repr(shortened(min(tables.texts(chosen, "text"))))
    return f"{example} in 1 row" if rows == 1 else f"{rows} cells such as {example}"
