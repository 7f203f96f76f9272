"""Finds the figures of a document in the released tables. Not a test."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

from tests.packs.read_back.figures import Figure
from tests.packs.read_back.ledger import Found, Ledger, pairs, running, within
from tests.packs.read_back.page import Place

_WORD = re.compile(r"[a-z_]+[a-z_0-9]*(?:\.[a-z_0-9]+)?")
_CLOSE = 1e-9
LINKS = ("scenario", "product_id", "item")
_FEW_ROWS = 12
_FEW_COLUMNS = 4


def matches(figure: Figure, value: float) -> bool:
    """Whether a value is printed like the figure, in one of the units it may be in."""
    return any(abs(known - value) <= half * (1 + 1e-6) + _CLOSE for known, half in figure.readings)


def sources(ledger: Ledger, figure: Figure) -> list[tuple[str, str]]:
    """The tables, and columns, that the row of a figure says it is from."""
    named: list[tuple[str, str]] = []
    parts = figure.passage.at.source.split("; ")
    for part in (each for each in parts if ": " not in each or each.startswith(("cause: ", "past: "))):
        for word in _WORD.findall(part.partition(": ")[2] or part):
            table, _, column = word.partition(".")
            if named and word in ledger.frames[named[-1][0]]:
                named.append((named[-1][0], word))
            elif table in ledger.frames:
                named.append((table, column))
    return named


def in_row(ledger: Ledger, figure: Figure) -> str:
    """How a figure of a table is found, by its row's source; nothing where it is not."""
    return next((how for how, value in values(ledger, figure) if matches(figure, value)), "")


Rows = list[tuple[str, pd.DataFrame, list[str]]]
"""Tables with the rows of a place and the columns a figure may be from."""


def values(ledger: Ledger, figure: Figure) -> Iterator[Found]:
    """What the rows of a figure's place say in the columns it may be from, the plainest first."""
    at, rows = figure.passage.at, _rows(ledger, figure)
    if "weighted by" in at.source and len(rows) == 2:
        yield weighted(rows)
        return
    yield from _special(ledger, at, rows)
    for table, data, columns in rows:
        if len(data) <= _FEW_ROWS or not at.months:
            yield from ledger.cells(table, data, columns)
    sums = [found for each in rows for found in ledger.sums(*each, windows=not at.months)]
    yield from sums
    if not at.months and ("." not in at.source or "flag" in at.source):
        yield from (found for table, data, _ in rows for found in ledger.counts(table, data))
    if _DERIVED.search(f"{at.column} {at.group} {at.source.partition(';')[0]} {figure.passage.text}"):
        yield from _derived(at, rows, sums)
    if "running" in at.source:
        whole = dataclasses.replace(at, months=())
        yield from running([(table, ledger.rows(table, whole), columns) for table, _, columns in rows])


def _rows(ledger: Ledger, figure: Figure) -> Rows:
    """The rows of the tables that a figure's row names; an ended month of a plan is what the cycle before planned."""
    at, rows = figure.passage.at, []
    linked: dict[str, set[Any]] = {}
    for table, column in sources(ledger, figure):
        data = ledger.rows(table, at, linked)
        if len(data):
            rows.append((table, data, _columns(ledger, table, column, at)))
            linked = {key: set(data[key].unique()) for key in LINKS if key in data}
    if at.months and "past: " in at.source:
        ended = max(at.months) < ledger.cycle
        rows = [each for each in rows if (each[0] == "plan_attainment") == ended]
    if "at quarter end" in at.source and at.months:
        rows = [(table, data[data["month"] == max(at.months)], columns) for table, data, columns in rows]
    return rows


def _special(ledger: Ledger, at: Place, rows: Rows) -> Iterator[Found]:
    """Computations of one table of one page."""
    if at.source.startswith("gap_closing"):
        yield "nothing falls into the year", 0.0
    if "products.standard_cost" in at.source:
        yield from left_over(rows)
    if "limit_option_effects" in at.source:
        yield from more_of(rows)
    if "key_figures.latest less" in at.source or (at.source.startswith("gap_closing") and not at.column):
        yield from still_open(ledger, at)
    if at.column == "Difference" and at.panel and f'"{ledger.chosen.scenario}"' in at.panel:
        yield "base less base", 0.0


_DERIVED = re.compile(
    r"gap|%|difference|less|/|\+|−|weighted|against|each|saves|brings|added|would be|with it| up | down | of |share"
    r"|effect",
    re.IGNORECASE,
)
"""What a heading, source or cell says where its figure is of two cells or sums."""


