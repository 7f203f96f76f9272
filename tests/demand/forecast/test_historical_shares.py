"""Historical shares of a total, by hand: over the months a series has, of the averages and on average."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa

from sop_pipeline import sql


def test_shares_are_of_the_months_a_series_has() -> None:
    """Series 1 has four months, series 2 begins in the last but one; of the five periods the run sees the last four."""
    history = {1: {1: 90, 2: 30, 3: 60, 4: 20, 5: 40}, 2: {4: 60, 5: 40}, 3: {2: 10, 3: -40, 4: 20, 5: -80}}
    total = {1: 100, 2: 40, 3: 80, 4: 100, 5: 80}
    rows = [
        (node, period, amount) for node, months in {0: total, **history}.items() for period, amount in months.items()
    ]
    nodes, periods, amounts = zip(*rows, strict=True)
    amount_of = pa.array([Decimal(amount) for amount in amounts], pa.decimal128(28, 4))
    tables = {
        "base": pa.table({"run": ["plan"], "origin_period": [6], "node_id": [0]}),
        "nodes": pa.table({"node_id": [0, 1, 2, 3], "level_no": [0, 1, 1, 1]}),
        "node_history": pa.table({"node_id": nodes, "period": periods, "quantity": amount_of}),
    }
    found = sql.query("demand/forecast/historical_shares", tables, {"share_periods": 4}).to_pylist()
    shares = {row["leaf_id"]: (row["average_proportions"], row["proportion_of_averages"]) for row in found}
    assert {leaf: tuple(float(each) for each in both) for leaf, both in shares.items()} == {
        # 30/40, 60/80, 20/100, 40/80 over four; 150 over four
        1: ((0.75 + 0.75 + 0.2 + 0.5) / 4, 37.5),
        # 60/100 and 40/80 over the two months it has
        2: (0.55, 50.0),
        # what was taken back outweighs what was sold: no share
        3: (0.0, 0.0),
    }
