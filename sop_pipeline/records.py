"""Records of a cycle: one numbered file each (``0001.json``), written once, never changed.

Not here: what a record says, or which of several stands (``decision_log``, ``inputs.log``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sop_pipeline.cycle import Cycle
from sop_pipeline.disk import telling
from sop_pipeline.errors import BadInput
from sop_pipeline.releases import write_once

Record = Mapping[str, Any]


def add_record(folder: Path, cycle: Cycle, number: int, record: Record) -> Record:
    """Write one more record of a cycle into its folder under a number and return it whole."""
    whole = {**record, "cycle": cycle.name, "number": number}
    text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    path = folder / f"{number:04d}.json"
    with telling(path):
        write_once(path, text.encode())
    return whole


def records_in(folder: Path, what: str, judge: Callable[[Record], object]) -> list[Record]:
    """Return the records of a folder in their order.

    ``judge`` raises ValueError, KeyError or TypeError for what is no record of ``what``; BadInput then names the file.
    """
    return [_read(path, what, judge) for path in sorted(folder.glob("[0-9]*.json"))]


def _read(path: Path, what: str, judge: Callable[[Record], object]) -> Record:
    try:
        with telling(path):
            record: Record = json.loads(path.read_text(encoding="utf-8"))
        judge(record)
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            found=f"what is no record of {what} ({error!r})",
            needed="the record as it was written",
            where=str(path),
            mend="Take it back from a backup.",
        ) from error
    return record
