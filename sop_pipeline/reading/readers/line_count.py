"""Whether every physical line of a text file is accounted for by the records read from it.

A quotation mark that opens inside a cell swallows the lines up to the next one: they stand in a cell of the first as
text, and nothing else would miss them. So lines and records are both counted, and a cell of several lines passes only
when no line of it looks like a record of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sop_pipeline.errors import BadInput

_BREAK = re.compile(r"\r\n|\n|\r")
_NUMBER = re.compile(r"[-+()$€£%\d.,'/: T]*\d[-+()$€£%\d.,'/: TZ]*")
_CODE = re.compile(r"\S*\d\S*")
_MOST = 0.9


def breaks_in(text: str) -> int:
    """Count the line breaks in a text, whichever way they are written."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def lines_in(text: str) -> int:
    """Count the physical lines of a text; a last line without an end counts too."""
    return breaks_in(text) + (1 if text and not text.endswith(("\n", "\r")) else 0)


@dataclass(frozen=True)
class Shape:
    """What a record looks like: the number of its cells, and the pattern most cells of each column have (None: any)."""

    delimiter: str
    patterns: tuple[re.Pattern[str] | None, ...]

    @classmethod
    def of(cls, records: Sequence[Sequence[str]], width: int, delimiter: str) -> Shape:
        """Learn the shape from records that stand on one line and have the header's number of cells."""
        return cls(delimiter, tuple(_pattern([record[position] for record in records]) for position in range(width)))

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether cells could be a record: as many as the header has, each filled one like the others of its column."""
        if len(cells) != len(self.patterns) or len(cells) < 2:
            return False
        bare = [cell.strip().strip('"') for cell in cells]
        return all(
            not cell or pattern is None or pattern.fullmatch(cell) is not None
            for cell, pattern in zip(bare, self.patterns, strict=True)
        )


def _pattern(cells: Sequence[str]) -> re.Pattern[str] | None:
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    for pattern in (_NUMBER, _CODE):
        if filled and sum(pattern.fullmatch(cell) is not None for cell in filled) >= _MOST * len(filled):
            return pattern
    return None


def refuse_swallowed(records: Iterable[tuple[int, Sequence[str | None]]], shape: Shape, where: str) -> None:
    """Refuse a cell of several lines that holds a line of the file's own shape.

    ``records`` are those with a line break in some cell, each with the physical line it begins on. Genuine text over
    several lines passes. Raises BadInput that names the line of the opening quotation mark.
    """
    for line, record in records:
        texts = [cell or "" for cell in record]
        for position, cell in enumerate(texts):
            inner = _BREAK.split(cell)[1:]
            candidates = [part.split(shape.delimiter) for part in inner]
            if candidates:
                candidates[-1] = [*candidates[-1], *texts[position + 1 :]]
            if any(shape.fits(cells) for cells in candidates):
                raise _swallowed(line + sum(map(breaks_in, texts[:position])), len(inner), where)


def _swallowed(line: int, inside: int, where: str) -> BadInput:
    return BadInput(
        found=f"a quotation mark on line {line} that is closed {inside} line{'s' if inside > 1 else ''} further down, "
        "with rows of the file inside",
        needed="a quotation mark closed in the cell it opens in",
        where=f"{where}, line {line}",
        mend='Close it, or double it where it belongs to the text: "12"" pipe".',
    )
