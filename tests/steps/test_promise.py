"""What an option promises is kept by month: what is sold more, what it costs beside, or the whole of another plan."""

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.ingest.decided import recorded_decisions
from sop_pipeline.lake import Lake
from sop_pipeline.steps.promise import promised
from tests.steps.test_decided_limits import _filled

JUNE = Cycle.parse("2026-06")
JULY, AUGUST = date(2026, 7, 1), date(2026, 8, 1)
PLAN = {"strategy": "blended", "scenario": "raised"}
OPTION = {
    "decision_id": "2026-06-crew",
    "kind": "limit",
    "subject": "crew",
    "limit": "overtime_hours",
    "effect": Decimal(70),
}
PURSUED = OPTION | {"decision_id": "2026-06-gap", "kind": "gap", "subject": "2027", "choice_subject": "O2"}


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    limit = {"constraint": "overtime_hours", "item": "crew", "scope": "all_months", "found": True}
    bought = limit | {"constraint": "subcontract_limit", "item": "bread", "scope": "lost_units", "scenario": "bought"}
    effects = [PLAN | {"month": JULY, "effect": 45}, PLAN | {"month": AUGUST, "effect": 25}]
    sold = [
        PLAN | {"item_id": item, "month": JULY, "sales_without": 100, "sales_with": 110, "gain": gain}
        for item, gain in (("bread", 40), ("rolls", 20))
    ]
    money = [
        {"strategy": strategy, "scenario": "base", "month": month, "contribution": amount}
        for strategy, amounts in (("blended", (100, 200)), ("level", (90, 215)))
        for month, amount in zip((JULY, AUGUST), amounts, strict=True)
    ]
    facts = [
        {"decision_id": "2026-06-gap", "fact": "expected", "subject": subject, "amount": amount, "unit": "currency"}
        for subject, amount in (("2027", 130), ("O1", 30), ("O2", 100))
    ]
    chances = [
        {"item_id": "O1", "description": "a", "month_from": AUGUST},
        {"item_id": "O2", "description": "b", "month_from": JULY, "month_to": AUGUST},
    ]
    made = {
        "limit_options": [PLAN | limit, bought],
        "limit_option_effects": [*effects, PLAN | {"scenario": "bought", "month": JULY, "effect": 5}],
        "limit_option_sales": sold,
        "plan_summary": [{"strategy": "blended", "scenario": "base", "chosen": True}],
        "plan_money": money,
        "decision_facts": facts,
        "risks_opportunities": chances,
    }
    for name, rows in made.items():
        lake.write(name, tables.conform(name, [_filled(name, row) for row in rows]), JUNE, "a")
    lake.publish(JUNE, "a")
    return lake


def parts(lake, option):
    return [
        (part["part"], part["month"][:7], part.get("item_id"), Decimal(part["amount"]))
        for part in promised(lake, JUNE, OPTION | {"choice_subject": None} | option)
    ]


def test_a_limit_promises_what_is_sold_more_and_costs_the_rest(lake):
    """July: 40 and 20 from sales, 45 in all, so 15 of cost; in August 25 are saved."""
    found = parts(lake, {"choice": "raise_limit"})
    assert found == [
        ("sales", "2026-07", "bread", 40),
        ("sales", "2026-07", "rolls", 20),
        ("spending", "2026-07", None, -15),
        ("spending", "2026-08", None, 25),
    ]
    assert sum(amount for *_, amount in found) == OPTION["effect"]


def test_subcontracting_what_is_lost_has_the_plan_made_for_that(lake):
    assert parts(lake, {"choice": "subcontract", "subject": "bread"}) == [("spending", "2026-07", None, 5)]


def test_a_strategy_promises_its_contribution_less_that_of_the_plan_in_use(lake):
    another = {"kind": "strategy", "choice": "work_to", "choice_subject": "level"}
    assert parts(lake, another) == [("whole", "2026-07", None, -10), ("whole", "2026-08", None, 15)]
    assert parts(lake, another | {"choice_subject": "blended"}) == []


def test_opportunities_are_spread_over_their_months(lake):
    assert parts(lake, PURSUED | {"choice": "pursue_first"}) == [
        ("whole", "2026-07", None, 50),
        ("whole", "2026-08", None, 50),
    ]
    assert parts(lake, PURSUED | {"choice": "pursue_all", "choice_subject": None})[1][-1] == 50 + 30


def test_what_leaves_the_plan_or_has_no_price_promises_nothing(lake):
    for option in ({"choice": "keep_limit"}, {"choice": "no_action"}, {"choice": "raise_limit", "effect": None}):
        assert parts(lake, option) == []


def test_a_record_hands_the_promise_of_the_option_adopted_to_later_cycles(lake):
    options = [
        {"option": "A", "promised": []},
        {"option": "B", "promised": promised(lake, JUNE, OPTION | {"choice": "raise_limit"})},
    ]
    record = OPTION | {"effect": "70", "action": "adopt", "option": "B", "choice": "raise_limit", "raised": []}
    record |= {"by": "Anna", "why": "short", "on": "2026-06-20", "options": options}
    log = DecisionLog(lake.root)
    log.add(JUNE, record)
    july = recorded_decisions(log, tables.empty("input_entries"), Cycle.parse("2026-07"))
    rows = july.decision_promises.to_pylist()
    assert [(row["decision_id"], row["part"], row["month"], row["amount"]) for row in rows] == [
        ("2026-06-crew", "sales", JULY, 40),
        ("2026-06-crew", "sales", JULY, 20),
        ("2026-06-crew", "spending", JULY, -15),
        ("2026-06-crew", "spending", AUGUST, 25),
    ]
    assert {(row["sales_without"], row["sales_with"]) for row in rows[:2]} == {(100, 110)}
    log.add(JUNE, record | {"action": "reject", "option": None, "effect": None, "choice": None})
    assert not recorded_decisions(log, tables.empty("input_entries"), JUNE).decision_promises.num_rows
