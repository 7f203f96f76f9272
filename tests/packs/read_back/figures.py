"""The figures of a text: what is printed, how exactly, in what unit; and what is a number but no figure.

Not a test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.packs.read_back.page import Passage

_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_LONG = "January|February|March|April|May|June|July|August|September|October|November|December"
NO_FIGURES = {
    "a day": rf"\b\d{{1,2}} (?:{_MONTHS}|{_LONG})\w*(?: 20\d\d)?\b",
    "a month": rf"\b(?:{_MONTHS}|{_LONG}) (?:20\d\d\b|’\d\d)",
    "a quarter": r"\bQ[1-4] ’\d\d",
    "a year": r"\b20\d\d(?:-\d\d)?\b|’\d\d\b",
    "a percentile": r"\bP(?:10|50|90)\b",
    "a lag": r"\blags? \d+(?:, \d+)*\b",
    "a release": r"\br\d\d\b",
}
"""Numbers that are no figures of the tables, with what they are."""
OF_A_ROW = {"a span of months": r"\b(?:next|last|first) \d+(?: months)?\b|, \d+ months\b"}
"""The same in a table, whose row or heading says which months are added up."""
_NO_FIGURE = re.compile("|".join(NO_FIGURES.values()))
_NUMBER = r"[€$£]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?: ?[km](?!\w))?(?: ?%)?(?:(?<=\d)[km]\b)?"
_FIGURE = re.compile(rf"(?<![\w.’])(?:\({_NUMBER}\)|[+±-]?{_NUMBER})")
_SPAN = re.compile("|".join(OF_A_ROW.values()))
_POINTS = re.compile(r"\)?(?: pt\b| points?\b)")
_SCALES = {"k": 1e3, "m": 1e6, "": 1.0}
_UNIT = re.compile(r"[€$£]([km])\b|(?:^|[ ,(])([km])(?: [a-z]|$)|[€$£]")


@dataclass(frozen=True)
class Figure:
    """A figure as printed; each of its ``readings`` a value and half of its last place, in the plain unit.

    It has several where a note or part above it names a unit that not each of its rows is in.
    """

    printed: str
    readings: tuple[tuple[float, float], ...]
    passage: Passage
    start: int


def figures(passage: Passage, texts: Sequence[str] = ()) -> Iterator[Figure]:
    """The figures of a passage; ``texts`` are known ones, whose numbers are not read as figures."""
    text = passage.text
    if re.search(r"\d", text):
        for known in texts:
            text = text.replace(known, "_" * len(known))
    if passage.at.source:
        text = _SPAN.sub(lambda found: "_" * len(found[0]), text)
    text = _NO_FIGURE.sub(lambda found: "_" * len(found[0]), text)
    for found in _FIGURE.finditer(text):
        printed, after = found[0], text[found.end() :]
        digits = re.sub(r"[^\d.]", "", printed)
        value = float(digits) * (-1.0 if printed[0] in "(-" else 1.0)
        half = 0.5 / 10 ** len(digits.partition(".")[2])
        if "%" in printed or _POINTS.match(after):
            scales: tuple[float, ...] = (0.01, 1.0) if " %" in printed or printed[0] in "+-" else (0.01,)
        elif unit := re.search(r"[km]", printed):
            scales = (_SCALES[unit[0]],)
        else:
            scales = _around(passage, after)
        signs = (1.0, -1.0) if not passage.at.source or re.search(r"[a-z]{2}", text) else (1.0,)
        yield Figure(
            printed,
            tuple((value * each * sign, half * each) for each in scales for sign in signs),
            passage,
            found.start(),
        )


def _around(passage: Passage, after: str) -> tuple[float, ...]:
    """The scales that a heading gives: its column's or row's; else those of section, part or note, or none of them."""
    at = passage.at
    for heading in (at.column, at.row):
        if heading.endswith(("%", "points")):
            return (0.01,)
    for text in (" ".join(after.split()[:2]), at.column, at.row if at.source else ""):
        if found := _UNIT.search(text):
            return (_SCALES[found[1] or found[2] or ""],)
    wider = [
        found
        for text in (at.left, at.group, at.section, at.part, at.note, *([] if at.source else [passage.text]))
        for found in _UNIT.finditer(text)
    ]
    shares = [0.01] if "%" in at.note or "utilisation" in at.part.lower() else []
    return tuple(dict.fromkeys([*shares, *(_SCALES[found[1] or found[2] or ""] for found in wider), 1.0]))
