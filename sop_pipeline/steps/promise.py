"""What an option that is adopted promises, by month, so that later cycles can hold it against what came.

The plan that follows an adoption has the option in it and no longer knows the plan without, so the record keeps both.
Not here: the record itself (``decide``), or what came of it (``reconciliation``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sop_pipeline import tables
from sop_pipeline.choice import ChosenPlan, marked_plan
from sop_pipeline.cycle import Cycle, add_months, months_between
from sop_pipeline.lake import Lake

SCOPES = {"raise_limit": "all_months", "raise_one_month": "best_month"}
"""Options that raise a limit, by the scope of the plan that was made for them."""
OF_LOST = {"subcontract": "lost_units", "subcontract_half": "half_of_lost_units"}
"""Options that subcontract what is lost, likewise."""
BOUGHT = "subcontract_limit"
Row = Mapping[str, Any]
Part = dict[str, Any]


def promised(lake: Lake, cycle: Cycle, option: Row) -> list[dict[str, str]]:
    """Return what an option of ``decisions_wanted`` promises by month, as JSON holds it; it adds up to its effect.

    Of a limit: what is sold more, by planned item, and what the rest of the plan costs more (negative) or saves. Of a
    strategy and of opportunities: the whole. Nothing of an option that leaves the plan as it is or has no price.
    """
    if option["effect"] is None:
        return []
    if option["choice"] in (*SCOPES, *OF_LOST):
        found = _of_limit(lake, cycle, scenarios_of(lake, cycle, option))
    elif option["choice"] == "work_to":
        found = _of_strategy(lake, cycle, option["choice_subject"])
    else:
        found = _of_chances(lake, cycle, option)
    parts = sorted(found, key=lambda part: (part["month"], part["part"], part.get("item_id", "")))
    return [{name: str(value) for name, value in part.items()} for part in parts]


def scenarios_of(lake: Lake, cycle: Cycle, option: Row) -> set[str]:
    """The plans that were made for an option that raises a limit."""
    names = (BOUGHT if option["choice"] in OF_LOST else option["limit"], option["subject"])
    scope = {**SCOPES, **OF_LOST}[option["choice"]]
    rows = lake.read("limit_options", cycle).to_pylist()
    return {row["scenario"] for row in rows if (row["constraint"], row["item"], row["scope"]) == (*names, scope)}


def _of_limit(lake: Lake, cycle: Cycle, scenarios: set[str]) -> Iterator[Part]:
    rest: dict[date, Decimal] = {}
    for row in _rows(lake, cycle, "limit_option_effects"):
        if row["scenario"] in scenarios:
            rest[row["month"]] = rest.get(row["month"], Decimal(0)) + row["effect"]
    for row in _rows(lake, cycle, "limit_option_sales"):
        if row["scenario"] in scenarios:
            rest[row["month"]] -= row["gain"]
            sold = {name: row[name] for name in ("month", "item_id", "sales_without", "sales_with")}
            yield {"part": "sales", "amount": row["gain"], **sold}
    yield from ({"part": "spending", "month": month, "amount": amount} for month, amount in rest.items() if amount)


def _of_strategy(lake: Lake, cycle: Cycle, strategy: str) -> Iterator[Part]:
    """Contribution of the strategy by month less that of the plan in use."""
    chosen = marked_plan(lake.read("plan_summary", cycle))
    if chosen is None or strategy == chosen.strategy:
        return
    plans = {
        (ChosenPlan(row["strategy"], row["scenario"]), row["month"]): row["contribution"]
        for row in _rows(lake, cycle, "plan_money")
    }
    for (plan, month), amount in plans.items():
        if plan == (strategy, chosen.scenario):
            yield {"part": "whole", "month": month, "amount": amount - plans[chosen, month]}


def _of_chances(lake: Lake, cycle: Cycle, option: Row) -> Iterator[Part]:
    """What the opportunities pursued are worth, spread evenly over their months; one without a month is in none."""
    if option["choice"] == "no_action":
        return
    worth = {
        row["subject"]: row["amount"]
        for row in _rows(lake, cycle, "decision_facts")
        if (row["decision_id"], row["fact"]) == (option["decision_id"], "expected")
        and row["subject"] != option["subject"]
    }
    wanted = set(worth) if option["choice"] == "pursue_all" else {option["choice_subject"]}
    found: dict[date, Decimal] = {}
    for row in _rows(lake, cycle, "risks_opportunities"):
        if row["item_id"] in wanted & set(worth) and row["month_from"] is not None:
            length = months_between(row["month_from"], row["month_to"] or row["month_from"]) + 1
            for month in (add_months(row["month_from"], place) for place in range(length)):
                found[month] = found.get(month, Decimal(0)) + worth[row["item_id"]] / length
    yield from (
        {"part": "whole", "month": month, "amount": amount.quantize(Decimal("0.01"))} for month, amount in found.items()
    )


def _rows(lake: Lake, cycle: Cycle, table: str) -> list[dict[str, Any]]:
    """A table's rows; none of one that the version which planned the cycle did not make."""
    return tables.rows(lake.read(table, cycle)) if table in lake.published(cycle) else []
