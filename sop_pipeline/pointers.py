"""Which files are a cycle's tables: one small JSON file a cycle, swapped by one atomic rename.

Here: the pointer's form and its format number, reading it, and which cycles were published before which. Not here: the
tables it points to (``lake``); nothing in this module loads a library, so that listing cycles costs next to nothing.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.errors import BadInput

FORMAT = 3
"""Format this version writes.

1 (without a number) had no ``format`` and no ``settings``. Up to 2, tables had sentences where they now have kinds,
subjects and numbers: such a cycle still serves as the one before, and is planned again for its pack.
"""
OLDEST_TOLD = 3
"""Oldest format whose tables packs can tell in words."""


class Pointers:
    """The published cycles of one lake."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def cycles(self) -> list[Cycle]:
        """Every cycle that has a published pointer, oldest first."""
        return sorted(Cycle.parse(path.parent.name) for path in (self.root / "cycles").glob("*/_current.json"))

    def before(self, cycle: Cycle, tables: Collection[str] = ()) -> list[Cycle]:
        """Every cycle published before ``cycle`` that has the ``tables``, oldest first; months may be skipped."""
        return [each for each in self.cycles() if each < cycle and set(tables) <= set(self.hashes(each))]

    def last_before(self, cycle: Cycle, tables: Collection[str] = ()) -> Cycle | None:
        """The newest cycle published before ``cycle`` that has the ``tables``; None when there is none."""
        return max(self.before(cycle, tables), default=None)

    def pointer(self, cycle: Cycle) -> dict[str, Any]:
        """Return the cycle's current pointer; empty when nothing was published.

        Raises BadInput for a pointer in a newer format than this version knows, and for one that cannot be read.
        """
        path = self.pointer_path(cycle)
        if not path.exists():
            return {}
        try:
            pointer = json.loads(path.read_text(encoding="utf-8"))
            version = int(pointer.get("format", 1))
        except (ValueError, AttributeError) as error:
            raise BadInput(
                found=f"what is no pointer ({error})",
                needed="the list of the cycle's tables",
                where=str(path),
                mend=f"Plan the cycle again: sop run --cycle {cycle}.",
            ) from error
        if version > FORMAT:
            raise BadInput(
                found=f"a cycle published in format {version}",
                needed=f"format {FORMAT} or older",
                where=str(path),
                mend=f"Use the version of sop that published it, or plan it again: sop run --cycle {cycle}.",
            )
        return pointer

    def has(self, table: str, cycle: Cycle) -> bool:
        """Whether the cycle has published the table."""
        return table in self.pointer(cycle).get("tables", {})

    def hashes(self, cycle: Cycle) -> dict[str, str]:
        """Return the content hash of every published table of the cycle."""
        return {name: entry["content_sha256"] for name, entry in self.pointer(cycle).get("tables", {}).items()}

    def pointer_path(self, cycle: Cycle) -> Path:
        """Where the cycle's pointer is, or will be."""
        return self.root / "cycles" / cycle.name / "_current.json"


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, whole or not at all."""
    write_atomically(path, (json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and survives a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
    with aside.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
