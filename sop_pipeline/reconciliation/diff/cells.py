"""What one table says differently in two plans: every row that one of them lacks, and every cell that differs."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables


@dataclass(frozen=True)
class TableChanges:
    """Changes of one table.

    ``cells`` has ``change`` (added, removed, changed), ``key`` (JSON of the key's columns, each as text), ``place``
    (number among equal rows), ``column_name`` (none: the row itself), ``old`` and ``new`` (text; none is null).
    """

    table: str
    rows_before: int
    rows_after: int
    columns_before: tuple[str, ...]
    columns_after: tuple[str, ...]
    cells: pa.Table

    def rows(self, change: str) -> int:
        """Count the rows ``added`` or ``removed``, or those of both plans with a cell ``changed``."""
        of = self.cells.filter(pc.equal(self.cells.column("change"), pa.scalar(change)))
        if change != "changed":
            return of.column("column_name").null_count
        return of.group_by(["key", "place"]).aggregate([]).num_rows

    @property
    def cells_changed(self) -> int:
        """Count the cells that differ in rows of both plans."""
        return self.cells.filter(pc.equal(self.cells.column("change"), pa.scalar("changed"))).num_rows


def table_changes(name: str, before: pa.Table | None, after: pa.Table | None) -> TableChanges:
    """Compare a table of two plans, row by row of its key; without a key, row by row as a whole.

    A plan that lacks the table has no rows of it. A column that one plan lacks is null there. A key of today that an
    older table does not have, or that repeats in it, counts as none.
    """
    old, new = _filled(before, after), _filled(after, before)
    key = _key(name, old, new)
    names = old.column_names
    changes = sql.query(
        "reconciliation/diff/cell_changes",
        {"rows_before": old, "rows_after": new.select(names)},
        key=key or names,
        cells=[column for column in names if key and column not in key],
        repeats=not key,
    )
    return TableChanges(name, old.num_rows, new.num_rows, _names(before), _names(after), changes)


def _names(table: pa.Table | None) -> tuple[str, ...]:
    return () if table is None else tuple(table.column_names)


def _filled(table: pa.Table | None, other: pa.Table | None) -> pa.Table:
    """A plan's table with the columns that the other plan's has beside; without rows where the plan lacks it."""
    own = table if table is not None else _nothing(other)
    for field in other.schema if other is not None else ():
        if field.name not in own.column_names:
            own = own.append_column(field, pa.nulls(own.num_rows, field.type))
    return own


def _nothing(other: pa.Table | None) -> pa.Table:
    if other is None:
        raise ValueError("neither plan has the table")
    return other.schema.empty_table()


def _key(name: str, old: pa.Table, new: pa.Table) -> list[str]:
    """The columns that tell a table's rows apart in both plans; none where no such columns are known."""
    key = list(tables.get(name).key) if name in tables.REGISTRY else []
    known = set(key) <= set(old.column_names)
    return key if known and not any(_repeats(side, key) for side in (old, new)) else []


def _repeats(side: pa.Table, key: list[str]) -> bool:
    return bool(key) and side.group_by(key).aggregate([]).num_rows < side.num_rows
