"""Where the plan in use is uneven though demand is not."""

from __future__ import annotations

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.language.supply import swing_words
from sop_pipeline.supply.schedule.swings import SwingInputs, plan_swings

START = Cycle.parse("2026-07").month


def swings(made, demand, *, hours=(), needs=(), available=160, lots=None, group=None):
    """``made`` and ``demand`` by product and month; ``hours`` and ``needs`` of one line by month."""
    months = range(max(len(hours), *(len(amounts) for amounts in made.values())))
    schedule = [
        {
            "month": add_months(START, lag), "product_id": name, "item_id": name, "family": "F",
            "opening_stock": 0, "opening_backlog": 0, "demand": demand[name][lag], "output": amounts[lag],
            "subcontract": 0, "inventory": 0, "backlog": 0, "lost_sales": 0, "target_stock": 0,
        }
        for name, amounts in made.items()
        for lag in months
    ]  # fmt: skip
    load = [
        {
            "resource_id": "line", "month": add_months(START, lag), "planned": value, "by_products": value,
            "difference": 0, "available": available, "over": 0,
        }
        for lag, value in enumerate(hours)
    ]  # fmt: skip
    required = [
        {"feature": "line", "kind": "machine", "month": add_months(START, lag), "requirement": value, "top_down": value}
        for lag, value in enumerate(needs)
    ]
    takes = [{"product_id": name, "feature": "line", "quantity": 1, "option_group": group} for name in made]
    products = [{"product_id": name, "product_name": name, "min_lot": lots} for name in made]
    given = {
        "production_schedule": schedule,
        "schedule_load": load,
        "feature_requirements": required,
        "planned_features": takes,
        "products": products,
    }
    made_of = {name: tables.conform(name, rows) if rows else tables.empty(name) for name, rows in given.items()}
    return plan_swings(SwingInputs(**made_of)).to_pylist()


FLAT = [71, 72, 71, 72]


def test_a_product_made_in_bulk_or_not_at_all_on_flat_demand():
    (row,) = swings({"P": [143, 0, 143, 0]}, {"P": FLAT})
    assert (row["swing"], row["subject"], row["amount"], row["highest"]) == ("swings", "P", 0, 143)
    assert (row["month"], row["highest_month"]) == (add_months(START, 1), START)
    assert float(row["usual"]) == 71.5
    words = "P is made 0 in Aug 2026 and 143 in Jul 2026, on a steady demand of 72 a month"
    assert swing_words(row) == words


@pytest.mark.parametrize(
    ("made", "demand", "more"),
    [
        ([0, 72, 71, 72], FLAT, {}),  # stock run down once is no swing
        ([20, 123, 71, 72], FLAT, {}),  # 28% and 172% of the usual
        ([143, 0, 143, 0], [40, 72, 100, 72], {}),  # demand itself moves
        ([143, 0, 143, 0], FLAT, {"lots": 100}),  # lots are meant to come in lots
    ],
)
def test_what_is_no_swing(made, demand, more):
    assert swings({"P": made}, {"P": demand}, **more) == []


def test_a_line_that_all_but_stops_while_its_demand_goes_on():
    flat = {"P": FLAT}
    (row,) = swings(flat, flat, hours=[20, 100, 100, 45], needs=[100, 100, 100, 100])
    assert (row["swing"], row["subject"], row["month"]) == ("stops", "line", START)
    assert (row["amount"], row["usual"], float(row["share"])) == (20, 100, 0.2)
    assert swing_words(row) == "line works 20% of the hours that the demand of Jul 2026 takes"


@pytest.mark.parametrize(
    ("hours", "needs", "more"),
    [
        ([51, 100, 100, 100], [100] * 4, {}),
        ([20, 100, 100, 100], [38, 100, 100, 100], {}),  # a season that asks for little
        ([0, 100, 100, 100], [100] * 4, {"available": 0}),  # shut
        ([20, 20, 20, 20], [100] * 4, {"available": 20}),  # full: demand is more than there is
        ([0, 100, 100, 100], [100] * 4, {"group": "line/north"}),  # one of several that serve
    ],
)
def test_what_is_no_stop(hours, needs, more):
    flat = {"P": FLAT}
    assert swings(flat, flat, hours=hours, needs=needs, **more) == []
