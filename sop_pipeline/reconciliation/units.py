"""What one unit of a product counts for in its family's total, so that different units are never added (METHODS 1)."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql


def unit_factors(products: pa.Table, product_lifecycle: pa.Table) -> pa.Table:
    """Return one row per product: ``product_id, family, factor, unit``.

    ``factor`` is 1 in a family with one unit of measure, the equivalent units where there are several, and null where
    these are missing for one of its products: such a family has money and no total in units.
    """
    inputs = {"products": products, "product_lifecycle": product_lifecycle}
    return sql.query("reconciliation/unit_factors", inputs)
