"""Which fiscal years the latest view covers, and what each of them is compared with."""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle


def fiscal_months(financial_plan: pa.Table, business_plan: pa.Table, *, company: Company, cycle: Cycle) -> pa.Table:
    """Return the months of each fiscal year to report: the cycle's own, and later ones the plan covers whole.

    Columns ``fiscal_year, month, basis, has_business_plan, has_last_year, reference``; ``reference`` is
    ``business_plan`` where that covers all its months and every family that sells in them and sold in the year
    before, else ``last_year`` where that is known, else null.
    """
    return sql.query(
        "reconciliation/fiscal_months",
        {"financial_plan": financial_plan, "business_plan": business_plan},
        {"fiscal_lead_months": company.fiscal_year.lead_months, "cycle_month": cycle.month},
    )
