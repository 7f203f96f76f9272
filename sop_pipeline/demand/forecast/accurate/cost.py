"""What engine ``accurate`` is expected to cost, and the rule by which ``auto`` takes it.

What belongs here: the one place where the cost of a fit and a row is stated. Not here: what is done with the answer.

**The rule**: ``auto`` is ``accurate`` while its estimated CPU time is at most ``settings.affordable_seconds``, else
``fast``. The estimate takes the dearest case, every slow model passing the screen for every series, and is made of
counts alone: the same data always takes the same engine, whatever the machine is doing.
"""

from __future__ import annotations

SECONDS_PER_SERIES = 0.0056
"""One fit of each slow model to one series, deseasonalised, five years of months."""
SECONDS_PER_THOUSAND_ROWS = 0.0045
"""Features and forecasts of the global model for a thousand series-origin-lags."""
SECONDS_PER_TRAINING = 0.25
"""One training of the global model, which never sees more than a fixed number of rows."""


def estimated_seconds(series: int, rows: int, trainings: int) -> float:
    """CPU seconds beyond the SQL models: ``series`` fitted by the slow models, ``rows`` forecast by the global one."""
    return series * SECONDS_PER_SERIES + rows / 1000 * SECONDS_PER_THOUSAND_ROWS + trainings * SECONDS_PER_TRAINING
