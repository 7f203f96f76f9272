"""A second language is a second catalogue: the same facts, told by its words and its conventions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.decisions import decision_words
from sop_pipeline.language.reconciliation import change_words

GERMAN = Catalogue(
    "de",
    {
        "span": "{first} bis {last}",
        "head": "Leitung {department:words department}[, {site_id}]",
        "department.production": "Produktion",
        "limit.more.regular_hours": "Stunden an",
        "limit.unit.regular_hours": "Stunden",
        "decision.limit.question": "Mehr {limit:words limit.more} {subject:name}, {months:months}?",
        "decision.limit.context": (
            "Jede Stunde mehr bringt {worth_of_one:price}; {binding_months:count month} sind zu erreichen."
        ),
        "decision.choice.keep_limit": "Grenze lassen, Plan wie er ist",
        "decision.choice.raise_limit": "Bis zu {quantity:quantity} {limit:words limit.unit} mehr",
        "decision.reason.planned_anew": (
            "Neu geplant: {effect:money} mehr, nach {relief_cost:money} für die {limit:words limit.unit}."
        ),
        "plan_change.stream_withdrawn": "{stream} {stream_change:quantity} Stück, zurückgezogen[: {said}]",
        "plan_change.new": "neu im Plan: {demand_change:quantity} Stück",
    },
    {"month": {"one": "Monat", "other": "Monate"}},
)
COMMON = {
    "decision_id": "2026-11-regular_hours-tube_lines",
    "kind": "limit",
    "subject": "tube_lines",
    "limit": "regular_hours",
    "month_from": date(2027, 1, 1),
    "month_to": date(2027, 8, 1),
    "choice_subject": None,
    "choice_month": None,
    "department": "production",
    "site_id": "Lyon",
    "owner": None,
}
OPTIONS: list[Mapping[str, Any]] = [
    COMMON
    | {"option": "A", "choice": "keep_limit", "quantity": None, "effect": Decimal(0), "recommended": False}
    | {"reason": None},
    COMMON
    | {"option": "B", "choice": "raise_limit", "quantity": Decimal("1732.4"), "effect": Decimal("1240000")}
    | {"recommended": True, "reason": "planned_anew"},
]
FACTS: list[Mapping[str, Any]] = [
    {"fact": "worth_of_one", "subject": "tube_lines", "month": date(2027, 7, 1), "amount": Decimal("1120.5")},
    {"fact": "room", "subject": "tube_lines", "month": date(2027, 7, 1), "amount": Decimal("222.3")},
    {"fact": "relief_cost", "subject": "tube_lines", "month": None, "amount": Decimal(61250)},
    {"fact": "stock_change", "subject": "tube_lines", "month": None, "amount": Decimal(-1800000)},
    {"fact": "binding_months", "subject": "tube_lines", "month": None, "amount": Decimal(16)},
]


def test_a_decision_in_german():
    words = decision_words(OPTIONS, FACTS, descriptions={}, currency="EUR", catalogue=GERMAN)
    assert words.question == "Mehr Stunden an tube lines, Jan. 2027 bis Aug. 2027?"
    assert words.context == "Jede Stunde mehr bringt 1.120,50\u00a0€; 16 Monate sind zu erreichen."
    assert words.options == {"A": "Grenze lassen, Plan wie er ist", "B": "Bis zu 1.732 Stunden mehr"}
    assert words.why == "Neu geplant: 1,24\u00a0Mio.\u00a0€ mehr, nach 61,3 k\u00a0€ für die Stunden."
    assert words.owner == "Leitung Produktion, Lyon"


def test_the_same_decision_in_english():
    words = decision_words(OPTIONS, FACTS, descriptions={}, currency="EUR")
    assert words.question == "More hours on tube lines, Jan 2027 to Aug 2027?"
    assert words.context == ("It binds in 16 months in reach. In Jul 2027, 222 hours more bring €1,120.50 each.")
    assert words.why == (
        "The plan made again with them contributes €1.24m more, €61.3k for the hours taken off; "
        "stock changes by (€1.80m) on average."
    )
    assert words.owner == "Head of production, Lyon"


def test_a_change_in_german():
    change = {"cause": "stream_withdrawn", "stream": "marketing", "stream_change": Decimal("-5000"), "effect": None}
    told = change_words(change | {"reason": "spring promotion"}, catalogue=GERMAN)
    assert told == "marketing (5.000) Stück, zurückgezogen: spring promotion"
    new = {"cause": "new", "demand_change": Decimal("7.5"), "effect": None, "reason": None}
    assert change_words(new, catalogue=GERMAN) == "neu im Plan: 7,5 Stück"
