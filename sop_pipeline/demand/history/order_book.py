"""The order book: bookings, shipments and backlog of every product by month, and how its lines were served.

Orders are what customers asked for, sales what was invoiced; neither is made of the other. Not here: demand, which
takes what was asked for of products that are made to order (``demand_history``).
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.cycle import Cycle


def order_book(orders: pa.Table, product_lifecycle: pa.Table, *, cycle: Cycle) -> pa.Table:
    """Return ``order_book``; no rows where the company gives no orders.

    ``backlog(t) = backlog(t-1) + bookings(t) - shipments(t)`` (METHODS 2). A line is booked on its day of order, at the
    latest on the day asked for or shipped; one that is closed short takes the rest off the bookings of that month.
    """
    if not orders.num_rows:
        return tables.empty("order_book")
    inputs = {"orders": orders, "product_lifecycle": product_lifecycle}
    found = sql.query("demand/history/order_book", inputs, {"cutoff": cycle.cutoff})
    return tables.conform("order_book", found)
