"""How every strategy's plan stands up to demand that comes otherwise: service, cost and stock as P10, P50 and P90.

Plans stand as decided while the same sampled paths of demand come to each of them (common random numbers); nobody plans
anew within a path, so the first months say most. Here: the tables. Not here: the distribution, the paths and the
recursion (``paths.distribution``, ``paths.sample``, ``robustness.simulation``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.paths.sample import Distribution, sample_demand, sample_fit
from sop_pipeline.supply.problem.common_units import unit_weights
from sop_pipeline.supply.robustness.simulation import Decided, Outcome, repriced, revenue, simulate

SPANS = (3, 6, 12)
"""Months looked at, beside the whole horizon."""
DEPENDENT = ("holding", "backlog", "lost_sales")
"""Kinds of cost that depend on the demand that comes; the others are decided."""
TENTHS = (0.1, 0.5, 0.9)
SERVED = 1e-6
TARGETED = {"months": "months_served", "units": "service"}
"""The measure that ``service_level`` is a target of, by ``supply.service_level_of``."""
STOCHASTIC, MEAN = "stochastic", "blended"
"""The strategy made for sampled demand, and its like made for the mean."""


@dataclass(frozen=True)
class Judged:
    """A plan ready to be run: its decisions, its decided cost by month (T,), units' weight and value by item (I,)."""

    decided: Decided
    cost: Floats
    weight: Floats
    value: Floats


@dataclass(frozen=True)
class RobustnessInputs:
    """Every strategy's plan, the problem it answers, and the distribution of demand around it."""

    aggregate_plan: pa.Table
    plan_costs: pa.Table
    plan_summary: pa.Table
    demand_distribution: pa.Table
    demand_range: pa.Table
    planning_products: pa.Table
    planning_demand: pa.Table
    planning_state: pa.Table
    planning_months: pa.Table
    opening_state: pa.Table


@dataclass(frozen=True)
class Target:
    """Least service wanted, and the measure it is wanted of."""

    measure: str
    least: float


@dataclass(frozen=True)
class Robustness:
    """What sampled demand makes of the plans, how well the samples fit, what a stochastic plan is worth."""

    plan_robustness: pa.Table
    plan_robustness_months: pa.Table
    demand_sample_fit: pa.Table
    stochastic_value: pa.Table


def plan_robustness(inputs: RobustnessInputs, *, company: SupplySettings) -> Robustness:
    """Run every strategy's plan against the same sampled demand: service, cost and stock as P10, P50 and P90.

    ``plan`` is the same run at the plan's own demand, so that it must equal ``plan_summary``. The tables have no rows
    where ``company.supply.demand_samples`` is 0.
    """
    count = company.supply.demand_samples
    if not count or not inputs.demand_distribution.num_rows:
        return Robustness(**{field.name: tables.empty(field.name) for field in fields(Robustness)})
    distribution = Distribution.of(inputs.demand_distribution)
    paths = sample_demand(distribution, count)
    target = Target(TARGETED[company.supply.service_level_of], service_target(inputs.opening_state))
    spans, months, spent = [], [], {}
    for (strategy, scenario), plan in judged_plans(inputs, distribution):
        as_planned = simulate(plan.decided, plan.decided.demand[None])
        sampled = simulate(plan.decided, paths)
        key = {"strategy": strategy, "scenario": scenario}
        course = _course(plan, sampled, company.currency)
        spent[strategy, scenario] = course["cost", company.currency][:, -1]
        planned = _course(plan, as_planned, company.currency)
        spans.append(_spans(planned, course, target).assign(**key))
        months.append(_months(plan, as_planned, sampled, distribution).assign(**key))
    fit = sample_fit(distribution, paths, inputs.demand_range, company=company.company)
    value = _stochastic_value(spent, inputs.plan_summary, company)
    return Robustness(
        plan_robustness=_conform("plan_robustness", pd.concat(spans, ignore_index=True)),
        plan_robustness_months=_conform("plan_robustness_months", pd.concat(months, ignore_index=True)),
        demand_sample_fit=_conform("demand_sample_fit", fit),
        stochastic_value=_conform("stochastic_value", value),
    )


def _conform(name: str, rows: pd.DataFrame | list[dict[str, Any]]) -> pa.Table:
    return tables.conform(name, rows) if len(rows) else tables.empty(name)


