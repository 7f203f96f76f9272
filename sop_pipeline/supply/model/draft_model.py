"""The aggregate model: every constraint family, in the order in which they need each other.

One model serves all strategies (METHODS 5); a strategy adds its rows to the draft afterwards. Not here: the equations
themselves (``constraints``), what strategies add (``strategies``), solving (``solver``).
"""

from __future__ import annotations

from collections.abc import Mapping

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.model.constraints import balance, hours, lots, materials, rates, stock, workforce
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.shortfall_prices import shortfall_prices
from sop_pipeline.supply.problem.data.plan_data import PlanData

FAMILIES = (
    balance.output,
    balance.subcontracting,
    balance.unserved,
    balance.stock,
    balance.balance,
    stock.targets,
    stock.limits,
    stock.storage,
    lots.lots,
    hours.routes,
    lots.route_lots,
    lots.campaigns,
    workforce.units,
    workforce.workforce,
    workforce.temporary,
    workforce.maintenance,
    hours.load,
    lots.setup_usage,
    hours.regular_hours,
    hours.overtime,
    rates.rate_change,
    rates.largest_rate_change,
    rates.least_utilisation,
    materials.material_limits,
    materials.material_stock,
    materials.cash_limits,
)


def draft_model(
    data: PlanData,
    *,
    integer: bool = False,
    profit: bool = False,
    elastic: bool = False,
    overload: bool = False,
    deviate: bool = False,
    service: Mapping[str, Floats] | None = None,
) -> Draft:
    """Write the whole model but for a strategy's rows.

    ``integer``: whole heads; ``profit``: sales are free up to demand and earn their price; ``elastic``: demand and
    stock rules may be broken at a price; ``overload``: limits of resources too; ``deviate``: the strategy's own rows;
    ``service``: the most that may stay unserved, by block, before which targets of stock give way.
    """
    draft = Draft(data, shortfall_prices(data), integer, profit, elastic, overload, deviate, service)
    for family in FAMILIES:
        family(draft)
    if profit:
        balance.revenue(draft)
    return draft
