"""A what-if as lines of a terminal: what it moves in all, by family and by product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.language.dates import month_of_year
from sop_pipeline.language.names import name
from sop_pipeline.language.numbers import NOTHING, number, percent, points
from sop_pipeline.scenarios.what_if import Side, WhatIf

MONEY = (
    ("Revenue", "revenue"),
    ("Contribution", "contribution"),
    ("Operating result", "operating_result"),
    ("Cash flow", "cash_flow"),
    ("Lowest cash since the start", "lowest_cash"),
    ("Cost of the plan", "total_cost"),
    ("Shortfalls, priced", "shortfall_cost"),
    ("Stock at the end", "inventory_value"),
)
COUNTS = (
    ("Units lost", "lost_units"),
    ("Hires", "hires"),
    ("Layoffs", "layoffs"),
    ("Overtime hours", "overtime_hours"),
)
FLOWS = ("demand", "sold", "made", "bought", "stock at end")
MOST_PRODUCTS = 15
SEEN = 0.5
"""Units from which a difference is told: less is rounding."""


def lines(answer: WhatIf, *, company: str, currency: str, cycle: Cycle) -> Iterator[str]:
    """Tell a what-if, line by line."""
    yield from _head(answer, company, cycle)
    yield ""
    yield from _figures(answer, currency)
    by_family = flows(answer.after) - flows(answer.base)
    yield from _listing("Difference by family, units", FLOWS, by_family, len(by_family))
    by_product = asked(answer.after) - asked(answer.base)
    yield from _listing(f"Asked for by product, {currency}", ("units", "worth"), by_product, MOST_PRODUCTS)


def _head(answer: WhatIf, company: str, cycle: Cycle) -> Iterator[str]:
    months = sorted(set(tables.days(answer.after.plan, "month")))
    families = len(set(tables.texts(answer.after.plan, "item_id")))
    products = len(set(tables.texts(answer.after.demand_plan, "product_id")))
    yield (
        f"{company}, cycle {cycle}, {answer.strategy}, {month_of_year(months[0])} to {month_of_year(months[-1])}: "
        f"planned by family ({families} for {products} products), and nothing is published."
    )
    yield from (f"  {change}" for change in answer.changes)


def _figures(answer: WhatIf, currency: str) -> Iterator[str]:
    (before,), (after,) = (tables.rows(side.figures) for side in (answer.base, answer.after))
    yield _row(currency, ("base", "what if", "difference"))
    for title, column in MONEY:
        yield _row(title, _three(before[column], after[column], 0))
    yield _row(
        "Served in their month",
        (*(percent(row["service"], 2, NOTHING) for row in (before, after)), _points(before, after, "service")),
    )
    for title, column in COUNTS:
        yield _row(title, _three(before[column], after[column], 1))
    peak = (*(percent(row["worst_utilisation"], 1, NOTHING) for row in (before, after)),)
    yield _row("Peak utilisation", (*peak, _points(before, after, "worst_utilisation"))) + _busiest(before, after)


def _busiest(before: dict[str, Any], after: dict[str, Any]) -> str:
    places = [
        f"{name(row['busiest_resource'])} in {month_of_year(row['busiest_month'])}"
        for row in (before, after)
        if row["busiest_resource"]
    ]
    return f"   ({', then '.join(dict.fromkeys(places))})" if places else ""


def _points(before: dict[str, Any], after: dict[str, Any], column: str) -> str:
    if before[column] is None or after[column] is None:
        return NOTHING
    return f"{points(after[column] - before[column], 2)} points"


def _three(before: Any, after: Any, places: int) -> tuple[str, str, str]:
    difference = None if before is None or after is None else after - before
    first, second, third = (number(each, places, NOTHING) for each in (before, after, difference))
    return first, second, third


def flows(side: Side) -> pd.DataFrame:
    """Units over the months of the plan by family: demand, sold, made, bought, and stock at the end."""
    plan = tables.frame(side.plan).sort_values("month", kind="stable")
    grouped = plan.groupby("item_id")
    last = grouped[["backlog", "inventory"]].last()
    sums = grouped[["demand", "lost_sales", "output", "subcontract"]].sum()
    sold = sums["demand"] - sums["lost_sales"] - last["backlog"]
    columns = (sums["demand"], sold, sums["output"], sums["subcontract"], last["inventory"])
    return pd.DataFrame(dict(zip(FLOWS, columns, strict=True)))


def asked(side: Side) -> pd.DataFrame:
    """Units asked for by product over the months of the plan, and what they are worth at planned prices."""
    demand = tables.frame(side.demand_plan)[["product_id", "month", "quantity"]]
    prices = tables.frame(side.planned_prices)[["product_id", "month", "unit_price"]]
    priced = demand.merge(prices, on=["product_id", "month"], how="left")
    priced["worth"] = priced["quantity"] * priced["unit_price"]
    return priced.groupby("product_id")[["quantity", "worth"]].sum(min_count=1)


def _listing(title: str, heads: Sequence[str], differences: pd.DataFrame, most: int) -> Iterator[str]:
    """Rows that differ, the largest first; how many more there are."""
    size = differences.abs().max(axis=1)
    order = size[size >= SEEN].sort_values(ascending=False, kind="stable").index
    if order.empty:
        return
    yield ""
    yield _row(title, heads)
    for key, row in differences.loc[order[:most]].iterrows():
        yield _row(str(key), [number(float(value), 0, NOTHING) for value in row])
    if len(order) > most:
        yield f"  and {len(order) - most} more"


def _row(title: str, cells: Iterable[str]) -> str:
    return f"{title:<30}" + "".join(f"{cell:>18}" for cell in cells)
