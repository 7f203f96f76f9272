"""Whether the company's demand follows its working days, and the factors that make its months comparable (METHODS 1).

Here: the test and the factors. Not here: where the factors are applied (``statistical``) or the working days themselves
(the ingest step's ``working_calendar``).
"""

from __future__ import annotations

import pyarrow as pa

from sop_pipeline import sql, tables

LEAST_PAIRS = 12
"""Fewest months with a month a year before from which the effect can be told."""
LEAST_SLOPE = 0.5
LEAST_T = 2.0
"""Demand follows the working days where its growth does by at least half, beyond chance (t of 2)."""


def working_day_factors(
    demand_history: pa.Table, working_calendar: pa.Table, demand_units: pa.Table | None = None
) -> pa.Table:
    """Return month and factor (its working days / average), with no rows where demand does not follow the days.

    One decision for the whole company, taken from its history alone, so that the levels still add up. Products of
    several units are added in the company's unit (``demand_units``; without it all count alike).
    """
    inputs = {
        "demand_history": demand_history,
        "working_calendar": working_calendar,
        "demand_units": tables.empty("demand_units") if demand_units is None else demand_units,
    }
    factors = sql.query("demand/history/working_day_factors", inputs)
    effect = sql.query("demand/history/working_day_effect", inputs).to_pylist()
    follows = (
        bool(effect)
        and effect[0]["pairs"] >= LEAST_PAIRS
        and effect[0]["slope"] >= LEAST_SLOPE
        and effect[0]["t_value"] >= LEAST_T
    )
    return factors if follows else factors.slice(0, 0)
