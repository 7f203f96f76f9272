"""From a solution to the tables of TABLES.md: plan, resources, costs, shortfalls, deviations.

Here: rounding once (quantities 4 places, money 2), so that the balance holds to the last digit written. Not here:
shadow prices (``shadow_prices``), files (``folder``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.model.constraints.materials import stated_pay
from sop_pipeline.supply.model.draft import opening_column
from sop_pipeline.supply.strategies.planner import Solved

PLACES = 4
UNPAID = ("lost_sales",)
"""Costs of a plan that nobody pays: a lost sale is missing in the revenue already (METHODS 6)."""
NOTIONAL = ("holding", "backlog", *UNPAID)
"""Costs that steer a cycle's plan and are paid by nobody: what storage and delay cost it is in its fixed cost."""
SHORTFALLS = {
    "unmet_demand": ("demand_not_served", "unit"),
    "stock_short": ("stock_below_target", "unit"),
    "stock_over": ("stock_above_limit", "unit"),
    "storage_over": ("storage_exceeded", "storage_unit"),
    "hours_over": ("hours_exceeded", "hour"),
    "material_over": ("material_exceeded", "unit"),
    "material_stock_over": ("material_before_arrival", "unit"),
    "material_supply_over": ("material_exceeded", "unit"),
    "cash_over": ("cash_exceeded", "money"),
}
TINY = 5e-6


def aggregate_plan(solved: Solved) -> pd.DataFrame:
    """One row per month and product: demand, output, subcontract, inventory, backlog, lost_sales, set_up.

    Stock is recomputed from the rounded flows, so that each row balances exactly.
    """
    data, products = solved.draft.data, solved.draft.data.products
    output, bought = _rounded(solved, "output"), _rounded(solved, "subcontract")
    lost = _rounded(solved, "lost_sales") + _rounded(solved, "unmet_demand")
    demand = np.round(products.demand, PLACES)
    opening = opening_column(products.opening_stock - products.opening_backlog, data.month_count)
    net = np.round(np.cumsum(opening + output + bought + lost - demand, axis=1), PLACES)
    owed = np.round(_value(solved, "backlog", len(products.names)), PLACES)
    backlog = np.maximum(owed, np.maximum(-net, 0.0))
    frame: dict[str, Floats] = {
        "demand": demand,
        "output": output,
        "subcontract": bought,
        "inventory": np.round(net + backlog, PLACES),
        "backlog": backlog,
        "lost_sales": lost,
    }
    table = _long(data.months, "product_id", products.names, frame)
    set_up = np.round(_value(solved, "set_up", len(products.names))).astype(int)
    table["set_up"] = set_up.T.ravel()
    return table


def resource_plan(solved: Solved) -> pd.DataFrame:
    """One row per month and resource with hours: units, hires, layoffs, temporary, hours by kind, units_down."""
    data, resources = solved.draft.data, solved.draft.data.resources
    count = len(resources.names)
    units = _value(solved, "units", count)
    absent = solved.draft.ids("units", count) < 0
    units = np.where(absent, np.nan_to_num(resources.opening)[:, None], units)
    down = resources.down + _value(solved, "maintained", count)
    temporary = _value(solved, "temporary", count)
    stated = ~np.isnan(resources.fixed_hours)
    regular = np.where(stated, np.nan_to_num(resources.fixed_hours), resources.hours * (units - down))
    there = regular + resources.hours * temporary + resources.more("regular_hours")
    load, overtime = _value(solved, "load", count), _overtime(solved, there)
    worked = np.maximum(load - overtime, 0.0)
    available = np.where(resources.unlimited[:, None], worked, there)
    frame = {
        "units": units,
        "hires": _value(solved, "hires", count),
        "layoffs": _value(solved, "layoffs", count),
        "temporary": temporary,
        "regular_hours": worked,
        "overtime_hours": overtime,
        "idle_hours": np.maximum(available - worked, 0.0),
        "units_down": down,
    }
    rounded = {name: np.round(values, PLACES) + 0.0 for name, values in frame.items()}
    return _long(data.months, "resource_id", resources.names, rounded)


def _overtime(solved: Solved, available: Floats) -> Floats:
    """Overtime as planned (R, T); what is free of charge is cut to what the load needs beyond the regular hours.

    ``available`` are the hours of heads or machines, of temporary workers and added ones (R, T). Where regular hours
    are paid as worked, those that overtime takes the place of would be paid: there the plan's own overtime stands.
    """
    resources, given = solved.draft.data.resources, solved.draft.data.given.overtime
    count = len(resources.names)
    load = _value(solved, "load", count)
    planned = np.minimum(_value(solved, "overtime", count), load)
    limited = np.where(resources.unlimited[:, None], np.inf, available)
    free = np.nan_to_num(resources.overtime_rate[:, None] * resources.pay_factor) == 0
    free &= (resources.paid | (resources.regular_rate == 0))[:, None]
    needed = np.where(free, np.minimum(planned, np.maximum(load - limited, 0.0)), planned)
    return np.where(np.isnan(given), needed, given)


