"""Rows dated far from all others are set aside: they would set the newest cycle."""

from __future__ import annotations

from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.reading.cells.far_days import far_days
from sop_pipeline.reading.cells.rules import ROW_DATE


def set_aside_far_days(loaded: LoadedTable) -> None:
    """Set aside the few rows dated years after all others, or many years before them, with the day they stand off."""
    row_date = ROW_DATE.get(loaded.spec.name)
    if row_date is None:
        return
    for row in far_days(loaded.connection, "standing", row_date).to_pylist():
        ids = loaded.connection.execute(
            f'select id, "{row_date}"::varchar as value from standing where "{row_date}" = $day', {"day": row["day"]}
        ).to_arrow_table()
        side = "last" if row["is_ahead"] else "first"
        reason = f"Far from all other days, the {side} of which is {row['nearest']}; correct the year."
        loaded.set_aside(ids, "quarantined", row_date, reason)
