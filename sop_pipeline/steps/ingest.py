"""Ingest: the company's files become the cycle's input tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest import Snapshot, beyond_tolerance, ingest
from sop_pipeline.ingest.decided import recorded_decisions
from sop_pipeline.ingest.freshness import too_old
from sop_pipeline.ingest.rows.account import unaccounted
from sop_pipeline.ingest.shrinkage import LastSources, shrunk
from sop_pipeline.ingest.typed import with_entries
from sop_pipeline.inputs.log import EntryLog
from sop_pipeline.room_settings import IngestSettings
from sop_pipeline.steps.step import Check, step
from sop_pipeline.validation import Finding

SHOWN = ("table", "file", "row", "column", "value", "reason")


def source_tables(sources: Snapshot, entries: EntryLog, company: IngestSettings, cycle: Cycle) -> dict[str, pa.Table]:
    """Return every input table, the count of the files' rows, the rows set aside and the working days.

    What was typed into planners' books is among the inputs, and by itself in ``input_entries``.
    """
    result = ingest(sources, company, cycle)
    return {
        **result.tables,
        **with_entries(result.tables, entries.of(cycle), entries.carried(cycle)),
        "source_files": result.source_files,
        "quarantine": result.quarantine,
        "working_calendar": result.working_calendar,
        "data_freshness": result.data_freshness,
        "ingest_defaults": result.ingest_defaults,
    }


def within_tolerance(source_files: pa.Table, quarantine: pa.Table, company: IngestSettings) -> Finding:
    """No table lost more of its rows to quarantine than the company bears."""
    excess = beyond_tolerance(source_files, company)
    told = " ".join(item.sentence for item in excess)
    return Finding(
        check="within_tolerance",
        table="quarantine",
        passed=not excess,
        summary=f"{told} The quarantine table names each row and how to mend it."
        if told
        else f"{quarantine.num_rows} rows set aside, within tolerance",
        failures=[asdict(item) for item in excess],
        sample=[{name: str(row[name]) for name in SHOWN} for row in quarantine.slice(0, 5).to_pylist()],
    )


def _of_faults(check: str, table: str, faults: Sequence[BadInput], otherwise: str, *, place: str = "file") -> Finding:
    """A finding that fails with the faults there are, each with its ``place``, and says ``otherwise`` without one."""
    return Finding(
        check=check,
        table=table,
        passed=not faults,
        summary=" ".join(map(str, faults)) or otherwise,
        failures=[{place: fault.where, "found": fault.found} for fault in faults],
    )


def accounted(source_files: pa.Table) -> Finding:
    """Every line and record of every file is header, blank, used, set aside or left out by name."""
    faults = unaccounted(source_files)
    return _of_faults("accounted", "source_files", faults, f"files accounted for: {source_files.num_rows}")


def fresh(data_freshness: pa.Table, source_files: pa.Table, cycle: Cycle) -> Finding:
    """Sales, or the production that stands for them, reach the cut-off but for a few working days (METHODS 1)."""
    faults = too_old(data_freshness, source_files, cycle)
    reached = ", ".join(f"{row['table']} to {row['covered_to']}" for row in data_freshness.to_pylist())
    return _of_faults("fresh", "data_freshness", faults, f"data: {reached}")


def not_shrunk(source_files: pa.Table, company: IngestSettings, last: LastSources | None) -> Finding:
    """No source came with fewer rows than in the last cycle by more than its shrinks_at_most."""
    faults = shrunk(source_files, company, last)
    return _of_faults(
        "not_shrunk",
        "source_files",
        faults,
        f"compared with {last.cycle if last else 'no earlier cycle'}",
        place="source",
    )


DECIDED = ("recorded_decisions", "decisions_in_force", "decision_promises")
"""Tables that come from what sop decide recorded, not from files."""
FROM_FILES = [name for name, table in tables.REGISTRY.items() if table.step == "ingest" and name not in DECIDED]

STEPS = (
    step(
        source_tables,
        does="Copy the source files into the cycle, then read, type and check every row of the copies.",
        makes=[
            table.name for table in tables.REGISTRY.values() if table.step == "ingest" and table.name not in DECIDED
        ],
        kinds=("duckdb", "python"),
        checks=[
            Check("source_files", "accounted", accounted),
            Check("source_files", "not_shrunk", not_shrunk),
            Check("data_freshness", "fresh", fresh),
            Check("quarantine", "within_tolerance", within_tolerance),
        ],
    ),
    step(
        recorded_decisions,
        does="Read what was decided, in this cycle and before, and what of it changes this cycle's plan.",
        kinds=("python",),
    ),
)
