"""How good the forecasts are, by lag and family, and what every step added to them."""

from __future__ import annotations

from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.anomalies import anomalies
from sop_pipeline.packs.parts.errors import against_naive, approaches, company_error, errors_by_lag
from sop_pipeline.packs.parts.page import Beside, Page, Part
from sop_pipeline.packs.parts.value_added import hurtful_inputs, steps, steps_figure


def accuracy(book: Book) -> Page:
    """Fill the page."""
    return Page(
        "accuracy",
        "Forecast quality",
        f"approach in use: {book.approach.replace('_', ' ')}",
        sentences=[company_error(book), against_naive(book)],
        body=[errors_by_lag(book), *_by_step(book), anomalies(book)],
    )


def _by_step(book: Book) -> list[Part | Beside]:
    """What every step added beside the inputs that hurt; what no month has met yet takes a line, not half a page."""
    added, hurt, compared = steps(book), hurtful_inputs(book), approaches(book)
    if not added.rows and not hurt.rows:
        return [compared, Beside([added, hurt])]
    return [Beside([added, steps_figure(book)]), Beside([hurt, compared])]
