"""The tables of what was decided: the records, what they change in a plan, and what came of every decision."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import DEPARTMENTS
from sop_pipeline.tables.outputs.reconciliation import DECISIONS_WANTED
from sop_pipeline.tables.schema import Column, Table, count, day, kind, money, month, quantity, text

ACTIONS = ("adopt", "reject", "defer")
_DECISION = text("decision_id", "decision", required=True)


def _as_put_up(name: str, words: str = "", *, required: bool = False) -> Column:
    """A column of the decision as it was put up."""
    column = DECISIONS_WANTED[name]
    return kind(name, column.meaning, column.one_of, required=required, words=words or column.words)


RECORDED_DECISIONS = Table(
    "recorded_decisions",
    "one row per record: a decision may be taken again",
    "ingest",
    "what was decided with sop decide in this cycle and before, with the decision as it was put up",
    (
        text("cycle", "cycle the decision was put up in", required=True),
        count("number", "number of the record in its cycle", required=True),
        _DECISION,
        text("action", "what was done with it", required=True, one_of=ACTIONS),
        _as_put_up("kind", "decided_about", required=True),
        text("subject", "strategy, resource, product or fiscal year it was about", required=True),
        _as_put_up("limit"),
        text("option", "letter of the option adopted"),
        _as_put_up("choice", "decided"),
        text("choice_subject", "strategy or opportunity of the option"),
        month("choice_month", "month of the option, where it is one alone"),
        month("month_from", "first month concerned"),
        month("month_to", "last month concerned"),
        quantity("quantity", "how much the option adds or gives up", "hours, heads or units"),
        money("effect", "what the option was said to bring"),
        text("by", "who decided", required=True),
        text("why", "why", required=True),
        day("on", "day it was recorded", required=True),
        text("cell", "cell of the planner's book it was typed into"),
        text("owner", "who carries it out, where the company's files name a person"),
        kind("department", "department that carries it out", DEPARTMENTS),
        text("site_id", "site of the department"),
        day("due", "last day on which the decision could be taken"),
    ),
    ("cycle", "number"),
)

DECISIONS_IN_FORCE = Table(
    "decisions_in_force",
    "one row per adopted decision and month it changes",
    "ingest",
    "what adopted decisions change in this cycle's plan: limits raised, and the strategy of the cycle it is decided in",
    (
        _DECISION,
        text("changes", "strategy, or the limit that is raised", required=True),
        text("subject", "strategy worked to, or the resource or product whose limit is raised", required=True),
        month("month", "month; none for a strategy"),
        quantity("limit", "the month's limit with it, at least", "hours or units"),
    ),
    ("decision_id", "month"),
)

DECISION_RESULTS = Table(
    "decision_results",
    "one row per decision",
    "reconciliation",
    "every decision of this cycle and before, from the company's files and from sop decide, each once: promised and "
    "realised",
    (
        _DECISION,
        text("source", "where it is from", required=True, one_of=("file", "recorded", "both")),
        text("cycle", "cycle it was put up in"),
        text("question", "what was asked, in the words of the company's files"),
        text("chosen", "what was chosen, likewise"),
        text("action", "what was done with it, where it was recorded", one_of=ACTIONS),
        _as_put_up("kind", "decided_about"),
        text("subject", "what it was about"),
        _as_put_up("limit"),
        _as_put_up("choice", "decided"),
        text("choice_subject", "strategy or opportunity of the option"),
        month("choice_month", "month of the option, where it is one alone"),
        month("month_from", "first month concerned"),
        month("month_to", "last month concerned"),
        quantity("quantity", "how much the option adds or gives up", "hours, heads or units"),
        text("by", "who decided"),
        text("why", "why"),
        day("on", "day of the decision"),
        text("owner", "who carries it out"),
        kind("department", "department that carries it out", DEPARTMENTS),
        text("site_id", "site of the department"),
        day("due", "day it is due"),
        text("status", "open, done, late, dropped, deferred"),
        money("promised_value", "margin promised"),
        money("realised_value", "margin realised so far, as the company's files say"),
    ),
    ("decision_id",),
)

TABLES: tuple[Table, ...] = (RECORDED_DECISIONS, DECISIONS_IN_FORCE, DECISION_RESULTS)
