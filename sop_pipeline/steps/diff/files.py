"""A difference as files: every change of every table, what is behind it, and the columns that one plan alone has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from sop_pipeline.disk import telling
from sop_pipeline.pointers import write_json
from sop_pipeline.reconciliation.diff.cells import TableChanges
from sop_pipeline.steps.diff.compare import Difference

SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("table", "change", "key")]
    + [("place", pa.int64())]
    + [(name, pa.string()) for name in ("column_name", "old", "new", "may_be_due_to")]
)


def write_diff(difference: Difference, out: Path) -> list[Path]:
    """Write ``changes.parquet`` (exact, null is null), ``changes.csv`` for people, and ``summary.json``."""
    with telling(out):
        out.mkdir(parents=True, exist_ok=True)
        changes = pa.concat_tables([*_parts(difference), SCHEMA.empty_table()])
        pq.write_table(changes, out / "changes.parquet", compression="zstd")
        pa_csv.write_csv(changes, out / "changes.csv")
    write_json(out / "summary.json", _summary(difference))
    return [out / name for name in ("changes.parquet", "changes.csv", "summary.json")]


def _parts(difference: Difference) -> Iterator[pa.Table]:
    for name, changes in difference.tables.items():
        count, reached = changes.cells.num_rows, ", ".join(difference.causes.by_table[name])
        told = changes.cells.append_column("table", pa.array([name] * count, pa.string()))
        told = told.append_column("may_be_due_to", pa.array([reached] * count, pa.string()))
        yield told.select(SCHEMA.names).cast(SCHEMA)


def _summary(difference: Difference) -> dict[str, object]:
    return {
        "before": str(difference.before.plan),
        "after": str(difference.after.plan),
        "same_tables": difference.same,
        "behind": [change._asdict() for change in difference.causes.changes],
        "tables": {
            name: {**_counts(changes), "may_be_due_to": difference.causes.by_table[name]}
            for name, changes in difference.tables.items()
        },
    }


def _counts(changes: TableChanges) -> dict[str, object]:
    return {
        "rows_before": changes.rows_before,
        "rows_after": changes.rows_after,
        **{kind: changes.rows(kind) for kind in ("added", "removed", "changed")},
        "cells_changed": changes.cells_changed,
        "columns_before": changes.columns_before,
        "columns_after": changes.columns_after,
    }