def _derived(at: Place, rows: Rows, sums: list[Found]) -> Iterator[Found]:
    for _, data, columns in rows:
        if len(data) <= _FEW_ROWS:
            yield from within(data, columns)
    yield from pairs_of(sums)
    for table in dict.fromkeys(table for table, *_ in rows):
        data = next(each for name, each, _ in rows if name == table)
        columns = [column for name, _, some in rows if name == table for column in some]
        if "month" in data and not at.months and 1 < len(columns) <= _FEW_COLUMNS:
            yield from fullest(table, data, columns)


def fullest(table: str, data: pd.DataFrame, columns: list[str]) -> Iterator[Found]:
    """The largest share of a month, of any column in any other."""
    monthly = data.groupby("month")[columns].sum().astype(float)
    for one, other in itertools.permutations(columns, 2):
        share = (monthly[one] / monthly[other]).replace([float("inf")], float("nan"))
        yield f"most of {one} over {other} of {table}", float(share.max())


def pairs_of(sums: list[Found]) -> Iterator[Found]:
    """What two sums over the same months say together, or one over the next year and one over the last."""
    windows: dict[str, list[Found]] = {}
    for found in sums:
        if found[0].startswith("sum"):
            windows.setdefault(found[0].partition(" ")[2].partition(" ")[2], []).append(found)
    years = windows.get("next 12", []) + windows.get("last 12", [])
    for some in (years, *windows.values()):
        yield from pairs(some)


def _columns(ledger: Ledger, table: str, column: str, at: Place) -> list[str]:
    """The columns a figure may be from: the one named, else those its heading names, else its row, else all."""
    every = ledger.numbers(table, column)
    if column:
        return every
    for said in (f"{at.column} {at.group}".lower(), at.row.lower()):
        words = [each for each in every if any(len(word) >= 3 and word[:5] in said for word in each.split("_"))]
        if words:
            return words
    return every


def more_of(rows: Rows) -> Iterator[Found]:
    """What more of a limit brings and saves, in all and by the unit added, of every option that is named."""
    options = next(data for table, data, _ in rows if table == "limit_options")
    effects = next((data for table, data, _ in rows if table == "limit_option_effects"), None)
    for _, option in options.iterrows():
        if effects is not None:
            own = effects[effects["scenario"] == option["scenario"]]
            for name, sign in (("effect", 1.0), ("notional", -1.0)):
                whole = sign * float(own[name].astype(float).sum())
                yield f"{name} of {option['scenario']}", whole
                yield f"{name} by the unit", whole / float(option["quantity"])


def left_over(rows: Rows) -> Iterator[Found]:
    """Stock of a product that ends, at each month's end, valued at its standard cost."""
    stock = next(data for table, data, _ in rows if table == "new_product_plan")["inventory"].dropna().astype(float)
    for cost in next((data for table, data, _ in rows if table == "products"), pd.DataFrame({"standard_cost": []}))[
        "standard_cost"
    ]:
        yield from (("stock at standard cost", float(value) * float(cost)) for value in stock)


def still_open(ledger: Ledger, at: Place) -> Iterator[Found]:
    """A year's gap of margin to the business plan, alone and with what would close it."""
    data, closing = ledger.frames["key_figures"], ledger.frames["gap_closing"]
    years = {int(each) for each in re.findall(r"20\d\d", at.column or at.row)}
    row = data[(data["measure"] == "margin") & data["fiscal_year"].isin(years)]
    for _, each in row.iterrows():
        gap = float(each["latest"]) - float(each["business_plan"])
        closed = float(closing[closing["fiscal_year"] == each["fiscal_year"]]["amount"].astype(float).sum())
        yield "gap", gap + (closed if "gap_closing" in at.source and at.column else 0.0)
        yield "gap", abs(gap)


def weighted(rows: Rows) -> Found:
    """A mean of one table's column, weighted by another's over the same products and months."""
    (_, data, (value,)), (_, weights, (weight,)) = rows
    both = data.merge(weights, on=["product_id", "month"], suffixes=("", "_of"))
    both = both[both[value].notna() & (both[weight] > 0)].astype({value: float, weight: float})
    total = both[weight].sum()
    return f"{value} weighted by {weight}", float((both[value] * both[weight]).sum() / total) if total else float("nan")
