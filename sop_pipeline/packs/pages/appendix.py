"""Page 10: definitions, what was wrong with the data, and where every figure comes from."""

from __future__ import annotations

from sop_pipeline import __version__
from sop_pipeline import tables as registry
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, number
from sop_pipeline.packs.parts import exceptions, trust
from sop_pipeline.packs.parts.book import Book, each_row
from sop_pipeline.packs.parts.page import Beside, Definition, Definitions, Hash, Hashes, Page, Pairs
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST_FILES, _MOST_REASONS, _MOST_FLAGS = 9, 4, 4


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
    Definition("Level, chase, blended", "steady output; output follows demand; least cost of both freedoms"),
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
            Beside([_aside(book), _flags(book)], "wide-narrow"),
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
        ("Cycle", f"{book.cycle}, data to the day before {book.cycle.cutoff.isoformat()}"),
        ("Status", book.status),
        ("Horizon", f"{len(book.horizon)} months"),
        ("Forecast", f"{book.approach}, engine {company.forecast.engine}"),
        ("Plan", f"{strategy}, scenario {scenario}, {company.plans_by}"),
        ("Currency", company.currency if book.has_money else "none: nothing is priced"),
        ("Release", f"sop-pipeline {__version__}"),
    ]


def _files(book: Book) -> Listing:
    data = book.frame("source_files").sort_values(["rows_read", "file"], ascending=[False, True])
    names = ("rows_read", "rows_used", "rows_duplicate", "rows_superseded", "rows_later", "rows_quarantined")
    rows = [
        Row(
            [
                Cell(shortened(str(row["file"]).rsplit("/", 1)[-1], 34), title=f"{row['file']} sha256 {row['sha256']}"),
                Cell(str(row["table"]), "quiet"),
                *(
                    Cell(number(row[name]), "worse" if name == "rows_quarantined" and row[name] else "plain")
                    for name in names
                ),
            ],
            source="source_files",
        )
        for _, row in data.iterrows()
    ]
    shown, left = cut(rows, _MOST_FILES)
    columns = [Column("Source file", "left", "26%"), Column("Table", "left", "17%"), Column("Rows"), Column("Used")]
    columns += [Column("Twice"), Column("Corrected"), Column("Later"), Column("Set aside")]
    note = "rows read, counted once, replaced, after the cut-off, unusable"
    return Listing("Sources", columns, shown, note, "The cycle recorded no source file.", left)


def _aside(book: Book) -> Listing:
    data = book.frame("quarantine")
    counted = data.groupby(["table", "reason"]).size().reset_index(name="found")
    counted = counted.sort_values(["found", "table", "reason"], ascending=[False, True, True])
    rows = [
        Row((Cell(row.table, "quiet"), Cell(shortened(row.reason, 96)), Cell(number(row.found))), source="quarantine")
        for row in each_row(counted)
    ]
    shown, left = cut(rows, _MOST_REASONS)
    columns = (Column("Table", "left", "18%"), Column("Reason", "left"), Column("Rows", "right", "10%"))
    return Listing("Rows set aside", columns, shown, "", "No row had to be set aside.", left)


def _flags(book: Book) -> Listing:
    data = book.frame("demand_history")
    found = data[data["flag"].notna()]
    counted = found.groupby("flag").agg(
        months=("month", "size"),
        products=("product_id", "nunique"),
        raw=("quantity", "sum"),
        cleansed=("cleansed", "sum"),
    )
    adds = book.unit().agrees
    rows = [
        Row(
            (
                Cell(str(flag).replace("_", " ")),
                Cell(number(int(row["months"]))),
                Cell(number(int(row["products"]))),
                Cell(number(row["raw"]) if adds else NOTHING),
                Cell(number(row["cleansed"]) if adds else NOTHING),
            ),
            source="demand_history.flag",
        )
        for flag, row in counted.iterrows()
    ]
    shown, left = cut(rows, _MOST_FLAGS)
    columns = (
        Column("Flag on history", "left", "34%"),
        Column("Months"),
        Column("Products"),
        Column("As recorded"),
        Column("Cleansed"),
    )
    note = "never silently changed; every month with its reason is in the workbook"
    return Listing("Demand history", columns, shown, note, "No month of history is flagged.", left)
