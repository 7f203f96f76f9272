"""Tables as parts of a page: cells, rows, columns, and why one is empty. Not here: any number of a company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar, Literal

from sop_pipeline.language.numbers import missing
from sop_pipeline.language.sentence import Tone

RowKind = Literal["plain", "head", "total", "quiet"]
Medium = Literal["paper", "screen"]


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
    """A table with its heading. Without rows it says why; ``left_out`` rows are in the workbook.

    ``only`` names the medium of a table that is for paper or for the screen alone.
    """

    template: ClassVar[str] = "listing"

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    empty: str = ""
    left_out: int = 0
    kind: str = "plain"
    only: Medium | None = None

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Shared headings and how many columns each spans; none where no column has one."""
        if not any(column.group for column in self.columns):
            return []
        return [(name, len(list(members))) for name, members in groupby(column.group for column in self.columns)]


def cut(rows: Sequence[Row], most: int) -> tuple[Sequence[Row], int]:
    """The first ``most`` rows and how many are left out."""
    return rows[:most], max(0, len(rows) - most)


def shade(share: float | None, limits: Sequence[float]) -> int | None:
    """How many of the rising ``limits`` a value has passed."""
    return None if share is None else sum(1 for limit in limits if share > limit)


def words_of(value: object) -> str:
    """The text of a cell that may be empty."""
    return "" if missing(value) else str(value)
