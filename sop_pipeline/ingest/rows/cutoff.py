"""Orders as they stood at the cut-off: what was shipped on or after it was still open (METHODS 1)."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle


def as_at_cutoff(name: str, data: pa.Table, cycle: Cycle) -> pa.Table:
    """Return the table as it stood at the cut-off: orders shipped later are open again; all else is unchanged."""
    if name != "orders" or not data.num_rows:
        return data
    return tables.conform("orders", sql.query("ingest/orders_at_cutoff", {"orders": data}, {"cutoff": cycle.cutoff}))
