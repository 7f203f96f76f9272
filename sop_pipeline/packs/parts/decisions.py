"""Decisions put up to the meeting: questions with their options, and by when they must be taken."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, month_name
from sop_pipeline.language.money import money
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import missing
from sop_pipeline.meeting import meeting_day
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import records
from sop_pipeline.packs.parts import told
from sop_pipeline.packs.parts.page import Decision, Decisions, Option

MOST = 3
_LONGEST = 300
_SOON = 14


def decisions(book: Book) -> Decisions:
    """At most three decisions, the most important first."""
    return Decisions(
        f"at the meeting of {day_and_month(meeting_day(book.company, book.cycle))}",
        [_decision(book, group) for _, group in _shown(book).groupby(["rank", "decision_id"], sort=True)],
        _none(book),
    )


def _none(book: Book) -> str:
    """Why no decision stands here: those of this meeting are taken, or there was none to take."""
    if (book.frame("decision_results")["cycle"] == book.cycle.name).any():
        return "What was put up this month is decided: see what was decided, by whom and why, on the next page."
    return "No decision is put up this month: no option would change the plan."


def first_date(book: Book) -> date | None:
    """The first day by which one of them must be decided."""
    return min((value for value in _shown(book)["last_safe_date"] if not missing(value)), default=None)


def day_and_month(value: date) -> str:
    """Write a day of this cycle in a sentence: ``20 November``."""
    return f"{value.day} {month_name(value)}"


def _shown(book: Book) -> pd.DataFrame:
    """The options of the decisions that are shown."""
    data = book.frame("decisions_wanted").sort_values(["rank", "decision_id", "option"], kind="stable")
    return data[data.groupby(["rank", "decision_id"]).ngroup() < MOST]


def _decision(book: Book, group: pd.DataFrame) -> Decision:
    rows = records(group)
    words, last = told.decision(book, rows), rows[0]["last_safe_date"]
    options = [
        Option(
            letter=row["option"],
            text=shortened(words.options[row["option"]], _LONGEST),
            effect=money(row["effect"], book.company.currency, nothing=""),
            recommended=bool(row["recommended"]),
        )
        for row in rows
    ]
    return Decision(
        question=shortened(words.question, _LONGEST),
        context=shortened(words.context, _LONGEST),
        options=options,
        recommended=next((option.letter for option in options if option.recommended), ""),
        why=shortened(words.why, _LONGEST),
        last_safe=day(last),
        urgency=_urgency(book, last),
        owner=shortened(words.owner, 40),
    )


def _urgency(book: Book, last: date | None) -> str:
    """How the last safe date lies to the meeting, where it is near."""
    if last is None or missing(last):
        return ""
    days = (last - meeting_day(book.company, book.cycle)).days
    if days < 0:
        return f"{plural(-days, 'day')} before the meeting"
    if days == 0:
        return "the day of the meeting"
    return f"{plural(days, 'day')} after the meeting" if days <= _SOON else ""
