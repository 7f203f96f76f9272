"""The words of ``data_freshness``: which tables end too early for the cycle, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sop_pipeline.language.catalogue import Catalogue
from sop_pipeline.language.english import ENGLISH


def stale_words(rows: Iterable[Mapping[str, Any]], *, catalogue: Catalogue = ENGLISH) -> list[str]:
    """Return a phrase for each table that is not fresh, the one demand is read from first."""
    late = [row for row in rows if row["status"] != "fresh"]
    ranked = sorted(late, key=lambda row: (not row["is_demand"], row["table"]))
    return [catalogue.say(f"stale.{row['table']}", row) for row in ranked]
