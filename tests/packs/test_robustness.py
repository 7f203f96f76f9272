"""What the supply page says of plans run against sampled demand."""

from __future__ import annotations

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.language.dates import month as month_in_words
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.strategies import strategies
from sop_pipeline.packs.parts import robustness
from tests.packs.invented import CYCLE, company
from tests.packs.reading import part
from tests.present import present

SERVICE = {"level": (0.91, 0.95, 0.97, 0.55), "chase": (0.94, 0.96, 0.98, 0.3), "blended": (0.963, 0.98, 0.99, 0.03)}
COST = {"level": (86.1e6, 86.6e6, 87.9e6), "chase": (85.0e6, 85.5e6, 87.0e6), "blended": (83.0e6, 84.0e6, 85.2e6)}


def rows(service: dict, cost: dict, months: tuple[int, ...] = (3, 12, 24), of_units: bool = False) -> list[dict]:
    out = []
    for span in months:
        for name, (p10, p50, p90, below) in service.items():
            shared = {"strategy": name, "scenario": "base", "months": span, "samples": 200}
            later = 0.1 if span == 24 else 0.0
            out.append(
                shared
                | {"measure": "service", "unit": "share", "p10": p10 - later, "p50": p50, "p90": p90}
                | ({"target": 0.95, "below_target": below} if of_units else {})
            )
            if not of_units:
                kept = {"measure": "months_served", "unit": "share", "p10": p10 - 0.2, "p50": p50, "p90": p90}
                out.append(shared | kept | {"target": 0.95, "below_target": below})
            low, middle, high = cost[name]
            out.append(shared | {"measure": "cost", "unit": "EUR", "p10": low, "p50": middle, "p90": high})
            stock = {"measure": "average_inventory", "unit": "units", "p10": 410e3, "p50": 520e3, "p90": 640e3}
            out.append(shared | stock)
    return out


def with_samples(book: Book, **changed) -> Book:
    fit = {"level": "company", "item_id": "M", "items": 9, "forecast_width": 100, "sampled_width": 98, "ratio": 0.98}
    made = {"plan_robustness": rows(SERVICE, COST), "demand_sample_fit": [fit], **changed}
    tables = {name: registry.conform(name, given) for name, given in made.items()}
    return Book({**book.tables, **tables}, company(), CYCLE)


def test_the_sentence_says_what_the_samples_mean_for_the_choice(book):
    (words,) = [plain_text(one) for one in robustness.sentences(with_samples(book))]
    assert words == (
        "In nine of ten demand paths blended serves at least 96.3% on time over 12 months (level 91.0% and chase "
        "94.0%); eight of ten cost €83.0m to €85.2m. No other serves more or costs less."
    )


@pytest.mark.parametrize(
    ("service", "cost", "said"),
    [
        ({"chase": (0.97, 0.98, 0.99, 0)}, {}, "Chase serves more."),
        ({}, {"level": (80e6, 81e6, 82e6)}, "Level costs less."),
        ({"chase": (0.97, 0.98, 0.99, 0)}, {"level": (80e6, 81e6, 82e6)}, "Chase serves more and level costs less."),
    ],
)
def test_a_strategy_that_does_better_is_named(book, service, cost, said):
    other = with_samples(book, plan_robustness=rows(SERVICE | service, COST | cost))
    assert plain_text(robustness.sentences(other)[0]).endswith(said)


def test_the_table_shows_the_first_year_of_every_strategy(book):
    listing = part(strategies(with_samples(book)), "Against sampled demand")
    assert [row.cells[0].text for row in listing.rows] == ["Level", "Chase", "Blended ●"]
    assert [cell.text for cell in listing.rows[2].cells[1:]] == [
        *("96.3%", "98.0%", "99.0%", "76.3%", "3%"),
        *("83.0", "84.0", "85.2"),
        *("410", "520", "640"),
    ]
    assert sum(span for _, span in listing.groups) == len(listing.columns)
    assert "first 12 months" in listing.note
    assert "0.98 of the forecast’s" in listing.note


@pytest.mark.parametrize(
    ("of_units", "groups", "cells"),
    [
        (False, [("Fill rate %", 3), ("Months without stock-out %", 2)], ["76.3%", "3%"]),
        (True, [("Fill rate %", 4)], ["3%"]),
    ],
)
def test_the_target_stands_under_the_measure_it_is_one_of(book, of_units, groups, cells):
    """Paths that miss a share of months do not stand under the fill rate, nor the other way round."""
    listing = robustness.listing(with_samples(book, plan_robustness=rows(SERVICE, COST, of_units=of_units)))
    assert [group for group in listing.groups if group[0] in ("Fill rate %", "Months without stock-out %")] == groups
    assert [cell.text for cell in listing.rows[2].cells[4:-6]] == cells
    assert listing.columns[3 + len(cells)].name == "Paths under 95%"


def test_the_weakest_family_and_month_are_named(book):
    shared = {"strategy": "blended", "scenario": "base", "inventory": 5, "inventory_p10": 1, "inventory_p50": 4}
    shared |= {"inventory_p90": 9, "service": 1, "service_p50": 1, "service_p90": 1}
    months = [
        shared | {"family": family, "month": month, "service_p10": low, "short": 0.4}
        for family, worst in (("all", 0.5), ("Snacks", 0.9), ("Drinks", 0.8), ("Pantry", 1.0))
        for month, low in ((CYCLE.month, 1.0), (CYCLE.horizon(6)[5], worst), (CYCLE.horizon(20)[19], 0.1))
    ]
    even = [
        {"product_id": family, "family": family, "month": row["month"], "lag": 0, "statistical": 9, "adjustment": 0}
        | {"quantity": 9, "p10": 8, "p50": 9, "p90": 10}
        for family in ("Snacks", "Drinks", "Pantry")
        for row in months[:3]
    ]
    other = with_samples(book, plan_robustness_months=months, demand_plan=even)
    words = plain_text(robustness.sentences(other)[1])
    assert words.startswith(f"Most is late in Drinks, {month_in_words(CYCLE.horizon(6)[5])}: 80.0% on time or less")
    assert "40% of paths" in words
    band = present(robustness.stock_band(other))
    assert [band.low[0], band.high[0], band.low[1]] == [1, 9, None]


def test_what_a_stochastic_plan_saves_is_said_with_its_error(book):
    value = {
        "strategy": "stochastic", "scenario": "base", "against": "blended", "samples": 30, "evaluated": 200,
        "expected_cost": 453_293_662, "expected_cost_against": 455_473_098, "value": 2_179_436,
        "standard_error": 91_559,
    }  # fmt: skip
    words = plain_text(robustness.sentences(with_samples(book, stochastic_value=[value]))[1])
    assert "€2.18m less on average than blended" in words
    assert "standard error €0.09m" in words
    worse = value | {"value": -2_179_436}
    assert "€2.18m more" in plain_text(robustness.sentences(with_samples(book, stochastic_value=[worse]))[1])


def test_without_samples_the_page_says_why(book):
    assert robustness.sentences(book) == []
    listing = part(strategies(book), "Against sampled demand")
    assert listing.rows == []
    assert "demand_samples" in listing.empty
    assert robustness.stock_band(book) is None
