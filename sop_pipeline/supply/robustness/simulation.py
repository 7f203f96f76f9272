"""A plan kept as decided while demand comes otherwise: stock, what is owed and what is lost take up the difference.

The same balance and the same prices as the model's (METHODS 5); output, subcontracting, heads and overtime stand. Here:
that one recursion over months, all samples and items at once, and the figures it gives. Not here: the samples
(``paths.sample``), tables (``robustness``). Limits of stock and storage are not kept: a plan that may not be
changed cannot keep them, and stock above them costs its holding.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sop_pipeline.supply.arrays import Floats

PATIENCE = 1e-9


@dataclass(frozen=True)
class Decided:
    """A plan and the prices of what may differ from it, (I, T) in units and money per unit.

    ``supplied`` is output and subcontracting; ``opening`` (I,) stock and ``owed`` (I,) backlog at the start; a blank
    (NaN) ``backlog_cost`` means that customers do not wait, ``closing`` (I,) is the most they may be owed at the end.
    """

    demand: Floats
    supplied: Floats
    inventory: Floats
    backlog: Floats
    lost: Floats
    opening: Floats
    owed: Floats
    closing: Floats
    price: Floats
    holding_cost: Floats
    backlog_cost: Floats
    lost_cost: Floats


@dataclass(frozen=True)
class Outcome:
    """What became of it, (S, I, T) in units."""

    demand: Floats
    inventory: Floats
    backlog: Floats
    lost: Floats

    @cached_property
    def on_time(self) -> Floats:
        """Demand served in its own month: neither lost nor, the oldest being served first, owed at its end."""
        served = self.demand - self.lost
        result: Floats = served - np.minimum(self.backlog, served)
        return result


def simulate(plan: Decided, demand: Floats) -> Outcome:
    """Run the plan against ``demand`` (S, I, T).

    Month by month, with ``N = I(t-1) + X + C`` to serve from and ``B(t-1) + D`` to serve, the oldest first::

        S = max(0, B(t-1) + D - N, min(L_plan + B_plan, B(t-1) + D - (N - kept)))    what stays unserved
        L = min(S, D, L_plan) + given up             0 <= L <= D
        B = S - L,   I = N - (B(t-1) + D - S)        so that I(t-1) - B(t-1) + X + C = D - L + I - B

    ``kept`` is stock the plan itself holds back while it leaves demand unserved; it does so for no more than the plan
    leaves unserved. Customers wait where backlog has a cost, as long as waiting costs less than losing them
    (``lost_cost / backlog_cost`` months) and no more than ``closing`` of them at the end; whoever waits longer, beyond
    what the plan itself lets wait, is given up. At the plan's own demand this gives the plan's own stock, backlog and
    lost sales.
    """
    samples, (items, months) = len(demand), plan.demand.shape
    patience = _patience(plan)
    inventory, backlog = np.zeros((samples, items, months)), np.zeros((samples, items, months))
    lost = np.zeros((samples, items, months))
    stock = np.broadcast_to(plan.opening, (samples, items))
    owed = np.broadcast_to(plan.owed, (samples, items))
    for month in range(months):
        asked = demand[:, :, month]
        there = stock + plan.supplied[:, month]
        unserved = _unserved(plan, month, owed + asked - there)
        planned = np.minimum(np.minimum(unserved, asked), plan.lost[:, month])
        waiting = _may_wait(plan, month, _recent(demand, lost, month, patience[:, month]))
        given_up = np.minimum(np.maximum(unserved - planned - waiting, 0.0), asked - planned)
        lost[:, :, month] = planned + given_up
        stock, owed = there - (owed + asked - unserved), unserved - planned - given_up
        inventory[:, :, month], backlog[:, :, month] = stock, owed
    return Outcome(demand, inventory, backlog, lost)


def _unserved(plan: Decided, month: int, missing: Floats) -> Floats:
    """What stays unserved (S, I): what is missing, and what the plan itself holds back for no more than it leaves."""
    left = plan.lost[:, month] + plan.backlog[:, month]
    kept = np.where(left > 0, plan.inventory[:, month], 0.0)
    result: Floats = np.maximum(np.maximum(missing, 0.0), np.minimum(missing + kept, left))
    return result


def _may_wait(plan: Decided, month: int, recent: Floats) -> Floats:
    """Most that may be owed at the month's end (S, I): recent demand, or what the plan itself owes."""
    most = np.where(np.isnan(plan.backlog_cost[:, month]), 0.0, np.inf)
    if month == plan.demand.shape[1] - 1:
        most = np.minimum(most, plan.closing)
    result: Floats = np.maximum(np.minimum(most, recent), plan.backlog[:, month])
    return result


def _patience(plan: Decided) -> Floats:
    """Whole months a customer waits before being given up costs less (I, T); infinite where losing has no price."""
    with np.errstate(divide="ignore", invalid="ignore"):
        months = np.ceil(plan.lost_cost / plan.backlog_cost - PATIENCE)
    never = np.isnan(plan.lost_cost) | (plan.backlog_cost == 0)
    result: Floats = np.where(never, np.inf, np.maximum(np.nan_to_num(months), 0.0))
    return result


def _recent(demand: Floats, lost: Floats, month: int, patience: Floats) -> Floats:
    """Demand of the last ``patience`` months (S, I), this one included, less what of it was lost; what may wait."""
    total = np.zeros(demand.shape[:2])
    for back in range(month + 1):
        within = patience > back
        if not within.any():
            break
        total += np.where(within, demand[:, :, month - back] - lost[:, :, month - back], 0.0)
    return np.where(patience > month, np.inf, total)


def repriced(plan: Decided, outcome: Outcome) -> Floats:
    """Holding, backlog and lost sales (S, T) in money: what of the plan's cost depends on demand."""
    spent = outcome.inventory * plan.holding_cost + outcome.backlog * np.nan_to_num(plan.backlog_cost)
    result: Floats = spent.sum(axis=1) + unpaid(plan, outcome)
    return result


def unpaid(plan: Decided, outcome: Outcome) -> Floats:
    """What lost sales cost (S, T) in money: in no profit, since the revenue lacks them already (METHODS 6)."""
    result: Floats = (outcome.lost * np.nan_to_num(plan.lost_cost)).sum(axis=1)
    return result


def revenue(plan: Decided, outcome: Outcome) -> Floats:
    """``price (D - L) + price(1) B(0) - price(t) B(t)`` of the months up to each (S, T), running."""
    sold = np.cumsum((plan.price * (outcome.demand - outcome.lost)).sum(axis=1), axis=1)
    opening = float((plan.price[:, 0] * plan.owed).sum())
    result: Floats = sold + opening - (plan.price * outcome.backlog).sum(axis=1)
    return result
