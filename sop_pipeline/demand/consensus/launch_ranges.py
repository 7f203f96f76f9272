"""What the chance of a launch does to its range: nothing is sold where it does not come.

Not here: the volume of a launch (``portfolio_changes``), which the plan takes as stated, nor the range it has once it
is certain (``sql/demand/consensus/demand_plan.sql``).
"""

from __future__ import annotations

from decimal import Decimal
from statistics import NormalDist
from typing import Any

import pyarrow as pa

from sop_pipeline import tables

_P90_DEVIATES = NormalDist().inv_cdf(0.9)
_SHARES = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


def with_chances(demand_plan: pa.Table, product_lifecycle: pa.Table) -> pa.Table:
    """Return ``demand_plan`` with P10, P50 and P90 of launches to come drawn from both outcomes (METHODS 6).

    With probability p of the launch, demand is below x in ``1 - p + p F(x)`` of all cases, F being the distribution
    that the launch has once it is certain: normal on either side of its P50, each side through P10 or P90.
    """
    chances = {
        row["product_id"]: float(row["probability"])
        for row in tables.rows(product_lifecycle)
        if row["status"] == "launching" and row["probability"] is not None and row["probability"] < 1
    }
    if not chances:
        return demand_plan
    rows = [
        {**row, **_drawn(row, chances[row["product_id"]])} if row["product_id"] in chances else row
        for row in tables.rows(demand_plan)
    ]
    return tables.conform("demand_plan", rows)


def _drawn(row: dict[str, Any], chance: float) -> dict[str, Decimal]:
    return {name: _quantile(row, (share - 1 + chance) / chance if chance else 0) for name, share in _SHARES.items()}


def _quantile(row: dict[str, Any], share: float) -> Decimal:
    """Quantile of a certain launch, none below ``share`` 0."""
    if share <= 1e-9:
        return Decimal(0)
    low, middle, high = (float(row[name]) for name in _SHARES)
    deviates = NormalDist().inv_cdf(share) / _P90_DEVIATES
    return Decimal(repr(max(0.0, middle + deviates * (high - middle if deviates > 0 else middle - low))))
