"""Lines of a sheet with months across: a name, what stands in each month, and how it is counted.

A cell is a value, a formula with the value it comes to, or nothing. Formulas name other lines by their key and their
own, the month's and the month before's column by letter, and are written once it is known where each line stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

from sop_pipeline.inputs.form import Form, Measure
from sop_pipeline.packs.book.frames import Values

Counted = Literal["units", "money", "share", "days"]
Weight = Literal["plain", "quiet", "strong"]


@dataclass(frozen=True)
class Typing:
    """What may be typed into a line: of which family, in which measure, which stream stands there at first."""

    family: str
    measure: Measure
    number: int
    stream: str

    def form(self, sheet: str, months: Mapping[str, str], shared: Mapping[str, str]) -> Form:
        """The form of the line: its months and shared fields with their addresses, under a name that books keep."""
        slot = f"family/{self.family}/{self.measure}/{self.number}"
        fixed = {"family": self.family}
        return Form(slot, "demand", sheet, shared=shared, fixed=fixed, months=months, measure=self.measure)


@dataclass(frozen=True)
class Line:
    """One line: ``values`` are what each month shows, ``formulas`` how it comes about, None where it is given.

    ``adds_up`` is false for balances and shares, whose months have no sum. A line that is ``typed`` is shown empty.
    """

    key: str
    name: str
    values: Values
    source: str
    formulas: Sequence[str | None] = ()
    counted: Counted = "units"
    weight: Weight = "plain"
    adds_up: bool = True
    typed: Typing | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no month shows anything, nor may be typed into."""
        return self.typed is None and all(value is None for value in self.values)

    def formula(self, month: int) -> str | None:
        """The template of a month's formula."""
        return self.formulas[month] if self.formulas else None


@dataclass(frozen=True)
class Block:
    """Lines under one heading."""

    title: str
    lines: Sequence[Line] = field(default_factory=tuple)

    @property
    def shown(self) -> list[Line]:
        """The lines that show anything."""
        return [line for line in self.lines if not line.is_empty]


def difference(key: str, name: str, one: Line, other: Line, source: str) -> Line:
    """``one - other`` where both are known, as a formula."""
    values = [None if a is None or b is None else a - b for a, b in zip(one.values, other.values, strict=True)]
    template = f"={{at}}{{{one.key}}}-{{at}}{{{other.key}}}"
    return Line(key, name, values, source, _where(values, template), one.counted, "quiet")


def running(key: str, name: str, of: Line, first: str, source: str) -> Line:
    """The running sum of a line from column ``first`` on, as a formula."""
    sums = list(accumulate(value or 0.0 for value in of.values))
    values = [None if value is None else level for value, level in zip(of.values, sums, strict=True)]
    template = f"=SUM(${first}{{{of.key}}}:{{at}}{{{of.key}}})"
    return Line(key, name, values, source, _where(values, template), of.counted, "quiet", adds_up=False)


def share(key: str, name: str, part: Line, whole: Line, source: str) -> Line:
    """``part / whole`` where the whole is not nothing, as a formula."""
    values = [None if a is None or not b else a / b for a, b in zip(part.values, whole.values, strict=True)]
    template = f"={{at}}{{{part.key}}}/{{at}}{{{whole.key}}}"
    return Line(key, name, values, source, _where(values, template), "share", "quiet", adds_up=False)


def rows_of(blocks: Sequence[Block], first: int) -> Mapping[str, int]:
    """The spreadsheet row (from 1) of every line that is shown, by key; ``first`` is the first block's heading."""
    found, row = {}, first
    for block in blocks:
        row += 1
        for line in block.shown:
            found[line.key] = row
            row += 1
    return found


def shown(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks that have a line to show."""
    return (block for block in blocks if block.shown)


def _where(values: Values, template: str) -> list[str | None]:
    return [None if value is None else template for value in values]
