"""A replay as one page of HTML: the policies side by side, what each spent on, how far to trust it."""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Any

from sop_pipeline import tables
from sop_pipeline.cycle import month_text
from sop_pipeline.language.dates import day, month_of_year
from sop_pipeline.language.money import money
from sop_pipeline.language.numbers import NOTHING, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.media import html
from sop_pipeline.packs.parts.document import Document, Edition
from sop_pipeline.packs.parts.page import Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row
from sop_pipeline.replay.backtest import Backtest
from sop_pipeline.replay.policy import MADE, NAIVE
from sop_pipeline.replay.report import carried_out, cautions, name_of, ranked

REGRETS = ("regret", "forecast_regret", "policy_regret", "override_regret")
KINDS = {
    "material": "Material",
    "regular_pay": "Regular pay",
    "overtime_pay": "Overtime",
    "temporary_pay": "Temporary workers",
    "hiring": "Hiring",
    "layoffs": "Layoffs",
    "subcontracting": "Subcontracting",
    "set_up": "Set-ups",
    "rate_change": "Change of rate",
    "holding": "Holding stock",
    "backlog": "Backlog",
    "lost_sales": "Lost sales",
}
_MOST_COSTS = 8


def document(result: Backtest) -> bytes:
    """Return the replay as one HTML file that fetches nothing."""
    page = functools.partial(Page, "replay", "Replay of past cycles")
    filled = page(
        carried_out(result),
        sentences=[best(result), in_use(result), *(say(sentence) for sentence in cautions(result))],
        body=[_policies(result), _stock(result), _costs(result), _inputs(result)],
    )
    subject = "Past cycles planned as they would have been, against what then happened"
    about = Document("backtest", "Backtest", subject, ())
    months = [row["month"] for row in tables.rows(result.tables["replay_cycles"]) if row["carried_out"]]
    edition = Edition(about, result.company.company, month_text(months[-1]), day(months[-1]), "replay", [filled])
    return html.screen(edition, {figure.key: html.drawing(figure) for figure in edition.figures() if figure.chart})


def best(result: Backtest) -> Sentence:
    """Which policy would have cost least, against last year's sales chased."""
    rows = [row for row in ranked(result) if row["strategy"] != MADE]
    first, naive = rows[0], next(row for row in rows if row["approach"] == NAIVE)
    share = f", {percent(first['regret'] / naive['regret'], 0)} of that of {name_of(naive)}" if naive["regret"] else ""
    least = money(first["regret"], result.company.currency)
    return say("Least regret: ", strong(name_of(first)), f" with {least}{share}.")


def in_use(result: Backtest) -> Sentence:
    """Where the regret of what the company works to comes from."""
    row = next(each for each in tables.rows(result.tables["replay_summary"]) if each["in_use"])
    whole, forecast, policy, override = (money(row[name], result.company.currency) for name in REGRETS)
    parts = f"{forecast} from the forecast, {policy} from the strategy, {override} from planners’ inputs."
    return say("What the company works to, ", strong(name_of(row)), f", cost {whole} more than the least: {parts}")


def _policies(result: Backtest) -> Listing:
    rows = ranked(result)
    scale = scale_for([float(row["regret"]) for row in rows])
    unit = f"{result.company.currency}{f' {scale.suffix}' if scale.suffix else ''}"
    columns = (
        Column("Policy", "left", "26%"),
        *(Column(name) for name in ("Served", "Units late", "Units lost", "Stability")),
        *(Column(name, group=unit) for name in ("Mean stock", "Cost", "Regret", "Forecast", "Policy", "Override")),
    )
    note = "cost against the least for the same months with demand known, ending with the same stock"
    return Listing("Policies, the least regret first", columns, [_policy(row, scale) for row in rows], note)


def _policy(row: dict[str, Any], scale: Scale) -> Row:
    words = name_of(row) + (" (in use)" if row["in_use"] else "")
    amounts = [_written(scale, row[name]) for name in ("mean_inventory_value", "cost", *REGRETS)]
    units = [number(row[name], 0, NOTHING) for name in ("late_units", "lost_units")]
    shown = [percent(row["service"], 2, NOTHING), *units, percent(row["stability"], 1, NOTHING), *amounts]
    kind = "total" if row["in_use"] else "plain"
    return Row((Cell(words), *(Cell(text) for text in shown)), kind, source="replay_summary")  # type: ignore[arg-type]


