"""A year is compared with the same months a year before, as far as the plan reaches and the history goes back."""

from __future__ import annotations

import pyarrow.compute as pc
import pytest

from sop_pipeline.cycle import add_months
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.demand_summary import demand_summary
from sop_pipeline.packs.pages.money import money
from sop_pipeline.packs.parts.changes import largest_changes
from tests.packs.invented import CYCLE, Shape, company, cycle_tables

ACTUAL = ("demand_history", "actuals")


@pytest.fixture(scope="module")
def first() -> Book:
    """A first cycle with money."""
    return Book(cycle_tables(Shape(families=2, first_cycle=True)), company(), CYCLE)


def since(book: Book, months: int) -> Book:
    """The same with a history of so many months."""
    start = add_months(CYCLE.month, -months)
    shorter = {name: book.tables[name].filter(pc.field("month") >= start) for name in ACTUAL}
    plan = book.tables["financial_plan"]
    shorter["financial_plan"] = plan.filter((pc.field("month") >= start) | (pc.field("basis") == "plan"))
    return Book({**book.tables, **shorter}, book.company, CYCLE)


def planned_for(book: Book, months: int) -> Book:
    """The same planned for so many months."""
    firm = book.company.model_copy(update={"horizon_months": months})
    return Book(book.tables, firm, CYCLE)


def total(book: Book, table: str, column: str, first: int, last: int) -> float:
    """The sum of a column over months from the cycle's, by hand."""
    span = [add_months(CYCLE.month, n) for n in range(first, last)]
    return sum(float(row[column] or 0) for row in book.tables[table].to_pylist() if row["month"] in span)


def test_a_short_history_is_compared_month_by_month(first: Book) -> None:
    """Of six months of history the six planned months a year later have a year before, and no others."""
    book = since(first, 6)
    pairs = book.year_on_year
    assert [pairs.before[0], pairs.before[-1]] == [add_months(CYCLE.month, n) for n in (-6, -1)]
    assert [pairs.ahead[0], pairs.ahead[-1]] == [add_months(CYCLE.month, n) for n in (6, 11)]
    change = total(book, "financial_plan", "revenue", 6, 12) / total(book, "financial_plan", "revenue", -6, 0) - 1
    words = plain_text(money(book).sentences[0])
    way = "above" if change >= 0 else "below"
    assert f"; in the 6 months that have a year before, {abs(change):.1%} {way} it (" in words
    listing = largest_changes(book)
    assert "the 6 months with a year before alone" in listing.note
    moved = sum(
        float(row["revenue"] or 0) * sign
        for table, span, sign in (("sales_plan", (6, 12), 1), ("actuals", (-6, 0), -1))
        for row in book.tables[table].to_pylist()
        if row["product_id"] == listing.rows[0].cells[0].title
        and row["month"] in [add_months(CYCLE.month, n) for n in range(*span)]
    )
    scale = 1e6 if "m" in listing.columns[1].name else 1e3
    assert float(listing.rows[0].cells[1].text.strip("()").replace(",", "")) == pytest.approx(
        abs(moved) / scale, abs=0.06
    )


def test_a_short_plan_is_compared_with_as_many_months(first: Book) -> None:
    book = planned_for(first, 10)
    change = total(book, "financial_plan", "revenue", 0, 10) / total(book, "financial_plan", "revenue", -12, -2) - 1
    words = plain_text(money(book).sentences[0])
    assert words.startswith("Revenue over the next 10 months is ")
    assert f"{abs(change):.1%} {'above' if change >= 0 else 'below'} the same 10 months a year before (" in words
    page = demand_summary(book)
    assert page.meta.startswith("next 10 months against the same 10 months a year before;")
    assert plain_text(page.sentences[0]).startswith("Demand of the next 10 months is ")
    assert "the same 10 months a year before" in largest_changes(book).note


def test_a_year_before_that_nobody_knows_is_not_compared_with(first: Book) -> None:
    book = since(first, 0)
    assert plain_text(money(book).sentences[0]).endswith(".") and "year before" not in plain_text(
        money(book).sentences[0]
    )
    assert demand_summary(book).meta.startswith("next 12 months; approach")
    assert largest_changes(book).empty == "No month has a year before."


def test_a_whole_year_is_compared_as_ever(first: Book) -> None:
    assert first.year_on_year.words == "the last 12"
    assert "the next 12 months against the last 12" in largest_changes(first).note
