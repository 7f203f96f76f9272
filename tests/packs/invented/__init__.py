"""Invented tables of a whole cycle that conform to the registry and foot, for the packs to be built from.

Not a test: pack tests need every table of a cycle at once, with knobs (families, products, money or none, first cycle
or not) that a real company cannot turn. What the numbers mean does not matter; that they add up does.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from tests.packs.invented import demand, inputs, operations, reconciliation, supply
from tests.packs.invented.firm import CYCLE, Firm, Shape, company

__all__ = ["CYCLE", "Shape", "company", "cycle_tables"]


_USUAL = Shape()


def cycle_tables(shape: Shape = _USUAL, cycle: Cycle = CYCLE) -> dict[str, pa.Table]:
    """Every table of a cycle, input and output, conforming to the registry."""
    firm = Firm(shape, cycle)
    makers = {
        name: make
        for module in (inputs, demand, supply, reconciliation, operations)
        for name, make in vars(module).items()
        if name in tables.REGISTRY and callable(make) and make.__module__ == module.__name__
    }
    empty = {name: tables.empty(name) for name in tables.REGISTRY}
    made = empty | {name: tables.conform(name, _frame(make(firm))) for name, make in makers.items()}
    return made | operations.deliverables(made)


def _frame(rows: Any) -> pd.DataFrame:
    return rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