def _costs(result: Backtest) -> Listing:
    """Each policy's cost by kind."""
    shown = ranked(result)[:_MOST_COSTS]
    spent = _by_kind(result)
    kinds = [kind for kind in KINDS if any(kind in spent.get(_key(row), {}) for row in shown)]
    scale = scale_for([float(each) for kind in spent.values() for each in kind.values()])
    columns = (Column("Policy", "left", "26%"), *(Column(KINDS[kind]) for kind in kinds))
    rows = [
        Row(
            (Cell(name_of(row)), *(Cell(_written(scale, spent[_key(row)].get(kind))) for kind in kinds)),
            source="replay_costs",
        )
        for row in shown
    ]
    return Listing("What was spent", columns, rows, f"{result.company.currency} {scale.suffix}".strip())


def _written(scale: Scale, value: Decimal | None) -> str:
    return scale.write(None if value is None else float(value), NOTHING)


Key = tuple[str, str]


def _key(row: dict[str, Any]) -> Key:
    return row["approach"], row["strategy"]


def _shown(row: dict[str, Any]) -> bool:
    """Whether a row is of a loop that shows a policy: people's, or the benchmark's."""
    return bool(row["knowledge"] == "consensus" or row["approach"] == NAIVE)


def _by_kind(result: Backtest) -> dict[Key, dict[str, Decimal]]:
    found: dict[Key, dict[str, Decimal]] = {}
    for row in tables.rows(result.tables["replay_costs"]):
        if _shown(row):
            kinds = found.setdefault(_key(row), {})
            kinds[row["kind"]] = kinds.get(row["kind"], Decimal(0)) + row["amount"]
    return found


def _stock(result: Backtest) -> Figure:
    """Stock by month of what is in use, of the benchmark, and of what was made."""
    months = sorted({row["month"] for row in tables.rows(result.tables["replay_months"])})
    rows = [row for row in ranked(result) if row["in_use"] or row["approach"] == NAIVE or row["strategy"] == MADE]
    stock: dict[tuple[Key, Any], Decimal] = {}
    for row in tables.rows(result.tables["replay_months"]):
        if _shown(row):
            place = (_key(row), row["month"])
            stock[place] = stock.get(place, Decimal(0)) + row["inventory"]
    roles = {MADE: "actual", NAIVE: "last"}
    lines = [
        Line(
            name_of(row),
            roles.get(row["approach"], "plan"),
            [float(stock[_key(row), month]) if (_key(row), month) in stock else None for month in months],
        )
        for row in rows
    ]
    adds_up = all(row["late_units"] is not None for row in rows)
    scale = scale_for([value for line in lines for value in line.values])
    words = f"Stock at month end, {month_of_year(months[0])} to {month_of_year(months[-1])}."
    chart = timeline(lines, months, words=words, scale=scale, size=(900, 190)) if adds_up else None
    empty = "Units differ between products: stock does not add up across them."
    return Figure("stock", "Stock at month end", f"units {scale.suffix}".strip(), chart, empty, wide=True)


_BASIS = {
    "recorded_on": "by the day each row became known",
    "own_date": "by the day it happened, where no other is given",
    "undated": "as it is today",
}


def _inputs(result: Backtest) -> Listing:
    columns = (Column("Table", "left"), Column("Rows"), Column("With recorded_on"), Column("Known", "left"))
    rows = [
        Row(
            (
                Cell(row["table"]),
                Cell(number(row["rows"])),
                Cell(number(row["recorded"])),
                Cell(_BASIS[row["basis"]], "worse" if row["basis"] == "undated" else "plain"),
            ),
            source="replay_inputs",
        )
        for row in tables.rows(result.tables["replay_inputs"])
    ]
    return Listing("What past cycles knew", columns, rows, "a table that no day tells of is taken as it is today")
