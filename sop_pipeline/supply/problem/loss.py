"""Loss functions, of the normal and of past errors: what stock leaves unserved, the stock that a fill rate asks for.

Silver, Pyke, Thomas: Inventory and Production Management in Supply Chains, 4th ed., ch. 6. Not here: the error that
stock has to bear (``cycle.stock``).
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from sop_pipeline.supply.arrays import Floats

WIDEST = 40.0
HALVINGS = 80


def normal_loss(factor: Floats) -> Floats:
    """``G(k) = E[(Z - k)+] = phi(k) - k (1 - Phi(k))`` of a standard normal ``Z``, by element."""
    density = np.exp(-(factor**2) / 2) / np.sqrt(2 * np.pi)
    result: Floats = density - factor * ndtr(-factor)
    return result


def loss_factor(loss: Floats) -> Floats:
    """The ``k`` with ``G(k) = loss`` (above 0), by element; G falls, so halving an interval finds it."""
    low, high = np.full(loss.shape, -WIDEST), np.full(loss.shape, WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = normal_loss(middle) > loss
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return (low + high) / 2


def fill_rate_stock(target: Floats, demand: Floats, deviation: Floats) -> Floats:
    """Safety stock with which ``target`` of each period's ``demand`` is served from stock, 0 at least.

    ``deviation G(k) = (1 - target) demand``, stock ``k deviation``: ``deviation`` is that of the demand over lead time
    and review, ``demand`` that of a review period; units alike, by element. A stock of nothing serves enough where the
    error is small beside the demand.
    """
    spread = np.maximum(deviation, 1e-12)
    allowed = np.maximum((1 - target) * demand, 1e-9 * spread) / spread
    return np.where(deviation > 0, np.maximum(loss_factor(allowed), 0.0) * deviation, 0.0)


def empirical_stock(allowed: float, errors: Floats) -> float:
    """The stock ``S`` at which past errors leave ``mean((error - S)+) = allowed`` unserved, 0 at least.

    The shortage falls in straight pieces between errors; on the piece below the k largest it is
    ``(their sum - k S) / n``.
    """
    largest = np.sort(errors)[::-1]
    count = np.arange(1, len(largest) + 1)
    stocks = (np.cumsum(largest) - len(largest) * allowed) / count
    below = np.append(largest[1:], -np.inf)
    return max(float(stocks[np.argmax(stocks >= below)]), 0.0)
