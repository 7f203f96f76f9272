"""The account of every file: each record and each row it holds has one place, or the cycle stops.

Records and lines are counted by the readers from the file itself, rows by status from what became of them: two counts
made apart, so that a reader that loses a row is found out.
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline.errors import BadInput

STATUSES = ("used", "duplicate", "superseded", "later", "total", "quarantined")


def unaccounted(source_files: pa.Table) -> list[BadInput]:
    """Return a fault for every file of which these do not hold.

    records = header + blank + skipped + unsplit + data, where data x columns = (rows read - unsplit) + cells left out,
    and rows read = used + duplicate + superseded + later + total + quarantined.
    """
    return [_fault(row, gap) for row in source_files.to_pylist() for gap in [_gap(row)] if gap]


def _gap(row: dict[str, int]) -> int:
    """How many records, or cells of a wide file, or rows have no place; 0 when all have."""
    apart = ("header", "blank", "skipped", "unsplit")
    data = row["records"] - sum(row[f"records_{what}"] for what in apart)
    cells = row["rows_read"] - row["records_unsplit"] + row["cells_left_out"]
    by_status = sum(row[f"rows_{status}"] for status in STATUSES)
    return abs(data * row["columns"] - cells) + abs(row["rows_read"] - by_status)


def _fault(row: dict[str, int], gap: int) -> BadInput:
    return BadInput(
        found=f"{row['records']} records of which {gap} are neither header, blank, skipped, used nor set aside",
        needed="a place for every record",
        where=f"{row['file']} ({row['table']})",
        mend="Export the file again, as Parquet or Excel where you can, and report this: it is a fault of the reader.",
    )
