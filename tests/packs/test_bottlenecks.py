"""What more of a limit brings, by hand: as its plans say, what is paid apart from what is not, by one last safe day."""

from __future__ import annotations

from typing import Any

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.pages.strategies import strategies
from sop_pipeline.packs.parts.bottlenecks import bottlenecks
from tests.packs.invented import CYCLE, company

SECOND, THIRD = add_months(CYCLE.month, 2), add_months(CYCLE.month, 3)
Row = dict[str, Any]


def option(scope: str, quantity: float, effect: float | None, notional: float = 0.0, **changed: Any) -> tuple[Row, Row]:
    """An option with its plan's effect, all of it in its last month: both months, or the second of them alone."""
    alone = scope == "best_month"
    row = {"strategy": "blended", "item": "Press line", "constraint": "regular_hours", "scope": scope, "found": True}
    row |= {"month_from": THIRD if alone else SECOND, "month_to": THIRD, "months": 1 if alone else 2, "unit": "hour"}
    row |= {"quantity": quantity, "relief_cost": 260, "promised": 1, "decide_by": SECOND} | changed
    row["scenario"] = f"{row['constraint']}-{row['item']}-{scope}"
    of = {"strategy": "blended", "scenario": row["scenario"], "month": THIRD}
    return row, of | {"effect": effect, "notional": notional if effect is not None else None}


def with_plans(book: Book, *options: tuple[Row, Row]) -> Book:
    """A book in which these options alone were planned."""
    tables = {
        "limit_options": registry.conform("limit_options", [row for row, _ in options]),
        "limit_option_effects": registry.conform("limit_option_effects", [effect for _, effect in options]),
    }
    return Book({**book.tables, **tables}, company(), CYCLE)


def cells(book: Book) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in bottlenecks(book).rows]


def test_each_hour_brings_what_its_plan_does_and_all_months_are_one_plan(book):
    """50 hours in the best month contribute 1,500 more and save 200; the plan with 130 in both months 1,900."""
    (row,) = cells(with_plans(book, option("all_months", 130, 1900, -300), option("best_month", 50, 1500, -200)))
    assert row == [
        "Press line, regular hours",
        f"2 months, {short_month(SECOND)} to {short_month(THIRD, year=True)}",
        f"50 hours, {short_month(THIRD, year=True)}",
        "30.00",
        "4.00",
        "1,900",
        day(SECOND),
    ]


def test_less_than_one_is_told_as_a_whole(book):
    """A quarter of a head brings 900: what a head would bring is not a plan that was made."""
    (row,) = cells(with_plans(book, option("all_months", 0.25, 900, 40, constraint="max_hires", unit="head", months=1)))
    assert row[2].startswith("0.25 heads, ")
    assert row[3:6] == ["900 in all", "(40) in all", "900"]


def test_what_customers_take_from_stock_is_no_loss_of_what_an_hour_brings(book):
    """Eight hours serve customers for 338 and leave stock 2,108 further below its target: the two are told apart."""
    (row,) = cells(with_plans(book, option("all_months", 8, 338, 2108, months=1, month_from=THIRD)))
    when = short_month(THIRD, year=True)
    assert row[1:6] == [when, f"8 hours, {when}", "42.25", "(263.50)", "338"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        # no table prices the relief: both amounts are before its cost
        (
            (option("all_months", 130, 1900, relief_cost=None), option("best_month", 50, 1500, relief_cost=None)),
            ["30.00 before cost", "0.00", "1,900 before cost"],
        ),
        # no plan was found for the month alone
        ((option("all_months", 130, 1900), option("best_month", 50, 1500, found=False)), ["–", "–", "1,900"]),
        # what only saves holding earns nothing
        ((option("all_months", 130, 0, -60), option("best_month", 50, 0, -20)), ["0.00", "0.40", "0"]),
    ],
)
def test_what_is_not_known_of_a_plan_is_not_told(book, options, told):
    (row,) = cells(with_plans(book, *options))
    assert row[3:6] == told


def test_without_prices_it_is_told_what_a_plan_costs_less(book):
    """10 less of cost and 30 less of shortfalls for 4 hours, in the values that the plan counts in."""
    changed: Row = {"cost_change": -10, "shortfall_change": -30, "relief_cost": None, "months": 1, "month_from": THIRD}
    (row,) = cells(with_plans(book, option("all_months", 4, None, **changed)))
    assert row[3:6] == ["–", "10.00", "–"]


def test_what_a_supplier_delivers_is_a_bottleneck_too(book):
    """A limit of deliveries up to a month is lifted by a unit that comes in it and not a month later."""
    supplied: Row = {"item": "resin", "constraint": "max_receipt", "unit": "unit"}
    whole, alone = option("all_months", 90, 900, **supplied), option("best_month", 50, 600, **supplied)
    (row,) = cells(with_plans(book, whole, alone))
    assert row[0].endswith("esin, what the supplier delivers")
    assert row[2:4] == [f"50 units a month earlier, {short_month(THIRD, year=True)}", "12.00"]


def test_what_brings_nothing_is_no_bottleneck(book):
    """Nothing, less than a cent, a loss that saves less, or a limit of a product: none of these is printed."""
    nothing = (
        option("all_months", 130, 0),
        option("all_months", 130, 0.4, item="Mixer"),
        option("all_months", 130, -50, -40, constraint="overtime_hours"),
        option("all_months", 130, 700, item="P1", constraint="max_stock"),
    )
    assert cells(with_plans(book, *nothing)) == []


def test_what_brings_most_comes_first(book):
    amounts = {"temporary_max": 300, "max_hires": 900, "overtime_hours": 0.2}
    limits = [option("all_months", 10, amount, constraint=name) for name, amount in amounts.items()]
    assert [row[5] for row in cells(with_plans(book, *limits))] == ["900", "300", "0"]


@pytest.mark.parametrize("part, fill", [("shadow_prices", capacity), ("frontier", strategies)])
def test_the_page_that_misses_something_says_so(book, part, fill):
    left_out = registry.conform("unsolved", [{"part": part, "strategy": "blended"}])
    changed = Book({**book.tables, "unsolved": left_out}, company(), CYCLE)
    told = [plain_text(sentence) for sentence in fill(changed).sentences]
    assert sum("could not be found" in words for words in told) == 1
    untold = [plain_text(sentence) for sentence in fill(book).sentences]
    assert not any("could not be found" in words for words in untold)


def test_stability_that_costs_nothing_is_said_and_not_charted(book):
    """A saving under half a percent of cost is a sentence; the chart of it would show a choice where there is none."""
    rows = [row for row in book.table("plan_frontier").to_pylist() if row["recommended"]]
    free = [row | {"reason": "negligible", "cost_share": 0.0002} for row in rows]
    changed = Book({**book.tables, "plan_frontier": registry.conform("plan_frontier", free)}, company(), CYCLE)
    on = strategies(changed)
    told = [plain_text(sentence) for sentence in on.sentences]
    assert "Stability costs next to nothing: the most stable plan costs 0.02% more than the cheapest." in told
    assert "frontier" not in {figure.key for figure in on.figures}
    assert "frontier" in {figure.key for figure in strategies(book).figures}


def test_a_limit_is_named_in_words(book):
    """As people say it, and one of a company's own strategy by its name."""
    limits = ("temporary_max", "overtime_limit_pct", "floor_space")
    changed = with_plans(book, *(option("all_months", 130, 1900, constraint=each) for each in limits))
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
