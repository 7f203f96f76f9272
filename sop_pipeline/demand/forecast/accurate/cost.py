"""What the engines are expected to cost and to gain, and the rule by which ``auto`` takes one.

What belongs here: the one place where the cost of a fit and a row, and the gain of an engine, is stated. Not here: what
is done with the answer.

**The rule**: ``auto`` is the best engine whose estimated CPU time is at most ``settings.affordable_seconds``. The
estimate takes the dearest case, every slow model passing the screen for every series, and is made of counts alone: the
same data always takes the same engine, whatever the machine is doing.
"""

from __future__ import annotations

ENGINES = ("fast", "accurate", "thorough")
SECONDS_PER_SERIES = {"fast": 0.0, "accurate": 0.0056, "thorough": 0.2}
"""One fit of each slow model to one series: five years of months, deseasonalised or with a season of its own."""
SECONDS_PER_THOUSAND_ROWS = {"fast": 0.0, "accurate": 0.01, "thorough": 0.06}
"""Features and forecasts of the global models for a thousand series-origin-lags."""
SECONDS_PER_TRAINING = {"fast": 0.0, "accurate": 1.0, "thorough": 10.0}
"""One training of the global models, which never see more than a fixed number of rows."""
GAINS = {"accurate": 0.046, "thorough": 0.004}
"""What an engine's errors are less than those of the one before it: mean of the sets of docs/decisions/0050."""


def estimated_seconds(engine: str, series: int, rows: int, trainings: int) -> float:
    """CPU seconds beyond the SQL models: ``series`` fitted by the slow models, ``rows`` forecast by the global ones."""
    return (
        series * SECONDS_PER_SERIES[engine]
        + rows / 1000 * SECONDS_PER_THOUSAND_ROWS[engine]
        + trainings * SECONDS_PER_TRAINING[engine]
    )
