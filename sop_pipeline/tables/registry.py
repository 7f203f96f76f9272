"""The lake tables by name."""

from __future__ import annotations

import difflib

from sop_pipeline.tables.inputs import INPUTS
from sop_pipeline.tables.outputs import OUTPUTS
from sop_pipeline.tables.schema import Table

REGISTRY: dict[str, Table] = {table.name: table for table in (*INPUTS, *OUTPUTS)}


def get(name: str) -> Table:
    """Return the lake table called ``name``; KeyError names the nearest ones."""
    try:
        return REGISTRY[name]
    except KeyError:
        near = difflib.get_close_matches(name, REGISTRY, n=3)
        raise KeyError(f"no table {name!r} in the registry; nearest: {', '.join(near) or 'none'}") from None
