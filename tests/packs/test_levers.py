"""What levers close, on the reconciliation page: figures recomputed from the rows given."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.media.exports import deliverables
from sop_pipeline.packs.parts.levers import levers, levers_sentence
from tests.packs.invented import CYCLE, company

Row = dict[str, Any]
YEAR: Row = {"month_from": date(2027, 1, 1), "month_to": date(2027, 12, 1), "strategy": "blended"}
SET = YEAR | {"target": "margin_2027", "measure": "margin", "fiscal_year": 2027, "status": "nearest"}
SET |= {"gap": 7_000_000, "brings": 5_800_000, "open": 1_200_000, "outlay": 870_000, "result_change": 5_500_000}
GOAL = YEAR | {"target": "goal_2", "measure": "service", "goal": 2, "status": "closed", "gap": 0.01, "brings": 0.012}
GOAL |= {"open": 0, "outlay": 0}
PULLED: Row = {"target": "margin_2027", "lever_id": "L-01", "pull_order": 1, "kind": "promotion", "subject": "Sun Care"}
PULLED |= {"state": "used", "used": 36_000, "limit": 36_000, "brings": 5_800_000, "outlay": 870_000}
PULLED |= {"month_from": date(2027, 3, 1), "month_to": date(2027, 8, 1), "decide_by": date(2026, 11, 30)}
IDLE = {"target": "margin_2027", "lever_id": "L-02", "kind": "price", "subject": "all", "state": "no_elasticity"}
LIMIT = {"target": "margin_2027", "constraint": "lever", "item": "L-01", "months": 6, "worth": 3.2}
STATED = [{"lever_id": "L-01", "description": "Second placement", "kind": "promotion", "limit": 6_000}]


@pytest.fixture(scope="module")
def closing(book: Book) -> Book:
    rows: dict[str, list[Row]] = {
        "gap_sets": [SET, GOAL],
        "gap_levers": [PULLED, IDLE],
        "gap_limits": [LIMIT],
        "levers": STATED,
    }
    made = {name: registry.conform(name, each) for name, each in rows.items()}
    return Book({**book.tables, **made}, company(), CYCLE)


def test_a_gap_is_told_with_its_levers_and_what_stays_open(closing: Book) -> None:
    told = [[cell.text for cell in row.cells] for row in levers(closing).rows]
    assert told[0] == [
        "Margin 2027 against the business plan: €7.00m missing",
        "as near as one gets",
        "€5.80m",
        "€870k",
        "€5.50m",
        "",
    ]
    assert told[1][0] == "Second placement: promotion Sun Care"
    assert told[1][1:4] == ["36,000 of 36,000 units", "€5.80m", "€870k"]
    assert told[2][:3] == ["Stays open", "at its end: Second placement", "€1.20m"]
    assert told[3][0].startswith("Goal 2, service: 1.00 points missing")
    assert told[3][2] == "1.20 points"
    assert len(told) == 4, "a lever that is not pulled has no row here"


def test_the_sentence_says_what_the_levers_close(closing: Book) -> None:
    text = plain_text(levers_sentence(closing))
    assert "margin gap of" in text
    for amount in ("7.00m", "5.80m", "1.20m", "5.50m"):
        assert amount in text


def test_without_levers_it_says_so(book: Book) -> None:
    assert levers(book).rows == []
    assert levers(book).empty.startswith("No levers are stated")
    assert levers_sentence(book) == ()


def test_sets_are_exported_where_there_are_any(closing: Book, book: Book) -> None:
    assert "gap_sets.csv" in deliverables(closing.tables)
    assert "gap_sets.csv" not in deliverables(book.tables)
