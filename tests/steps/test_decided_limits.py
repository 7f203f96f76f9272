"""The limit of a month that an option raises: what the plan stands at, and what the option's own plan added.

It is that of the plan the option was put up with, whatever has been decided and planned since.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.decision_log import DecisionLog
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.decided import recorded_decisions
from sop_pipeline.lake import Lake
from sop_pipeline.steps.decide import Choice, Taken, planned_without, record_decision
from sop_pipeline.steps.release import _refuse_unplanned

JUNE = Cycle.parse("2026-06")
MONTHS = (date(2026, 7, 1), date(2026, 8, 1))
BASE = {"strategy": "blended", "scenario": "base"}
LIMIT = {"constraint": "overtime_hours", "item": "crew"}


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path / "lake")
    common = {"months": 2, "quantity": 70, "promised": 1, "decide_by": MONTHS[0], "found": True}
    options = [
        {**BASE, **LIMIT, **common, "scenario": scope, "scope": scope, "month_from": MONTHS[0], "month_to": MONTHS[1]}
        for scope in ("all_months", "best_month")
    ]
    added = [
        {**BASE, "scenario": "all_months", "month": m, "quantity": q, "at_start": q * 3}
        for m, q in zip(MONTHS, (30, 40), strict=True)
    ]
    added.append({**BASE, "scenario": "best_month", "month": MONTHS[1], "quantity": 40})
    price = {"price_per_unit": 5, "pay_per_unit": 1, "decide_by": MONTHS[0], "verified": True, "unit": "hour"}
    prices = [
        {"strategy": strategy, "scenario": "base", **LIMIT, **price, "month": month, "current_limit": limit}
        for strategy, limits in (("blended", (100, 110)), ("level", (7, 8)))
        for month, limit in zip(MONTHS, limits, strict=True)
    ]
    summary = [{**BASE, "chosen": True}, {**BASE, "strategy": "level", "chosen": False}]
    made = {"limit_options": options, "limit_option_months": added, "shadow_prices": prices, "plan_summary": summary}
    publish(lake, "a", **made, decisions_wanted=WANTED)
    return lake


CHOICES = ("keep_limit", "raise_limit", "raise_one_month")
WANTED: list[dict[str, Any]] = [
    {"decision_id": "2026-06-hours", "kind": "limit", "limit": "overtime_hours", "subject": "crew", "option": letter}
    | {"choice": choice, "month_from": MONTHS[0], "month_to": MONTHS[1], "last_safe_date": MONTHS[0], "effect": None}
    for letter, choice in zip("ABC", CHOICES, strict=True)
]


def publish(lake, run, **made):
    for name, rows in made.items():
        lake.write(name, tables.conform(name, [_filled(name, row) for row in rows]), JUNE, run)
    lake.publish(JUNE, run)


def decide(lake, option):
    return record_decision(lake, JUNE, "hours", Choice(option, "Anna Ott", "as put up"))[0]


def _filled(name, row):
    """A row with something in every column that must have it."""
    blank = {column.name: _something(column) for column in tables.get(name).columns if column.required}
    return {**blank, **row}


def _something(column):
    if column.one_of:
        return column.one_of[0]
    return {"text": "x", "flag": False, "date": MONTHS[0], "month": MONTHS[0]}.get(str(column.kind), 0)


RAISED: dict[str, list[tuple[Any, ...]]] = {
    "A": [],
    "B": [("2026-07-01", 130, 30, 90), ("2026-08-01", 150, 40, 120)],
    "C": [("2026-08-01", 150, 40, None)],
}


def raised(record):
    names = ("limit", "more", "at_start")
    amounts = [[Decimal(entry[name]) if name in entry else None for name in names] for entry in record["raised"]]
    return [(entry["month"], *found) for entry, found in zip(record["raised"], amounts, strict=True)]


@pytest.mark.parametrize("option", RAISED)
def test_every_month_of_the_option_has_its_limit(lake, option):
    record = decide(lake, option)
    assert record["raises"] == ("overtime_hours" if RAISED[option] else None)
    assert raised(record) == RAISED[option]


@pytest.mark.parametrize("first", ["B", "reject", "defer"])
def test_another_option_raises_what_it_was_put_up_with(lake, first):
    """The plan made since has the first in it, puts nothing up and knows no options; neither promise is another."""
    decide(lake, first)
    publish(
        lake, "b", **dict.fromkeys(("limit_options", "limit_option_months", "shadow_prices", "decisions_wanted"), ())
    )
    record = decide(lake, "C")
    assert (record["number"], record["option"], record["raises"]) == (2, "C", "overtime_hours")
    assert raised(record) == RAISED["C"]
    assert raised(decide(lake, "B")) == RAISED["B"]


def test_what_is_put_up_anew_is_decided_as_it_is_put_up_now(lake):
    """A deferred decision comes back with the figures of the plan made since: 10 hours more in July, as A."""
    decide(lake, "defer")
    month = {**BASE, "scenario": "all_months", "month": MONTHS[0], "quantity": 10}
    wanted = [{**WANTED[1], "option": "A"}, {**WANTED[0], "option": "B"}]
    publish(lake, "b", limit_option_months=[month], decisions_wanted=wanted)
    assert raised(decide(lake, "A")) == [("2026-07-01", 110, 10, None)]


@pytest.mark.parametrize(
    ("option", "due", "told"),
    [("B", "2026-06-30", False), ("B", "2026-06-29", True), ("reject", "2026-06-01", False), ("B", None, False)],
)
def test_an_option_that_is_adopted_after_its_last_safe_day_says_so(option, due, told):
    record = {"action": option if option == "reject" else "adopt", "due": due, "on": "2026-06-30"}
    said = Taken(record, is_new=True, again=frozenset()).too_late
    assert said.startswith("Its last safe day was 2026-06-29") if told else said == ""


def test_what_is_raised_is_in_force_until_its_last_month_and_given_up_when_rejected(lake):
    """July and August are raised in June's plan and in July's, August alone in August's, nothing in September's."""
    decide(lake, "B")
    log = DecisionLog(lake.root)

    def in_force(cycle):
        rows = recorded_decisions(log, tables.empty("input_entries"), Cycle.parse(cycle)).decisions_in_force.to_pylist()
        assert {(row["changes"], row["subject"]) for row in rows} <= {("overtime_hours", "crew")}
        return [(str(row["month"]), *(row[name] for name in ("limit", "more", "at_start"))) for row in rows]

    for cycle, months in (("2026-06", 2), ("2026-07", 2), ("2026-08", 1), ("2026-09", 0)):
        assert in_force(cycle) == RAISED["B"][2 - months :]
    decide(lake, "reject")
    assert in_force("2026-07") == []


def test_a_later_cycle_that_was_planned_before_the_record_is_told_and_not_released(lake):
    """July knows the adoption of June's decision; it is given up in June, and July is planned with it still."""
    july = Cycle.parse("2026-07")
    adopted = decide(lake, "B")
    made = recorded_decisions(DecisionLog(lake.root), tables.empty("input_entries"), july)
    lake.write("recorded_decisions", made.recorded_decisions, july, "c")
    lake.publish(july, "c")
    assert planned_without(lake, JUNE, adopted) == ()
    _refuse_unplanned(lake, july)
    rejected = decide(lake, "reject")
    assert planned_without(lake, JUNE, rejected) == (july,)
    with pytest.raises(BadInput, match=r"found recorded and not planned yet: 2026-06-hours.*sop run --cycle 2026-07"):
        _refuse_unplanned(lake, july)
