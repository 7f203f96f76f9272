"""Ingest: a company's files become the input tables, every row accounted for.

``snapshot`` copies the files into the cycle; ``ingest`` reads them from there; ``check_company`` reads them where they
are, for ``sop check``. Not here: anything that joins tables to plan with, and currency conversion (``reconciliation``).
"""

from __future__ import annotations

from sop_pipeline.ingest.check import CheckReport, check_company
from sop_pipeline.ingest.company_data import IngestResult, ingest
from sop_pipeline.ingest.rows.tolerance import Excess, beyond_tolerance
from sop_pipeline.ingest.snapshots import Snapshot, SourceFile, read_snapshot, snapshot
from sop_pipeline.ingest.working_calendar import working_calendar

__all__ = [
    "CheckReport",
    "Excess",
    "IngestResult",
    "Snapshot",
    "SourceFile",
    "beyond_tolerance",
    "check_company",
    "ingest",
    "read_snapshot",
    "snapshot",
    "working_calendar",
]
