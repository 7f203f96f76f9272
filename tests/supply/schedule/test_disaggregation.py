"""Taking a family down to its products: the rules, and a whole schedule that balances to the last place."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.supply.schedule.disaggregate import ScheduleInputs, disaggregate
from sop_pipeline.supply.schedule.sharing import (
    TICKS,
    equal_run_out,
    fixed_share,
    inventory_gap,
    proportional,
    share_out,
    ticks,
)
from sop_pipeline.validation.identities import schedule_balance

amounts = st.lists(st.integers(0, 500_0000), min_size=1, max_size=8)


def units(shares) -> list[float]:
    return (shares.quantity / TICKS).tolist()


def test_inventory_gap_of_the_textbook():
    """Target 100 each, projected 25, 55, 70, production 100: 50, 30, 20 (METHODS 5)."""
    assert units(inventory_gap(ticks([100, 100, 100]), ticks([25, 55, 70]), 100 * TICKS)) == [50, 30, 20]


def test_all_methods_by_the_public_function():
    shares, left = share_out(100, "inventory_gap", target=[100, 100, 100], projected=[25, 55, 70])
    assert (shares.tolist(), left) == ([50, 30, 20], 0)
    shares, left = share_out(100, stock=[20, 100, 30], demand=[100, 100, 50])
    assert (shares.tolist(), left) == ([80, 0, 20], 0)
    shares, left = share_out(200, "fixed_share", percent=[60, 50])
    assert (shares.tolist(), left) == ([120, 100], -20)
    shares, left = share_out(100, "inventory_gap", target=[100, 100], projected=[25, 55], lots=[70, 60])
    assert (shares.tolist(), left) == ([100, 0], 0)
    shares, left = share_out(100, "fixed_share", percent=[60, 40], lots=[50, 50])
    assert (shares.tolist(), left) == ([60, 0], 40)
    with pytest.raises(BadInput, match="'by_feel'"):
        share_out(100, "by_feel")


def test_equal_run_out_brings_every_product_to_the_same_cover():
    """Stock 20, 100 and 30 with demand 100, 100 and 50 and 100 made: all three last a month."""
    assert units(equal_run_out(ticks([20, 100, 30]), ticks([100, 100, 50]), 100 * TICKS)) == [80, 0, 20]


def test_a_product_that_outlasts_the_others_gets_nothing():
    shares = units(equal_run_out(ticks([0, 500]), ticks([100, 100]), 150 * TICKS))
    assert shares == [150, 0]


def test_nothing_for_zero_demand_unless_nothing_is_asked_for():
    assert units(equal_run_out(ticks([0, 0]), ticks([0, 10]), 30 * TICKS)) == [0, 30]
    assert units(equal_run_out(ticks([0, 0]), ticks([0, 0]), 30 * TICKS)) == [15, 15]


def test_fixed_shares_over_100_are_over_planning_and_shown():
    shares = fixed_share(np.array([60.0, 50.0]), 200 * TICKS)
    assert units(shares) == [120, 100]
    assert shares.remainder == -20 * TICKS


def test_a_lot_is_made_whole_or_not_at_all():
    shares = equal_run_out(ticks([0, 90]), ticks([100, 100]), 100 * TICKS, lots=ticks([50, 50]))
    assert units(shares) == [100, 0]
    assert shares.remainder == 0


def test_what_is_under_the_smallest_lot_is_left_over():
    shares = equal_run_out(ticks([0, 0]), ticks([100, 100]), 30 * TICKS, lots=ticks([50, 40]))
    assert units(shares) == [0, 0]
    assert shares.remainder == 30 * TICKS


@settings(max_examples=200, deadline=None)
@given(stock=amounts, data=st.data())
def test_equal_run_out_adds_up_and_is_equal(stock, data):
    count = len(stock)
    demand = np.array(data.draw(st.lists(st.integers(0, 500_0000), min_size=count, max_size=count)), np.int64)
    quantity = data.draw(st.integers(0, 10**8))
    held = np.array(stock, np.int64)
    shares = equal_run_out(held, demand, quantity).quantity
    assert shares.sum() == quantity
    assert (shares >= 0).all()
    if not demand.any():
        return
    assert (shares[demand == 0] == 0).all()
    got = shares > 0
    if got.any():
        last = (held + shares)[got] / demand[got]
        assert last.max() - last.min() <= 2.0 / demand[got].min() + 1e-9
        others = ~got & (demand > 0)
        assert (held[others] / demand[others] >= last.min() - 2.0 / demand[others].clip(1) - 1e-9).all()


@settings(max_examples=200, deadline=None)
@given(stock=amounts, data=st.data())
def test_lots_leave_less_than_the_smallest_over(stock, data):
    count = len(stock)
    whole = st.lists(st.integers(1, 300_0000), min_size=count, max_size=count)
    demand, lots = np.array(data.draw(whole), np.int64), np.array(data.draw(whole), np.int64)
    quantity = data.draw(st.integers(0, 10**8))
    shares = equal_run_out(np.array(stock, np.int64), demand, quantity, lots=lots)
    assert shares.quantity.sum() + shares.remainder == quantity
    assert ((shares.quantity == 0) | (shares.quantity >= lots)).all()
    assert shares.remainder < lots.min()


@given(weight=amounts, quantity=st.integers(0, 10**9))
def test_proportional_parts_add_up(weight, quantity):
    weights = np.array(weight, np.int64)
    assert proportional(weights, quantity).sum() == (quantity if weights.any() else 0)


START = date(2026, 7, 1)


def schedule_of(demand, opening, plan, **more):
    """A family's plan (output, subcontract, inventory, backlog, lost_sales by month) taken down to products."""
    count = len(plan)
    months = [add_months(START, lag) for lag in range(count)]
    demand_plan = [
        {
            "product_id": name,
            "family": "Alpha",
            "month": month,
            "lag": lag,
            **dict.fromkeys(("statistical", "quantity", "p10", "p50", "p90"), amounts[lag]),
            "adjustment": 0,
        }
        for name, amounts in demand.items()
        for lag, month in enumerate(months)
    ]
    aggregate = [
        {
            "strategy": "blended",
            "scenario": "base",
            "item_id": "Alpha",
            "item_level": "family",
            "month": month,
            "demand": sum(amounts[lag] for amounts in demand.values()),
            **dict(zip(("output", "subcontract", "inventory", "backlog", "lost_sales"), plan[lag], strict=True)),
            "target_stock": 0,
        }
        for lag, month in enumerate(months)
    ]
    products = [{"product_id": name, "product_name": name, "family": "Alpha", **more.get(name, {})} for name in demand]
    state = [
        {
            "product_id": name,
            "family": "Alpha",
            "item_id": "Alpha",
            "opening_stock": max(opening[name], 0),
            "opening_backlog": max(-opening[name], 0),
            "safety_stock": 0,
            "risk_months": 1,
            "service_level": 0.95,
            "method": "normal",
        }
        for name in demand
    ]
    inputs = ScheduleInputs(
        aggregate_plan=tables.conform("aggregate_plan", aggregate),
        plan_summary=tables.empty("plan_summary"),
        demand_plan=tables.conform("demand_plan", demand_plan),
        products=tables.conform("products", products),
        opening_state=tables.conform("opening_state", state),
        stock_targets=tables.empty("stock_targets"),
        frozen_plan=tables.empty("frozen_plan"),
    )
    return disaggregate(inputs, company=Company(company="Small", sources={}))


