"""Days far from all others: ``2062-09-29`` among sales of 2026 is a typo. Not here: what becomes of their rows."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from sop_pipeline import sql

_AHEAD_DAYS, _BEHIND_DAYS = 2 * 365, 5 * 365
_SHARE = 0.01
_OTHERS = 10


def far_days(connection: duckdb.DuckDBPyConnection, rows: str, column: str) -> pa.Table:
    """Return the days of the table ``rows`` that stand years after all others, or many years before, with few rows.

    day, is_ahead, nearest (the day they stand off from). Few are one row, or one in a hundred; others ten at least.
    """
    limits = {"ahead": _AHEAD_DAYS, "behind": _BEHIND_DAYS, "share": _SHARE, "others": _OTHERS}
    return sql.run(connection, "reading/far_days", limits, rows=rows, day=f'"{column}"')
