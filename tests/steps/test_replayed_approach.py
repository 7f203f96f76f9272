"""A past month planned by another forecast approach: its demand is that approach's, not only its safety stock."""

from __future__ import annotations

import pytest

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.replay.problems import with_approach

CYCLE = Cycle.parse("2026-07")
OTHER = "top_down_forecast_proportions"


def test_demand_is_planned_by_the_approach_that_is_asked_for(starter, planned):
    made = with_approach(starter.lake, planned, starter.settings, CYCLE, OTHER)
    wanted = {
        (row["item_id"], row["month"]): row["mean"]
        for row in tables.rows(tables.where(planned["forecast"], approach=OTHER, level="product"))
    }
    assert {(row["product_id"], row["month"]): row["statistical"] for row in tables.rows(made["demand_plan"])} == wanted
    assert [row["approach"] for row in tables.rows(made["forecast_approach"]) if row["chosen"]] == [OTHER]
    with pytest.raises(BadInput, match="found forecast approach middle_up; needed one of bottom_up, "):
        with_approach(starter.lake, planned, starter.settings, CYCLE, "middle_up")
