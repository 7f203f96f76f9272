"""Which mark is the decimal mark of a file: decided by all its numbers together, or refused.

``1,5`` can only be a decimal comma and ``1,234,567`` only thousands; ``1,234`` can be either, and then the file's other
numbers and its delimiter decide. Not here: the conversion itself (``sql/ingest/typed_cells.sql``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal[".", ","]


class Undecidable(Exception):
    """The numbers fit a decimal comma and a decimal point alike; the message gives an example."""


@dataclass(frozen=True)
class Evidence:
    """Cells of a file's number columns by what they show (``sql/ingest/number_evidence.sql``).

    ``unmarked`` counts numbers of four digits and more without any mark: such a file does not mark its thousands.
    """

    point: int = 0
    comma: int = 0
    maybe_point: int = 0
    maybe_comma: int = 0
    unmarked: int = 0
    example: str | None = None

    def __add__(self, other: Evidence) -> Evidence:
        examples = [text for text in (self.example, other.example) if text is not None]
        return Evidence(
            self.point + other.point,
            self.comma + other.comma,
            self.maybe_point + other.maybe_point,
            self.maybe_comma + other.maybe_comma,
            self.unmarked + other.unmarked,
            min(examples, default=None),
        )


def decimal_mark(evidence: Evidence, delimiter: str | None) -> Mark:
    """Return the decimal mark; Undecidable when nothing in the file tells.

    Most cells decide; the few that contradict them do not read as numbers and are set aside with a reason. A file
    delimited by commas has decimal points: with decimal commas it would hardly be readable. Without a delimiter (a
    workbook) real numbers are written with points, so one of them settles it.
    """
    if delimiter is None and (evidence.point or evidence.maybe_point):
        return "."
    if evidence.point != evidence.comma:
        return "." if evidence.point > evidence.comma else ","
    if evidence.point:
        raise Undecidable("as many numbers with a decimal point as with a decimal comma")
    if not (evidence.maybe_comma or evidence.maybe_point) or delimiter in (",", None):
        return "."
    if evidence.maybe_comma and evidence.maybe_point:
        raise Undecidable(f"{evidence.example!r} beside numbers with the other mark")
    if evidence.unmarked:
        return "," if evidence.maybe_comma else "."
    raise Undecidable(f"{evidence.example!r}, which is a thousand times more when its mark is a thousands mark")
