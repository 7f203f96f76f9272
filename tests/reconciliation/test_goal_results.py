"""Every plan against the goals, by hand: sums, means, the lowest month, shares, growth, and by how much one misses."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest
from pydantic import ValidationError

from sop_pipeline import tables
from sop_pipeline.config import Company, GoalMeasure
from sop_pipeline.language.sentence import plain_text
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.parts.goals import goals
from sop_pipeline.reconciliation.goal_results import goal_results
from sop_pipeline.tables.outputs.reconciliation import GOAL_MEASURES
from tests.reconciliation.conftest import by, make

MONTHS = ("2026-03", "2026-04", "2026-05")


def plan(strategy, revenue, margin, cash, **more):
    return [
        {"strategy": strategy, "scenario": "base", "month": when, "chosen": strategy == "blended", "revenue": money}
        | {
            "gross_margin": gain,
            "contribution": gain - 3,
            "operating_result": gain - 10,
            "inventory_value": 100 * (n + 1),
        }
        | {"cash": balance, **more}
        for n, (when, money, gain, balance) in enumerate(zip(MONTHS, revenue, margin, cash, strict=True))
    ]


@pytest.fixture
def results():
    money = make(
        "plan_money",
        *plan("blended", (100, 200, 999), (40, 80, 9), (50, -20, 5)),
        *plan("level", (100, 100, 999), (40, 20, 9), (None, None, None)),
    )
    zero = ("total_cost", "shortfall_cost", "total_revenue", "total_profit", "hires", "layoffs", "overtime_hours")
    row = {"scenario": "base", "status": "optimal", "service": "0.97"} | dict.fromkeys(zero, 0)
    summary = make(
        "plan_summary", {**row, "strategy": "blended", "chosen": True}, {**row, "strategy": "level", "chosen": False}
    )
    past = [
        {"product_id": "bar", "family": "Snacks", "month": when, "sales": 1, "revenue": amount}
        for when, amount in (("2025-12", 999), ("2026-01", 100), ("2026-02", 140))
    ]

    def measured(*goals):
        settings = [{"months": 2, **goal} for goal in goals]
        company = Company.model_validate({"company": "Two", "sources": {}, "goals": settings})
        return goal_results(money, summary, make("actuals", *past), company=company)

    return measured


@pytest.mark.parametrize(
    ("goal", "value", "missed"),
    [
        ({"measure": "revenue", "at_least": 310}, 300, 10),
        ({"measure": "revenue", "at_least": 300}, 300, 0),
        ({"measure": "gross_margin", "at_least": 150}, 120, 30),
        ({"measure": "gross_margin_share", "at_least": 0.45}, "0.4", "0.05"),
        ({"measure": "contribution", "at_least": 120}, 114, 6),
        ({"measure": "operating_result", "at_least": 100}, 100, 0),
        ({"measure": "inventory_value", "at_most": 120}, 150, 30),
        ({"measure": "lowest_cash", "at_least": 0}, -20, 20),
        ({"measure": "growth", "at_least": 0.3}, "0.25", "0.05"),
        ({"measure": "service", "at_least": 0.98}, "0.97", "0.01"),
        ({"measure": "revenue", "at_least": 1300, "months": 3}, 1299, 1),
    ],
)
def test_a_goal_over_its_first_months(results, goal, value, missed):
    row = by(results(goal), "strategy")["blended"]
    assert (row["value"], row["missed_by"], row["met"]) == (Decimal(value), Decimal(missed), Decimal(missed) == 0)


def test_what_is_not_known_is_neither_kept_nor_missed(results):
    row = by(results({"measure": "lowest_cash", "at_least": 0}), "strategy")["level"]
    assert (row["value"], row["missed_by"], row["met"]) == (None, None, None)
    longer = by(results({"measure": "growth", "at_least": 0, "months": 12}), "strategy")["blended"]
    assert longer["value"] is None, "only three months are known of the twelve before"


def test_the_page_says_which_strategy_keeps_which_goal(results):
    found = results({"measure": "gross_margin_share", "at_least": 0.35}, {"measure": "revenue", "at_least": 250})
    book = Book({"goal_results": found}, Company(company="Two", sources={}), _cycle())
    assert plain_text(goals(book)) == (
        "Of 2 goals, level keeps 0 and misses gross margin, share of revenue by 5.0 points and revenue by €50; "
        "blended keeps 2."
    )


def _cycle():
    from sop_pipeline.cycle import Cycle

    return Cycle.parse("2026-03")


def test_without_goals_nothing_is_measured_or_said(results):
    assert results().num_rows == 0
    assert goals(Book({}, Company(company="Two", sources={}), _cycle())) == ()


@pytest.mark.parametrize("limits", [{}, {"at_least": 1, "at_most": 2}])
def test_a_goal_has_one_limit(limits):
    with pytest.raises(ValidationError, match="either at_least or at_most"):
        Company.model_validate({"company": "Two", "sources": {}, "goals": [{"measure": "revenue", **limits}]})


def test_settings_and_table_know_the_same_measures():
    assert get_args(GoalMeasure) == GOAL_MEASURES
    assert tables.get("goal_results")["measure"].one_of == GOAL_MEASURES
