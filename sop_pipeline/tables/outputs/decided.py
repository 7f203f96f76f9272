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
        quantity("limit", "the month's limit with it, at least", "hours, heads or units"),
        quantity("more", "what it adds to the limit of the plan it was decided on", "hours, heads or units"),
        quantity("at_start", "for hours, the limit by the heads there were at that plan's start", "hours"),
        quantity("heads", "heads hired in the month for the hours it adds", "heads"),
    ),
    ("decision_id", "month"),
)

DECISION_PROMISES = Table(
    "decision_promises",
    "one row per adopted decision, month and part of its promise",
    "ingest",
    "what adopted options promised, by month: their own plan less the one they were put up against; adds up to their "
    "effect",
    (
        _DECISION,
        month("month", "month", required=True),
        text(
            "part",
            "what is sold more of an item, less its variable cost; what the rest of the plan costs more (negative) or "
            "saves; the whole, where it is not told apart",
            required=True,
            one_of=("sales", "spending", "whole"),
        ),
        text("item_id", "planned item, of sales"),
        money("amount", "what it promised", required=True),
        quantity("sales_without", "sold in the plan without the option"),
        quantity("sales_with", "sold in the option's own"),
    ),
    ("decision_id", "month", "part", "item_id"),
)

UNKNOWN_RESULTS = (
    *("own_list", "not_taken", "no_promise", "not_begun", "whole_plan", "opportunity", "saving", "not_recorded"),
)
"""Why nobody can say from the tables what a decision has brought."""

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
        month("realised_to", "last month that has come, of those that promise and result are held over"),
        money("promised_to_date", "part of the promise that falls in the months that have come"),
        money(
            "realised_value",
            "margin realised so far: as the company's files say, else units sold beyond the plan without it x unit "
            "contribution, less what it costs beside (docs/money.md)",
        ),
        text("realised_by", "whose figure that is", one_of=("company", "actuals")),
        kind("unknown", "why what it brought is not known", UNKNOWN_RESULTS, words="decision_unknown"),
    ),
    ("decision_id",),
)

TABLES: tuple[Table, ...] = (RECORDED_DECISIONS, DECISIONS_IN_FORCE, DECISION_PROMISES, DECISION_RESULTS)
