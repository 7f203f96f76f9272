"""What a row may tell the cycle: an order shipped after the cut-off was still open at it (METHODS 1)."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle


def only_known(name: str, data: pa.Table, cycle: Cycle) -> pa.Table:
    """Return the table as it stood at the cut-off: orders shipped later are open again; all else is as given."""
    if name != "orders" or not data.num_rows:
        return data
    return tables.conform("orders", sql.query("ingest/orders_at_cutoff", {"orders": data}, {"cutoff": cycle.cutoff}))
