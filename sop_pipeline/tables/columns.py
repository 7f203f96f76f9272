"""What is asked of a table's columns everywhere, typed once.

What belongs here: reads and filters of one table, and columns for one. Not here: joins and sums (``sql``), or making
data fit the registry (``conform``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.tables.schema import Kind


def texts(data: pa.Table, column: str) -> list[str]:
    """Return a text column row by row; ValueError where a row has none."""
    return _without_nulls(data, column)


def days(data: pa.Table, column: str) -> list[date]:
    """Return a column of days or months row by row; ValueError where a row has none."""
    return _without_nulls(data, column)


def _without_nulls(data: pa.Table, column: str) -> list[Any]:
    if data.column(column).null_count:
        raise ValueError(f"column {column} has rows without a value")
    return data.column(column).to_pylist()


def where(data: pa.Table, /, **wanted: str | bool | int) -> pa.Table:
    """Return the rows whose columns hold the values wanted: ``where(plan, level="family", chosen=True)``."""
    for column, value in wanted.items():
        data = data.filter(pc.equal(data.column(column), pa.scalar(value)))
    return data


def nulls(count: int, kind: Kind) -> pa.Array:
    """Return a column of a kind without any value."""
    return pa.nulls(count).cast(kind.arrow)
