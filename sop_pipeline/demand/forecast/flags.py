"""Notes on forecasts that are out of the ordinary: from a new level, with a range that was cut, without any range.

Not here: how each is told (``level_shifts``, ``sql/demand/forecast/forecast.sql``) nor its words (``language``).
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.demand.forecast.notes import Note
from sop_pipeline.demand.forecast.settings import Settings
from sop_pipeline.demand.forecast.statements import read

NAMED = 5
"""Items a note names."""


def flag_notes(
    connection: duckdb.DuckDBPyConnection, settings: Settings, plan: pa.Table, errors: int
) -> tuple[Note, ...]:
    """Return a note a kind of flag in ``plan``, the chosen forecast; ``errors`` are those its ranges are drawn from.

    With too few errors for a range nothing is said of single items: none of them has one.
    """
    shifted = read(connection, "demand/forecast/shifted_series", settings.params()).to_pylist()
    notes = [_note("level_shift", [f"{row['item_id']} {row['month']:%Y-%m}" for row in shifted])]
    for flag in ("range_cut", "no_range") if errors >= settings.fewest_errors else ():
        notes.append(_note(flag, list(dict.fromkeys(tables.texts(tables.where(plan, flag=flag), "item_id")))))
    return tuple(note for note in notes if note.items)


def _note(kind: str, names: Sequence[str]) -> Note:
    return Note(kind, items=len(names), names=tuple(names[:NAMED]))
