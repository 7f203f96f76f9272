"""A replay as lines of a terminal: every policy in a row, and what could not be dated."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sop_pipeline import tables
from sop_pipeline.language.dates import month_of_year
from sop_pipeline.language.names import listed, plural
from sop_pipeline.language.numbers import NOTHING, number, percent
from sop_pipeline.replay.backtest import Backtest
from sop_pipeline.replay.policy import MADE, NAIVE

HEADS = ("served", "mean stock", "stability", "cost", "regret", "forecast", "policy", "override")


def lines(result: Backtest) -> Iterator[str]:
    """Tell a replay, line by line."""
    yield carried_out(result)
    yield ""
    yield _row(result.company.currency, HEADS)
    for row in ranked(result):
        yield _row(name_of(row) + ("  (in use)" if row["in_use"] else ""), cells(row))
    yield ""
    yield from (f"  {sentence}" for sentence in cautions(result))


def ranked(result: Backtest) -> list[dict[str, Any]]:
    """Rows of the summary, the least regret first."""
    rows = tables.rows(result.tables["replay_summary"])
    return sorted(rows, key=lambda row: (row["regret"], row["approach"], row["strategy"]))


def carried_out(result: Backtest) -> str:
    """Which months were planned and carried out."""
    rows = tables.rows(result.tables["replay_cycles"])
    over = [row["month"] for row in rows if row["carried_out"]]
    left = [row["month"] for row in rows if not row["carried_out"]]
    span = f"{month_of_year(over[0])} to {month_of_year(over[-1])}"
    more = f"; {listed([month_of_year(month) for month in left])} planned, the demand has not come yet" if left else ""
    return f"{result.company.company}: {plural(len(over), 'month')} replayed, {span}{more}."


def cautions(result: Backtest) -> Iterator[str]:
    """What a reader has to know: tables as they are today, demand nobody planned, limits exceeded."""
    undated = [row["table"] for row in tables.rows(result.tables["replay_inputs"]) if row["basis"] == "undated"]
    if undated:
        yield f"As they are today, since no day says when they were known: {listed(undated)}."
    unplanned = sum(row["unplanned_demand"] for row in tables.rows(result.tables["replay_cycles"]))
    if unplanned:
        yield f"Left out of every plan: {number(unplanned)} units asked for of products that were not planned yet."
    beyond = {name_of(row): row["beyond_limits"] for row in ranked(result) if row["beyond_limits"]}
    if beyond:
        named = listed([f"{name} {plural(count, 'time')}" for name, count in beyond.items()])
        yield f"Limits of hours, material or cash were exceeded, at no cost: {named}."
    yield (
        "Heads and material come in the month in which a plan has them; what the company made is priced with the "
        "cheapest heads and hours for it."
    )


def name_of(row: dict[str, Any]) -> str:
    """A policy in words."""
    if row["strategy"] == MADE:
        return "as really made"
    if row["approach"] == NAIVE:
        return f"last year's sales, {row['strategy']}"
    return f"{row['approach'].replace('_', ' ')}, {row['strategy']}"


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The figures of a row as ``HEADS`` names them."""
    money = ("cost", "regret", "forecast_regret", "policy_regret", "override_regret")
    return (
        percent(row["service"], 2, NOTHING),
        number(row["mean_inventory_value"], 0, NOTHING),
        percent(row["stability"], 1, NOTHING),
        *(number(row[name], 0, NOTHING) for name in money),
    )


def _row(title: str, values: tuple[str, ...]) -> str:
    return f"{title:<48}" + "".join(f"{value:>14}" for value in values)
