"""What moved since the last cycle: parts that add up, over the months both cycles plan."""

from __future__ import annotations

import pytest

from sop_pipeline.cycle import Cycle
from sop_pipeline.language.reconciliation import change_words
from sop_pipeline.reconciliation.plan_changes import DemandBefore, plan_changes
from tests.reconciliation.conftest import by, make


def demand(product, when, statistical, adjustment=0):
    quantity = statistical + adjustment
    return {
        "product_id": product,
        "family": "F",
        "month": when,
        "lag": 0,
        "statistical": statistical,
        "adjustment": adjustment,
        "quantity": quantity,
        "p10": quantity,
        "p50": quantity,
        "p90": quantity,
    }


def adjustment(product, when, stream, change, reason=None, **effect):
    return {
        "stream": stream,
        "product_id": product,
        "family": "F",
        "month": when,
        "precedence": 1,
        "before": 0,
        "change": change,
        "reason": reason,
    } | effect


def planned(product, when, revenue):
    return {"product_id": product, "family": "F", "month": when, "demand": 0, "sales": 0, "revenue": revenue}


def before(product, when, revenue):
    zeros = dict.fromkeys(("demand", "sales", "output", "inventory"), 0)
    return {"cycle": "2026-02", "product_id": product, "family": "F", "month": when, "revenue": revenue} | zeros


@pytest.fixture
def found():
    now = make(
        "demand_plan",
        demand("a", "2026-03", 100, 20),
        demand("a", "2026-04", 110),
        demand("a", "2026-05", 999),
        demand("b", "2026-03", 50),
        demand("c", "2026-03", 7),
        demand("d", "2026-03", 10),
        demand("e", "2026-03", 30),
    )
    previous = DemandBefore(
        cycle=Cycle.parse("2026-02"),
        demand_plan=make(
            "demand_plan",
            demand("a", "2026-02", 5),
            demand("a", "2026-03", 90),
            demand("a", "2026-04", 100, 50),
            demand("b", "2026-03", 80, 3),
            demand("d", "2026-03", 10),
            demand("e", "2026-03", 30),
            demand("z", "2026-03", 4),
        ),
        demand_adjustments=make(
            "demand_adjustments",
            adjustment("a", "2026-04", "marketing", 50, "spring promotion"),
            adjustment("b", "2026-03", "sales", 3),
        ),
        demand_history=make("demand_history"),
    )
    return plan_changes(
        now,
        make("demand_adjustments", adjustment("a", "2026-03", "sales", 20, "new customer")),
        make("demand_history"),
        make("sales_plan", planned("a", "2026-03", 1200), planned("a", "2026-05", 9999), planned("e", "2026-03", 60)),
        make("last_plan", before("a", "2026-03", 900), before("a", "2026-02", 50), before("e", "2026-03", 90)),
        previous,
    )


def test_contributions_add_up(found):
    rows = by(found, "product_id")
    a = rows["a"]
    assert (a["demand_change"], a["statistical_change"], a["streams_change"]) == (-10, 20, -30)
    assert all(row["statistical_change"] + row["streams_change"] == row["demand_change"] for row in rows.values())
    assert a["revenue_change"] == 300


def test_the_largest_cause_is_named_with_its_number(found):
    rows = by(found, "product_id")
    a = rows["a"]
    assert (a["cause"], a["stream"], a["stream_change"], a["reason"]) == (
        *("stream_withdrawn", "marketing", -50, "spring promotion"),
    )
    assert {name: row["cause"] for name, row in rows.items() if name != "a"} == {
        "b": "statistical",
        "c": "new",
        "e": "supply_or_price",
        "z": "gone",
    }
    assert rows["e"]["revenue_change"] == -30


def test_the_largest_cause_in_words(found):
    said = {name: change_words(row) for name, row in by(found, "product_id").items()}
    assert said == {
        "a": "marketing (50) units, withdrawn: spring promotion",
        "b": "season and trend estimated anew, (30) units",
        "c": "new in the plan: 7 units",
        "e": "demand unchanged; supply or price moved the revenue",
        "z": "no longer in the plan: (4) units",
    }


def test_a_price_that_vanished_or_appeared_is_the_cause_of_the_revenue_that_did():
    """Demand moved a little; the whole revenue moved because its price is not known in one of the two cycles."""
    rows = plan_changes(
        make("demand_plan", demand("a", "2026-03", 102), demand("b", "2026-03", 98)),
        make("demand_adjustments"),
        make("demand_history"),
        make("sales_plan", planned("a", "2026-03", None), planned("b", "2026-03", 490)),
        make("last_plan", before("a", "2026-03", 500), before("b", "2026-03", None)),
        DemandBefore(
            cycle=Cycle.parse("2026-02"),
            demand_plan=make("demand_plan", demand("a", "2026-03", 100), demand("b", "2026-03", 100)),
            demand_adjustments=make("demand_adjustments"),
            demand_history=make("demand_history"),
        ),
    )
    found = by(rows, "product_id")
    assert {name: (row["cause"], row["revenue_change"]) for name, row in found.items()} == {
        "a": ("price_gone", -500),
        "b": ("price_new", 490),
    }
    assert change_words(found["a"]) == "no price is known any more; demand 2 units"


