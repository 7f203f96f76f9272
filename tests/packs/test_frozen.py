"""What the capacity page says of frozen months that did not hold."""

from __future__ import annotations

from typing import Any

from sop_pipeline import tables as registry
from sop_pipeline.cycle import add_months
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.pages.capacity import capacity
from sop_pipeline.packs.parts import frozen
from sop_pipeline.tables import texts
from tests.packs.invented import CYCLE, company

LINE = {
    "reason": "overload",
    "resource_id": "line 2",
    "excess": 70,
    "excess_unit": "hour",
    "excess_month": CYCLE.month,
}


def with_frozen(book: Book, *released: tuple[str, int, dict[str, Any]]) -> Book:
    """A book whose last plan froze 1,000 of every product and released those named, each for a reason."""
    names = {row["product_id"]: row["family"] for row in book.tables["production_schedule"].to_pylist()}
    gone = {(name, add_months(CYCLE.month, lag)): reason for name, lag, reason in released}
    rows = [
        {"product_id": name, "family": family, "item_id": name, "month": month, "output": 1000, "subcontract": 0}
        | {"kept": (name, month) not in gone, **gone.get((name, month), {})}
        for name, family in names.items()
        for month in (CYCLE.month, add_months(CYCLE.month, 1))
    ]
    tables = {**book.tables, "frozen_plan": registry.conform("frozen_plan", rows)}
    return Book(tables, company(), CYCLE)


def products(book: Book) -> list[str]:
    return sorted(set(texts(book.tables["production_schedule"], "product_id")))


def test_what_is_kept_is_not_spoken_of(book):
    assert frozen.released(with_frozen(book)) == []
    assert frozen.released(book) == []


def test_what_is_released_stands_on_the_capacity_page_with_reason_and_effect(book):
    one, other = products(book)[:2]
    changed = with_frozen(book, (one, 0, LINE), (other, 1, {"reason": "ended"}))
    words = plain_text(capacity(changed).sentences[1])
    assert words.startswith("The frozen plan does not hold for 2 product months, Nov to Dec ’26: ")
    both = f"{changed.product(one, 30)}, {changed.product(other, 30)}"
    assert f"{both}. Why: line 2 is exceeded by 70 hours in Nov 2026 (1 further reason)" in words
    made = {(row["product_id"], row["month"]): row["output"] for row in book.tables["production_schedule"].to_pylist()}
    planned = [made[one, CYCLE.month], made[other, add_months(CYCLE.month, 1)]]
    most = max(planned, key=lambda now: abs(now - 1000) / max(now, 1000))
    assert words.endswith(f"1,000 were frozen, {most:,.0f} are planned.")
    assert len(capacity(book).sentences) == 1


def test_many_products_are_counted_after_the_first_three(book):
    changed = with_frozen(book, *[(name, 0, LINE) for name in products(book)[:5]])
    (words,) = [plain_text(one) for one in frozen.released(changed)]
    assert "5 product months, Nov ’26: " in words
    assert " and 2 others. Why: " in words
    assert "further reason" not in words
