"""How good the forecasts are, by lag and family, and what every step added to them."""

from __future__ import annotations

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.anomalies import anomalies
from sop_pipeline.packs.parts.errors import against_naive, approaches, company_error, errors_by_lag
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.value_added import hurtful_inputs, steps, steps_figure


def accuracy(book: Book) -> Page:
    """Fill the page."""
    return Page(
        "accuracy",
        "Forecast quality",
        f"approach in use: {book.approach.replace('_', ' ')}",
        sentences=[company_error(book), against_naive(book)],
        body=[
            errors_by_lag(book),
            Beside([steps(book), steps_figure(book)]),
            Beside([hurtful_inputs(book), approaches(book)]),
            anomalies(book),
        ],
    )