def test_the_portfolios_effect_comes_with_its_product():
    effect = {"effect": "cannibalised", "other_product_id": "n", "effect_share": 0.3}
    rows = plan_changes(
        make("demand_plan", demand("a", "2026-03", 100, -30)),
        make("demand_adjustments", adjustment("a", "2026-03", "portfolio", -30, **effect)),
        make("demand_history"),
        make("sales_plan"),
        make("last_plan"),
        DemandBefore(
            cycle=Cycle.parse("2026-02"),
            demand_plan=make("demand_plan", demand("a", "2026-03", 100)),
            demand_adjustments=make("demand_adjustments"),
            demand_history=make("demand_history"),
        ),
    )
    (row,) = rows.to_pylist()
    assert (row["effect"], row["other_product_id"]) == ("cannibalised", "n")
    assert change_words(row) == "portfolio (30) units: 30% of the volume of n taken from it"


def sold(product, when, quantity, flag=None):
    recorded = {"quantity": quantity, "cleansed": 500, "returns": 0, "signal": "sales", "flag": flag}
    return {"product_id": product, "family": "F", "month": when} | recorded


MOVED = {  # product: forecast before and now for March; February's forecast; January and February as sold, now and then
    "more": (100, 109, 80, (50, 95), (50,), "sold 15 units over forecast, forecast 9"),
    "less": (100, 96, 80, (50, 71), (50,), "sold 9 units under forecast, forecast (4)"),
    "corrected": (100, 130, 80, (90, 95), (50,), "past corrected by 40 units, forecast 30"),
    "sold more than was corrected": (100, 130, 80, (55, 95), (50,), "sold 15 units over forecast, forecast 30"),
    "corrected the other way": (100, 130, 80, (10, 95), (50,), "sold 15 units over forecast, forecast 30"),
    "against what was sold": (100, 96, 80, (50, 95), (50,), "season and trend estimated anew, (4) units"),
    "as forecast": (100, 96, 80, (50, 80), (50,), "season and trend estimated anew, (4) units"),
}


def test_what_the_statistical_forecast_followed():
    """Sales since against its forecast, or a past that was corrected: the larger of those that point its way."""
    cases = MOVED.items()
    rows = plan_changes(
        make("demand_plan", *(demand(name, "2026-03", case[1]) for name, case in cases)),
        make("demand_adjustments"),
        make(
            "demand_history",
            *(sold(name, "2026-01", case[3][0]) for name, case in cases),
            *(sold(name, "2026-02", case[3][1]) for name, case in cases),
        ),
        make("sales_plan"),
        make("last_plan"),
        DemandBefore(
            cycle=Cycle.parse("2026-02"),
            demand_plan=make(
                "demand_plan",
                *(demand(name, "2026-02", case[2], 7) for name, case in cases),
                *(demand(name, "2026-03", case[0]) for name, case in cases),
            ),
            demand_adjustments=make("demand_adjustments"),
            demand_history=make("demand_history", *(sold(name, "2026-01", case[4][0]) for name, case in cases)),
        ),
    )
    found = by(rows, "product_id")
    assert {name: change_words(row) for name, row in found.items()} == {name: case[5] for name, case in cases}
    assert (found["corrected"]["history_correction"], found["corrected"]["beyond_forecast"]) == (40, 15)


def test_a_month_that_came_in_part_says_nothing_of_the_forecast():
    rows = plan_changes(
        make("demand_plan", demand("a", "2026-03", 96)),
        make("demand_adjustments"),
        make("demand_history", sold("a", "2026-01", 20), sold("a", "2026-02", 9, "partial_month")),
        make("sales_plan"),
        make("last_plan"),
        DemandBefore(
            cycle=Cycle.parse("2026-02"),
            demand_plan=make("demand_plan", demand("a", "2026-02", 80), demand("a", "2026-03", 100)),
            demand_adjustments=make("demand_adjustments"),
            demand_history=make("demand_history", sold("a", "2026-01", 99, "partial_month")),
        ),
    )
    (row,) = rows.to_pylist()
    assert (row["cause"], row["beyond_forecast"], row["history_correction"]) == ("statistical", None, None)


def test_what_did_not_move_is_not_listed(found):
    assert set(by(found, "product_id")) == {"a", "b", "c", "e", "z"}
    assert by(found, "product_id")["b"]["revenue_change"] is None


def test_a_first_cycle_has_no_changes(empty):
    names = ("demand_plan", "demand_adjustments", "demand_history", "sales_plan", "last_plan")
    assert plan_changes(**{name: empty(name) for name in names}, before=None) == empty("plan_changes")


def test_where_an_external_forecast_is_used_it_is_the_cause():
    """Of a product, of its family, of the company; what people changed more is still theirs."""

    def causes(level, item):
        judged = {"model": "sales", "level": level, "item_id": item, "outcome": "as_given", "used": True}
        rows = plan_changes(
            make("demand_plan", demand("a", "2026-03", 90), demand("b", "2026-03", 90, 40)),
            make("demand_adjustments", adjustment("b", "2026-03", "sales", 40)),
            make("demand_history"),
            make("sales_plan"),
            make("last_plan"),
            DemandBefore(
                cycle=Cycle.parse("2026-02"),
                demand_plan=make("demand_plan", demand("a", "2026-03", 100), demand("b", "2026-03", 100)),
                demand_adjustments=make("demand_adjustments"),
                demand_history=make("demand_history"),
            ),
            make("external_accuracy", {**judged, "months_ahead": 1, "n": 0, "months": 0}),
        )
        return [change_words(row) for row in rows.to_pylist()]

    said = ["external forecast (10) units", "sales 40 units"]
    assert causes("product", "a") == causes("family", "F") == causes("company", "Acme") == said
    assert causes("product", "b") == ["season and trend estimated anew, (10) units", "sales 40 units"]
