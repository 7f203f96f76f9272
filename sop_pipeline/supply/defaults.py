"""The list of defaults a step used: what was missing, what was taken instead, for how many.

Not here: the defaults themselves, which stand beside the data they fill.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from sop_pipeline import tables


@dataclass
class Defaults:
    """Collects the defaults used; each is named once."""

    _rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def use(self, default_id: str, missing: str, assumed: str, items: int) -> None:
        """Note that a default filled ``items`` gaps; nothing is noted when it filled none."""
        if items > 0:
            self._rows[default_id] = {
                "default_id": default_id,
                "missing": missing,
                "assumed": assumed,
                "items": int(items),
            }

    def table(self) -> pa.Table:
        """Return the defaults as the lake table ``supply_defaults``."""
        return (
            tables.conform("supply_defaults", list(self._rows.values()))
            if self._rows
            else tables.empty("supply_defaults")
        )
