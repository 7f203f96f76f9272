"""The record of a cycle's data, kept as its run goes on, and the page made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
from filelock import FileLock

from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.ingest import Snapshot
from sop_pipeline.pointers import write_atomically, write_json
from sop_pipeline.quality.columns import FileColumns, columns_of
from sop_pipeline.quality.drift import drift
from sop_pipeline.quality.page import page
from sop_pipeline.quality.volume import Volume, volumes
from sop_pipeline.validation import Finding

Record = dict[str, Any]


def note_files(folder: CompanyFolder, company: Company, cycle: Cycle, run: str, taken: Snapshot) -> None:
    """Begin the record of a run: the files it takes, their columns, and what changed in them since the cycle before."""
    now = list(columns_of(taken, company))
    before = [FileColumns(**each) for each in _before(folder, cycle).get("files", [])]
    record = {
        "cycle": cycle.name,
        "run": run,
        "company": company.company,
        "files": [asdict(each) for each in now],
        "drift": [asdict(each) for each in drift(before, now, company.sources)],
        "compared_with": _before(folder, cycle).get("cycle"),
    }
    _keep(folder, cycle, record)


def source_findings(
    folder: CompanyFolder, cycle: Cycle, made: Mapping[str, pa.Table]
) -> tuple[list[Finding], list[Volume]]:
    """Return what is told of a cycle's files, a finding on columns and one on volume; neither stops anything."""
    record = _read(folder, cycle)
    counted = volumes(made, cycle, _before(folder, cycle).get("rows", {}))
    odd = [{"found": each.told} for each in counted if each.told]
    changed = [
        {"change": each["change"], "file": each["file"], "column": each["column"], "mend": each["mend"]}
        for each in record.get("drift", [])
    ]
    since = record.get("compared_with")
    same = f"as in cycle {since}" if since else "nothing earlier to compare with"
    return [
        _told("columns", changed, ", ".join(f"{each['change']} {each['column']}" for each in changed), same),
        _told("volume", odd, "; ".join(each["found"] for each in odd), same),
    ], counted


def note_findings(
    folder: CompanyFolder, cycle: Cycle, run: str, findings: Sequence[Finding], volume: Sequence[Volume] = ()
) -> None:
    """Add what a step's checks found to the record of its run, and make the page anew."""
    with _one_at_a_time(folder, cycle):
        record = _read(folder, cycle)
        if record.get("run") != run:
            return  # part of a month planned again, whose files another run took
        kept = {(each["table"], each["check"]): each for each in record.get("findings", [])}
        kept |= {(each.table, each.check): _plain(each) for each in findings}
        record["findings"] = [kept[key] for key in sorted(kept)]
        if volume:
            record["volume"] = [{**asdict(each), "told": each.told} for each in volume]
            record["rows"] = {each.table: each.rows for each in volume}
        _keep(folder, cycle, record)


def note_stop(folder: CompanyFolder, cycle: Cycle, run: str, reason: str) -> None:
    """Add to the record why the files could not be read."""
    record = _read(folder, cycle)
    if record.get("run") == run:
        _keep(folder, cycle, {**record, "stopped": reason})


def _told(check: str, rows: Sequence[Mapping[str, Any]], words: str, good: str) -> Finding:
    return Finding(check, "source_files", not rows, words or good, sample=rows, severity="warn", broken=len(rows))


def _plain(finding: Finding) -> Record:
    return {
        "table": finding.table,
        "check": finding.check,
        "passed": finding.passed,
        "severity": finding.severity,
        "summary": finding.summary,
        "rows": finding.rows,
        "broken": finding.rows_broken,
        "sample": [{name: str(value) for name, value in row.items()} for row in finding.sample],
    }


@contextmanager
def _one_at_a_time(folder: CompanyFolder, cycle: Cycle) -> Iterator[None]:
    """Steps that work at the same time add to one record."""
    path = _path(folder, cycle).with_suffix(".lock")
    with telling(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path):
            yield


def _path(folder: CompanyFolder, cycle: Cycle) -> Path:
    return folder.path / "lake" / "quality" / f"{cycle}.json"


def _read(folder: CompanyFolder, cycle: Cycle) -> Record:
    path = _path(folder, cycle)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _before(folder: CompanyFolder, cycle: Cycle) -> Record:
    """The record of the newest earlier cycle whose files were read."""
    names = sorted(path.stem for path in _path(folder, cycle).parent.glob("*.json") if path.stem < cycle.name)
    records = (_read(folder, Cycle.parse(name)) for name in reversed(names))
    return next((record for record in records if "rows" in record), {})


def _keep(folder: CompanyFolder, cycle: Cycle, record: Record) -> None:
    write_json(_path(folder, cycle), record)
    write_atomically(folder.path / "quality" / f"{cycle}.html", page(record))
