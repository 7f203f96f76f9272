"""The facts of a table in words, for pages and sheets: decisions, causes, findings, choices, defaults.

Not here: the words themselves (``language``), or how a page or a sheet shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sop_pipeline.language.decisions import Called, DecisionWords, decision_words, owner_words, taken_words
from sop_pipeline.language.demand import adjustment_words, approach_words, finding_words, note_words
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.reconciliation import change_words, default_words, figure_words
from sop_pipeline.language.supply import frontier_words, planning_words, swing_words
from sop_pipeline.packs.book.book import Book

Rows = Sequence[Mapping[str, Any]]
Columns = Mapping[str, Sequence[str]]


def decision(book: Book, options: Rows) -> DecisionWords:
    """One decision in words, from its rows of ``decisions_wanted``."""
    facts = [row for row in book.table("decision_facts").to_pylist() if row["decision_id"] == options[0]["decision_id"]]
    items = book.table("risks_opportunities").to_pylist()
    descriptions = {row["item_id"]: row["description"] for row in items}
    about = _called(book, str(options[0]["subject"])) if options[0]["kind"] in ("limit", "unserved") else None
    return decision_words(options, facts, descriptions=descriptions, currency=book.company.currency, subject=about)


def _called(book: Book, subject: str) -> Called:
    """A product or family with its unit, else a resource or material."""
    if book.is_sold(subject):
        return Called(book.product(subject), book.unit_of(subject))
    return Called(book.resource(subject))


def _decisions(book: Book, rows: Rows) -> Columns:
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["decision_id"], []).append(row)
    told = {name: decision(book, options) for name, options in grouped.items()}
    every = [(row, told[row["decision_id"]]) for row in rows]
    return {
        "question": [words.question for _, words in every],
        "facts": [words.context for _, words in every],
        "option, in words": [words.options[row["option"]] for row, words in every],
        "why": [words.why if row["recommended"] else "" for row, words in every],
        "carried out by": [words.owner for _, words in every],
    }


def _approaches(book: Book, rows: Rows) -> Columns:
    return {"why": [approach_words(row, rows, book.company.forecast.lags) for row in rows]}


def _notes(_book: Book, rows: Rows) -> Columns:
    return {"in words": [note_words([row])[0] for row in rows]}


def _defaults(book: Book, rows: Rows) -> Columns:
    told = [default_words(row, currency=book.company.currency) for row in rows]
    return {"not given": [missing for missing, _ in told], "taken instead": [assumed for _, assumed in told]}


def _frontier(book: Book, rows: Rows) -> Columns:
    currency = book.company.currency if book.has_money else ""
    return {"why": [frontier_words(row, currency=currency) for row in rows]}


def _commitments(_book: Book, rows: Rows) -> Columns:
    return {
        "commitment, in words": [ENGLISH.say(f"commitment.{row['commitment']}", row) for row in rows],
        "who answers": [owner_words(row) for row in rows],
    }


def _each(heading: str, words: Callable[[Mapping[str, Any]], str]) -> Callable[[Book, Rows], Columns]:
    return lambda _book, rows: {heading: [words(row) for row in rows]}


def _results(_book: Book, rows: Rows) -> Columns:
    unknown = [row["unknown"] for row in rows]
    return {
        "what": [taken_words(row) for row in rows],
        "not known because": ["" if why is None else ENGLISH.say(f"decision_unknown.{why}", {}) for why in unknown],
    }


def _events(_book: Book, rows: Rows) -> Columns:
    return {"why": [ENGLISH.say(f"event.{row['outcome']}", row) for row in rows]}


def _external(_book: Book, rows: Rows) -> Columns:
    return {"why": [ENGLISH.say(f"external.{row['outcome']}", row) for row in rows]}


_TOLD: Mapping[str, Callable[[Book, Rows], Columns]] = {
    "decision_results": _results,
    "decisions_wanted": _decisions,
    "defaults_used": _defaults,
    "demand_adjustments": _each("why", adjustment_words),
    "demand_history": _each("finding", finding_words),
    "event_effects": _events,
    "external_accuracy": _external,
    "forecast_approach": _approaches,
    "forecast_notes": _notes,
    "key_figures": _each("how it is measured", figure_words),
    "operational_plan": _commitments,
    "commitment_sheets": _commitments,
    "plan_changes": _each("largest cause", change_words),
    "plan_frontier": _frontier,
    "plan_swings": _each("what", swing_words),
    "planning_approach": _each("why", planning_words),
}


def in_words(book: Book, table: str, rows: Rows) -> Columns:
    """Columns of words beside a table's rows; none for a table whose facts need no words."""
    tell = _TOLD.get(table)
    return {} if tell is None else tell(book, rows)
