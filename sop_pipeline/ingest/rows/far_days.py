"""Days far from all others: ``2062-09-29`` among sales of 2026 is a typo, and would set the newest cycle."""

from __future__ import annotations

from sop_pipeline import sql
from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.reading.cells.rules import ROW_DATE

_AHEAD_DAYS, _BEHIND_DAYS = 2 * 365, 5 * 365
_SHARE = 0.01
_OTHERS = 10


def set_aside_far_days(loaded: LoadedTable) -> None:
    """Set aside the few rows dated years after all others, or many years before them, with the day they stand off from.

    Few are one row, or one in a hundred; others are ten rows at least.
    """
    row_date = ROW_DATE.get(loaded.spec.name)
    if row_date is None:
        return
    far = sql.run(
        loaded.connection,
        "ingest/far_days",
        {"ahead": _AHEAD_DAYS, "behind": _BEHIND_DAYS, "share": _SHARE, "others": _OTHERS},
        day=f'"{row_date}"',
    )
    for row in far.to_pylist():
        ids = loaded.connection.execute(
            f'select id, "{row_date}"::varchar as value from standing where "{row_date}" = $day', {"day": row["day"]}
        ).to_arrow_table()
        side = "last" if row["is_ahead"] else "first"
        reason = f"Far from all other days, the {side} of which is {row['nearest']}; correct the year."
        loaded.set_aside(ids, "quarantined", row_date, reason)
