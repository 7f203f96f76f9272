"""What ingestion hands on: the table itself, its quarantine and the count of every file's rows."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.ingest.rows.grain import Knowledge
from sop_pipeline.ingest.rows.loaded import LoadedFile, LoadedTable
from sop_pipeline.ingest.rows.plans import by_month, is_by_month
from sop_pipeline.ingest.rows.spans import spread
from sop_pipeline.reading.cells.period_columns import PLANNED
from sop_pipeline.room_settings import IngestSettings


def used_rows(loaded: LoadedTable, company: IngestSettings, knowledge: Knowledge | None) -> pa.Table:
    """Return the rows still standing as the registry's table, those of weeks and periods by day, of plans by month."""
    worked = company.working_days
    if loaded.spec.name in PLANNED and not is_by_month(loaded):
        return by_month(loaded, worked, company.periods.calendar if company.periods else None)
    by_day = spread(loaded, worked, knowledge)
    if by_day is not None:
        return by_day
    names = ", ".join(f'"{name}"' for name in loaded.spec.names)
    return tables.conform(loaded.spec, loaded.connection.execute(f"select {names} from standing").to_arrow_table())


def quarantined(loaded: LoadedTable) -> list[dict[str, Any]]:
    """Return the table's part of ``quarantine``: every rejected row with its place, reason and whole content."""
    rows: list[dict[str, Any]] = []
    by_file: dict[int, list[dict[str, Any]]] = {}
    for row in sql.run(loaded.connection, "ingest/quarantined_rows").to_pylist():
        by_file.setdefault(row["file"], []).append(row)
    for number, entry in enumerate(loaded.files):
        if not entry.resent:
            rows.extend(_unsplit(loaded, entry))
            rows.extend(_rejected(loaded, entry, by_file.get(number, [])))
    return rows


def _unsplit(loaded: LoadedTable, entry: LoadedFile) -> list[dict[str, Any]]:
    return [
        {
            "table": loaded.spec.name,
            "file": entry.label,
            "row": fault.row,
            "column": fault.column,
            "value": fault.value,
            "reason": fault.reason,
            "content": _json(fault.content),
        }
        for fault in entry.raw.faults
    ]


def _rejected(loaded: LoadedTable, entry: LoadedFile, rejected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    contents = _contents(entry, rejected)
    rows = []
    for mark in rejected:
        heading = entry.headings.get(mark["column_name"], mark["column_name"])
        column, reason = heading, mark["reason"]
        if mark["cell"] is not None:
            column = mark["cell"]
            reason = reason if heading in entry.raw.headings[-2:] else f"Column {heading}: {reason}"
        rows.append(
            {
                "table": loaded.spec.name,
                "file": entry.label,
                "row": mark["row"],
                "column": column,
                "value": mark["value"],
                "reason": reason,
                "content": contents[mark["row"], mark["cell"]],
            }
        )
    return rows


def _contents(entry: LoadedFile, rejected: list[dict[str, Any]]) -> dict[tuple[int, str | None], str]:
    if not rejected:
        return {}
    wanted = pa.array([mark["row"] for mark in rejected], pa.int64())
    cells = entry.raw.cells.filter(pc.is_in(entry.raw.cells.column("row"), value_set=wanted))
    contents = {}
    for row in cells.to_pylist():
        content = {heading: row[f"c{position}"] for position, heading in enumerate(entry.raw.headings)}
        contents[row["row"], row.get("cell")] = _json(content)
    return contents


def _json(content: dict[str, str | None]) -> str:
    return json.dumps(content, ensure_ascii=False)


def source_files(loaded: LoadedTable) -> list[dict[str, Any]]:
    """Return the table's part of ``source_files``: per file, how many rows have which status."""
    counts = {row["file"]: row for row in sql.run(loaded.connection, "ingest/rows_by_status").to_pylist()}
    return [_counted(loaded, entry, counts.get(number, {})) for number, entry in enumerate(loaded.files)]


def _counted(loaded: LoadedTable, entry: LoadedFile, count: dict[str, int]) -> dict[str, Any]:
    resent = entry.raw.rows if entry.resent else 0
    unsplit = 0 if entry.resent else len(entry.raw.faults)
    extent = entry.raw.extent
    return {
        "table": loaded.spec.name,
        "file": entry.label,
        "source": entry.source.path or entry.file.name,
        "sha256": entry.file.sha256,
        "lines": extent.lines,
        "records": extent.records,
        "records_header": extent.header,
        "records_blank": extent.blank,
        "records_skipped": extent.skipped,
        "records_unsplit": len(entry.raw.faults),
        "columns": extent.columns,
        "cells_left_out": extent.cells_left_out,
        "rows_read": entry.raw.rows,
        "rows_used": count.get("used", 0),
        "rows_duplicate": count.get("duplicate", 0) + resent,
        "rows_superseded": count.get("superseded", 0),
        "rows_later": count.get("later", 0),
        "rows_total": count.get("total", 0),
        "rows_quarantined": count.get("quarantined", 0) + unsplit,
        "note": "; ".join(entry.notes) or None,
        "remarks": "; ".join(entry.remarks) or None,
    }
