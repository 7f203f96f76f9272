"""The page of money: quarters with their flows and balances, results and cash of the chosen plan, by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.money import money
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Listing
from tests.packs.invented import CYCLE

MONTHS = [add_months(CYCLE.month, step) for step in range(-4, 5)]
"""July 2026 to March 2027: a quarter that came, one that has in part, one that is planned."""
CASH = {5: 105, 6: 98, 7: 107, 8: 108, 9: 109}


def thousands(amounts: Mapping[str, float]) -> dict[str, float]:
    return {name: 1000 * value for name, value in amounts.items()}


def families() -> list[dict[str, Any]]:
    """Two families; the n-th month has n times the first one's flows, and n more of every balance."""
    rows = []
    for n, month in enumerate(MONTHS, start=1):
        flows = {"Alpha": (10, 6, 4), "Beta": (5, 4, 1)}
        balances = {"Alpha": (100, 20, 5), "Beta": (50, 10, 2)}
        for family in flows:
            revenue, cogs, margin = (n * each for each in flows[family])
            stock, owed, owing = (n + each for each in balances[family])
            money_of = {"revenue": revenue, "cogs": cogs, "margin": margin, "inventory_value": stock}
            money_of |= {"receivables": owed, "payables": owing, "working_capital": stock + owed - owing}
            basis = "plan" if month >= CYCLE.month else "actual"
            rows.append({"family": family, "month": month, "basis": basis, "cash_flow": n, **thousands(money_of)})
    return rows


def plans() -> list[dict[str, Any]]:
    """The chosen plan's months, and one of a plan that was not chosen."""
    rows = []
    for n, month in enumerate(MONTHS, start=1):
        if month >= CYCLE.month:
            sums = {"gross_margin": 5 * n, "overhead_in_stock": -n, "spending_over_standard": 2 * n}
            sums |= {"contribution": 6 * n, "operating_result": 4 * n, "cash_flow": n - 6}
            own = thousands(sums | {"cash": CASH[n], "cash_change": CASH[n] - 100})
            rows.append({"strategy": "blended", "scenario": "base", "month": month, "chosen": True, **own})
            rows.append({**rows[-1], "strategy": "level", "chosen": False, "cash": 1.0, "operating_result": 1.0})
    return rows


@pytest.fixture(scope="module")
def page(book: Book) -> Page:
    given = {"financial_plan": registry.conform("financial_plan", families())}
    given["plan_money"] = registry.conform("plan_money", plans())
    return money(Book({**book.tables, **given}, book.company, book.cycle))


def test_quarters_add_flows_up_and_take_balances_at_their_end(page: Page) -> None:
    (listing,) = [part for part in page.body if isinstance(part, Listing)]
    assert listing.title == "By quarter"
    assert [column.name for column in listing.columns] == ["", "Q3 ’26", "Q4 ’26 mixed", "Q1 ’27 plan"]
    assert {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in listing.rows} == {
        "Revenue": ["90", "225", "360"],
        "Cost of goods sold": ["60", "150", "240"],
        "Gross margin": ["30", "75", "120"],
        "Margin, % of revenue": ["33.3%", "33.3%", "33.3%"],
        "Overhead absorbed in stock": ["–", "–", "(24)"],
        "Spending over standard": ["–", "–", "48"],
        "Operating result": ["–", "–", "96"],
        "Contribution": ["–", "–", "144"],
        "Cash flow": ["–", "–", "6"],
        "Inventory": ["156", "162", "168"],
        "Receivables": ["36", "42", "48"],
        "Payables": ["13", "19", "25"],
        "Working capital": ["179", "185", "191"],
        "Cash, quarter end": ["–", "98", "109"],
    }


def test_a_quarter_whose_last_month_came_in_part_is_mixed(book: Book) -> None:
    days = registry.frame(book.tables["actuals"])
    days["sales_estimated"] = 1 * (days["month"].dt.date == MONTHS[2])
    given = {name: registry.conform(name, rows) for name, rows in (("financial_plan", families()), ("actuals", days))}
    (listing,) = [
        part
        for part in money(Book({**book.tables, **given}, book.company, book.cycle)).body
        if isinstance(part, Listing)
    ]
    assert listing.columns[1].name == "Q3 ’26 mixed"


def test_the_sentences_tell_the_same(page: Page) -> None:
    assert [plain_text(sentence) for sentence in page.sentences] == [
        "Revenue over the next 12 months is €525k, 250.0% above the last 12 (€150k).",
        "Gross margin over the next 12 months is €175k, 250.0% above the last 12 (€50k).",
        "Contribution over the same months is €210k, operating result €140k: gross margin €175k, plus €35k of overhead "
        "that leaves stock, less €70k spent over standard. Contribution is €35k above gross margin: standard cost "
        "carries overhead, and no fixed cost is stated beside it (finance.fixed_cost_month is 0).",
        "Cash at the end of these months is €109k; lowest €98k at the end of December 2026.",
    ]


def test_the_way_to_the_result_adds_up_as_it_is_read(book: Book) -> None:
    """0.4248 + 0.0082 + 0.0515 is 0.4845, yet 0.42 + 0.01 + 0.05 = 0.48 as read: the steps take up the odd."""
    month = CYCLE.month
    sums = {"gross_margin": 424_800, "overhead_in_stock": -8_200, "spending_over_standard": -51_500}
    sums |= {"contribution": 580_500, "operating_result": 484_500, "cash_flow": 1_000_000, "cash_change": 226}
    row = {"strategy": "blended", "scenario": "base", "month": month, "chosen": True, **sums}
    made = {"plan_money": registry.conform("plan_money", [row])}
    sold = {"family": "Alpha", "month": month, "basis": "plan", "revenue": 1_100_000, "margin": 424_800}
    made["financial_plan"] = registry.conform("financial_plan", [sold])
    told = [plain_text(words) for words in money(Book({**book.tables, **made}, book.company, CYCLE)).sentences]
    result = next(words for words in told if words.startswith("Contribution over"))
    assert "operating result €0.48m: gross margin €0.42m, plus €0.01m of overhead that leaves stock" in result
    assert "plus €0.05m not spent of the standard" in result
    assert next(words for words in told if words.startswith("Cash")).startswith(
        "Cash changes over the same months by €226"
    )


def test_charts_give_way_to_the_row_of_cash_so_that_the_page_is_one(book: Book, page: Page) -> None:
    """With a balance the table has 14 rows, 4.9 mm more than without: two rows of charts give way by as much."""

    def height(of: Page) -> int:
        beside = next(part for part in of.body if isinstance(part, Beside))
        figure = beside.parts[0]
        assert isinstance(figure, Figure)
        assert figure.chart is not None
        return figure.chart.height

    without = [{**row, "cash": None} for row in plans()]
    tables = {"financial_plan": registry.conform("financial_plan", families())}
    tables["plan_money"] = registry.conform("plan_money", without)
    lower, higher = height(page), height(money(Book({**book.tables, **tables}, book.company, book.cycle)))
    assert (higher, lower) == (104, 95)
