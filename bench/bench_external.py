"""How often a forecast passes the rule of external forecasts by chance, and a better one by right (decision 0055).

``python -m bench.bench_external``: items with errors of which most is a shock that both forecasts share, four lags a
month; the second forecast's errors are ``ratio`` times as large. Shares that have the lesser error, and that are less
by more than one and two standard errors.
"""

from __future__ import annotations

import numpy as np

ITEMS, LAGS, SHARED, OF_MONTH, OF_LAG = 20_000, 4, 0.8, 0.8, 0.3


def shares(months: int, ratio: float, seed: int = 1) -> tuple[float, float, float]:
    """Return the shares of items whose mean gain is above nothing, one standard error, and two."""
    random = np.random.default_rng(seed)
    shock = SHARED * random.normal(size=(ITEMS, months, 1))

    def errors(size: float) -> np.ndarray:
        of_month = OF_MONTH * random.normal(size=(ITEMS, months, 1))
        return np.asarray(np.abs(size * (shock + of_month + OF_LAG * random.normal(size=(ITEMS, months, LAGS)))))

    gain = errors(1).mean(axis=2) - errors(ratio).mean(axis=2)
    in_errors = gain.mean(axis=1) / (gain.std(axis=1, ddof=1) / np.sqrt(months))
    return tuple(float((in_errors > limit).mean()) for limit in (0, 1, 2))  # type: ignore[return-value]


if __name__ == "__main__":
    for months in (6, 9, 12):
        for ratio in (1.0, 0.9, 0.8):
            print(months, ratio, *(f"{share:.0%}" for share in shares(months, ratio)))
