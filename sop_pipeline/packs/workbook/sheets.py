"""Which tables the workbook has a sheet for, and which of their rows.

A sheet a deliverable, and every table that a page of a document cuts short. Of many products a long table is shortened
(``book.many_products``). Not here: how a sheet is written.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.many_products import is_too_long, shortened
from sop_pipeline.packs.parts.told import in_words
from sop_pipeline.tables.schema import Table

_SHEETS: tuple[tuple[str, str], ...] = (
    *((table.name, "") for table in registry.DELIVERABLES),
    ("plan_summary", "strategies"),
    ("plan_frontier", ""),
    ("plan_robustness", "robustness"),
    ("plan_robustness_months", ""),
    ("plan_swings", ""),
    ("planning_approach", ""),
    ("plan_costs", ""),
    ("resource_plan", ""),
    ("shadow_prices", ""),
    ("limit_options", ""),
    ("limit_option_effects", ""),
    ("limit_option_sales", ""),
    ("plan_shortfalls", ""),
    ("forecast_accuracy", ""),
    ("forecast_value_added", ""),
    ("demand_anomalies", "anomalies"),
    ("forecast_approach", ""),
    ("forecast_notes", ""),
    ("external_accuracy", ""),
    ("event_effects", ""),
    ("demand_plan", ""),
    ("demand_history", "cleansing"),
    ("market_forecast", "markets"),
    ("market_accuracy", ""),
    ("demand_adjustments", ""),
    ("input_entries", ""),
    ("key_figures", ""),
    ("plan_gap", ""),
    ("bridge", ""),
    ("plan_attainment", ""),
    ("plan_changes", ""),
    ("decisions_wanted", ""),
    ("decision_facts", ""),
    ("decision_results", ""),
    ("gap_sets", ""),
    ("gap_levers", ""),
    ("gap_lever_months", ""),
    ("gap_limits", ""),
    ("risks_opportunities", ""),
    ("assumptions", ""),
    ("open_items", ""),
    ("launch_review", ""),
    ("launch_ramps", ""),
    ("defaults_used", ""),
    ("product_lifecycle", ""),
    ("source_files", ""),
    ("quarantine", ""),
)


_LONGEST_NAME = 60


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, table and rows, columns that tell the rows in words, names by the id they stand beside."""

    name: str
    table: Table
    rows: pa.Table
    words: Mapping[str, Sequence[str]]
    names: Mapping[str, Sequence[str]]


def sheets(book: Book) -> list[Sheet]:
    """Every sheet in order: deliverables always, other tables where they have rows."""
    deliverables = {table.name for table in registry.DELIVERABLES}
    every = [_sheet(book, name, title or name) for name, title in _SHEETS]
    return [sheet for sheet in every if sheet.rows.num_rows or sheet.table.name in deliverables]


def _sheet(book: Book, name: str, title: str) -> Sheet:
    table, rows = shortened(registry.get(name), _rows(book, name), book)
    words = in_words(book, name, rows.to_pylist()) if rows.num_rows else {}
    return Sheet(title, table, rows, words, _names(book, table, rows))


def long_tables(book: Book) -> dict[str, pa.Table]:
    """Tables whose sheet cannot hold every row, with the rows that it would have."""
    every = {name: _rows(book, name) for name, _ in _SHEETS}
    return {name: rows for name, rows in every.items() if is_too_long(rows, book)}


def _names(book: Book, table: Table, rows: pa.Table) -> dict[str, list[str]]:
    """What products and resources are called, for the columns that hold their ids alone."""
    called = {"product_id": book.product, "resource_id": book.resource}
    return {
        column: [call(value, _LONGEST_NAME) if value else "" for value in rows.column(column).to_pylist()]
        for column, call in called.items()
        if column in table.names and column.replace("_id", "_name") not in table.names
    }


def _rows(book: Book, name: str) -> pa.Table:
    """The rows of a table that its sheet has: all of them, but for the few tables that would drown a reader.

    Of ``plan_costs`` the chosen strategy's, of ``forecast_accuracy`` the approach in use and naive at the lags the
    company judges by, of ``shadow_prices`` those of limits rather than of demand, of ``demand_history`` the months
    with a finding, raw and cleansed side by side. The lake has the rest.
    """
    table = book.table(name)
    keep = _KEPT.get(name)
    return table.filter(keep(book)) if keep is not None and table.num_rows else table


def _of_chosen_plan(book: Book) -> pc.Expression:
    strategy, scenario = book.chosen
    return (pc.field("strategy") == strategy) & (pc.field("scenario") == scenario)


def _of_approach_in_use(book: Book) -> pc.Expression:
    approaches, lags = [book.approach, "naive"], book.company.forecast.lags
    return pc.field("approach").isin(approaches) & pc.field("lag").isin(lags)


def _with_finding(_book: Book) -> pc.Expression:
    said = [pc.is_valid(pc.field(name)) for name in ("flag", "handed_to", "inherited", "counted_over")]
    return functools.reduce(operator.or_, said)


def _of_limits(_book: Book) -> pc.Expression:
    return pc.field("constraint") != "demand"


_KEPT: Mapping[str, Callable[[Book], pc.Expression]] = {
    "plan_costs": _of_chosen_plan,
    "forecast_accuracy": _of_approach_in_use,
    "shadow_prices": _of_limits,
    "demand_history": _with_finding,
}
