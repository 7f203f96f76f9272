"""The page of last time holds what decisions brought against what was due of their promise by then."""

from __future__ import annotations

from datetime import date

import pytest

from sop_pipeline import tables as registry
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.last_time import last_time
from tests.packs.invented import CYCLE
from tests.packs.reading import part

OCTOBER = date(2026, 10, 1)
LIMIT = {"source": "recorded", "action": "adopt", "kind": "limit", "subject": "Press line", "limit": "overtime_hours"}
CAME = [
    {"decision_id": "D1", "promised_value": 90_000, "promised_to_date": 30_000, "realised_value": 24_000}
    | {"realised_by": "actuals"},
    {"decision_id": "D2", "promised_value": 80_000, "promised_to_date": 10_000, "realised_value": 12_500}
    | {"realised_by": "company"},
    {"decision_id": "D3", "promised_value": 70_000, "promised_to_date": 20_000, "unknown": "saving"},
]


@pytest.fixture
def listing(book: Book):
    rows = [LIMIT | {"choice": "keep_limit", "status": "open", "realised_to": OCTOBER} | row for row in CAME]
    changed = {"decision_results": registry.conform("decision_results", rows)}
    return part(last_time(Book({**book.tables, **changed}, book.company, CYCLE)), "Decisions taken")


def test_promise_to_date_and_result_stand_side_by_side(listing):
    assert [column.name for column in listing.columns][3:] == [
        *("Promised €k", "Of it to Oct ’26", "Realised €k", "Difference"),
    ]
    assert [[cell.text for cell in row.cells[3:]] for row in listing.rows] == [
        ["90.0", "30.0", "24.0", "(6.0)"],
        ["80.0", "10.0", "12.5, own", "2.5"],
        ["70.0", "20.0", "a saving: what was paid is in no table", "–"],
    ]
