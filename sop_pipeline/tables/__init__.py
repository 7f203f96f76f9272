"""The registry: each table's grain, key, columns, types, units, rules and meaning.

The one source of casts, checks, column schemas and the reference page. ``get`` finds a table, ``conform`` makes data
fit it, ``frame`` hands it to pandas, ``texts`` and ``where`` read it.
"""

from __future__ import annotations

from sop_pipeline.tables.columns import days, nulls, texts, where
from sop_pipeline.tables.conform import aligned, concat, conform, empty, frame, rows
from sop_pipeline.tables.inputs import INPUTS
from sop_pipeline.tables.outputs import DELIVERABLES, OUTPUTS, PROBLEM
from sop_pipeline.tables.planning import PLANNING, RESULTS
from sop_pipeline.tables.registry import REGISTRY, get
from sop_pipeline.tables.replay import REPLAY
from sop_pipeline.tables.schema import Column, Kind, Table

__all__ = [
    "DELIVERABLES",
    "INPUTS",
    "OUTPUTS",
    "PLANNING",
    "PROBLEM",
    "REGISTRY",
    "REPLAY",
    "RESULTS",
    "Column",
    "Kind",
    "Table",
    "aligned",
    "concat",
    "conform",
    "days",
    "empty",
    "frame",
    "get",
    "nulls",
    "rows",
    "texts",
    "where",
]
