"""The list of defaults a step used: which one, for how many, and the numbers it took; ``language`` says them in words.

Not here: the defaults themselves, which stand beside the data they fill.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import tables


@dataclass
class Defaults:
    """Collects the defaults used; each is named once."""

    _rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def use(
        self,
        default_id: str,
        items: int,
        *,
        among: int | None = None,
        subject: str | None = None,
        amount: float | Decimal | None = None,
        unit: str | None = None,
        month: date | None = None,
        source: str | None = None,
    ) -> None:
        """Note that a default filled ``items`` gaps (of ``among``); nothing is noted when it filled none.

        ``subject`` is what it is about, ``amount`` the number it took in its ``unit``, ``month`` the one it holds
        in, ``source`` the package it rests on.
        """
        if items > 0:
            self._rows[default_id] = {
                "default_id": default_id,
                "items": int(items),
                "among": among,
                "subject": subject,
                "amount": amount,
                "unit": unit,
                "month": month,
                "source": source,
            }

    def table(self, name: str) -> pa.Table:
        """Return the defaults as the lake table called ``name``."""
        return tables.conform(name, list(self._rows.values())) if self._rows else tables.empty(name)