def column(result, name) -> dict[str, list[Decimal]]:
    out: dict[str, list[Decimal]] = {}
    for row in result.production_schedule.to_pylist():
        out.setdefault(row["product_id"], []).append(row[name])
    return out


def test_a_family_month_by_hand():
    """Opening 60 and 0, demand 50 and 100, 140 made: both last 200/150 of a month."""
    result = schedule_of({"A1": [50], "A2": [100]}, {"A1": 60, "A2": 0}, [(140, 0, 50, 0, 0)])
    assert column(result, "output") == {"A1": [Decimal("6.6667")], "A2": [Decimal("133.3333")]}
    assert column(result, "inventory") == {"A1": [Decimal("16.6667")], "A2": [Decimal("33.3333")]}


def test_shortage_is_shared_so_that_all_run_out_alike():
    """Demand 300, 150 to serve it: each product is served by half; 100 lost and 50 owed split alike."""
    result = schedule_of({"A1": [100], "A2": [200]}, {"A1": 0, "A2": 0}, [(150, 0, 0, 50, 100)])
    assert column(result, "output") == {"A1": [50], "A2": [100]}
    assert sum(rows[0] for rows in column(result, "lost_sales").values()) == 100
    assert sum(rows[0] for rows in column(result, "backlog").values()) == 50
    assert column(result, "inventory") == {"A1": [0], "A2": [0]}


