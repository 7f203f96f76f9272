"""What more of a limit is worth, by hand: after pay, as far as it holds, in all at once, by one last safe day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.language.dates import day
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.meeting import meeting_day
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.parts.bottlenecks import bottlenecks
from tests.packs.invented import CYCLE, company
from tests.packs.reading import executive_pack, page

KEY = {"strategy": "blended", "scenario": "base", "item": "Press line"}
SECOND, THIRD = add_months(CYCLE.month, 2), add_months(CYCLE.month, 3)


def price(month: date, worth: float, more: float | None, **changed: Any) -> dict[str, Any]:
    """A price of regular hours before 20 of pay, that holds for ``more`` hours above 5,000; decided a month before."""
    return {
        **KEY,
        "constraint": "regular_hours",
        "month": month,
        "price_per_unit": worth + 20,
        "unit": "hour",
        "valid_from": 4000,
        "valid_to": None if more is None else 5000 + more,
        "verified": True,
        "current_limit": 5000,
        "pay_per_unit": 20,
        "decide_by": add_months(month, -1),
    } | changed


OPTION = {"scope": "all_months", "month_from": SECOND, "month_to": THIRD, "months": 2, "quantity": 130, "unit": "hour"}


def with_prices(book: Book, *prices: dict[str, Any], **planned: Any) -> Book:
    """A book with these prices alone, and a plan made with relief in all months that leaves 1,100 and 800."""
    key = {"strategy": "blended", "scenario": "more"}
    option = {**OPTION, "promised": 2460, "decide_by": SECOND, "found": True, "relief_cost": 2600}
    options = registry.conform("limit_options", [KEY | key | option | {"constraint": "regular_hours"} | planned])
    effects = [key | {"month": SECOND, "effect": 1300, "notional": 200}, key | {"month": THIRD, "effect": 800}]
    tables = {"limit_options": options, "limit_option_effects": registry.conform("limit_option_effects", effects)}
    shadow = registry.conform("shadow_prices", list(prices)) if prices else registry.empty("shadow_prices")
    return Book({**book.tables, **tables, "shadow_prices": shadow}, company(), CYCLE)


def cells(book: Book) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in bottlenecks(book).rows]


def test_the_best_month_is_after_pay_and_all_months_are_one_plan(book):
    """12 an hour for 80 hours and 30 for 50 are 2,460 month by month; a plan with all 130 contributes 1,900 more."""
    changed = with_prices(book, price(SECOND, 12, 80), price(THIRD, 30, 50))
    (row,) = cells(changed)
    assert row[0] == "Press line, regular hours"
    assert row[1].startswith("2 months")
    assert row[2].startswith("€30.00 per hour")
    assert row[3:5] == ["50 hours", "1,900"]


@pytest.mark.parametrize(
    ("planned", "told"),
    [({"relief_cost": None}, "1,900 before cost"), ({"scope": "best_month"}, "–"), ({"item": "Mixer"}, "–")],
)
def test_what_is_not_known_of_a_plan_with_it_is_not_told(book, planned, told):
    """A relief that no table prices is told before its cost; a plan for a month alone, or of another limit, is not."""
    (row,) = cells(with_prices(book, price(SECOND, 12, 80), price(THIRD, 30, 50), **planned))
    assert row[4] == told


def test_what_a_supplier_delivers_is_a_bottleneck_too(book):
    """A limit of deliveries up to a month is lifted by a unit that comes in it and not a month later."""
    supplied = {"item": "resin", "constraint": "max_receipt", "unit": "unit", "pay_per_unit": 0}
    changed = with_prices(book, price(SECOND, 4, 80, **supplied), price(THIRD, 6, 50, **supplied))
    (row,) = cells(changed)
    assert row[0].endswith("esin, what the supplier delivers")
    assert row[2].startswith("€26.00 per unit a month earlier, ")
    assert row[3] == "50 units"


def test_what_is_worth_nothing_is_no_bottleneck(book):
    """At its pay, below it, for no hour more, for one less alone, or not tried: none of these is printed."""
    nothing = (
        price(SECOND, 0, 80),
        price(SECOND, -5, 80, item="Mixer"),
        price(THIRD, 30, 0),
        price(SECOND, 30, 80, constraint="regular_hours_one_less"),
        price(SECOND, 30, 80, constraint="overtime_hours", verified=False),
    )
    assert cells(with_prices(book, *nothing)) == []


def test_the_day_is_that_of_the_first_month_the_meeting_reaches(book):
    """As in the decision about the same limit; a limit that no meeting reaches any more says that it is past."""
    meeting = meeting_day(company(), CYCLE)
    over, first = price(CYCLE.month, 40, 9, decide_by=CYCLE.month), price(SECOND, 12, 80, decide_by=meeting)
    (row,) = cells(with_prices(book, over, first, price(THIRD, 30, 50)))
    assert row[5] == day(meeting)
    (row,) = cells(with_prices(book, over))
    assert row[5] == f"{day(CYCLE.month)}, past"


@pytest.mark.parametrize("part, title", [("shadow_prices", "Capacity"), ("frontier", "Strategies and scenarios")])
def test_the_page_that_misses_something_says_so(book, part, title):
    left_out = registry.conform("unsolved", [{"part": part, "strategy": "blended"}])
    changed = Book({**book.tables, "unsolved": left_out}, company(), CYCLE)
    told = [plain_text(sentence) for sentence in page(executive_pack(changed), title).sentences]
    assert sum("could not be found" in words for words in told) == 1
    untold = [plain_text(sentence) for sentence in page(executive_pack(book), title).sentences]
    assert not any("could not be found" in words for words in untold)


def test_stability_that_costs_nothing_is_said_and_not_charted(book):
    """A saving under half a percent of cost is a sentence; the chart of it would show a choice where there is none."""
    rows = [row for row in book.table("plan_frontier").to_pylist() if row["recommended"]]
    free = [row | {"reason": "negligible", "cost_share": 0.0002} for row in rows]
    changed = Book({**book.tables, "plan_frontier": registry.conform("plan_frontier", free)}, company(), CYCLE)
    on = page(executive_pack(changed), "Strategies and scenarios")
    told = [plain_text(sentence) for sentence in on.sentences]
    assert "Stability costs next to nothing: the most stable plan costs 0.02% more than the cheapest." in told
    assert "frontier" not in {figure.key for figure in on.figures}
    assert "frontier" in {figure.key for figure in page(executive_pack(book), "Strategies and scenarios").figures}


def test_a_limit_is_named_in_words(book):
    """As people say it, and one of a company's own strategy by its name."""
    limits = ("temporary_max", "overtime_limit_pct", "floor_space")
    changed = with_prices(book, *(price(SECOND, 12, 80, constraint=each) for each in limits))
    assert sorted(row[0] for row in cells(changed)) == [
        "Press line, floor space",
        "Press line, overtime",
        "Press line, temporary heads",
    ]


