"""Frozen months: what the last approved plan had for the first months stays as it is (METHODS 5).

The month's output (and what is bought in) of every product that the last plan knows is fixed. A month whose frozen
output no plan can make, or whose purchases are above what may be bought in by now, is released, by name, so that the
cycle always has an answer. Here: reading the last plan, fixing, releasing. Not here: which plan is the last one (the
pipeline's business), or the rows that fix output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.supply.defaults import Defaults
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.comparison.compare import problem_of
from sop_pipeline.supply.strategies.plan import plan

OVERLOADS = (
    "regular hours and overtime exceeded",
    "material limit exceeded",
    "material used before it can arrive",
    "cash limit exceeded",
)
FLOWS = ("output", "subcontract")
TINY = 0.00005
"""Half of the last place of a quantity: less is rounding, not a purchase above its limit."""


def frozen_rows(
    last_production: pa.Table | None,
    items: pd.DataFrame,
    months: list[pd.Timestamp],
    products: pd.DataFrame,
    *,
    company: Company,
    defaults: Defaults,
) -> pd.DataFrame:
    """Return product_id, family, item_id, month, output, subcontract, kept, reason for the frozen months.

    Products that the last plan does not know are free, and counted; so is what has ended in the month since. Purchases
    above the product's limit of today free its planned item for the month: of a family all products, since output that
    is fixed for some of them would leave none for the others.
    """
    ahead = months[: company.supply.frozen_months]
    columns = ["product_id", "family", "item_id", "month", *FLOWS, "kept", "reason"]
    if not ahead:
        return pd.DataFrame(columns=columns)
    last = tables.frame(last_production) if last_production is not None else pd.DataFrame(columns=columns)
    if last.empty:
        defaults.use("frozen_months", "a last plan for the frozen months", "nothing is frozen", len(ahead))
        return pd.DataFrame(columns=columns)
    last = last[last["month"].isin(ahead)][["product_id", "month", *FLOWS]]
    found = last.merge(items[["product_id", "family", "item_id"]], on="product_id")
    unknown = int((~items["product_id"].isin(found["product_id"])).sum())
    defaults.use("frozen_unknown", "products in the last plan's frozen months", "their output is free", unknown)
    ends = pd.to_datetime(found["product_id"].map(products.set_index("product_id")["discontinued_on"]))
    ended = ends.notna() & (found["month"] > ends) & (found["output"] > 0)
    reason = _bought_too_much(found[~ended], products).reindex(found.index)
    reason = reason.mask(ended, "the product has ended before the month")
    named = pd.Series([None if pd.isna(text) else text for text in reason], index=found.index, dtype=object)
    return found.assign(kept=named.isna(), reason=named)


def _bought_too_much(found: pd.DataFrame, products: pd.DataFrame) -> pd.Series:
    """Why rows are released, by their index: the item's month buys in more of a product than may be bought in now.

    A product without price and limit is not bought in at all; one with a price alone has no limit.
    """
    prices = products.set_index("product_id")[["subcontract_cost", "subcontract_limit"]].reindex(found["product_id"])
    none = prices.isna().all(axis=1).to_numpy()
    limit = prices["subcontract_limit"].fillna(np.inf).mask(none, 0.0).to_numpy(float)
    over = found.assign(limit=limit)[found["subcontract"].to_numpy(float) > limit + TINY]
    reasons: dict[tuple[str, pd.Timestamp], str] = {}
    for row in over.sort_values(["month", "item_id", "product_id"]).to_dict("records"):
        text = (
            f"{row['subcontract']:,.10g} of {row['product_id']} were to be bought in, at most {row['limit']:,.10g} "
            f"may be in {row['month']:%Y-%m}"
        )
        place = (row["item_id"], row["month"])
        reasons[place] = f"{reasons[place]}; {text}" if place in reasons else text
    places = zip(found["item_id"], found["month"], strict=True)
    return pd.Series([reasons.get(place) for place in places], index=found.index, dtype=object)


def freeze(
    planning: Mapping[str, pa.Table], frozen: pd.DataFrame, *, company: Company, defaults: Defaults
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Fix the frozen months in ``planning_months``; return the problem and the table ``frozen_plan``.

    While the least-cost plan exceeds a limit of a resource in a month because of it, what takes that resource is
    released in the earliest such month, and the plan is tried again.
    """
    if frozen.empty:
        return dict(planning), tables.empty("frozen_plan")
    rows = frozen.copy()
    while rows["kept"].any():
        tried = _fixed(planning, rows)
        released = _overloaded(tried, rows, company)
        if not released:
            break
        for (item, month), reason in released.items():
            chosen = rows["kept"] & (rows["item_id"] == item) & (rows["month"] == month)
            rows.loc[chosen, "kept"], rows.loc[chosen, "reason"] = False, reason
    _note(rows, defaults)
    return _fixed(planning, rows), tables.conform("frozen_plan", rows)


