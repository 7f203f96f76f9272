"""Lines of the operational plan with months across: twelve on paper, all of them on the screen.

Not here: which lines a page has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import short_month
from sop_pipeline.language.names import shortened, units_of
from sop_pipeline.language.numbers import missing
from sop_pipeline.language.scale import PLAIN, Scale, scale_for
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.commitments import address, monthly, owner_of, unit_of
from sop_pipeline.packs.book.frames import Values
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Medium, Row, RowKind

ON_PAPER = 12
_LABEL, _OWNER = "18.5%", "15%"
_LONGEST_LABEL, _LONGEST_OWNER = 40, 34


@dataclass(frozen=True)
class PlanLine:
    """One row before it is written: its name, a value a month, who answers for it, how it is read, where it is from."""

    name: str
    values: Values
    owner: str = ""
    scale: Scale = PLAIN
    kind: RowKind = "plain"
    source: str = ""

    def has_values_in(self, months: int) -> bool:
        """Whether any of the first months has something to say."""
        return any(value for value in self.values[:months] if value is not None)


@dataclass(frozen=True)
class Block:
    """Lines under one heading."""

    title: str
    lines: Sequence[PlanLine]


def line(book: Book, name: str, rows: pd.DataFrame, *, scale: Scale | None = None, owned: bool = True) -> PlanLine:
    """A row of some lines added up, with their owner; at a scale of its own unless one is given."""
    values = monthly(rows, book.horizon)
    owner = owner_of(rows) if owned else ""
    return PlanLine(name, values, owner, scale or small_scale(values), source=address(rows))


def most(book: Book, name: str, rows: pd.DataFrame, scale: Scale = PLAIN) -> list[PlanLine]:
    """A quiet row of what there is at most; none where no month says so, or one month does not."""
    values = monthly(rows[rows["available"].notna()], book.horizon, "available")
    return [PlanLine(name, values, scale=scale, kind="quiet", source=address(rows, "available"))] if any(values) else []


def small_scale(values: Values) -> Scale:
    """Whole numbers, with a place where all of them are small."""
    largest = max((abs(value) for value in values if value is not None and not missing(value)), default=0.0)
    if largest >= 1e7:
        return scale_for(values, ("m", "k"))
    return Scale(1.0, "", 0 if largest >= 10 or all(value is None or value == int(value) for value in values) else 1)


def counted(name: str, rows: pd.DataFrame) -> str:
    """A name with the unit its lines are counted in."""
    unit = unit_of(rows)
    return f"{name}, {units_of(unit)}" if unit else name


def plan_grid(book: Book, title: str, blocks: Sequence[Block], note: str, empty: str, most_rows: int) -> list[Listing]:
    """The blocks as a table for paper, at most ``most_rows`` rows of twelve months, and one for the screen."""
    return [
        _listing(title, blocks, book.horizon[:ON_PAPER], note, empty, "paper", most_rows),
        _listing(title, blocks, book.horizon, note, empty, "screen", None),
    ]


def _listing(
    title: str,
    blocks: Sequence[Block],
    months: Sequence[date],
    note: str,
    empty: str,
    medium: Medium,
    most_rows: int | None,
) -> Listing:
    rows = [row for block in blocks for row in _rows(block, len(months))]
    shown = rows if most_rows is None else _whole_blocks(rows[:most_rows])
    columns = [
        Column("", "left", _LABEL),
        *(Column(short_month(each, year=each.month == 1 or n == 0)) for n, each in enumerate(months)),
        Column("Who answers", "left", _OWNER),
    ]
    return Listing(title, columns, shown, note, empty, len(rows) - len(shown), kind="plan-grid", only=medium)


def _whole_blocks(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows without a heading that nothing follows."""
    return rows[:-1] if rows and rows[-1].kind == "head" else rows


def rows_on_paper(blocks: Sequence[Block]) -> int:
    """How many rows the blocks take on paper."""
    return sum(len(_rows(block, ON_PAPER)) for block in blocks)


def _rows(block: Block, months: int) -> list[Row]:
    lines = [each for each in block.lines if each.has_values_in(months)]
    if not lines:
        return []
    blank = [Cell("") for _ in range(months + 1)]
    heading = [Row([Cell(shortened(block.title, 60), "strong"), *blank], "head")] if block.title else []
    return [*heading, *(_row(each, months) for each in lines)]


def _row(each: PlanLine, months: int) -> Row:
    suffix = f", {each.scale.suffix}" if each.scale.suffix else ""
    values = [Cell(_written(value, each.scale)) for value in each.values[:months]]
    name = Cell(f"{shortened(each.name, _LONGEST_LABEL)}{suffix}", title=each.name)
    owner = Cell(shortened(each.owner, _LONGEST_OWNER), "quiet", title=each.owner)
    return Row([name, *values, owner], each.kind, each.source)


def _written(value: float | None, scale: Scale) -> str:
    """A month's figure; a month of nothing is blank, so that what happens stands out."""
    return "" if value is None or missing(value) or not value else scale.write(value)
