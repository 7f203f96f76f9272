"""The least that a loop's months could have cost, had their demand been known: one model over all of them.

Every month has the prices, pay, hours and limits that its own cycle had; demand is what came. The loop's own months are
one plan that this model allows, so that its cost is never below the least (METHODS 5: the full model): what a loop does
not keep, or is free of, is left out of the model (targets and most stock, lots, whole heads, shelf life, lead times,
what changing the rate costs). It has to end with the stock that the loop ended with, and may owe no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from sop_pipeline.cycle import month_text
from sop_pipeline.errors import Infeasible
from sop_pipeline.replay.happened import Happened, by_item
from sop_pipeline.replay.problems import Problem
from sop_pipeline.replay.standing import Standing
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.problem.cycle.planner_form import problem_of
from sop_pipeline.supply.problem.definition import PlanningProblem
from sop_pipeline.supply.strategies.plan import PlanResult, plan

FEATURE = ["product_id", "feature", "lead_months", "option_group"]
OF_MONTH = (
    *("unit_material_cost", "holding_cost", "backlog_cost", "lost_sales_cost", "subcontract_cost"),
    "subcontract_limit",
)
"""A product's figures that may differ from cycle to cycle, as ``planning_months`` holds them."""
_FREE = (
    *("shelf_life_months", "min_lot", "setup_cost", "campaign_months", "service_level"),
    *("cover_days_min", "cover_days_max", "max_stock"),
)


def least(whole: PlanningProblem, end: Standing) -> PlanResult:
    """Return the least-cost plan of the months that ends where a loop ended."""
    state = whole.product_state
    closing = state["product_id"].map(end.stock).fillna(0.0)
    owed = state["product_id"].map(end.owed).fillna(0.0)
    ending = replace(whole, product_state=state.assign(closing_stock=closing, closing_backlog=owed))
    return _solved(ending)


def _solved(problem: PlanningProblem) -> PlanResult:
    try:
        return plan(problem, "blended")
    except Infeasible:
        return plan(replace(problem, options=replace(problem.options, shortage="priced")), "blended")


def as_made(whole: PlanningProblem, months: Sequence[Problem], came: Happened) -> PlanResult:
    """Return what the company really made as a plan: output given, heads and hours the least that making it takes."""
    parts = []
    for problem in months:
        made, _ = by_item(came.made_in(problem.cycle.month).clip(lower=0.0), problem.members)
        names = sorted(set(problem.members.values()))
        output = made.reindex(names).fillna(0.0).to_numpy(float)
        month = {"month": month_text(problem.cycle.month), "fixed_production": output, "fixed_subcontract": 0.0}
        parts.append(pd.DataFrame({"product_id": names, **month}))
    limits = whole.product_months.drop(columns=["fixed_production", "fixed_subcontract"], errors="ignore")
    fixed = limits.merge(pd.concat(parts, ignore_index=True), on=["product_id", "month"], how="left")
    return _solved(replace(whole, product_months=fixed))


def whole_of(months: Sequence[Problem], came: Happened, begin: Standing, *, company: SupplySettings) -> PlanningProblem:
    """Return the months that are over as one problem, each as its own cycle had it, with the demand that came."""
    forms = [problem_of(problem.planning, company=company) for problem in months]
    days = [problem.cycle.month for problem in months]
    demand = [by_item(came.demand_in(problem.cycle.month), problem.members)[0] for problem in months]
    products = pd.concat([form.products for form in forms]).drop_duplicates("product_id")
    bare = products.drop(columns=[name for name in _FREE if name in products])
    features, quantities = _features(forms, days)
    names = list(bare["product_id"])
    return PlanningProblem(
        demand_plan=_demand(forms, days, demand, names),
        products=bare,
        resources=pd.concat([form.resources for form in forms]).drop_duplicates("resource_id"),
        resource_months=_in_own_month([form.resource_months for form in forms], days),
        product_features=features,
        calendar=_in_own_month([form.calendar for form in forms], days),
        materials=forms[0].materials,
        product_state=_state(names, begin),
        product_months=_months(forms, days, names),
        product_feature_months=quantities,
        raised_limits=_in_own_month([form.raised_limits for form in forms], days),
        options=replace(forms[0].options, shadow_prices=False),
    )