def test_what_could_not_be_kept_is_in_the_product_s_own_unit_and_by_name(book):
    """52 kg of a product's stock, 4 hours of a line: neither is told in units, or by an identifier."""
    product = book.frame("products").iloc[0]
    kilos = [row | {"unit_of_measure": "kg"} for row in registry.rows(book.tables["products"])]
    plan = {"strategy": "blended", "scenario": "base", "month": SECOND}
    short = [
        plan | {"rule": "stock_below_target", "item": product["product_id"], "quantity": 52, "unit": "unit", "cost": 9},
        plan | {"rule": "hours_exceeded", "item": "Press line", "quantity": 4, "unit": "hour", "cost": 8},
    ]
    made = {
        "products": registry.conform("products", kilos),
        "plan_shortfalls": registry.conform("plan_shortfalls", short),
    }
    listing = next(
        part
        for beside in capacity(Book({**book.tables, **made}, company(), CYCLE)).body
        for part in getattr(beside, "parts", [beside])
        if getattr(part, "title", "") == "What could not be kept"
    )
    told = [(row.cells[0].text, row.cells[2].text) for row in listing.rows]
    assert [by for _, by in told] == ["52 kg", "4 hours"]
    assert told[0][0].endswith(str(product["product_name"])[:29])
    assert told[1][0].endswith("Press line")
