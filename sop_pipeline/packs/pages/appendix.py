"""Definitions, what was wrong with the data, and where every figure comes from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from sop_pipeline import __version__
from sop_pipeline import tables as registry
from sop_pipeline.language.dates import day
from sop_pipeline.language.names import name, shortened
from sop_pipeline.language.numbers import NOTHING, number
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts import exceptions, trust
from sop_pipeline.packs.parts.page import Beside, Definition, Definitions, Hash, Hashes, Page, Pairs
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST_FILES, _MOST_REASONS, _MOST_FLAGS = 9, 4, 4
_ROWS = {
    "rows_read": "Rows",
    "rows_used": "Used",
    "rows_duplicate": "Twice",
    "rows_superseded": "Corrected",
    "rows_later": "Later",
    "rows_quarantined": "Set aside",
}

DEFINITIONS: tuple[Definition, ...] = (
    Definition("Latest view", "actual months of the year and the plan for the rest"),
    Definition("P10, P50, P90", "one in ten, half, nine in ten outcomes are below; they do not add up across items"),
    Definition("WMAPE", "sum of |forecast − actual| / sum of actuals"),
    Definition("Bias", "sum of (forecast − actual) / sum of actuals; above 0 is too high"),
    Definition("Tracking signal", "sum of errors / mean absolute error"),
    Definition("Lag", "months between the cycle a forecast is made in and the month it is for"),
    Definition("Value added", "error of the step before less error of the step, in points of WMAPE"),
    Definition("Attainment", "1 − |actual − plan| / plan of the last approved cycle"),
    Definition("Days of supply", "days of the demand plan ahead that the stock covers"),
    Definition("Utilisation", "hours worked / regular hours; above 100% is overtime"),
    Definition("Shadow price", "what one unit more of a binding limit would save, within its range"),
    Definition("Level, chase, blended", "steady heads and hours; output follows demand; least cost of both freedoms"),
    Definition("Brackets", "negative: below what it is compared with, or money going out"),
)


def appendix(book: Book) -> Page:
    """Fill the page."""
    return Page(
        "appendix",
        "Appendix",
        "definitions, data exceptions, run and hashes",
        body=[
            Beside([_files(book), Pairs("Run", "what made this pack", _run(book))], "wide-narrow"),
            Beside([_quarantine(book), _flags(book)], "wide-narrow"),
            Definitions(DEFINITIONS, (trust.RULE, exceptions.RULE)),
            Hashes(_hashes(book)),
        ],
        layout="appendix",
    )


def _hashes(book: Book) -> list[Hash]:
    """Every table of the cycle that has rows, in the order of the registry."""
    names = [name for name in registry.REGISTRY if name in book.tables and book.tables[name].num_rows]
    return [Hash(name, book.tables[name].num_rows, book.hashes.get(name, "")) for name in names]


def _run(book: Book) -> list[tuple[str, str]]:
    strategy, scenario = book.chosen
    company = book.company
    return [
        ("Cycle", f"{book.cycle}, cut-off {day(book.cycle.cutoff)}, demand known to {day(book.data_to)}"),
        ("Status", " ".join(filter(None, (book.status, book.approval)))),
        ("Last cycle", book.last_standing or "none: this is the first"),
        ("Horizon", f"{len(book.horizon)} months"),
        ("Forecast", f"{name(book.approach)}, engine {company.forecast.engine}"),
        ("Plan", f"{strategy}, scenario {scenario}, {name(company.plans_by)}"),
        ("Currency", company.currency if book.has_money else "none: nothing is priced"),
        ("Made with", f"sop-pipeline {__version__}"),
    ]


def _files(book: Book) -> Listing:
    """Every source file with what became of its rows."""
    data = book.frame("source_files").sort_values(["rows_read", "file"], ascending=[False, True])
    shown, left = cut([_file_row(row) for row in data.to_dict("records")], _MOST_FILES)
    columns = [
        Column("Source file", "left", "26%"),
        Column("Table", "left", "17%"),
        *(Column(name) for name in _ROWS.values()),
    ]
    note = "rows read, counted once, replaced, after the cut-off, unusable"
    return Listing("Sources", columns, shown, note, "The cycle recorded no source file.", left)


def _file_row(row: Mapping[Hashable, Any]) -> Row:
    name = Cell(shortened(str(row["file"]).rsplit("/", 1)[-1], 34), title=f"{row['file']} sha256 {row['sha256']}")
    counts = [
        Cell(number(row[column]), "worse" if column == "rows_quarantined" and row[column] else "plain")
        for column in _ROWS
    ]
    return Row([name, Cell(str(row["table"]), "quiet"), *counts], source="source_files")


def _quarantine(book: Book) -> Listing:
    """Rows that could not be used, by table and reason."""
    counts = book.frame("quarantine").groupby(["table", "reason"]).size().reset_index(name="rows")
    counts = counts.sort_values(["rows", "table", "reason"], ascending=[False, True, True])
    rows = [
        Row((Cell(row.table, "quiet"), Cell(shortened(row.reason, 96)), Cell(number(row.rows))), source="quarantine")
        for row in each_row(counts)
    ]
    shown, left = cut(rows, _MOST_REASONS)
    columns = (Column("Table", "left", "18%"), Column("Reason", "left"), Column("Rows", "right", "10%"))
    return Listing("Rows set aside", columns, shown, "", "No row had to be set aside.", left)


def _flags(book: Book) -> Listing:
    """Months of history with a finding, by kind; raw and cleansed where units add up."""
    data = book.frame("demand_history")
    counts = data.groupby("flag", as_index=False).agg(
        months=("month", "size"),
        products=("product_id", "nunique"),
        raw=("quantity", "sum"),
        cleansed=("cleansed", "sum"),
    )
    shown, left = cut([_flag_row(row, book.unit().agrees) for row in each_row(counts)], _MOST_FLAGS)
    columns = (
        Column("Flag on history", "left", "34%"),
        Column("Months"),
        Column("Products"),
        Column("As recorded"),
        Column("Cleansed"),
    )
    note = "never silently changed; every month with its reason is in the workbook"
    return Listing("Demand history", columns, shown, note, "No month of history is flagged.", left)


def _flag_row(row: Any, adds_up: bool) -> Row:
    cells = (
        Cell(str(row.flag).replace("_", " ")),
        Cell(number(row.months)),
        Cell(number(row.products)),
        Cell(number(row.raw) if adds_up else NOTHING),
        Cell(number(row.cleansed) if adds_up else NOTHING),
    )
    return Row(cells, source="demand_history.flag")
