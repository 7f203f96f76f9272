"""Ingest: the company's files become the cycle's input tables."""

from dataclasses import asdict

import dagster as dg
import pyarrow as pa

from assets.resources import CompanyResource
from assets.step import step
from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.ingest import beyond_tolerance, ingest, snapshot
from sop_pipeline.validation import Finding, background

SHOWN = ("table", "file", "row", "column", "value", "reason")
NAMES = [table.name for table in tables.INPUTS]


def _within_tolerance(source_files: pa.Table, quarantine: pa.Table, settings: Company) -> Finding:
    """No table lost more of its rows to quarantine than the company bears."""
    excess = beyond_tolerance(source_files, settings)
    return Finding(
        check="within_tolerance",
        table="quarantine",
        passed=not excess,
        summary=" ".join(item.sentence for item in excess) or f"{quarantine.num_rows} rows set aside, within tolerance",
        failures=[asdict(item) for item in excess],
        sample=[{name: str(row[name]) for name in SHOWN} for row in quarantine.slice(0, 5).to_pylist()],
    )


GUARDS = {("quarantine", "within_tolerance"): _within_tolerance}


@step(*NAMES, "source_files", "quarantine", "working_calendar", kinds=("duckdb", "python"), identities=GUARDS)
def source_tables(context: dg.AssetExecutionContext, company: CompanyResource) -> dict[str, pa.Table]:
    """Copy the source files into the cycle, then read, type and check every row of the copies."""
    background.suites()  # loads its library while the files are read
    cycle, settings = Cycle.parse(context.partition_key), company.settings
    company.lake.sweep()
    taken = snapshot(settings, company.path, cycle, company.lake)
    result = ingest(taken, settings, cycle)
    context.log.info(f"{result.source_files.num_rows} files, {result.quarantine.num_rows} rows set aside")
    return {
        **result.tables,
        "source_files": result.source_files,
        "quarantine": result.quarantine,
        "working_calendar": result.working_calendar,
    }
