"""Every input table of a company, its quarantine and the count of its files, and whether they suffice to plan with."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.defaults import Defaults
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.account import unaccounted
from sop_pipeline.ingest.rows.assumed import assumed
from sop_pipeline.ingest.rows.contradictions import judge_contradictions
from sop_pipeline.ingest.rows.grain import Knowledge
from sop_pipeline.ingest.rows.load import load_table
from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.ingest.rows.outcome import quarantined, source_files, used_rows
from sop_pipeline.ingest.rows.products import remark_lifecycle, remark_other_families
from sop_pipeline.ingest.rows.references import check_references
from sop_pipeline.ingest.snapshots import Snapshot
from sop_pipeline.reading.readers.names import found_cell
from sop_pipeline.reading.readers.source_file import Reader
from sop_pipeline.room_settings import IngestSettings


@dataclass(frozen=True)
class Reading:
    """Everything read of a company's files, before its calendar: used by ``ingest`` and by the check alike."""

    tables: dict[str, pa.Table]
    quarantine: pa.Table
    source_files: pa.Table
    problems: tuple[BadInput, ...]
    remarks: tuple[str, ...]
    defaults: Defaults


def read_tables(snapshot: Snapshot, company: IngestSettings, knowledge: Knowledge | None) -> Reading:
    """Read every table; a file that cannot be read becomes a problem, so that one run tells them all."""
    with ExitStack() as stack:
        loaded, problems = _load_all(snapshot, company, knowledge, stack)
        if not problems:
            problems.extend(check_references(loaded))
            problems.extend(judge_contradictions(loaded))
            remark_lifecycle(loaded)
            remark_other_families(loaded)
        filled = {name: used_rows(table, company, knowledge) for name, table in loaded.items()}
        rejected = [row for table in loaded.values() for row in quarantined(table)]
        counted = [row for table in loaded.values() for row in source_files(table)]
        defaults = assumed(loaded)
        remarks = [
            f"{name}: {entry.label}: {remark}"
            for name, table in loaded.items()
            for entry in table.files
            for remark in entry.remarks
        ]
    data = {spec.name: filled.get(spec.name, tables.empty(spec)) for spec in tables.INPUTS}
    files = as_registry("source_files", counted)
    problems.extend(unaccounted(files))
    return Reading(data, as_registry("quarantine", rejected), files, tuple(problems), tuple(remarks), defaults)


def _load_all(
    snapshot: Snapshot, company: IngestSettings, knowledge: Knowledge | None, stack: ExitStack
) -> tuple[dict[str, LoadedTable], list[BadInput]]:
    loaded: dict[str, LoadedTable] = {}
    problems: list[BadInput] = []
    reader = stack.enter_context(Reader.open())
    for spec in tables.INPUTS:
        if not snapshot.of(spec.name):
            continue
        try:
            opened = load_table(spec, company, snapshot, knowledge, reader)
            loaded[spec.name] = stack.enter_context(opened)
        except BadInput as error:
            problems.append(error)
    return loaded, problems


def as_registry(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as the registry's table ``name``."""
    return tables.conform(name, pa.Table.from_pylist(rows, schema=tables.get(name).arrow))


def refuse_missing_sources(company: IngestSettings) -> None:
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
    """Return what is wrong when there are no products, or neither sales nor production, to plan with.

    Sales that are named and come without a row are a fault, too: production would stand in for them unasked.
    """
    problems = []
    if not reading.tables["products"].num_rows:
        problems.append(_no_rows("products", ("products",), reading))
    elif not (reading.tables["sales"].num_rows or reading.tables["production"].num_rows):
        problems.append(_no_rows("sales or production", ("sales", "production"), reading))
    elif not reading.tables["sales"].num_rows and "sales" in reading.source_files.column("table").to_pylist():
        problems.append(
            _no_rows("sales", ("sales",), reading, " Or leave sales out of sop.yaml: production then stands in.")
        )
    return problems


def _no_rows(what: str, names: tuple[str, ...], reading: Reading, otherwise: str = "") -> BadInput:
    files = [row for row in reading.source_files.to_pylist() if row["table"] in names]
    statuses = ("rows_read", "rows_later", "rows_quarantined")
    counts = ", ".join(f"{status.removeprefix('rows_')} {sum(row[status] for row in files)}" for status in statuses)
    later = any(row["rows_later"] for row in files)
    first = next((row for row in reading.quarantine.to_pylist() if row["table"] in names), None)
    found = f"found {found_cell(first['value'])}. " if first and first["value"] is not None else ""
    example = f" First of them: {first['file']}, row {first['row']}: {found}{first['reason']}" if first else ""
    return BadInput(
        found=f"no usable row ({counts})",
        needed=f"rows of {what} dated before the cut-off",
        where=", ".join(sorted(row["file"] for row in files)) or "sop.yaml",
        mend=("Choose a later cycle." if later else "Mend the files.") + otherwise + example,
    )
