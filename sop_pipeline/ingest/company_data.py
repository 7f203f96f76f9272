"""The ingest step: from a snapshot to the seventeen input tables, the quarantine and the working calendar."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput, BadInputs
from sop_pipeline.ingest.grain import Knowledge
from sop_pipeline.ingest.known import only_known
from sop_pipeline.ingest.load import LoadedTable, load_table
from sop_pipeline.ingest.outcome import quarantined, source_files, used_rows
from sop_pipeline.ingest.reading import Reader
from sop_pipeline.ingest.references import check_references
from sop_pipeline.ingest.snapshots import Snapshot
from sop_pipeline.ingest.working_days import working_calendar

_HISTORY = ("sales", "production", "inventory")


@dataclass(frozen=True)
class IngestResult:
    """``tables``: every input table (without rows where the company has none); the rest are registry tables too."""

    tables: dict[str, pa.Table]
    quarantine: pa.Table
    source_files: pa.Table
    working_calendar: pa.Table


@dataclass(frozen=True)
class Reading:
    """Everything read of a company's files, before its calendar: used by ``ingest`` and by the check alike."""

    tables: dict[str, pa.Table]
    quarantine: pa.Table
    source_files: pa.Table
    problems: tuple[BadInput, ...]


def ingest(snapshot: Snapshot, company: Company, cycle: Cycle) -> IngestResult:
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
    known = {name: only_known(name, data, cycle) for name, data in reading.tables.items()}
    days = working_calendar(known["calendar"], [known[name] for name in _HISTORY], company=company, cycle=cycle)
    return IngestResult(known, reading.quarantine, reading.source_files, days)


def read_tables(snapshot: Snapshot, company: Company, knowledge: Knowledge | None) -> Reading:
    """Read every table; a file that cannot be read becomes a problem, so that one run tells them all."""
    found: dict[str, pa.Table] = {spec.name: tables.empty(spec) for spec in tables.INPUTS}
    rejected: list[dict[str, Any]] = []
    counted: list[dict[str, Any]] = []
    problems: list[BadInput] = []
    with ExitStack() as stack:
        loaded: dict[str, LoadedTable] = {}
        reader = stack.enter_context(Reader.open())
        for spec in tables.INPUTS:
            if snapshot.of(spec.name):
                try:
                    loaded[spec.name] = stack.enter_context(
                        load_table(spec, company.sources[spec.name], snapshot, knowledge, reader)
                    )
                except BadInput as error:
                    problems.append(error)
        if not problems:
            check_references(loaded)
        for name, table in loaded.items():
            found[name] = used_rows(table)
            rejected.extend(quarantined(table))
            counted.extend(source_files(table))
    return Reading(found, _registry("quarantine", rejected), _registry("source_files", counted), tuple(problems))


def _registry(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return tables.conform(name, pa.Table.from_pylist(rows, schema=tables.get(name).arrow))


def refuse_missing_sources(company: Company) -> None:
    """Refuse a company without the two tables nothing can stand in for."""
    missing = []
    if not company.sources.get("products"):
        missing.append("products")
    if not (company.sources.get("sales") or company.sources.get("production")):
        missing.append("sales (or production)")
    if missing:
        raise BadInput(
            found=f"sources for {', '.join(sorted(company.sources)) or 'nothing'}",
            needed=f"a source for {' and '.join(missing)}",
            where="sop.yaml, sources",
            mend="Add it: sop init FOLDER writes an example.",
        )


def essential_rows(reading: Reading) -> list[BadInput]:
    """Return what is wrong when there are no products, or neither sales nor production, to plan with."""
    problems = []
    if not reading.tables["products"].num_rows:
        problems.append(_no_rows("products", ("products",), reading))
    elif not (reading.tables["sales"].num_rows or reading.tables["production"].num_rows):
        problems.append(_no_rows("sales or production", ("sales", "production"), reading))
    return problems


def _no_rows(what: str, names: tuple[str, ...], reading: Reading) -> BadInput:
    files = [row for row in reading.source_files.to_pylist() if row["table"] in names]
    fates = ("rows_read", "rows_later", "rows_quarantined")
    counts = ", ".join(f"{fate.removeprefix('rows_')} {sum(row[fate] for row in files)}" for fate in fates)
    later = any(row["rows_later"] for row in files)
    first = next((row for row in reading.quarantine.to_pylist() if row["table"] in names), None)
    example = f" First of them: {first['file']}, row {first['row']}: {first['reason']}" if first else ""
    return BadInput(
        found=f"no usable row ({counts})",
        needed=f"rows of {what} dated before the cut-off",
        where=", ".join(sorted(row["file"] for row in files)) or "sop.yaml",
        mend=("Choose a later cycle." if later else "Mend the files.") + example,
    )
