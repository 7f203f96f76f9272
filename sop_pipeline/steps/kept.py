"""What steps made, kept by their identity, so that no run makes again what an earlier one of the cycle has made.

``lake/kept/2026-11/statistical_forecast/<identity>.json`` names the files of the tables, with what the checks found and
what is shown. It is written after the last check has passed, and believed only while every file has the bytes it had.
Not here: what an identity is made of (``identity``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.lake import Entry, Lake
from sop_pipeline.pointers import write_json
from sop_pipeline.shown import ShownTable
from sop_pipeline.validation import Finding


@dataclass(frozen=True)
class Made:
    """What a step made in a run: its tables' files, what its checks found, and what is shown of each table.

    Shown are numbers, words and small tables, by name.
    """

    run: str
    entries: Mapping[str, Entry]
    findings: tuple[Finding, ...]
    shown: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Kept:
    """What one step of a cycle has made, by identity."""

    lake: Lake
    cycle: Cycle
    step: str

    def find(self, identity: str) -> Made | None:
        """Return what was made under an identity; None when nothing was, or when a file is no longer what it was."""
        try:
            noted = json.loads(self._path(identity).read_text(encoding="utf-8"))
            made = _made(noted)
            intact = all(self._bytes(made.entries[name]) == digest for name, digest in noted["bytes"].items())
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return made if intact else None

    def keep(self, identity: str, made: Made) -> None:
        """Keep what a step made and the checks have passed."""
        findings = [asdict(finding) for finding in made.findings]
        noted = {
            "run": made.run,
            "entries": {name: asdict(entry) for name, entry in made.entries.items()},
            "bytes": {name: self._bytes(entry) for name, entry in made.entries.items()},
            "findings": json.loads(json.dumps(findings, default=str)),
            "shown": {table: _noted(shown) for table, shown in made.shown.items()},
        }
        write_json(self._path(identity), noted)

    def _path(self, identity: str) -> Path:
        return self.lake.root / "kept" / self.cycle.name / self.step / f"{identity}.json"

    def _bytes(self, entry: Entry) -> str:
        with (self.lake.root / entry.file).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def has_kept(lake: Lake, cycle: Cycle) -> bool:
    """Whether any step of the cycle has something kept."""
    return (lake.root / "kept" / cycle.name).exists()


def _made(noted: Mapping[str, Any]) -> Made:
    return Made(
        run=noted["run"],
        entries={name: Entry(**entry) for name, entry in noted["entries"].items()},
        findings=tuple(Finding(**finding) for finding in noted["findings"]),
        shown={table: _shown(shown) for table, shown in noted["shown"].items()},
    )


def _noted(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [each.headings, each.rows] if isinstance(each, ShownTable) else each for name, each in shown.items()}


def _shown(noted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _table(*each) if isinstance(each, list) else each for name, each in noted.items()}


def _table(headings: list[str], rows: list[list[str]]) -> ShownTable:
    return ShownTable(tuple(headings), tuple(map(tuple, rows)))
