"""What a change does to policies of products: safety stock, service level, replenishment lead time.

Safety stock follows from service level and lead time, so a change of these has it found again from the forecast's
errors. Not here: lead times of materials and of hiring (``limits``).
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.errors import BadInput
from sop_pipeline.plan_change import PlanChange, Way
from sop_pipeline.supply.problem.cycle.stock import DEFAULT_SERVICE
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs
from sop_pipeline.supply.scenarios.demand_and_money import moved, shared_out
from sop_pipeline.supply.scenarios.subjects import Subjects

LEAST_SERVICE, MOST_SERVICE = 0.5, 0.9999


def safety_stock(opening_state: pa.Table, change: PlanChange, subjects: Subjects) -> pa.Table:
    """Safety stock of the products named; an amount is for all of them together, shared by their own."""
    state = tables.frame(opening_state)
    chosen = state["product_id"].isin(subjects.of_products(change))
    before = state.loc[chosen, "safety_stock"].astype(float)
    state.loc[chosen, "safety_stock"] = shared_out(before, "all", change)
    return tables.conform("opening_state", state)


def service_level(inputs: ProblemInputs, change: PlanChange, subjects: Subjects) -> ProblemInputs:
    """Service level of the products named: ``+1%`` is a point more, ``=98%`` the level itself."""
    products = tables.frame(inputs.products)
    chosen = products["product_id"].isin(subjects.of_products(change))
    before = products.loc[chosen, "service_level"].astype(float).fillna(DEFAULT_SERVICE)
    amount = float(change.amount) / 100 if change.way is Way.PERCENT else float(change.amount)
    after = before * 0 + amount if change.way is Way.SET else before + amount
    wrong = after[(after < LEAST_SERVICE) | (after > MOST_SERVICE)]
    if len(wrong):
        raise BadInput(
            found=f"a service level of {wrong.iloc[0]:g} for {products.loc[wrong.index[0], 'product_id']}",
            needed=f"{LEAST_SERVICE} to {MOST_SERVICE}",
            where=change.where,
            mend="Write points such as +1%, or the level such as =98%.",
        )
    products.loc[chosen, "service_level"] = after
    return replace(inputs, products=tables.conform("products", products))


def replenishment(inputs: ProblemInputs, change: PlanChange, subjects: Subjects) -> ProblemInputs:
    """Replenishment lead time of the products named, in days; blank counts as 0."""
    products = tables.frame(inputs.products)
    chosen = products["product_id"].isin(subjects.of_products(change))
    before = products.loc[chosen, "replenishment_lead_days"].astype(float).fillna(0.0)
    products.loc[chosen, "replenishment_lead_days"] = moved(before, change).round()
    return replace(inputs, products=tables.conform("products", products))
