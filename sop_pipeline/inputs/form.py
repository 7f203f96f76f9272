"""What a planner's book carries about itself: whose it is, every locked cell as written, and where may be typed.

It stands in a hidden sheet, as text that no spreadsheet program rewrites, under one hash. A locked cell is compared by
what it says, since programs that save a book write the same formula and number in ways of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any, Literal

RECORD = "_written"
"""The hidden sheet: a row each for the book, a row of locked cells, and a form."""
FORMAT = 1
Kind = Literal["demand", "decision", "assumption"]
Measure = Literal["change_units", "change_pct", "replace_units"]
_LONGEST = 120
_SAME = 1e-9
_QUOTED = re.compile(r"'((?:[^']|'')+)'!")


@dataclass(frozen=True)
class Identity:
    """Which book it is: company, cycle, what it was made of, and a hash over all that is locked."""

    company: str
    cycle: str
    status: str
    content: str
    fingerprint: str = ""
    format: int = FORMAT


@dataclass(frozen=True)
class Form:
    """One line that may be typed into.

    ``slot`` names it in every book of the cycle. ``cells`` maps a field to the address it is typed in, ``shared`` those
    that say nothing alone (stream, owner, reason), ``fixed`` what the book itself says. With ``months`` (month:
    address) every month is an entry of its own, in ``measure``.
    """

    slot: str
    kind: Kind
    sheet: str
    cells: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    months: Mapping[str, str] = field(default_factory=dict)
    measure: Measure | None = None

    @property
    def addresses(self) -> set[str]:
        """Every address that may be typed into."""
        return {*self.cells.values(), *self.shared.values(), *self.months.values()}


Row = tuple[str, str, str]
"""A row of the hidden sheet: what it is, which sheet or slot it is about, and JSON."""


def rows_of(identity: Identity, locked: Iterable[tuple[str, Mapping[str, str]]], forms: Iterable[Form]) -> list[Row]:
    """The rows of the hidden sheet; ``locked`` are a sheet's cells by address, as ``told`` tells them, row by row."""
    rows = [("cells", sheet, _json(cells)) for sheet, cells in locked]
    rows += [("form", form.slot, _json({key: value for key, value in asdict(form).items() if value})) for form in forms]
    whole = Identity(**{**asdict(identity), "fingerprint": fingerprint(rows)})
    return [("book", whole.cycle, _json(asdict(whole))), *rows]


def fingerprint(rows: Iterable[Row]) -> str:
    """The hash over what is locked and where may be typed."""
    return hashlib.sha256("\n".join("\t".join(row) for row in rows).encode()).hexdigest()


def told(value: Any) -> str:
    """A locked cell as the hidden sheet tells it: a formula as it is, text, numbers and days by a sign before them."""
    if isinstance(value, bool):
        return f"?{value}"
    if isinstance(value, int | float):
        return f"#{float(value)!r}"
    if isinstance(value, date):
        return f"@{value:%Y-%m-%d}"
    return _formula(value) if value.startswith("=") else f"'{_plain(value)}"


def label(value: str) -> str:
    """A locked text, which stays text whatever it starts with."""
    return f"'{_plain(value)}"


def says(expected: str, found: Any, is_formula: bool) -> bool:
    """Whether a cell still says what it was written as."""
    if found is None:
        return expected == "'"
    if expected[0] == "#":
        wanted = float(expected[1:])
        number = isinstance(found, int | float) and not isinstance(found, bool)
        return number and abs(found - wanted) <= _SAME * max(1.0, abs(wanted))
    if expected[0] == "@":
        return isinstance(found, datetime | date) and f"{found:%Y-%m-%d}" == expected[1:]
    if expected[0] == "=":
        return is_formula and isinstance(found, str) and _formula(found) == expected
    return not is_formula and told(found) == expected if expected[0] == "?" else label(str(found)) == expected


def _formula(text: str) -> str:
    """A formula without what programs write differently: quotes round names that need none, spaces, case."""
    return _QUOTED.sub(lambda name: name[1].replace("''", "'") + "!", text).replace(" ", "").upper()


def _plain(text: str) -> str:
    """A text without what programs lose: signs that cannot be printed, and the number of spaces."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return words if len(words) <= _LONGEST else f"sha256 {hashlib.sha256(words.encode()).hexdigest()}"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
