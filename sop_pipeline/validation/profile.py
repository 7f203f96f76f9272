"""One row that says of a table how many of its rows break each rule of the registry, counted in SQL.

A table does not travel to the process of the suites, nor become a frame: every rule is counted here on every row, and
Great Expectations judges the counts. Not here: the judging (``expectations``), or which rules there are
(``tables``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.tables.schema import Column, Table

_ROWS, _KEY = "rows_checked", "key_is_unique"


@dataclass(frozen=True)
class Profile:
    """A table's columns in order, how many rows it has, and how many of them break each rule."""

    columns: tuple[str, ...]
    rows: int
    broken: Mapping[str, int]

    @property
    def is_clean(self) -> bool:
        """Whether no row breaks a rule."""
        return not any(self.broken.values())

    @property
    def rules(self) -> int:
        """How many rules a suite judges of it: those of rows, and that of the columns."""
        return len(self.broken) + 1


def profile(name: str, data: pa.Table, references: Mapping[str, pa.ChunkedArray]) -> Profile:
    """Count the rows of a table that break each rule; ``references`` gives the values of `table.column`."""
    spec = tables.get(name)
    columns = [column for column in spec.columns if column.name in data.column_names]
    refers = {column.name: f"known_{column.name}" for column in columns if column.references in references}
    known = {table: _values(references[spec[column].references]) for column, table in refers.items()}
    structure = {**_structure(spec, columns), "refers": refers}
    with sql.reading({"checked": data, **known}) as connection:
        (counts,) = sql.run(connection, "validation/profile", **structure).to_pylist()
    rows = counts.pop(_ROWS)
    if counts.get(_KEY):  # hashes may collide, one time in a hundred thousand
        counts[_KEY] = rows - data.group_by(list(spec.key)).aggregate([]).num_rows
    return Profile(tuple(data.column_names), rows, counts)


def _values(values: pa.ChunkedArray) -> pa.Table:
    return pa.table([values.drop_null()], ["product_id"])  # nothing is unequal to all of a list that has a null


def _structure(spec: Table, columns: list[Column]) -> dict[str, Any]:
    """The rules of the columns that are there; a key counts where all of it is."""
    bounded = [column for column in columns if column.minimum is not None or column.maximum is not None]
    return {
        "table": "checked",
        "required": [column.name for column in columns if column.required],
        "bounds": [(column.name, column.minimum, column.maximum) for column in bounded],
        "words": [(column.name, list(column.one_of)) for column in columns if column.one_of],
        "key": list(spec.key) if {column.name for column in columns} >= set(spec.key) else [],
    }
