"""The tables a cycle produces, step by step, each with its grain.

Who reads a table knows it from here alone: steps never import each other's code. A module a step; ``OUTPUTS`` lists
them all in the order of the process.
"""

from __future__ import annotations

from sop_pipeline.tables.outputs import (
    carried,
    decided,
    deliverables,
    demand,
    ingest,
    launches,
    levers,
    portfolio,
    problem,
    reconciliation,
    robustness,
    scenarios,
    supply,
)
from sop_pipeline.tables.schema import Table

DELIVERABLES: tuple[Table, ...] = deliverables.TABLES
PROBLEM: tuple[Table, ...] = problem.TABLES
OUTPUTS: tuple[Table, ...] = (
    *ingest.TABLES,
    *portfolio.TABLES,
    *demand.TABLES,
    *PROBLEM,
    *supply.TABLES,
    *robustness.TABLES,
    *DELIVERABLES,
    *reconciliation.TABLES,
    *scenarios.TABLES,
    *levers.TABLES,
    *decided.TABLES,
    *carried.TABLES,
    *launches.TABLES,
)
