"""Names of sheets and letters of columns, as a spreadsheet takes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def sheet_names(names: Iterable[str], taken: Iterable[str] = ()) -> dict[str, str]:
    """A sheet's name for each name: without what a spreadsheet forbids, cut to 31 characters, no two alike."""
    used, found = {name.lower() for name in taken} | {"history"}, {}
    for name in names:
        plain = " ".join(_FORBIDDEN.sub(" ", name).split()).strip("'")[:LONGEST].strip() or "Family"
        chosen, number = plain, 1
        while chosen.lower() in used:
            number += 1
            chosen = f"{plain[: LONGEST - len(str(number)) - 1]} {number}"
        used.add(chosen.lower())
        found[name] = chosen
    return found


def quoted(sheet: str) -> str:
    """A sheet's name as a formula writes it."""
    return "'" + sheet.replace("'", "''") + "'"


def letters(column: int) -> str:
    """A column's letters: 0 is A, 26 is AA."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)
