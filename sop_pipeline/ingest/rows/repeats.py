"""Rows that do not count, or not twice: not yet known, said before in this file or another, corrected since."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.ingest.cells.rules import ROW_DATE
from sop_pipeline.ingest.rows.grain import NATURAL_KEY, Knowledge
from sop_pipeline.ingest.rows.loaded import LoadedTable
from sop_pipeline.tables import Table

_NOBODY_YET = "0001-01-01"


def judge(loaded: LoadedTable, knowledge: Knowledge | None) -> None:
    """Set aside what the cycle cannot know yet (``knowledge`` None: nothing), what repeats and what was corrected."""
    spec = loaded.spec
    row_date = ROW_DATE.get(spec.name)
    if knowledge is not None:
        _set_aside_later(loaded, knowledge, row_date)
    loaded.mark("repeated_rows", "duplicate", cells=loaded.columns)
    if spec.key:
        _judge_keys(loaded, row_date)
        return
    if len(loaded.files) > 1:
        _judge_resent(loaded, row_date)
    if spec.name in NATURAL_KEY and _any_recorded(loaded):
        loaded.mark("corrected_rows", "superseded", key=_natural_key(spec))


def _set_aside_later(loaded: LoadedTable, knowledge: Knowledge, row_date: str | None) -> None:
    limit = knowledge.limit(loaded.spec.name)
    params = {"recorded_limit": limit, **({"own_limit": limit} if row_date else {})}
    loaded.mark("later_rows", "later", params, own_date=row_date and f'"{row_date}"')


def _judge_resent(loaded: LoadedTable, row_date: str | None) -> None:
    """Count what a file sends again once; what it states otherwise replaces the earlier statement."""
    day = f'"{row_date}"' if row_date else "null::date"
    resent = sql.run(loaded.connection, "ingest/resent_rows", cells=loaded.columns, day=day)
    if not resent.num_rows:
        return
    if loaded.spec.name in NATURAL_KEY:
        restated = _restated(loaded, resent)
        loaded.set_aside(restated, "superseded")
        resent = resent.filter(pc.invert(pc.is_in(resent.column("id"), value_set=restated.column("id"))))
    loaded.set_aside(resent, "duplicate")


def _restated(loaded: LoadedTable, resent: pa.Table) -> pa.Table:
    loaded.connection.register("known", resent)
    rows = sql.run(loaded.connection, "ingest/restated_rows", cells=loaded.columns, key=_natural_key(loaded.spec))
    loaded.connection.unregister("known")
    return rows


def _natural_key(spec: Table) -> list[str]:
    return [f'"{name}"' for name in NATURAL_KEY[spec.name]]


def _any_recorded(loaded: LoadedTable) -> bool:
    counted = loaded.connection.execute("select count(recorded_on) from standing").fetchone()
    return bool(counted and counted[0])


def _judge_keys(loaded: LoadedTable, row_date: str | None) -> None:
    spec = loaded.spec
    own = f'"{row_date}"' if row_date else f"date '{_NOBODY_YET}'"
    replaced = sql.run(
        loaded.connection,
        "ingest/repeated_keys",
        key=[f'"{name}"' for name in spec.key],
        others=[f'"{name}"' for name in spec.names if name not in spec.key],
        known_on=f"coalesce(recorded_on, {own}, date '{_NOBODY_YET}')",
    )
    reason = (
        f"Needed {spec.grain}: a row further down has the same {', '.join(spec.key)} and other values, and is the one "
        "used. Keep one of them, or fill in recorded_on."
    )
    for status in ("duplicate", "superseded", "contradicted"):
        ids = tables.where(replaced, status=status).select(["id", "value"])
        if status == "contradicted":
            loaded.set_aside(ids, "quarantined", spec.key[0], reason)
        else:
            loaded.set_aside(ids, status)
