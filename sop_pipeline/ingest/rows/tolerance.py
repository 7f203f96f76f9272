"""When bad rows are too many: the share of a table's rows in quarantine that stops a cycle."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa

from sop_pipeline.room_settings import IngestSettings


@dataclass(frozen=True)
class Excess:
    """A table with more rejected rows than the company tolerates."""

    table: str
    rows_read: int
    rows_quarantined: int
    tolerance_pct: float

    @property
    def sentence(self) -> str:
        """What was found, what is tolerated, and what to do."""
        share = Decimal(100 * self.rows_quarantined) / Decimal(self.rows_read)
        return (
            f"table {self.table}: {self.rows_quarantined} of {self.rows_read} rows ({share:.2f}%) could not be used; "
            f"tolerated are {self.tolerance_pct:g}% (tolerances.quarantine_pct in sop.yaml)."
        )


def beyond_tolerance(source_files: pa.Table, company: IngestSettings) -> list[Excess]:
    """Return every table of which more than ``company.tolerances.quarantine_pct`` percent of the rows were rejected."""
    read: dict[str, int] = {}
    rejected: dict[str, int] = {}
    for row in source_files.to_pylist():
        read[row["table"]] = read.get(row["table"], 0) + row["rows_read"]
        rejected[row["table"]] = rejected.get(row["table"], 0) + row["rows_quarantined"]
    allowed = company.tolerances.quarantine_pct
    return [
        Excess(table, read[table], rejected[table], allowed)
        for table in sorted(read)
        if 100 * rejected[table] > allowed * read[table]
    ]
