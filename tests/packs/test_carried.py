"""The page of risks says since when each is open, what it was in the last cycle, and what is not listed again."""

from __future__ import annotations

from datetime import date

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.risks import risks
from tests.packs.invented import CYCLE
from tests.packs.reading import part

JUNE = date(2026, 6, 1)


def item(name: str, status: str, kind: str = "risk", **more):
    return {"kind": kind, "item_id": name, "description": f"{name} it is", "since": JUNE, "status": status, **more}


@pytest.fixture
def page(book: Book):
    items = [
        item("R0", "changed", probability=0.3, probability_before=0.2),
        item("R1", "over", kind="opportunity"),
        item("R9", "not_listed", margin=-5000, month_to=date(2027, 3, 1)),
        item("A1", "changed", kind="assumption", value="0.61 a kg", value_before="0.58 a kg"),
        item("A9", "not_listed", kind="assumption"),
    ]
    return risks(Book({**book.tables, "open_items": registry.conform("open_items", items)}, book.company, CYCLE))


def first_cells(listing):
    return {row.cells[0].title: row.cells[0].text for row in listing.rows}


def test_risks_and_assumptions_have_since_when_and_what_they_were(page):
    said = first_cells(part(page, "Risks and opportunities"))
    assert said["R0"] == "Risk: A retailer delists the second brand (since Jun 2026; was 20%)"
    assert said["R9"] == "Risk: R9 it is (since Jun 2026, not listed again: counts nowhere)"
    assert said["R2"] == "Risk: Strike at the film supplier"
    assumed = first_cells(part(page, "Assumptions"))
    assert assumed["A1"] == "Sugar stays at its October price until June (since Jun 2026; was 0.58 a kg)"
    assert assumed["A9"] == "A9 it is (since Jun 2026, not listed again: counts nowhere)"


def test_what_is_over_stands_in_no_sum(book: Book, page):
    """Of three items outside the numbers the opportunity that is over leaves two."""
    (sentence,) = page.sentences
    assert "2 items outside the numbers" in str(sentence)


def test_an_item_without_a_probability_counts_in_full_as_its_row_says(book: Book):
    months = {"month_from": JUNE, "month_to": date(2027, 3, 1), "included": False}
    items = [
        {"item_id": "R1", "kind": "risk", "description": "likely", "probability": 0.5, "margin": -1_000, **months},
        {"item_id": "R2", "kind": "risk", "description": "certain", "margin": -2_000, **months},
    ]
    given = {"risks_opportunities": registry.conform("risks_opportunities", items)}
    given["open_items"] = registry.empty("open_items")
    page = risks(Book({**book.tables, **given}, book.company, CYCLE))
    assert "net (€2,500)" in plain_text(page.sentences[0])
    weighted = {row.cells[0].title: row.cells[4].text for row in part(page, "Risks and opportunities").rows}
    assert weighted == {"R1": "(500)", "R2": "(2,000)"}
