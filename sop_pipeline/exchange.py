"""Rates of exchange that sales need and nobody has given."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.cycle import Cycle, month_text
from sop_pipeline.errors import BadInput
from sop_pipeline.room_settings import Reporting

_NAMED_RATES = 6


def refuse_missing_rates(sales: pa.Table, exchange_rates: pa.Table, company: Reporting, cycle: Cycle) -> None:
    """Refuse revenue in a currency that has no rate of its month; BadInput names the months."""
    missing = sql.query(
        "reconciliation/missing_rates",
        {"sales": sales, "exchange_rates": exchange_rates},
        {"cutoff": cycle.cutoff, "currency": company.currency},
    ).to_pylist()
    if not missing:
        return
    named = ", ".join(f"{row['currency']} in {month_text(row['month'])}" for row in missing[:_NAMED_RATES])
    more = f" and {len(missing) - _NAMED_RATES} more" if len(missing) > _NAMED_RATES else ""
    raise BadInput(
        found=f"sales revenue without an exchange rate: {named}{more}",
        needed=f"the rate of each of these months to {company.currency}",
        where="table exchange_rates",
        mend="Add a row with month, currency and rate for each, or correct the currency of the sales.",
    )
