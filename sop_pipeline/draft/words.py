"""Words of exports, from ``words.toml``: what a heading, a sheet or the name of a file says, in several languages."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from sop_pipeline.reading.cells.month_names import month_number

_WEIGHT_EXACT, _WEIGHT_WORD, _WEIGHT_COMPOUND = 3, 2, 1
_LONG = 4
"""Letters from which a word is known as the end of a compound: ``Fakturamenge`` is a ``menge``."""


@functools.cache
def known() -> dict[str, Any]:
    """Return the words by part."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def bare(text: str) -> str:
    """Write a text in small letters without accents and punctuation: ``Lagerbestände (Stk.)`` is lagerbestande stk."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall(r"[a-z]+|\d+", plain))


def likeness(heading: str, our: str, table: str = "") -> int:
    """Return how well a heading fits one of our columns: 0 not at all; our own name fits best."""
    written, name = bare(heading), bare(our)
    if written == name:
        return 10 * _WEIGHT_EXACT
    columns = known()["columns"]
    words = columns.get(f"{table}.{our}", columns.get(our, []))
    unit_free = bare(re.sub(r"[\[(].*?[\])]", " ", heading))
    for place, word in enumerate(words):
        if unit_free == word or written == word:
            return 10 * _WEIGHT_EXACT - min(place, 9)
    inside = [place for place, word in enumerate(words) if re.search(rf"\b{word}\b", written)]
    if inside:
        return 10 * _WEIGHT_WORD - min(min(inside), 9)
    ends = [place for place, word in enumerate(words) if len(word) >= _LONG and re.search(rf"\w{word}\b", written)]
    return 10 * _WEIGHT_COMPOUND - min(min(ends), 9) if ends else 0


def table_words(text: str) -> dict[str, int]:
    """Return how many words of each table a name or title has."""
    written = bare(text)
    return {
        table: sum(bool(re.search(rf"\b{word}\b", written)) for word in words)
        for table, words in known()["tables"].items()
    }


def factor(heading: str) -> str | None:
    """Return the factor that a heading's unit asks for: ``Zeit [min]`` is 1/60 of an hour."""
    written = bare(heading)
    for text, words in known()["units"].items():
        if any(re.search(rf"\b{word}\b", written) for word in words):
            return str(text)
    return None


def is_total(text: str) -> bool:
    """Whether a cell begins with a word for a total."""
    written = bare(text)
    return any(written == word or written.startswith(f"{word} ") for word in known()["totals"]["words"])


def month_of(text: str) -> str | None:
    """Return ``2026-03`` for ``Mär 26``, ``März 2026`` or ``Ende März 2026``, in the languages files are read in."""
    before = "|".join(known()["months"]["before"])
    match = re.fullmatch(rf"(?:(?:{before}) )?([a-z]+) (\d{{4}}|\d{{2}})", bare(text))
    if match is None:
        return None
    number, year = month_number(match[1]), int(match[2])
    return f"{year if year > 99 else 2000 + year}-{number:02d}" if number else None