def _note(rows: pd.DataFrame, defaults: Defaults) -> None:
    let_go = rows[~rows["kept"].astype(bool)]
    kept = rows[rows["kept"].astype(bool)]
    last = max(kept["month"], default=None)
    if last is not None:
        defaults.use(
            "frozen_plan", "a new plan for the frozen months", f"the last plan's output, to {last:%Y-%m}", len(kept)
        )
    if len(let_go):
        named = "; ".join(sorted({f"{row.month:%Y-%m}: {row.reason}" for row in let_go.itertuples()}))
        defaults.use("frozen_released", "frozen output that can be made", f"planned anew. {named}", len(let_go))


def _fixed(planning: Mapping[str, pa.Table], rows: pd.DataFrame) -> dict[str, pa.Table]:
    """The problem with the kept rows as hard ``fixed_production`` and, where anything is bought in, its amount."""
    kept = rows[rows["kept"].astype(bool)]
    if kept.empty:
        return dict(planning)
    fixed = kept.groupby(["item_id", "month"], as_index=False)[list(FLOWS)].sum()
    fixed = fixed.rename(columns={"item_id": "product_id", "output": "fixed_production"}).assign(frozen=True)
    fixed["fixed_subcontract"] = fixed.pop("subcontract")
    own = tables.frame(planning["planning_months"]).drop(columns=["fixed_production", "fixed_subcontract", "frozen"])
    merged = own.merge(fixed, on=["product_id", "month"], how="outer")
    return {**planning, "planning_months": tables.conform("planning_months", merged)}


def _overloaded(
    planning: Mapping[str, pa.Table], rows: pd.DataFrame, company: Company
) -> dict[tuple[str, pd.Timestamp], str]:
    """Frozen items and months to be released: those that take what is exceeded in the earliest month it is."""
    problem = problem_of(planning, company=company, shortage="priced")
    quick = replace(problem, options=replace(problem.options, shadow_prices=False))
    found = [entry for entry in plan(quick, "blended").summary["shortfalls"] if entry["rule"] in OVERLOADS]
    kept = rows[rows["kept"].astype(bool) & (rows["output"] > 0)]
    frozen = set(zip(kept["item_id"].astype(str), kept["month"], strict=True))
    for entry in sorted(found, key=lambda one: (one["month"], one["rule"], one["item"])):
        fixed = frozen & _takers(problem, entry["item"], pd.Timestamp(entry["month"] + "-01"))
        if fixed:
            reason = f"{entry['item']} is exceeded by {entry['amount']:,.4g} {entry['unit']}s in {entry['month']}"
            return dict.fromkeys(sorted(fixed), reason)
    return {}


def _takers(problem: PlanningProblem, resource: str, month: pd.Timestamp) -> set[tuple[str, pd.Timestamp]]:
    """Items, and the months they are completed in, that take a resource in a month; cash is taken by all."""
    features = problem.product_features
    taken = features[features["feature"] == resource]
    if taken.empty:
        return {(name, month) for name in problem.products["product_id"]}
    leads = taken["lead_months"].fillna(0).astype(int)
    return {
        (name, month + pd.DateOffset(months=int(lead))) for name, lead in zip(taken["product_id"], leads, strict=True)
    }