def test_one_product_short_while_another_has_too_much_is_owed_and_still_balances():
    result = schedule_of({"A1": [10, 10], "A2": [50, 50]}, {"A1": 100, "A2": 0}, [(20, 0, 60, 0, 0), (0, 0, 0, 0, 0)])
    assert column(result, "output") == {"A1": [0, 0], "A2": [20, 0]}
    assert column(result, "backlog") == {"A1": [0, 0], "A2": [30, 80]}
    assert schedule_balance(result.production_schedule).passed


def test_only_products_that_may_be_bought_in_are():
    more = {"A2": {"subcontract_cost": 3}}
    result = schedule_of({"A1": [100], "A2": [100]}, {"A1": 0, "A2": 0}, [(100, 100, 0, 0, 0)], **more)
    assert column(result, "subcontract") == {"A1": [0], "A2": [100]}
    assert column(result, "output") == {"A1": [100], "A2": [0]}


def test_a_lots_remainder_is_carried_into_the_next_month_and_reported():
    more = {"A1": {"min_lot": 50}, "A2": {"min_lot": 60}}
    result = schedule_of(
        {"A1": [20, 20], "A2": [20, 20]}, {"A1": 20, "A2": 20}, [(40, 0, 40, 0, 0), (40, 0, 40, 0, 0)], **more
    )
    assert [
        (row["month"], row["remainder"], row["smallest_lot"]) for row in result.schedule_remainders.to_pylist()
    ] == [(START, 40, 50)]
    made = column(result, "output")
    assert sum(made["A1"]) + sum(made["A2"]) == 80
    assert made["A1"][0] == made["A2"][0] == 0


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_plan_adds_up_and_balances_exactly(data):
    """Whatever the family's flows: products add up to them, and each product's stock balances to the last place."""
    count = data.draw(st.integers(2, 5))
    months = data.draw(st.integers(1, 4))
    amount = st.integers(0, 10**7).map(lambda value: value / TICKS)
    names = [f"P{number}" for number in range(count)]
    demand = {name: [data.draw(amount) for _ in range(months)] for name in names}
    opening = {name: data.draw(st.integers(-(10**6), 10**7)) / TICKS for name in names}
    plan, net = [], round(sum(opening.values()), 4)
    for month in range(months):
        total = round(sum(amounts[month] for amounts in demand.values()), 4)
        made, bought = data.draw(amount), data.draw(amount)
        lost = round(total * data.draw(st.sampled_from([0, 0, 0.25, 1])), 4)
        net = round(net + made + bought - total + lost, 4)
        plan.append((made, bought, max(net, 0), max(-net, 0), lost))
    result = schedule_of(demand, opening, plan)
    assert schedule_balance(result.production_schedule).passed
    rows = result.production_schedule.to_pylist()
    assert all(
        row[name] >= 0 for row in rows for name in ("output", "subcontract", "inventory", "backlog", "lost_sales")
    )
    assert all(row["lost_sales"] <= row["demand"] for row in rows)
    for lag, (made, bought, stock, owed, lost) in enumerate(plan):
        here = [row for row in rows if row["month"] == add_months(START, lag)]
        for name, whole in (("output", made), ("subcontract", bought), ("lost_sales", lost)):
            assert sum(row[name] for row in here) == Decimal(str(round(whole, 4)))
        assert sum(row["inventory"] - row["backlog"] for row in here) == Decimal(str(round(stock - owed, 4)))


def test_a_strategy_that_was_not_planned_is_refused():
    with pytest.raises(BadInput, match="strategy blended"):
        disaggregate(
            ScheduleInputs(*(tables.empty(field.name) for field in fields(ScheduleInputs))),
            company=Company(company="Small", sources={}),
        )
