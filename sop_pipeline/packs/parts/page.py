"""What a page is made of, free of any medium: tiles, tables, charts, sentences, and why something is empty.

Pages fill these; templates, PDF and workbook read them. Not here: any number of a company.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from sop_pipeline.packs.charts.theme import Chart
from sop_pipeline.packs.wording import Sentence, Span, Tone

RowKind = Literal["plain", "head", "total", "quiet"]


@dataclass(frozen=True)
class Cell:
    """One cell of a table: what it says, how, and how strong its shade is (0 to 5, ``hot`` for too much)."""

    text: str
    tone: Tone = "plain"
    shade: int | None = None
    hot: bool = False
    title: str = ""


@dataclass(frozen=True)
class Row:
    """One row of a table; ``source`` says which table and column its figures come from."""

    cells: Sequence[Cell]
    kind: RowKind = "plain"
    source: str = ""

    def runs(self, split: int) -> list[tuple[Cell, int, bool]]:
        """Cells from left to right, neighbouring blank ones as one with its span; none reaches over ``split``.

        With each: whether it stands before the split. On paper a blank run is one cell, which halves the work.
        """
        out: list[tuple[Cell, int, bool]] = [(self.cells[0], 1, True)]
        for n, cell in enumerate(self.cells[1:], start=1):
            before, span, past = out[-1]
            if n > 1 and n != split and not cell.text and not before.text:
                out[-1] = (before, span + 1, past)
            else:
                out.append((cell, 1, n < split))
        return out


@dataclass(frozen=True)
class Column:
    """A column's heading, how its cells stand, and the heading it shares with its neighbours."""

    name: str
    align: Literal["left", "right", "center"] = "right"
    width: str = ""
    group: str = ""


@dataclass(frozen=True)
class Listing:
    """A table with its heading. Without rows it says why; ``left_out`` rows are in the workbook."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    empty: str = ""
    left_out: int = 0
    kind: str = "plain"

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Shared headings and how many columns each spans; none where no column has one."""
        if not any(column.group for column in self.columns):
            return []
        return [(name, len(list(members))) for name, members in groupby(column.group for column in self.columns)]


@dataclass(frozen=True)
class Figure:
    """A chart with its heading; ``chart`` is None when there is nothing to draw, and ``empty`` says why."""

    key: str
    title: str
    note: str
    chart: Chart | None
    empty: str = ""


@dataclass(frozen=True)
class Strip:
    """A range bar: places between 0 and 100 of P10, latest, P90 and the plan it is held against."""

    low: float | None
    high: float | None
    latest: float
    plan: float | None
    words: str


@dataclass(frozen=True)
class Tile:
    """One key figure: value, unit, comparisons, its course, its range."""

    name: str
    value: str
    unit: str
    comparisons: Sequence[Span]
    course: Figure | None = None
    strip: Strip | None = None
    note: str = ""


@dataclass(frozen=True)
class Option:
    """One option of a decision."""

    letter: str
    text: str
    effect: str
    recommended: bool


@dataclass(frozen=True)
class Decision:
    """A decision put up to the meeting."""

    question: str
    context: str
    options: Sequence[Option]
    recommended: str
    why: str
    last_safe: str
    urgency: str
    owner: str


@dataclass(frozen=True)
class Page:
    """One section of a pack: a page of the PDF, a chapter of the HTML."""

    key: str
    title: str
    meta: str = ""
    sentences: Sequence[Sentence] = ()
    figures: dict[str, Figure] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    family: str = ""
    in_pdf: bool = True
    chips: Sequence[Span] = ()


def cut(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], int]:
    """The first ``most`` rows and how many are left out."""
    return rows[:most], max(0, len(rows) - most)


def text(words: str, tone: Tone = "plain", title: str = "") -> Cell:
    """A cell of words."""
    return Cell(words, tone, title=title)


def shade(share: float | None, limits: Sequence[float]) -> int | None:
    """How many of the rising ``limits`` a value has passed."""
    return None if share is None else sum(1 for limit in limits if share > limit)
