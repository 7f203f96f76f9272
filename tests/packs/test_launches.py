"""The product review says which gates launches passed, which are due, what they cost, and how their ramp goes."""

from __future__ import annotations

from datetime import date

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.launches import gates, recent_launches
from tests.packs.invented import CYCLE


def reviewed(book: Book, **more):
    young = book.frame("product_lifecycle").query("status == 'new'")["product_id"].iloc[0]
    row = {"product_id": young, "product_name": "Young", "family": "Snacks", "gates": 3, "gates_passed": 2}
    row |= {
        "last_gate": "Pilot",
        "last_passed_on": date(2026, 9, 4),
        "next_gate": "Review",
        "next_due": date(2026, 10, 20),
    }
    row |= {"owner": "Eva", "next_owner": "Ben", "overdue": True, "development_cost": 240_000, "launch_cost": 61_000}
    row |= {"actual_to_date": 900, "planned_to_date": 1_250, **more}
    return Book({**book.tables, "launch_review": registry.conform("launch_review", [row])}, book.company, CYCLE)


def test_gates_have_day_owner_and_cost(book: Book):
    listing = gates(reviewed(book))
    assert listing is not None
    assert [cell.text for cell in listing.rows[0].cells[1:]] == [
        *("2 of 3", "Pilot, 4 Sep 2026", "Review, 20 Oct 2026, overdue", "Ben", "240", "61"),
    ]
    assert gates(book) is None


def test_what_was_sold_since_the_launch_stands_beside_what_was_planned(book: Book):
    (row, *_) = recent_launches(reviewed(book)).rows
    assert [cell.text for cell in row.cells[-2:]] == ["900", "1,250"]
    assert [cell.text for cell in recent_launches(book).rows[0].cells[-2:]] == ["–", "–"]
