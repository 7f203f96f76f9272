"""What reading had to assume about whole files, for the pack's list: repeats, weeks, columns not used, old data."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pyarrow as pa

from sop_pipeline.defaults import Defaults
from sop_pipeline.ingest.rows.loaded import LoadedTable

_SHOWN = 3


def assumed(loaded: Mapping[str, LoadedTable]) -> Defaults:
    """Return the assumptions that the rows of all tables took."""
    notes = Defaults()
    repeated = {name: table.repeats for name, table in loaded.items() if table.repeats}
    rows = [row for repeats in repeated.values() for row in repeats]
    products = dict.fromkeys(str(each["product_id"]) for row in rows for each in row["products"] if each["product_id"])
    named = ", ".join(list(products)[:_SHOWN]) + (" and others" if len(products) > _SHOWN else "")
    notes.use(
        "repeats_counted",
        sum(row["rows"] for row in rows),
        subject=", ".join(repeated) + (f" ({named})" if named else ""),
        amount=sum((row["quantity"] for row in rows if row["quantity"] is not None), Decimal(0)),
    )
    shared = {name: table.rows_shared for name, table in loaded.items() if table.rows_shared}
    notes.use("periods_shared", sum(shared.values()), subject=", ".join(shared))
    unused = {
        f"{heading} of {entry.label} (did you mean {our}?)": entry
        for table in loaded.values()
        for entry in table.files
        for heading, our in entry.misspelt.items()
    }
    notes.use("column_not_used", len(unused), subject=", ".join(unused))
    return notes


def note_stale(notes: Defaults, data_freshness: pa.Table) -> None:
    """Note the tables that end too early and are planned with all the same."""
    late = [row for row in data_freshness.to_pylist() if row["status"] in ("told", "accepted")]
    missing = max((row["missing_days"] for row in late), default=0)
    notes.use("stale_data", len(late), subject=", ".join(sorted(row["table"] for row in late)), amount=missing)
