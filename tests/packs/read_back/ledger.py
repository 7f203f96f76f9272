"""The released tables, asked for the figures that a place can hold: cells of its rows, and stated computations.

The rows of a place are those whose keys are said there: a family, product, resource, strategy or scenario by its name
or identifier, and the months of its heading. A computation is a sum, extreme, difference, ratio or share of these rows'
columns. Adds up with pandas; nothing of what made the pages is used. Not a test.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from tests.packs.read_back.page import Place

Found = tuple[str, float]
_PIECES = re.compile(r", |: |; | · | \(|\)")
_MOST_CELLS = 3000
_NO_KEYS = ("basis", "last_basis", "status")
"""Columns that tell how a row came about; no heading picks rows by them."""


def spoken(text: str) -> str:
    """A name as it is compared: without case, marks and units."""
    bare = re.sub(r"\s*(●|[€$£]?[km]?\b ?%|€[km]?|…)$", "", text.strip().replace("_", " ").lower())
    return bare.strip()


@dataclass(frozen=True)
class Chosen:
    """The plan that is followed."""

    strategy: str
    scenario: str


class Ledger:
    """The tables of a cycle."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], cycle: date, chosen: Chosen) -> None:
        self.frames, self.cycle, self.chosen = frames, cycle, chosen
        self.names = self._read_names()
        self._forms: dict[tuple[str, str], dict[str, set[Any]]] = {}
        self._rows: dict[object, pd.DataFrame] = {}
        self._kinds: dict[str, tuple[list[str], list[str]]] = {}

    def _read_names(self) -> dict[str, set[str]]:
        names: dict[str, set[str]] = {}
        pairs = (("product", ("new_product_plan", "product_lifecycle", "products")), ("resource", ("resources",)))
        for table, key, name in (
            ("levers", "lever_id", "description"),
            ("risks_opportunities", "item_id", "description"),
        ):
            data = self.frames.get(table, pd.DataFrame())
            for each, words in zip(data.get(key, ()), data.get(name, ()), strict=True):
                names.setdefault(str(each), set()).add(str(words))
        for kind, tables in (*pairs, ("material", ("materials",))):
            for table in tables:
                data = self.frames.get(table, pd.DataFrame())
                if len(data):
                    for key, name in zip(data[f"{kind}_id"], data[f"{kind}_name"], strict=True):
                        names.setdefault(str(key), set()).add(str(name))
        return names

    def forms(self, table: str, column: str) -> dict[str, set[Any]]:
        """The values of a column by how they are said."""
        if (table, column) not in self._forms:
            said: dict[str, set[Any]] = {}
            for value in self.frames[table][column].dropna().unique():
                for form in {str(value), *self.names.get(str(value), ())}:
                    said.setdefault(spoken(form), set()).add(value)
            self._forms[table, column] = said
        return self._forms[table, column]

    def keys(self, table: str) -> list[str]:
        """The columns of text, which rows are told apart by."""
        return self._columns(table)[0]

    def is_date(self, table: str, column: str) -> bool:
        """Whether a column holds days or months."""
        return column in self._columns(table)[1]

    def _columns(self, table: str) -> tuple[list[str], list[str]]:
        """A table's columns of text, and of days."""
        if table not in self._kinds:
            texts: list[str] = []
            days: list[str] = []
            data = self.frames[table]
            for name in data.select_dtypes(object).columns.difference(list(_NO_KEYS), sort=False):
                first = data[name].first_valid_index()
                (days if first is not None and isinstance(data[name][first], date) else texts).append(str(name))
            self._kinds[table] = texts, days
        return self._kinds[table]

    @functools.cached_property
    def texts(self) -> list[str]:
        """Texts of the tables that hold a number, the longest first: names, questions, descriptions."""
        cells: set[str] = set()
        for table, data in self.frames.items():
            for column in self.keys(table):
                cells |= {str(value) for value in data[column].dropna().unique()}
        cells |= {each.rpartition("/")[2] for each in cells if "/" in each}
        return sorted(
            (each for each in cells if re.search(r"\d", each) and not re.fullmatch(r"[\d.,-]+", each)),
            key=len,
            reverse=True,
        )

    def rows(self, table: str, at: Place, linked: Mapping[str, set[Any]] | None = None) -> pd.DataFrame:
        """The rows of a table whose keys are said at a place; ``linked`` are keys that another table's rows give."""
        said = dataclasses.replace(at, months=(), column="" if at.months else at.column, tables=(), kind="", left="")
        place = (table, repr(said), repr(sorted((key, sorted(map(str, each))) for key, each in (linked or {}).items())))
        if place not in self._rows:
            self._rows[place] = self._keyed(table, said, linked)
        data = self._rows[place]
        if at.months and "month" in data and self.is_date(table, "month"):
            months = [date(self.cycle.year, each.month, 1) if each.year == 1 else each for each in at.months]
            data = data[data["month"].isin(months)]
        return data

    def _keyed(self, table: str, at: Place, linked: Mapping[str, set[Any]] | None) -> pd.DataFrame:
        """The same in all months."""
        data, stated = self.frames.get(table, pd.DataFrame()), _stated(at.source)
        exact = len(stated) > 1 or any(
            self._named(table, key, at.title_of) for key in (self.keys(table) if len(data) else ())
        )
        for column in self.keys(table) if len(data) else ():
            values = stated.get(column) or (linked or {}).get(column) or set()
            if not values:
                near = self._said(table, column, at, within=not exact)
                values = near or self._usual(data, column)
                values = values | {self.chosen.scenario} if values and column == "scenario" else values
            kept = data[data[column].isin(values)] if values else data
            data = kept if len(kept) else data
        for column in set(stated) & set(data.columns) - set(self.keys(table) if len(data) else ()):
            data = data[data[column].astype(str).isin(stated[column])]
        return data

    def _usual(self, data: pd.DataFrame, column: str) -> set[Any]:
        """The plan and approach in use, and the whole, where a place names no other and no part."""
        if column in ("strategy", "scenario") and data[column].nunique() > 1:
            return {getattr(self.chosen, column)}
        if column == "approach" and len(data):
            known = self.frames["forecast_approach"]
            return set(known[known["chosen"].astype(bool)]["approach"])
        return {"all"} if "all" in set(data[column]) else set()

    def _said(self, table: str, column: str, at: Place, *, within: bool) -> set[Any]:
        panel = tuple(str(each) for each in json.loads(at.panel)) if at.panel else ()
        if len(_stated(at.source)) > 1:
            return self._named(table, column, (at.row, *at.title_of))
        near = ((at.row,), at.title_of, (at.column, at.group), panel, (at.section,), at.beside)
        for words in near:
            if found := self._named(table, column, words) or (
                self._named_within(table, column, words) if within else set()
            ):
                return found
        if not within:
            return set()
        return self._named(table, column, (at.part, at.title)) or self._named(table, column, (at.note,))

    def _named(self, table: str, column: str, words: Sequence[str]) -> set[Any]:
        forms = self.forms(table, column)
        pieces = {spoken(piece) for text in words for piece in (text, *_PIECES.split(text))}
        nothing: set[Any] = set()
        return set().union(*(forms.get(piece) or forms.get(piece.removesuffix("s"), nothing) for piece in pieces))

    def _named_within(self, table: str, column: str, words: Sequence[str]) -> set[Any]:
        forms, found = self.forms(table, column), set()
        for text in words:
            said = f" {spoken(text)} "
            inside = [
                form for form in forms if len(form) > 3 and form in said and re.search(rf"\b{re.escape(form)}\b", said)
            ]
            if inside and len(inside) < 4:
                found |= set().union(*(forms[form] for form in inside))
            elif text.endswith("…"):
                found |= set().union(*(forms[form] for form in forms if form.startswith(said.strip())), set())
        return found

    # -- what rows can say ---------------------------------------------------------------------------------------------

    def numbers(self, table: str, only: str = "") -> list[str]:
        """The columns of numbers."""
        data = self.frames[table]
        named = [
            name for name in data.columns if pd.api.types.is_numeric_dtype(data[name]) and data[name].dtype != bool
        ]
        return [only] if only in named else named

    def sums(self, table: str, data: pd.DataFrame, columns: Sequence[str], *, windows: bool) -> Iterator[Found]:
        """Sums of columns over rows; where no month is said, over the usual windows of their months, and extremes."""
        parts = {"": data}
        if windows and "month" in data and self.is_date(table, "month") and data["month"].nunique() > 1:
            month = data["month"]
            parts["next 12"] = data[(month >= self.cycle) & (month < self.later(12))]
            parts["last 12"] = data[(month < self.cycle) & (month >= self.later(-12))]
            parts["ahead"] = data[month >= self.cycle]
            parts["year"] = data[[each.year == self.cycle.year for each in month]]
            parts["end"] = data[month == month.max()]
        for flag in data.select_dtypes(bool).columns if windows else ():
            parts[f"where {flag}"] = data[data[flag]]
        for where, rows in parts.items():
            for column in columns if len(rows) else ():
                cells = rows[column].dropna().astype(float)
                if len(cells):
                    yield f"sum {table}.{column} {where}", float(cells.sum())
                    if windows and len(cells) > 1:
                        yield f"max {table}.{column} {where}", float(cells.max())
                        yield f"min {table}.{column} {where}", float(cells.min())

    def later(self, lag: int) -> date:
        """The month a number of months after the cycle's."""
        count = 12 * self.cycle.year + self.cycle.month - 1 + lag
        return date(count // 12, count % 12 + 1, 1)

    def cells(self, table: str, data: pd.DataFrame, columns: Sequence[str]) -> Iterator[Found]:
        """The cells themselves."""
        if len(data) * len(columns) <= _MOST_CELLS:
            for column in columns:
                for value in data[column].dropna():
                    yield f"{table}.{column}", float(value)

    def counts(self, table: str, data: pd.DataFrame) -> Iterator[Found]:
        """How many rows there are, and how many of what."""
        yield f"rows {table}", float(len(data))
        for flag in data.select_dtypes(bool).columns:
            yield f"rows {table} where {flag}", float(data[flag].sum())
            yield f"rows {table} where not {flag}", float((~data[flag]).sum())
        for column in (*self.keys(table), *self._columns(table)[1]):
            yield f"kinds {table}.{column}", float(data[column].nunique())


def _stated(source: str) -> dict[str, set[str]]:
    """The keys that a source states: ``; commitment: employ, hire; site_id: Lyon``."""
    keyed = (part.partition(": ") for part in source.split("; ")[1:])
    return {key: set(values.split(", ")) for key, _, values in keyed if values and key not in ("cause", "past")}


def running(rows: Sequence[tuple[str, pd.DataFrame, list[str]]]) -> Iterator[Found]:
    """Running sums of the differences of actual and plan, over the months of one table."""
    for table, data, _ in rows:
        if {"actual", "plan", "month"} <= set(data.columns):
            off = (data["actual"].astype(float) - data["plan"].astype(float)).groupby(data["month"]).sum().sort_index()
            yield from ((f"running sum of {table}", float(value)) for value in off.cumsum())


def within(data: pd.DataFrame, columns: Sequence[str]) -> Iterator[Found]:
    """What two cells say together: of one row, or of one column in two rows."""
    for row in data[list(columns)].astype(float).itertuples(index=False):
        cells = [(name, value) for name, value in zip(columns, row, strict=True) if value == value]
        yield from pairs(cells)
        for (one, a), (other, b) in itertools.combinations(cells, 2):
            yield f"{one} times {other}", a * b
    for column in columns:
        yield from pairs([(column, float(value)) for value in data[column].dropna()])


def pairs(values: Sequence[Found]) -> Iterator[Found]:
    """Differences, sums, ratios and shares of two."""
    for (one, a), (other, b) in itertools.permutations(values, 2):
        yield f"{one} less {other}", a - b
        if b:
            yield f"{one} over {other}", a / b
            yield f"{one} over {other}, less 1", a / b - 1
    for (one, a), (other, b) in itertools.combinations(values, 2):
        yield f"{one} and {other}", a + b
