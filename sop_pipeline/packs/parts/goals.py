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
_WHY = {"lowest_cash": ", as finance.opening_cash is not given"}


def goals(book: Book) -> Sentence:
    """What each strategy of the chosen scenario makes of the goals; nothing where the company has none."""
    rows = book.frame("goal_results")
    rows = rows[rows["scenario"] == book.chosen.scenario]
    if rows.empty:
        return ()
    judged = rows[rows["met"].notna()]
    unknown = _unknown(rows[rows["met"].isna()])
    if judged.empty:
        return say(f"No goal can be judged: {unknown}.")
    told = [_strategy(book, name, judged[judged["strategy"] == name]) for name in in_order(judged["strategy"])]
    left = f" Not judged: {unknown}." if unknown else ""
    return say(f"Of {plural(judged['goal'].nunique(), 'goal')}, ", *_joined(told), f".{left}")


def _unknown(rows: pd.DataFrame) -> str:
    """Measures that are not known of a plan, and so not judged; cash is a change where no balance is given."""
    names = dict.fromkeys(rows.sort_values("goal")["measure"])
    return listed([f"{ENGLISH.say(f'goal.{name}', {})} is not known{_WHY.get(name, '')}" for name in names])


def _joined(told: list[Span]) -> list[str | Span]:
    out: list[str | Span] = []
    for each in told:
        out += ["; ", each] if out else [each]
    return out


def _strategy(book: Book, name: str, rows: pd.DataFrame) -> Span:
    broken = rows[~rows["met"].astype(bool)]
    kept = f"{name} keeps {len(rows) - len(broken)}"
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
