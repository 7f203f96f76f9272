"""How much room tables take on paper, so that a page is filled and never runs over onto a second one.

Sizes are those of ``style/paper.css`` for A4 landscape. Not here: what a table says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil

from sop_pipeline.language.sentence import Sentence, plain_text
from sop_pipeline.packs.parts.page import Beside, Decision, Decisions, Figure, Part
from sop_pipeline.packs.parts.table import Column, Listing, Row

PAGE = 168.0
"""Height in mm left for tables below the title bar and one sentence."""

WIDTH, HALF = 271.0, 132.5
"""Width in mm of a page, and of one of two tables side by side."""

_LETTER, _LINE, _AROUND = 1.32, 3.63, 1.3
"""In mm: an average letter of a table, a line of it, and what a row has above and below its lines."""

_SENTENCE_LETTER, _SENTENCE_LINE = 1.43, 4.42
"""In mm: an average letter of a sentence above a page's tables, and a line of it."""

_EFFECT, _CHART_UNIT = 15.0, 0.264
"""In mm: the width of an option's effect, and of one unit in which charts are sized."""

_HEADING, _MORE = 13.0, 4.0
"""In mm: caption and headings of a table, and the line that says how many rows are left out."""

_CAPTION = 6.0
"""In mm: the caption of a chart."""


def height(rows: Iterable[Row], columns: Sequence[Column], width: float) -> float:
    """Height in mm of a table of ``width`` mm with these rows."""
    return _heading(columns, width) + sum(_row(row, columns, width) for row in rows)


def fill(listing: Listing, room: float, width: float = WIDTH) -> Listing:
    """The table with as many rows as ``room`` mm hold, at least one; the others are counted as left out."""
    kept, used = 0, _heading(listing.columns, width)
    for n, row in enumerate(listing.rows):
        used += _row(row, listing.columns, width)
        more = _MORE if listing.left_out or n + 1 < len(listing.rows) else 0.0
        if n and used + more > room:
            break
        kept = n + 1
    rows, left = listing.rows[:kept], listing.left_out + len(listing.rows) - kept
    return Listing(listing.title, listing.columns, rows, listing.note, listing.empty, left, listing.kind, listing.only)


def _heading(columns: Sequence[Column], width: float) -> float:
    """Caption and headings: those that share one above stand a line lower, and narrow ones take several lines."""
    lines = max(
        (ceil(len(column.name) * _LETTER / max(one - 2.0, _LETTER)) for column, one in _widened(columns, width)),
        default=1,
    )
    shared = _LINE if any(column.group for column in columns) else 0.0
    return _HEADING + shared + (max(1, lines) - 1) * _LINE


def _widened(columns: Sequence[Column], width: float) -> Iterable[tuple[Column, float]]:
    return zip(columns, _widths(columns, width), strict=True)


def taken(listing: Listing, width: float = WIDTH) -> float:
    """Height in mm of the table as it is."""
    return height(listing.rows, listing.columns, width) + (_MORE if listing.left_out else 0.0)


def of_parts(parts: Iterable[Part | Beside]) -> float:
    """Height in mm of tables and charts below each other, two side by side as high as the higher one."""
    return sum(_of_part(part) for part in parts)


def _of_part(part: Part | Beside, width: float = WIDTH) -> float:
    if isinstance(part, Beside):
        return max(_of_part(one, HALF) for one in part.parts)
    if isinstance(part, Figure):
        return _CAPTION + (of_chart(part.chart.height) if part.chart else _LINE)
    return taken(part, width) if isinstance(part, Listing) else 0.0


def of_decisions(part: Decisions) -> float:
    """Height in mm of the decisions put up, as ``parts/decisions.html`` lays them out."""
    return _HEADING + sum(_decision(one) for one in part.decisions)


def of_sentences(sentences: Iterable[Sentence]) -> float:
    """Height in mm of the sentences above the tables, but for the one line that ``PAGE`` leaves out already."""
    texts = [plain_text(sentence) for sentence in sentences]
    lines = sum(max(1, ceil(len(text) * _SENTENCE_LETTER / WIDTH)) for text in texts if text)
    return max(0, lines - 1) * _SENTENCE_LINE


def of_chart(units: int) -> float:
    """Height in mm of a chart, or of several below each other, of so many units."""
    return units * _CHART_UNIT


def chart(least: int, room: float, most: int) -> int:
    """Height, in the units of charts, of one that needs ``least`` and may take ``room`` mm more, up to ``most``."""
    return min(most, least + max(0, int(room / _CHART_UNIT)))


def _decision(one: Decision) -> float:
    question = _lines(one.question, 0.25 * WIDTH) + _lines(one.context, 0.25 * WIDTH)
    options = sum(_lines(option.text, 0.36 * WIDTH - _EFFECT) for option in one.options)
    return max(question, options, _lines(one.why, 0.2 * WIDTH)) * _LINE + _AROUND


def _lines(words: str, width: float) -> int:
    return max(1, ceil(len(words) * _LETTER / (width - 2.0)))


def _row(row: Row, columns: Sequence[Column], width: float) -> float:
    lines = max(
        ceil(len(cell.text) * _LETTER / max(one - 2.0, _LETTER))
        for cell, one in zip(row.cells, _widths(columns, width), strict=True)
    )
    return max(1, lines) * _LINE + _AROUND


def _widths(columns: Sequence[Column], width: float) -> list[float]:
    """Width of each column in mm: as stated, the others share what is left."""
    shares = [float(column.width.rstrip("%")) / 100 if column.width else None for column in columns]
    stated = sum(share for share in shares if share is not None)
    rest = max(0.0, 1.0 - stated) / max(1, shares.count(None))
    return [width * (rest if share is None else share) for share in shares]
