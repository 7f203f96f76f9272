"""Which mark is the decimal mark of a file: decided by all its number columns together, or refused.

``1,5`` can only be a decimal comma and ``1,234,567`` only thousands. ``1,234`` can be either, and is a thousand times
more the one way than the other: then only cells that can be read one way decide, wherever in the file they stand, or
numbers of the same column that plainly mark no thousands. Not here: the conversion itself
(``sql/reading/typed_cells.sql``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Mark = Literal[".", ","]
GROUP_MARKS = " \u00a0\u202f\u2009\u2007'’‘ʼ´`"
"""What files write between thousands beside a point or comma (``sql/reading/typed_cells.sql``)."""


class Undecidable(Exception):
    """The numbers fit a decimal comma and a decimal point alike; the message gives an example."""


@dataclass(frozen=True)
class Evidence:
    """Cells of a number column by what they show (``sql/reading/number_evidence.sql``).

    ``unmarked`` counts numbers of four digits and more without any mark: such a column does not mark its thousands.
    Numbers the file itself has as numbers show nothing: they have no mark.
    """

    point: int = 0
    comma: int = 0
    maybe_point: int = 0
    maybe_comma: int = 0
    unmarked: int = 0
    example: str | None = None

    @property
    def is_ambiguous(self) -> bool:
        """Whether some cell can be read in two ways."""
        return bool(self.maybe_point or self.maybe_comma)


def decimal_mark(columns: Mapping[str, Evidence], delimiter: str | None) -> Mark:
    """Return the decimal mark; Undecidable when nothing in the file tells.

    Most cells that can be read one way decide; the few that contradict them do not read as numbers and are set aside
    with a reason. Another column that marks no thousands tells nothing: revenue without marks may stand beside
    quantities with them.
    """
    point, comma = (sum(getattr(shown, mark) for shown in columns.values()) for mark in ("point", "comma"))
    if point != comma:
        return "." if point > comma else ","
    if point:
        raise Undecidable("as many numbers with a decimal point as with a decimal comma")
    marks = {_mark_of(shown, delimiter) for shown in columns.values() if shown.is_ambiguous}
    if len(marks) > 1:
        raise Undecidable("a column with decimal points beside one with decimal commas")
    return marks.pop() if marks else "."


def _mark_of(shown: Evidence, delimiter: str | None) -> Mark:
    """Decide a column with cells such as ``1,234`` alone.

    In a file delimited by commas a point is the decimal mark, for a comma would have split the cell; a cell quoted to
    hold a comma can be either.
    """
    if shown.maybe_comma and shown.maybe_point:
        raise Undecidable(f"{shown.example!r} beside numbers with the other mark")
    if shown.unmarked or (shown.maybe_point and delimiter == ","):
        return "," if shown.maybe_comma else "."
    raise Undecidable(f"{shown.example!r}, which is a thousand times more when its mark is a thousands mark")


def told(columns: Mapping[str, Evidence], mark: Mark) -> list[str]:
    """Return the note on the mark: none where it is the point and nothing could be read otherwise."""
    example = min((shown.example for shown in columns.values() if shown.example is not None), default=None)
    if example is None:
        return [f"decimal mark {mark}"] if mark != "." else []
    value = example.replace(",", ".") if mark in example else example.replace(".", "").replace(",", "")
    return [f"decimal mark {mark}: {example} is {value}"]
