"""The annual business plan of Larkfield Care: what the executives signed for 2026 and 2027, and the outlook for 2028.

It was made from expected demand with each family's optimism, before anybody knew of the competitor in Face Care, so
that actuals and the plan part from each other the way they do. Not here: actuals.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.demo.catalogue import FAMILIES, Catalogue
from sop_pipeline.demo.days import months
from sop_pipeline.demo.market import Market, face_care_slide

YEARS = (2026, 2027, 2028)
SIGNED_ON = {2026: date(2025, 11, 20), 2027: date(2026, 9, 18), 2028: date(2026, 9, 18)}
OPTIMISM = {"Hair Care": 1.00, "Body Wash": 1.01, "Home Care": 0.99, "Face Care": 1.03, "Sun Care": 1.045}
PRICE_RISE = {2026: 1.0, 2027: 1.015, 2028: 1.03}
COST_RISE = {2026: 1.0, 2027: 1.01, 2028: 1.025}
COVER_MONTHS = 0.92


def business_plan_table(known: Catalogue, made: Market) -> pd.DataFrame:
    """The ``business_plan`` input table, a row a month and family; money is price and cost of the plan's own mix."""
    parts = [_family(known, made.expected, family.name) for family in FAMILIES]
    return pd.concat(parts).sort_values(["month", "family"], ignore_index=True)


def _family(known: Catalogue, expected: np.ndarray, family: str) -> pd.DataFrame:
    when = months()
    mine = (known.table["family"] == family).to_numpy()
    cases = expected[mine] * OPTIMISM.get(family, 1.0)
    if family == "Face Care":
        cases = cases / face_care_slide(when + pd.Timedelta(days=14))
    price, cost = known.table["unit_price"].to_numpy()[mine], known.table["standard_cost"].to_numpy()[mine]
    years = pd.Series(when.year)
    revenue = (cases * price[:, None]).sum(axis=0) * years.map(PRICE_RISE).to_numpy()
    standard = (cases * cost[:, None]).sum(axis=0) * years.map(COST_RISE).to_numpy()
    stock = np.append(standard[1:], standard[-12]) * COVER_MONTHS
    table = pd.DataFrame(
        {
            "month": when.strftime("%Y-%m"),
            "family": family,
            "units": np.rint(cases.sum(axis=0)).astype(np.int64),
            "revenue": np.round(revenue, -2),
            "margin": np.round(revenue - standard, -2),
            "inventory_value": np.round(stock, -2),
            "service_level": 0.975,
            "recorded_on": years.map(SIGNED_ON),
        }
    )
    return table[years.isin(YEARS).to_numpy()]
