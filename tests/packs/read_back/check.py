"""Reads a document back and says of every figure whether, and how, it is found in the released tables. Not a test."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.packs.read_back import found, said
from tests.packs.read_back.facts import Facts
from tests.packs.read_back.figures import Figure, figures
from tests.packs.read_back.ledger import Ledger
from tests.packs.read_back.page import Document, Passage

STATED_ELSEWHERE = {
    "defaults_used": "what is taken in place of an empty cell is a rule of the pipeline or a setting",
    "version": "the version of the program",
    "left out": "how many rows a table leaves to the workbook: compared with its sheets",
}
"""Figures that no released table holds, with the reason."""


@dataclass(frozen=True)
class Finding:
    """A figure, and how it is found: nothing where it is not."""

    figure: Figure
    how: str


def read_back(path: Path, ledger: Ledger, facts: Facts, known: dict[object, str]) -> Iterator[Finding]:
    """Every figure of a document's pages; ``known`` are those of pages that several documents share."""
    for passage in Document(path.read_text(encoding="utf-8")).passages:
        if not passage.at.tables or passage.at.kind == "heading":
            continue
        printed = list(figures(passage, ledger.texts))
        hows = _in_table(ledger, passage, printed, known) if passage.at.source else _in_words(facts, passage, printed)
        yield from (Finding(each, how) for each, how in zip(printed, hows, strict=True))


def _in_table(ledger: Ledger, passage: Passage, printed: list[Figure], known: dict[object, str]) -> list[str]:
    at = dataclasses.replace(passage.at, tables=())
    hows = []
    for each in printed:
        place = (repr(at), passage.text, each.start)
        if place not in known:
            told = at.source == "defaults_used" and re.search("[a-z]{3}", passage.text)
            known[place] = found.in_row(ledger, each) or ("defaults_used" if told else "")
        hows.append(known[place])
    return hows


def _in_words(facts: Facts, passage: Passage, printed: list[Figure]) -> list[str]:
    stated = said.stated(facts, passage, printed) if printed else []
    if stated is None or len(stated) != len(printed):
        return [""] * len(printed)
    return ["stated" if _is(each, value) else "" for each, value in zip(printed, stated, strict=True)]


def _is(figure: Figure, value: object) -> bool:
    if isinstance(value, set):
        return any(_is(figure, each) for each in value)
    if isinstance(value, said.Elsewhere):
        return True
    assert isinstance(value, float | int) or hasattr(value, "__float__")
    places = 3 if isinstance(value, said.Footed) else 1
    return any(abs(known - float(value)) <= half * places * (1 + 1e-6) + 1e-9 for known, half in figure.readings)  # type: ignore[arg-type]


def altered(figure: Figure, places: int) -> Figure:
    """The figure as if it were printed some last places off."""
    readings = tuple((value + 2 * half * places, half) for value, half in figure.readings)
    return dataclasses.replace(figure, readings=readings)
