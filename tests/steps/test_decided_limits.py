"""The limit of a month that an option raises: what the plan stands at, and what the option's own plan added."""

from datetime import date
from decimal import Decimal

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Lake
from sop_pipeline.steps.decide import Taken, _raised

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
        {**BASE, "scenario": "all_months", "month": m, "quantity": q} for m, q in zip(MONTHS, (30, 40), strict=True)
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
    for name, rows in made.items():
        lake.write(name, tables.conform(name, [_filled(name, row) for row in rows]), JUNE, "a")
    lake.publish(JUNE, "a")
    return lake


def _filled(name, row):
    """A row with something in every column that must have it."""
    blank = {column.name: _something(column) for column in tables.get(name).columns if column.required}
    return {**blank, **row}


def _something(column):
    if column.one_of:
        return column.one_of[0]
    return {"text": "x", "flag": False, "date": MONTHS[0], "month": MONTHS[0]}.get(str(column.kind), 0)


@pytest.mark.parametrize(
    ("choice", "limits"),
    [
        ("raise_limit", {"2026-07-01": 130, "2026-08-01": 150}),
        ("raise_one_month", {"2026-08-01": 150}),
        ("keep_limit", {}),
    ],
)
def test_every_month_of_the_option_has_its_limit(lake, choice, limits):
    first = {"kind": "limit", "limit": "overtime_hours", "subject": "crew"}
    raises, raised = _raised(lake, JUNE, first, {"choice": choice})
    assert raises == ("overtime_hours" if limits else None)
    assert {entry["month"]: Decimal(entry["limit"]) for entry in raised} == limits


@pytest.mark.parametrize(
    ("limit", "table"),
    [
        ("regular_hours", "resources"),
        ("max_hires", "resources"),
        ("cover_days_max", "products"),
        ("max_receipt", "materials"),
    ],
)
def test_a_limit_that_no_month_of_the_plan_has_a_place_for_is_said_to_be_raised_by_hand(limit, table):
    record = {"raises": limit, "subject": "crew", "month_from": "2026-09-01", "month_to": "2027-09-01"}
    said = Taken(record, is_new=True, again=frozenset()).by_hand
    assert f"{limit} of crew follows from table {table}. Change it there for 2026-09 to 2027-09" in said
    for raised in ("overtime_hours", "capacity", "subcontract_limit", "max_stock", None):
        assert Taken({**record, "raises": raised}, is_new=True, again=frozenset()).by_hand == ""
