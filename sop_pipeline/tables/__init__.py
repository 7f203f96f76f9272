"""The registry: each table's grain, key, columns, types, units, rules and meaning.

The one source of casts, checks, column schemas and the reference page. ``get`` finds a table, ``conform`` makes data
fit it, ``frame`` hands it to pandas.
"""

from __future__ import annotations

from sop_pipeline.tables.conform import concat, conform, empty, frame, rows
from sop_pipeline.tables.inputs import INPUTS
from sop_pipeline.tables.outputs import DELIVERABLES, OUTPUTS, PROBLEM
from sop_pipeline.tables.planning import PLANNING, RESULTS
from sop_pipeline.tables.schema import Column, Kind, Table

REGISTRY: dict[str, Table] = {table.name: table for table in (*INPUTS, *OUTPUTS)}


def get(name: str) -> Table:
    """Return the lake table called ``name``; KeyError names the nearest ones."""
    try:
        return REGISTRY[name]
    except KeyError:
        import difflib

        near = difflib.get_close_matches(name, REGISTRY, n=3)
        raise KeyError(f"no table {name!r} in the registry; nearest: {', '.join(near) or 'none'}") from None


__all__ = [
    "DELIVERABLES",
    "INPUTS",
    "OUTPUTS",
    "PLANNING",
    "PROBLEM",
    "REGISTRY",
    "RESULTS",
    "Column",
    "Kind",
    "Table",
    "concat",
    "conform",
    "empty",
    "frame",
    "get",
    "rows",
]
