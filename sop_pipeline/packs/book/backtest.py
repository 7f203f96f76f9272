"""How far forecasts were off, at the lag the company plans by."""

from __future__ import annotations

import pandas as pd

from sop_pipeline.packs.book.book import Book

TRACKING = 4.0
"""A tracking signal beyond this, either way, is out of the ordinary."""


def planning_lag(book: Book) -> int:
    """The longest lag at which accuracy is judged, up to three months."""
    return max((lag for lag in book.company.forecast.lags if lag <= 3), default=0)


def accuracy_rows(book: Book, approach: str | None = None) -> pd.DataFrame:
    """Backtest accuracy of an approach, of the one in use unless named."""
    data = book.frame("forecast_accuracy")
    return data[data["approach"] == (approach or book.approach)]


def accuracy_row(book: Book, level: str, item: str, approach: str | None = None) -> pd.Series | None:
    """The accuracy of one item at the planning lag."""
    data = accuracy_rows(book, approach)
    rows = data[(data["level"] == level) & (data["item_id"] == item) & (data["lag"] == planning_lag(book))]
    return None if rows.empty else rows.iloc[0]