def _stochastic_value(
    spent: Mapping[tuple[str, str], Floats], plan_summary: pa.Table, company: SupplySettings
) -> list[dict[str, Any]]:
    """Value of the stochastic solution: paired over the paths, none of which the stochastic plan was made for."""
    short = {(row["strategy"], row["scenario"]): float(row["shortfall_cost"]) for row in plan_summary.to_pylist()}
    rows: list[dict[str, Any]] = []
    for strategy, scenario in spent:
        if strategy != STOCHASTIC or (MEAN, scenario) not in spent:
            continue
        cost, cost_against = ((spent[name, scenario] + short.get((name, scenario), 0.0)) for name in (strategy, MEAN))
        saved = cost_against - cost
        rows.append(
            {
                "strategy": strategy,
                "scenario": scenario,
                "against": MEAN,
                "samples": company.supply.stochastic_samples,
                "evaluated": len(saved),
                "expected_cost": cost.mean(),
                "expected_cost_against": cost_against.mean(),
                "value": saved.mean(),
                "standard_error": saved.std(ddof=1) / np.sqrt(len(saved)) if len(saved) > 1 else 0.0,
            }
        )
    return rows


def service_target(opening_state: pa.Table) -> float:
    """The service level that products are stocked for, on their average; 1 without products."""
    levels = tables.frame(opening_state)["service_level"].dropna()
    return float(levels.mean()) if len(levels) else 1.0


def judged_plans(inputs: RobustnessInputs, distribution: Distribution) -> Iterator[tuple[tuple[str, str], Judged]]:
    """Yield every strategy and scenario with its plan, items and months in the distribution's order."""
    planned = tables.frame(inputs.planning_products)
    products = planned.set_index("product_id").reindex(distribution.items)
    fixed = _prices(inputs, products, distribution)
    common = unit_weights(planned)
    weight = np.array([common[name] for name in distribution.items])
    value = products["standard_cost"].fillna(products["unit_material_cost"]).fillna(products["unit_price"]).fillna(1.0)
    costs = tables.frame(inputs.plan_costs)
    decided = costs[~costs["kind"].isin(DEPENDENT)]
    plans = tables.frame(inputs.aggregate_plan)
    for key, rows in plans.groupby(["strategy", "scenario"], sort=True):
        costs_of_plan = decided[(decided["strategy"] == key[0]) & (decided["scenario"] == key[1])]
        spent = costs_of_plan.groupby("month")["amount"].sum().reindex(distribution.months).fillna(0.0).to_numpy(float)
        plan = Decided(**_flows(rows, distribution), **fixed)
        yield (str(key[0]), str(key[1])), Judged(plan, spent, weight, value.to_numpy(float))


def _flows(rows: pd.DataFrame, distribution: Distribution) -> dict[str, Floats]:
    wide = {column: _wide(rows, "item_id", column, distribution) for column in ("demand", "inventory", "backlog")}
    supplied = _wide(rows, "item_id", "output", distribution) + _wide(rows, "item_id", "subcontract", distribution)
    return {**wide, "lost": _wide(rows, "item_id", "lost_sales", distribution), "supplied": supplied}


def _wide(rows: pd.DataFrame, item: str, column: str, distribution: Distribution, blank: float = 0.0) -> Floats:
    table = rows.pivot(index=item, columns="month", values=column)
    return table.reindex(index=distribution.items, columns=distribution.months).fillna(blank).to_numpy(float)


def _prices(inputs: RobustnessInputs, products: pd.DataFrame, distribution: Distribution) -> dict[str, Floats]:
    """Opening figures (I,) and prices (I, T), a month's own before the product's."""
    state = tables.frame(inputs.planning_state).set_index("product_id").reindex(distribution.items)
    months = tables.frame(inputs.planning_months)
    demand = tables.frame(inputs.planning_demand)
    shape = (1, len(distribution.months))

    def spread(column: str, rows: pd.DataFrame, monthly_column: str) -> Floats:
        standing = np.tile(products[column].to_numpy(float)[:, None], shape)
        if monthly_column not in rows:
            return standing
        monthly = _wide(rows, "product_id", monthly_column, distribution, np.nan)
        return np.where(np.isnan(monthly), standing, monthly)

    return {
        "opening": state["opening_stock"].fillna(0.0).to_numpy(float),
        "owed": state["opening_backlog"].fillna(0.0).to_numpy(float),
        "closing": state["closing_backlog"].fillna(np.inf).to_numpy(float),
        "price": np.nan_to_num(spread("unit_price", demand, "price")),
        "holding_cost": np.nan_to_num(spread("holding_cost", months, "holding_cost")),
        "backlog_cost": spread("backlog_cost", months, "backlog_cost"),
        "lost_cost": spread("lost_sales_cost", months, "lost_sales_cost"),
    }


