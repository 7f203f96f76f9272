"""What the portfolio does to demand: launches with their ramp, cannibalisation, phase-outs, succession.

Here: the first stream of the consensus, computed from the product lifecycle and the statistical forecast. Not here:
status and launch dates (the portfolio step's table) or what people enter (``adjustments``).
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.cycle import Cycle

NEW_MONTHS = 6
"""Months after its launch during which a product follows its like product, not its own few months (METHODS 3)."""
_LONGEST_CHAIN = 20
_STATEMENTS = [
    "demand/history/heirs",
    "demand/consensus/succession",
    "demand/consensus/remaining_shares",
    "demand/consensus/launches",
    "demand/consensus/launch_performance",
    "demand/consensus/launch_volumes",
    "demand/consensus/portfolio_changes",
]


def portfolio_changes(
    statistical_amounts: pa.Table, demand_history: pa.Table, product_lifecycle: pa.Table, *, cycle: Cycle
) -> pa.Table:
    """Return the portfolio stream: stream, level_no, product_id, month, before, change, reason, owner, in units.

    METHODS 3 and 6. A launch takes its like product's forecast x scale x ramp from its launch month; one under way is
    also scaled by what it has sold so far. Cannibalisation takes the stated share of the volume still to come off the
    named product. A product on its way out keeps the share of its demand up to its last day; a successor without a
    launch plan of its own takes over the rest. Probabilities are in the range, never multiplied in.
    """
    inputs = {
        "statistical_amounts": statistical_amounts,
        "demand_history": demand_history,
        "product_lifecycle": product_lifecycle,
    }
    params = {"cycle_month": cycle.month, "new_months": NEW_MONTHS, "longest_chain": _LONGEST_CHAIN}
    return sql.chain(_STATEMENTS, inputs, params)["portfolio_changes"]
