"""Sources that came with far fewer rows than last time: an export that was cut off, a query that lost its join.

A source is known again by what ``sop.yaml`` calls it, its path or its connection and table, so one that was moved is
compared with nothing. Rows are those read, before any is set aside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline.errors import BadInput
from sop_pipeline.past import PastCycle
from sop_pipeline.room_settings import IngestSettings


@dataclass(frozen=True)
class LastSources(PastCycle):
    """The files of the last cycle."""

    source_files: pa.Table


def shrunk(source_files: pa.Table, company: IngestSettings, last: LastSources | None) -> list[BadInput]:
    """Return a fault for each source that has fewer rows than last time by more than its ``shrinks_at_most``."""
    return [] if last is None else list(_faults(source_files, company, last))


def _faults(source_files: pa.Table, company: IngestSettings, last: LastSources) -> Iterator[BadInput]:
    now, before = _rows(source_files), _rows(last.source_files)
    for table, sources in company.sources.items():
        for source in sources:
            name = source.path or f"{source.connection}: {table}"
            were, are = before[table, name], now[table, name]
            if source.shrinks_at_most is not None and 100 * (were - are) > source.shrinks_at_most * were:
                share = 100 * (were - are) / were
                yield BadInput(
                    found=f"{are:,} rows, {share:.1f}% fewer than the {were:,} of cycle {last.cycle}",
                    needed=f"at most {source.shrinks_at_most:g}% fewer, as its shrinks_at_most says",
                    where=f"{name} ({table})",
                    mend="See why it came short, or raise shrinks_at_most of the source in sop.yaml if it is right.",
                )


def _rows(source_files: pa.Table) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in source_files.select(["table", "source", "rows_read"]).to_pylist():
        counts[row["table"], row["source"]] += row["rows_read"]
    return counts
