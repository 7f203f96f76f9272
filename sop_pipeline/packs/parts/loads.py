"""How full things are, month by month, as shaded cells: a row a resource or feature, beyond the limit in red."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.numbers import percent
from sop_pipeline.packs.book.frames import Values
from sop_pipeline.packs.book.resources import FULL
from sop_pipeline.packs.parts.table import Cell, Column, shade


def month_columns(heading: str, months: Sequence[date]) -> list[Column]:
    """A heading, and a narrow column a month; January has its year."""
    return [Column(heading, "left"), *(Column(short_month(each, year=each.month == 1), "center") for each in months)]


def share_cells(shares: Values, limits: Sequence[float]) -> list[Cell]:
    """A cell a month: whole percent without its sign, the darker the more of the rising ``limits`` it has passed."""
    return [
        Cell("") if share is None else Cell(percent(share, 0)[:-1], shade=shade(share, limits), hot=share > FULL)
        for share in shares
    ]
