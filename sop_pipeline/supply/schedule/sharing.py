"""From a family's quantity to its products: equal run-out time, fixed share, inventory gap (METHODS 5).

Pure rules over whole numbers: quantities are counted in ten-thousandths of a unit, the last place a plan has, so that
parts add up exactly and nothing is rounded twice. Not here: months, stock balances and tables
(``disaggregate``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sop_pipeline.errors import BadInput

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

TICKS = 10_000


@dataclass(frozen=True)
class Shares:
    """What each product gets, and what could not be shared out because it is under the smallest lot."""

    quantity: Ints
    remainder: int = 0


def share_out(
    quantity: float,
    method: str = "equal_run_out",
    *,
    stock: npt.ArrayLike = (),
    demand: npt.ArrayLike = (),
    target: npt.ArrayLike = (),
    projected: npt.ArrayLike = (),
    percent: npt.ArrayLike = (),
    lots: npt.ArrayLike | None = None,
) -> tuple[Floats, float]:
    """Share a family's ``quantity`` over its products (METHODS 5); return their shares and the remainder, in units.

    ``equal_run_out`` takes ``stock`` and ``demand``, ``inventory_gap`` ``target`` and ``projected`` stock,
    ``fixed_share`` ``percent``; each an array by product, ``lots`` their smallest lots. Shares and remainder add up to
    the quantity; the remainder is under the smallest lot, or below zero where percentages over 100 plan more than there
    is. ``supply.disaggregation`` names the same methods for a company.
    """
    whole = int(ticks(quantity))
    least = None if lots is None else ticks(lots)
    if method == "fixed_share":
        shares = fixed_share(np.asarray(percent, float), whole)
        quantities = shares.quantity if least is None else whole_lots(shares.quantity, least)
        shares = Shares(quantities, whole - int(quantities.sum()))
    elif method == "inventory_gap":
        shares = inventory_gap(ticks(target), ticks(projected), whole, lots=least)
    elif method == "equal_run_out":
        shares = equal_run_out(ticks(stock), ticks(demand), whole, lots=least)
    else:
        needed = "equal_run_out, fixed_share or inventory_gap"
        raise BadInput(found=repr(method), needed=needed, where="method", mend="Choose one of the three.")
    return shares.quantity / TICKS, shares.remainder / TICKS


def ticks(units: npt.ArrayLike) -> Ints:
    """Units as whole ten-thousandths."""
    return np.rint(np.asarray(units, float) * TICKS).astype(np.int64)


def equal_run_out(
    stock: Ints, demand: Ints, quantity: int, *, lots: Ints | None = None, most: Ints | None = None
) -> Shares:
    """Share ``quantity`` so that ``(stock_p + x_p) / demand_p`` is equal over all products that get a share.

    No share is negative: a product that would outlast the others without one gets none. No share for zero demand,
    unless nothing at all is asked for. ``most`` limits each share. With ``lots`` a share is nothing or at least its
    lot; what is under the smallest lot stays over as the remainder. All in ten-thousandths; the parts add up exactly.
    """
    asked = demand if demand.any() else np.ones_like(demand)
    room = np.full(len(demand), quantity, np.int64) if most is None else np.minimum(most, quantity)
    if lots is None or not lots.any():
        shares = _fill(stock, asked, quantity, room)
        return Shares(shares, quantity - int(shares.sum()))
    return _fill_lots(stock, asked, quantity, room, lots)


def fixed_share(percent: Floats, quantity: int) -> Shares:
    """Share ``quantity`` by fixed percentages; together over 100 they over-plan, which is shown, not normalised.

    The remainder is what is left of the quantity; negative when more was planned than there is.
    """
    ideal = quantity * percent / 100.0
    total = int(np.rint(ideal.sum()))
    shares = _settle(ideal, total, np.full(len(percent), max(total, 0), np.int64))
    return Shares(shares, quantity - int(shares.sum()))


def inventory_gap(target: Ints, projected: Ints, quantity: int, *, lots: Ints | None = None) -> Shares:
    """Share ``quantity`` in proportion to how far each projected stock lies under its target.

    Targets of 100 with 25, 55 and 70 in sight share 100 as 50, 30, 20 (METHODS 5). With no gap anywhere the targets
    themselves are the proportions. With ``lots`` a share is nothing or at least its lot, as in ``equal_run_out``.
    """
    gap = np.maximum(target - projected, 0)
    weight = gap if gap.any() else (target if target.any() else np.ones_like(target))
    return equal_run_out(np.zeros_like(weight), weight, quantity, lots=lots)


def whole_lots(due: Ints, lots: Ints) -> Ints:
    """What is made of ``due`` where a lot is made whole or not at all; what is under its lot waits."""
    return np.where(due >= lots, np.maximum(due, 0), 0)


def proportional(weight: Ints, quantity: int, most: Ints | None = None) -> Ints:
    """Share ``quantity`` in proportion to ``weight``, none above ``most``; the parts add up exactly where they can."""
    room = np.full(len(weight), quantity, np.int64) if most is None else np.minimum(most, quantity)
    return _fill(np.zeros_like(weight), weight, quantity, room)


def _fill(stock: Ints, demand: Ints, quantity: int, room: Ints) -> Ints:
    """Raise ``r`` until ``sum clip(r d - s, 0, room) = quantity``; what room is left over for goes to nobody."""
    asked = demand > 0
    total = min(quantity, int(room[asked].sum()))
    if total <= 0:
        return np.zeros_like(demand)
    weight = np.where(asked, demand, 1).astype(float)
    start = np.where(asked, stock / weight, np.inf)
    stop = np.where(asked, (stock + room) / weight, np.inf)
    ratio = _level(start[asked], stop[asked], weight[asked], float(total))
    ideal = np.where(asked, np.clip(ratio * weight - stock, 0.0, room), 0.0)
    return _settle(ideal, total, np.where(asked, room, 0))


def _level(start: Floats, stop: Floats, weight: Floats, total: float) -> float:
    """The ``r`` at which ``sum weight * (min(r, stop) - start)+`` reaches ``total``."""
    points = np.concatenate([start, stop])
    slopes = np.concatenate([weight, -weight])
    order = np.argsort(points, kind="stable")
    points, slope = points[order], np.cumsum(slopes[order])
    filled = np.concatenate([[0.0], np.cumsum(slope[:-1] * np.diff(points))])
    place = min(int(np.searchsorted(filled, total, side="left")), len(points) - 1)
    if place == 0:
        return float(points[0])
    before = slope[place - 1]
    step = (total - filled[place - 1]) / before if before > 0 else 0.0
    return float(points[place - 1] + step)


def _settle(ideal: Floats, total: int, room: Ints) -> Ints:
    """Whole numbers near ``ideal`` that add up to ``total``: largest remainders first, within ``room``."""
    shares = np.minimum(np.floor(ideal).astype(np.int64), room)
    order = np.argsort(-(ideal - np.floor(ideal)), kind="stable")
    left = total - int(shares.sum())
    while left != 0:
        able = order[(shares[order] < room[order]) if left > 0 else (shares[order] > 0)]
        if not len(able):
            break
        step = 1 if left > 0 else -1
        each = max(abs(left) // len(able), 1)
        chosen = able[: abs(left)]
        change = np.minimum(each, (room - shares)[chosen]) if step > 0 else np.minimum(each, shares[chosen])
        shares[chosen] += step * change
        left -= step * int(change.sum())
    return shares


def _fill_lots(stock: Ints, demand: Ints, quantity: int, room: Ints, lots: Ints) -> Shares:
    """Leave out the products whose shares are furthest under their lot, half of them at a time, until none is."""
    able = (demand > 0) & (lots <= room)
    while able.any():
        shares = _fill(stock, np.where(able, demand, 0), quantity, np.where(able, room, 0))
        under = np.flatnonzero((shares > 0) & (shares < lots))
        if not len(under):
            return Shares(shares, quantity - int(shares.sum()))
        if able.sum() == 1:
            break
        worst = under[np.argsort(shares[under] / lots[under], kind="stable")]
        dropped = worst[: min(max(len(worst) // 2, 1), int(able.sum()) - 1)]
        able[dropped] = False
    return _one_lot(stock, demand, quantity, room, lots)


def _one_lot(stock: Ints, demand: Ints, quantity: int, room: Ints, lots: Ints) -> Shares:
    """Give all to the product that runs out first among those whose lot it makes; to nobody when it makes none."""
    shares = np.zeros_like(demand)
    able = np.flatnonzero((demand > 0) & (lots <= quantity) & (room >= quantity))
    if len(able):
        shares[able[np.argmin(stock[able] / demand[able])]] = quantity
    return Shares(shares, quantity - int(shares.sum()))
