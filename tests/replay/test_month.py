"""A month carried out: who is served, who waits, who is lost, to the last unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop_pipeline.replay.month import Served, serve

UNITS = st.decimals(min_value=0, max_value=10_000, places=4).map(float)


@pytest.mark.parametrize(
    ("there", "owed", "asked", "may_wait", "served"),
    [
        (100.0, 0.0, 60.0, 0.0, Served(40.0, 0.0, 0.0, 60.0)),
        (50.0, 0.0, 60.0, 0.0, Served(0.0, 0.0, 10.0, 50.0)),
        (50.0, 0.0, 60.0, 100.0, Served(0.0, 10.0, 0.0, 50.0)),
        (50.0, 20.0, 60.0, 25.0, Served(0.0, 25.0, 5.0, 30.0)),
        (10.0, 30.0, 0.0, 0.0, Served(0.0, 20.0, 0.0, 0.0)),
    ],
    ids=["enough", "lost", "waiting", "the oldest first", "old backlog is not lost"],
)
def test_who_is_served_who_waits_who_is_lost(there, owed, asked, may_wait, served):
    assert serve(there, owed, asked, may_wait) == served


@given(there=UNITS, owed=UNITS, asked=UNITS, may_wait=UNITS)
def test_stock_and_backlog_balance_to_the_last_unit(there, owed, asked, may_wait):
    done = serve(there, owed, asked, may_wait)
    assert round(there - owed - (asked - done.lost) - (done.stock - done.owed), 4) == 0
    assert min(done.stock, done.owed, done.lost, done.on_time) >= 0
    assert done.stock == 0 or done.owed + done.lost == 0
    assert done.lost <= asked
