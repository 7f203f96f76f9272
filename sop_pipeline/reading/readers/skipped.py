"""Rows that ``sop.yaml`` leaves out by what stands in one of their columns: sub-totals, footers, plants of others.

They are counted like blank rows, apart from what is set aside: nobody has to mend them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline.errors import BadInput
from sop_pipeline.reading.readers.names import nearest
from sop_pipeline.reading.readers.raw import Fault, Raw


def without_skipped(raw: Raw, skip_rows: Mapping[str, Sequence[str]], where: str) -> Raw:
    """Return the cells without the rows whose cell under a heading matches a pattern (``Total*``, in any case).

    Records that do not fit the header are skipped by what stands in that place of theirs. Raises BadInput for a
    heading that the file lacks.
    """
    skip = np.zeros(raw.cells.num_rows, bool)
    faults = list(raw.faults)
    for heading, patterns in skip_rows.items():
        if heading not in raw.headings:
            raise BadInput(
                found=f"no column {heading!r}",
                needed="the column that skip_rows names",
                where=where,
                mend=nearest(heading, raw.headings),
            )
        column = raw.cells.column(f"c{raw.headings.index(heading)}").cast(pa.string())
        matching = [text for text in pc.unique(column).to_pylist() if _matches(text, patterns)]
        skip |= np.asarray(pc.is_in(column, value_set=pa.array(matching, pa.string())))
        faults = [fault for fault in faults if not _is_meant(fault, heading, patterns)]
    left_out = int(skip.sum()) + len(raw.faults) - len(faults)
    if not left_out:
        return raw
    note = f"{left_out} row{'s' if left_out > 1 else ''} skipped, as sop.yaml says"
    extent = replace(raw.extent, skipped=left_out)
    cells = raw.cells.filter(pa.array(~skip))
    return replace(raw, cells=cells, faults=tuple(faults), extent=extent, notes=(*raw.notes, note))


def _matches(text: str | None, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase((text or "").strip().lower(), pattern.lower()) for pattern in patterns)


def _is_meant(fault: Fault, heading: str, patterns: Sequence[str]) -> bool:
    return heading in fault.content and _matches(fault.content[heading], patterns)