def _in_own_month(frames: Sequence[pd.DataFrame], days: Sequence[date]) -> pd.DataFrame:
    """Rows of each cycle's own first month."""
    own = [frame[frame["month"] == pd.Timestamp(day)] for frame, day in zip(frames, days, strict=True)]
    return _labelled(pd.concat(own, ignore_index=True))


def _labelled(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(month=[f"{value:%Y-%m}" for value in rows["month"]])


def _demand(
    forms: Sequence[PlanningProblem], days: Sequence[date], demand: Sequence[pd.Series], names: list[str]
) -> pd.DataFrame:
    prices = _in_own_month([form.demand_plan for form in forms], days)[["product_id", "month", "price"]]
    came = pd.concat(
        [
            pd.DataFrame({"product_id": names, "month": month_text(day), "quantity": own.reindex(names).fillna(0.0)})
            for day, own in zip(days, demand, strict=True)
        ],
        ignore_index=True,
    )
    return came.merge(prices, on=["product_id", "month"], how="left")


def _state(names: list[str], begin: Standing) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "product_id": names,
            "opening_stock": [begin.stock.get(name, 0.0) for name in names],
            "opening_backlog": [begin.owed.get(name, 0.0) for name in names],
        }
    )


def _months(forms: Sequence[PlanningProblem], days: Sequence[date], names: list[str]) -> pd.DataFrame:
    """Every item's money of each month; an item that a cycle did not plan is neither made nor costs anything."""
    parts = []
    for form, day in zip(forms, days, strict=True):
        standing = form.products.set_index("product_id").reindex(names)
        months = form.product_months
        own = months[months["month"] == pd.Timestamp(day)].set_index("product_id").reindex(names)
        planned = pd.Series(names).isin(form.products["product_id"]).to_numpy()
        rows = pd.DataFrame({"product_id": names, "month": month_text(day)})
        for column in OF_MONTH:
            rows[column] = _own_first(own, standing, column)
        rows["holding_cost"] = rows["holding_cost"].where(planned, 0.0)
        limit = own["max_production"].to_numpy(float) if "max_production" in own else np.full(len(names), np.nan)
        parts.append(rows.assign(max_production=np.where(planned, limit, 0.0)))
    return pd.concat(parts, ignore_index=True)


def _own_first(own: pd.DataFrame, standing: pd.DataFrame, column: str) -> np.ndarray:
    of_month = own[column].to_numpy(float) if column in own else np.full(len(own), np.nan)
    return np.where(np.isnan(of_month), standing[column].to_numpy(float), of_month)


def _features(forms: Sequence[PlanningProblem], days: Sequence[date]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What a unit takes, and in each month what its own cycle said; what is taken in months before is left out."""
    parts = [_of_cycle(form, day) for form, day in zip(forms, days, strict=True)]
    together = pd.concat(parts, ignore_index=True)
    return together.drop_duplicates(subset=FEATURE).drop(columns="month"), together[[*FEATURE, "month", "quantity"]]


def _of_cycle(form: PlanningProblem, day: date) -> pd.DataFrame:
    rows = form.product_features.assign(lead_months=form.product_features["lead_months"].fillna(0.0), setup=np.nan)
    rows = rows[rows["lead_months"] == 0].assign(month=month_text(day))
    monthly = form.product_feature_months
    if len(monthly):
        own = monthly[monthly["month"] == pd.Timestamp(day)]
        own = own.assign(lead_months=own["lead_months"].fillna(0.0)).rename(columns={"quantity": "own"})
        rows = rows.merge(own[[*FEATURE, "own"]], on=FEATURE, how="left")
        rows["quantity"] = rows.pop("own").fillna(rows["quantity"])
    return rows