def _spans(
    planned: Mapping[tuple[str, str], Floats], sampled: Mapping[tuple[str, str], Floats], target: Target
) -> pd.DataFrame:
    """Every measure over the first months and over all: as planned, and over the samples."""
    count = planned["demand", "units"].shape[1]
    rows = []
    for span in [*(span for span in SPANS if span < count), count]:
        for (measure, unit), values in sampled.items():
            drawn = values[:, span - 1]
            valid = drawn[~np.isnan(drawn)]
            low, middle, high = np.quantile(valid, TENTHS) if len(valid) else (np.nan,) * 3
            row = {"months": span, "measure": measure, "unit": unit, "samples": len(drawn)}
            row |= {"plan": planned[measure, unit][0, span - 1], "mean": valid.mean() if len(valid) else np.nan}
            row |= {"p10": low, "p50": middle, "p90": high}
            if measure == target.measure:
                below = float((valid < target.least - SERVED).mean()) if len(valid) else 0.0
                row |= {"target": target.least, "below_target": below}
            rows.append(row)
    return pd.DataFrame(rows)


def _course(plan: Judged, outcome: Outcome, currency: str) -> dict[tuple[str, str], Floats]:
    """Every measure over the first month, the first two, and so on (S, T), with its unit."""
    weight = plan.weight[:, None]
    total = {
        name: np.cumsum((values * weight).sum(axis=1), axis=1)
        for name, values in (
            ("demand", outcome.demand),
            ("on_time", outcome.on_time),
            ("lost", outcome.lost),
            ("late", outcome.backlog),
        )
    }
    stock = (outcome.inventory * weight).sum(axis=1)
    worth = (outcome.inventory * plan.value[:, None]).sum(axis=1)
    months = np.arange(1, stock.shape[1] + 1)
    cost = np.cumsum(repriced(plan.decided, outcome) + plan.cost, axis=1)
    course = {
        ("demand", "units"): total["demand"],
        ("service", "share"): total["on_time"] / np.where(total["demand"] > 0, total["demand"], np.nan),
        ("months_served", "share"): _months_served(outcome),
        ("cost", currency): cost,
        ("average_inventory", "units"): np.cumsum(stock, axis=1) / months,
        ("peak_inventory", "units"): np.maximum.accumulate(stock, axis=1),
        ("inventory_value", currency): np.cumsum(worth, axis=1) / months,
        ("late_units", "unit_months"): total["late"],
        ("lost_units", "units"): total["lost"],
    }
    if plan.decided.price.any():
        course["profit", currency] = revenue(plan.decided, outcome) - np.cumsum(plan.cost)
    return course


def _months_served(outcome: Outcome) -> Floats:
    """Share of the months of all items with demand in which it is wholly served, so far (S, T)."""
    asked = outcome.demand > 0
    whole = asked & (outcome.on_time >= outcome.demand * (1 - SERVED))
    count = np.cumsum(asked.sum(axis=1), axis=1)
    return np.where(count > 0, np.cumsum(whole.sum(axis=1), axis=1) / np.where(count > 0, count, 1), np.nan)


def _months(plan: Judged, as_planned: Outcome, came: Outcome, distribution: Distribution) -> pd.DataFrame:
    """Stock and service by month, of all items and of each family's, where their units add up."""
    of_family = distribution.weights["family"]
    groups = [("all", np.ones(len(distribution.items), bool), plan.weight)]
    groups += [(name, distribution.family == number, of_family) for number, name in enumerate(distribution.families)]
    frames = []
    for name, members, weights in groups:
        weight = np.where(members, weights, 0.0)
        if np.isnan(weight).any():
            continue
        planned, sampled = _by_month(as_planned, weight), _by_month(came, weight)
        frame = pd.DataFrame({"family": name, "month": distribution.months})
        for column, place in (("inventory", 0), ("service", 1)):
            frame[column] = planned[place][0]
            drawn = np.quantile(sampled[place], TENTHS, axis=0)
            frame[[f"{column}_p10", f"{column}_p50", f"{column}_p90"]] = drawn.T
        frame["short"] = (sampled[1] < 1 - SERVED).mean(axis=0)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _by_month(outcome: Outcome, weight: Floats) -> tuple[Floats, Floats]:
    demand, on_time, stock = (
        (values * weight[:, None]).sum(axis=1) for values in (outcome.demand, outcome.on_time, outcome.inventory)
    )
    # a month in which nothing is wanted is wholly served
    return stock, np.where(demand > 0, on_time / np.where(demand > 0, demand, 1.0), 1.0)
