"""Where products are in their lives: launching, new, phasing out."""

from __future__ import annotations

import pandas as pd

from sop_pipeline.packs.book.book import Book


def new_product_plan(book: Book, kind: str) -> pd.DataFrame:
    """The rows of launches, or of phase-outs."""
    plan = book.frame("new_product_plan")
    return plan[plan["kind"] == kind]


def life_of(book: Book, product_id: str) -> pd.Series | None:
    """A product's row of the lifecycle table."""
    life = book.frame("product_lifecycle")
    rows = life[life["product_id"] == product_id]
    return None if rows.empty else rows.iloc[0]