def costs(solved: Solved) -> pd.DataFrame:
    """Real costs by month, item and kind; revenue as a negative amount. Amounts in money, unrounded; no zero rows."""
    data, values = solved.draft.data, solved.solution.values
    parts = []
    for cost in solved.draft.builder.costs:
        if cost.real and cost.kind != "revenue_forgone":
            amount = np.where(cost.ids >= 0, values[np.maximum(cost.ids, 0)] * cost.coefficient, 0.0)
            parts.append(_cost_rows(data.months, list(cost.items), cost.kind, amount))
    parts.append(_cost_rows(data.months, data.resources.names, "regular_pay", stated_pay(solved.draft)))
    parts.append(_cost_rows(data.months, data.resources.names, "hiring", data.resources.hiring_for_more))
    parts.append(_cost_rows(data.months, data.products.names, "revenue", -revenue(solved)))
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    table = table.groupby(["month", "item", "kind"], sort=False)["amount"].sum().reset_index()
    place = {month: index for index, month in enumerate(data.months)}
    placed = table.assign(place=table["month"].map(place)).sort_values(["place", "item", "kind"])
    return placed.drop(columns="place").reset_index(drop=True)


def paid(solved: Solved, costs: pd.DataFrame) -> float:
    """What is paid (money): every cost but lost sales, which the revenue lacks, and holding at the default (METHODS 6).

    A stated holding or backlog cost is a bill, of a warehouse or a customer. The 2% a month that stands for a holding
    cost nobody stated steers the plan and is paid by nobody, as a lost sale is.
    """
    products, months = solved.draft.data.products, solved.draft.data.months
    defaulted = {
        (months[month], products.names[product]) for product, month in np.argwhere(~products.holding_stated).tolist()
    }
    at_default = [place in defaulted for place in zip(costs["month"], costs["item"], strict=True)]
    unpaid = costs["kind"].isin((*UNPAID, "revenue")) | (costs["kind"].eq("holding") & np.array(at_default, bool))
    return float(costs.loc[~unpaid, "amount"].sum())


def revenue(solved: Solved) -> Floats:
    """``price (D - L) + price(1) B(0) - price(T) B(T)`` by product and month (P, T)."""
    products, count = solved.draft.data.products, len(solved.draft.data.products.names)
    lost = _value(solved, "lost_sales", count) + _value(solved, "unmet_demand", count)
    opening = opening_column(products.opening_backlog, solved.draft.data.month_count)
    closing = np.zeros_like(lost)
    closing[:, -1] = _value(solved, "backlog", count)[:, -1]
    result: Floats = products.price * (products.demand - lost + opening - closing)
    return result


def shortfalls(solved: Solved) -> list[dict[str, Any]]:
    """Every priced shortfall: rule, item, month, amount, unit, price a unit, cost."""
    rows = []
    for cost in solved.draft.builder.costs:
        if cost.kind != "shortfall":
            continue
        name = next(key for key, block in solved.draft.builder.columns.items() if block.ids is cost.ids)
        rule, unit = SHORTFALLS[name]
        amounts = solved.draft.builder.columns[name].value(solved.solution.values)
        for item, month in np.argwhere(amounts > TINY):
            amount, price = float(amounts[item, month]), float(cost.coefficient[item, month])
            rows.append(
                {
                    "rule": rule,
                    "item": cost.items[item],
                    "month": solved.draft.data.months[month],
                    "amount": round(amount, PLACES),
                    "unit": unit,
                    "price": round(price, 6),
                    "cost": round(amount * price, 2),
                }
            )
    place = solved.draft.data.months.index
    return sorted(rows, key=lambda entry: (place(entry["month"]), entry["rule"], entry["item"]))


def deviations(solved: Solved) -> list[dict[str, Any]]:
    """Where the strategy could not be kept: item, month, by how much (negative: less than wanted)."""
    rows = []
    for name, block in solved.draft.builder.columns.items():
        if not name.endswith((" below", " above")):
            continue
        sign = -1.0 if name.endswith(" below") else 1.0
        for item, month in np.argwhere(block.value(solved.solution.values) > TINY):
            amount = float(block.value(solved.solution.values)[item, month])
            rows.append(
                {
                    "strategy": name.split(" ")[0],
                    "item": block.items[item],
                    "month": block.months[month],
                    "deviation": round(sign * amount, PLACES),
                }
            )
    return sorted(rows, key=lambda entry: (solved.draft.data.months.index(entry["month"]), entry["item"]))


def _value(solved: Solved, name: str, count: int) -> Floats:
    block = solved.draft.builder.columns.get(name)
    if block is None:
        return np.zeros((count, solved.draft.data.month_count))
    return block.value(solved.solution.values)


def _rounded(solved: Solved, name: str) -> Floats:
    """Flows rounded so that their running totals are off by no more than half of the last place."""
    running = np.cumsum(_value(solved, name, len(solved.draft.data.products.names)), axis=1)
    steps = np.diff(np.round(running, PLACES), axis=1, prepend=0.0)
    result: Floats = np.maximum(np.round(steps, PLACES), 0.0) + 0.0
    return result


def _long(months: list[str], item: str, items: list[str], frame: dict[str, Floats]) -> pd.DataFrame:
    table = {"month": np.repeat(months, len(items)), item: np.tile(np.array(items, object), len(months))}
    return pd.DataFrame(table | {name: values.T.ravel() for name, values in frame.items()})


def _cost_rows(months: list[str], items: list[str], kind: str, amount: Floats) -> pd.DataFrame:
    item, month = np.nonzero(np.abs(amount) > TINY)
    return pd.DataFrame(
        {
            "month": np.array(months, object)[month],
            "item": np.array(items, object)[item],
            "kind": kind,
            "amount": amount[item, month],
        }
    )
