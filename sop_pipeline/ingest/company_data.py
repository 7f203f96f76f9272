"""The ingest step: from a snapshot to the seventeen input tables, the quarantine and the working calendar."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInputs
from sop_pipeline.ingest.freshness import data_freshness
from sop_pipeline.ingest.rows.all_tables import essential_rows, read_tables, refuse_missing_sources
from sop_pipeline.ingest.rows.assumed import note_stale
from sop_pipeline.ingest.rows.cutoff import as_at_cutoff
from sop_pipeline.ingest.rows.grain import Knowledge
from sop_pipeline.ingest.snapshots import Snapshot
from sop_pipeline.ingest.working_calendar import working_calendar
from sop_pipeline.room_settings import IngestSettings

_HISTORY = ("sales", "production", "inventory")


@dataclass(frozen=True)
class IngestResult:
    """``tables``: every input table (without rows where the company has none); the rest are registry tables too."""

    tables: dict[str, pa.Table]
    quarantine: pa.Table
    source_files: pa.Table
    working_calendar: pa.Table
    data_freshness: pa.Table
    ingest_defaults: pa.Table


def ingest(snapshot: Snapshot, company: IngestSettings, cycle: Cycle) -> IngestResult:
    """Read a snapshot as the cycle knows it.

    Raises BadInput, with every problem found, when a file cannot be read, when a required column is missing, or when
    there are no products or neither sales nor production. Rows that cannot be used do not raise: they are in
    ``quarantine``, and ``tolerance.beyond_tolerance`` says when they are too many.
    """
    refuse_missing_sources(company)
    reading = read_tables(snapshot, company, Knowledge.of(cycle))
    problems = list(reading.problems) or essential_rows(reading)
    if problems:
        raise BadInputs(problems)
    inputs = {name: as_at_cutoff(name, data, cycle) for name, data in reading.tables.items()}
    days = working_calendar(inputs["calendar"], [inputs[name] for name in _HISTORY], company=company, cycle=cycle)
    fresh = data_freshness(inputs, company, cycle)
    note_stale(reading.defaults, fresh)
    return IngestResult(
        inputs, reading.quarantine, reading.source_files, days, fresh, reading.defaults.table("ingest_defaults")
    )
