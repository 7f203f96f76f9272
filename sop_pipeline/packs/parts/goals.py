"""The company's goals against every plan, in a sentence: which are kept, and by how much one is missed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.money import money
from sop_pipeline.language.names import listed, plural
from sop_pipeline.language.numbers import missing, percent
from sop_pipeline.language.sentence import Sentence, Span, say
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.book.strategies import in_order

SHARES = ("gross_margin_share", "service", "growth")
"""Measures told in percent; a miss of one is told in points of it."""


def goals(book: Book) -> Sentence:
    """What each strategy of the chosen scenario makes of the goals; nothing where the company has none."""
    rows = book.frame("goal_results")
    rows = rows[rows["scenario"] == book.chosen.scenario]
    if rows.empty:
        return ()
    told = [_strategy(book, name, rows[rows["strategy"] == name]) for name in in_order(rows["strategy"])]
    return say(f"Of {plural(rows['goal'].nunique(), 'goal')}, ", *_joined(told), ".")


def _joined(told: list[Span]) -> list[str | Span]:
    out: list[str | Span] = []
    for each in told:
        out += ["; ", each] if out else [each]
    return out


def _strategy(book: Book, name: str, rows: pd.DataFrame) -> Span:
    known = rows[rows["met"].notna()]
    broken = known[~known["met"].astype(bool)]
    kept = f"{name} keeps {len(known) - len(broken)}"
    if broken.empty:
        return Span(kept)
    return Span(f"{kept} and misses {listed([_miss(book, row) for row in each_row(broken)])}", "worse")


def _miss(book: Book, row: Any) -> str:
    words = ENGLISH.say(f"goal.{row.measure}", {})
    if missing(row.missed_by):
        return words
    if row.measure in SHARES:
        return f"{words} by {percent(row.missed_by)[:-1]} points"
    return f"{words} by {money(row.missed_by, book.company.currency)}"
