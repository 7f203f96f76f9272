"""The band a product's stock has to stay in, as arrays, with the rule that decides each bound."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.problem.calendar_days import calendar_days, forward_demand
from sop_pipeline.supply.problem.data.spread import spread
from sop_pipeline.supply.problem.definition import PlanningProblem


def least_stock(
    problem: PlanningProblem, names: list[str], months: list[str], demand: Floats, state: pd.DataFrame
) -> tuple[Floats, np.ndarray]:
    """Target stock (P, T): the largest of safety stock, cover, the month's least, closing stock; with its rule."""
    shape = demand.shape
    safety = np.repeat(state["safety_stock"].fillna(0.0).to_numpy(float)[:, None], shape[1], axis=1)
    days = problem.products["cover_days_min"].fillna(0.0).to_numpy(float)
    cover = forward_demand(demand, days, calendar_days(months))
    of_month = spread(problem.product_months, "product_id", "min_stock", names, months, 0.0)
    closing = np.zeros(shape)
    closing[:, -1] = state["closing_stock"].fillna(0.0).to_numpy(float)
    stack = np.stack([safety, cover, of_month, closing])
    rule = np.array(["safety_stock", "cover_days_min", "min_stock", "closing_stock"])[stack.argmax(axis=0)]
    return stack.max(axis=0), rule


def firm_stock(problem: PlanningProblem, names: list[str], months: list[str], state: pd.DataFrame) -> Floats:
    """Least stock that gives way to no customer (P, T): closing stock, and a month's least where it is a rule."""
    firm = np.zeros((len(names), len(months)))
    firm[:, -1] = state["closing_stock"].fillna(0.0).to_numpy(float)
    if problem.options.min_stock == "target":
        return firm
    return np.maximum(firm, spread(problem.product_months, "product_id", "min_stock", names, months, 0.0))


def most_stock(
    problem: PlanningProblem, names: list[str], months: list[str], demand: Floats
) -> tuple[Floats, np.ndarray, Floats]:
    """Most stock (P, T): the least of the month's own limit in place of the product's, the longest cover, shelf life.

    With the rule that decides it, and the limit that holds once that one is raised.
    """
    standing = np.repeat(problem.products["max_stock"].to_numpy(float)[:, None], len(months), axis=1)
    of_month = spread(problem.product_months, "product_id", "max_stock", names, months)
    limit = np.where(np.isnan(of_month), standing, of_month)
    days = problem.products["cover_days_max"].to_numpy(float)
    cover = forward_demand(demand, np.nan_to_num(days), calendar_days(months))
    cover = np.where(np.isnan(days)[:, None], INF, cover)
    limit = np.where(np.isnan(limit), INF, limit)
    life = shelf_life_limit(demand, problem.products["shelf_life_months"].fillna(INF).to_numpy(float))
    stack = np.stack([limit, cover, life])
    rule = np.array(["max_stock", "cover_days_max", "shelf_life_months"])[stack.argmin(axis=0)]
    return stack.min(axis=0), rule, np.sort(stack, axis=0)[1]


def shelf_life_limit(demand: Floats, months: Floats) -> Floats:
    """Most stock that is sold before it spoils (P, T): demand of the next ``months``; none where these pass the end."""
    count = demand.shape[1]
    cumulative = np.concatenate([np.zeros((len(demand), 1)), np.cumsum(demand, axis=1)], axis=1)
    last = np.arange(count)[None, :] + 1 + np.where(np.isinf(months), count, months)[:, None]
    inside = last <= count
    reach = np.where(inside, last, count).astype(int)
    ahead = np.take_along_axis(cumulative, reach, axis=1) - cumulative[:, 1:]
    return np.where(inside, ahead, INF)
