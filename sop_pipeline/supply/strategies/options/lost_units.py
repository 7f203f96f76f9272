"""Which lost sales are worth a plan of their own: the subcontracting limit raised by what the plan loses, or by half.

Only where a limit of subcontracting stands in the way, in months within reach: a plan that loses units although it may
buy them loses them because that is cheaper. Not here: limits that shadow prices name (``candidates``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from sop_pipeline.cycle import last_safe_day
from sop_pipeline.supply.problem.data.plan_data import PlanData
from sop_pipeline.supply.strategies.comparison.last_safe_days import Leads
from sop_pipeline.supply.strategies.options.candidates import NO_ROOM, Month, Option

LIMIT = "subcontract_limit"
SHARES = {"lost_units": 1.0, "half_of_lost_units": 0.5}
"""How much of what is lost an option lets the plan buy, by its scope."""
MOST = 2
"""Items that are planned anew, each with all and with half of its lost units."""
Row = Mapping[str, Any]


def lost_unit_options(plan: Sequence[Row], data: PlanData, *, leads: Leads, earliest: date) -> list[Option]:
    """Return the options to plan for rows of the plan in use, those of the item that promises most first.

    ``earliest`` is the day before which none is decided. An item earns its price less what a unit is bought for.
    """
    lost: dict[str, list[Row]] = {}
    for row in plan:
        lead = leads.lead(LIMIT, row["item_id"])
        if row["lost_sales"] > 0 and last_safe_day(row["month"], *lead) >= earliest:
            lost.setdefault(row["item_id"], []).append(row)
    found = [list(_options(item, rows, data, leads)) for item, rows in sorted(lost.items())]
    worth = [options for options in found if options and options[0].promised > 0]
    return [option for options in sorted(worth, key=lambda each: -each[0].promised)[:MOST] for option in options]


def _options(item: str, rows: Sequence[Row], data: PlanData, leads: Leads) -> Iterator[Option]:
    for scope, share in SHARES.items():
        months = list(_months(item, rows, share, data, leads))
        if months:
            yield Option(LIMIT, item, scope, "unit", months, {month.month: 0.0 for month in months})


def _months(item: str, rows: Sequence[Row], share: float, data: PlanData, leads: Leads) -> Iterator[Month]:
    """Months in which a limit of subcontracting is below what would be bought, and by how much."""
    products, place = data.products, data.products.names.index(item)
    for row in sorted(rows, key=lambda row: row["month"]):
        month = data.months.index(f"{row['month']:%Y-%m}")
        price = products.subcontract_cost[place, month]
        wanted = float(row["subcontract"] + Decimal(str(share)) * row["lost_sales"])
        room = wanted - products.subcontract_limit[place, month]
        if not np.isnan(price) and room > NO_ROOM and not products.discontinued[place, month]:
            worth = float(products.price[place, month] - price)
            decide_by = last_safe_day(row["month"], *leads.lead(LIMIT, item))
            yield Month(row["month"], worth, round(room, 4), 0.0, decide_by)
