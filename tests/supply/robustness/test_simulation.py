"""A plan kept as decided while demand comes otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop_pipeline.supply.robustness.simulation import Decided, repriced, revenue, simulate


def decided(demand, supplied, inventory, backlog=None, lost=None, **changed) -> Decided:
    """One item; holding 1, backlog 2, lost sales 5 a unit, price 10; nothing at the start."""
    shape = (1, len(demand))

    def row(values):
        return np.zeros(shape) if values is None else np.array([values], float)

    plan = Decided(
        demand=row(demand),
        supplied=row(supplied),
        inventory=row(inventory),
        backlog=row(backlog),
        lost=row(lost),
        opening=np.zeros(1),
        owed=np.zeros(1),
        closing=np.full(1, np.inf),
        price=np.full(shape, 10.0),
        holding_cost=np.full(shape, 1.0),
        backlog_cost=np.full(shape, 2.0),
        lost_cost=np.full(shape, 5.0),
    )
    return replace(plan, **changed)


def ran(plan: Decided, *demand: float) -> dict[str, list[float]]:
    out = simulate(plan, np.array([[demand]], float))
    return {name: getattr(out, name)[0, 0].tolist() for name in ("inventory", "backlog", "lost", "on_time")}


def test_stock_takes_up_the_difference_then_customers_wait():
    """10 a month for 10 wanted, 5 in stock: 8 leaves 7, then 20 leaves 3 waiting, 10 more served with them late."""
    plan = decided([10, 10, 10], [10, 10, 10], [5, 5, 5], opening=np.array([5.0]))
    assert ran(plan, 8, 20, 10) == {
        "inventory": [7, 0, 0],
        "backlog": [0, 3, 3],
        "lost": [0, 0, 0],
        "on_time": [8, 17, 7],
    }
    outcome = simulate(plan, np.array([[[8.0, 20, 10]]]))
    assert repriced(plan, outcome)[0].tolist() == [7, 6, 6]
    assert revenue(plan, outcome)[0].tolist() == [80, 250, 350]


def test_customers_are_given_up_when_waiting_costs_more():
    """Waiting costs 2 a month, losing 5: who waits a third month is lost; nobody waits where waiting has no price."""
    plan = decided([10] * 5, [10] * 5, [0] * 5)
    assert ran(plan, 16, 10, 10, 10, 10)["backlog"] == [6, 6, 6, 6, 6]  # the oldest are served first, none waits long
    stopped = decided([10] * 5, [10, 0, 0, 0, 0], [0] * 5)
    out = ran(stopped, 16, 0, 1, 1, 1)
    assert out["backlog"] == [6, 6, 7, 7, 7]  # L <= D: no more are given up in a month than it brings
    assert out["lost"] == [0, 0, 0, 1, 1]
    never = decided([10], [10], [0], backlog_cost=np.full((1, 1), np.nan))
    assert ran(never, 16)["lost"] == [6]


def test_no_more_is_owed_at_the_end_than_the_plan_may_owe():
    plan = decided([10, 10], [10, 10], [0, 0], closing=np.array([1.0]))
    assert ran(plan, 14, 10) == {"inventory": [0, 0], "backlog": [4, 1], "lost": [0, 3], "on_time": [10, 6]}


def test_stock_the_plan_holds_back_serves_what_comes_beyond_it():
    """The plan keeps 4 and loses 3 of 10; of 12 it loses 3 still, of 8 one, and of 20 all there is is shipped."""
    plan = decided([10], [11], [4], lost=[3], backlog_cost=np.full((1, 1), np.nan))
    assert ran(plan, 10)["lost"] == [3]
    assert ran(plan, 12) == {"inventory": [2], "backlog": [0], "lost": [3], "on_time": [9]}
    assert ran(plan, 8) == {"inventory": [4], "backlog": [0], "lost": [1], "on_time": [7]}
    assert ran(plan, 20) == {"inventory": [0], "backlog": [0], "lost": [9], "on_time": [11]}


amounts = st.lists(st.integers(0, 60), min_size=4, max_size=4)


@settings(max_examples=150, deadline=None)
@given(amounts, amounts, amounts, st.integers(0, 40), st.integers(0, 20), st.integers(0, 3), st.booleans())
def test_every_path_balances_and_the_plans_own_demand_gives_the_plan(demand, supplied, came, stock, owed, split, wait):
    """A plan by hand: what is short is lost by thirds (``split``), the rest late; some stock may be held back."""
    plan = decided(demand, supplied, [0] * 4, opening=np.array([float(stock)]), owed=np.array([float(owed * wait)]))
    plan = replace(plan, backlog_cost=np.full((1, 4), 2.0 if wait else np.nan))
    inventory, backlog, lost = np.zeros(4), np.zeros(4), np.zeros(4)
    have, due = float(stock), float(owed * wait)
    for month in range(4):
        have, due = have + supplied[month], due + demand[month]
        served = min(have, due)
        served -= min(served, split) if month == 1 and wait else 0
        have, due = have - served, due - served
        lost[month] = min(due, demand[month]) * (split / 3 if wait else 1)
        due -= lost[month]
        inventory[month], backlog[month] = have, due
    plan = replace(plan, inventory=inventory[None], backlog=backlog[None], lost=lost[None])
    as_planned = simulate(plan, plan.demand[None])
    for name in ("inventory", "backlog", "lost"):
        assert getattr(as_planned, name)[0] == pytest.approx(getattr(plan, name)), name
    out = simulate(plan, np.array([[came]], float))
    before = np.concatenate([[stock - owed * wait], (out.inventory - out.backlog)[0, 0, :-1]])
    after = (out.inventory - out.backlog)[0, 0]
    assert before + supplied - np.array(came) + out.lost[0, 0] == pytest.approx(after)
    assert min(out.inventory.min(), out.backlog.min(), out.lost.min(), out.on_time.min()) > -1e-9
    assert (out.lost[0, 0] <= np.array(came) + 1e-9).all()
