"""Rows that do not count, or not twice: not yet known, said before in another file, corrected since.

Two equal rows of one file are two facts: a product can be sold twice a day in equal amounts. Only a second file sends
rows again, and there occurrences are compared: what stands once in the first file and twice in the second counts twice.
A source whose export repeats rows says ``duplicates: drop``.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sop_pipeline import sql, tables
from sop_pipeline.ingest.rows.grain import NATURAL_KEY, Knowledge
from sop_pipeline.ingest.rows.loaded import LoadedFile, LoadedTable
from sop_pipeline.reading.cells.cast import BETWEEN_CELLS
from sop_pipeline.reading.cells.rules import ROW_DATE
from sop_pipeline.tables import Table

_NOBODY_YET = "0001-01-01"
_NAMED = 3
_ANY_ACROSS_FILES = "select digest from standing group by digest having min(file) < max(file) limit 1"


def judge(loaded: LoadedTable, knowledge: Knowledge | None) -> None:
    """Set aside what the cycle cannot know yet (``knowledge`` None: nothing), what repeats and what was corrected."""
    spec = loaded.spec
    row_date = ROW_DATE.get(spec.name)
    if knowledge is not None:
        _set_aside_later(loaded, knowledge, row_date)
    if spec.key:
        _judge_keys(loaded, row_date)
        return
    _judge_equal(loaded)
    if len(loaded.files) > 1:
        _judge_resent(loaded, row_date)
    if spec.name in NATURAL_KEY and _any_recorded(loaded):
        loaded.mark("corrected_rows", "superseded", key=_natural_key(spec))


def _set_aside_later(loaded: LoadedTable, knowledge: Knowledge, row_date: str | None) -> None:
    limit = knowledge.limit(loaded.spec.name)
    params = {"recorded_limit": limit, **({"own_limit": limit} if row_date else {})}
    loaded.mark("later_rows", "later", params, own_date=row_date and f'"{row_date}"')


def _judge_equal(loaded: LoadedTable) -> None:
    """Drop the repeats of equal rows in files whose source says so; in the others count them, and tell how many."""
    repeats = sql.run(loaded.connection, "ingest/repeated_rows", cells=loaded.columns)
    if not repeats.num_rows:
        return
    drop = pa.array([at for at, entry in enumerate(loaded.files) if entry.source.duplicates == "drop"], pa.int64())
    dropped = pc.is_in(repeats.column("file"), value_set=drop)
    loaded.set_aside(repeats.filter(dropped).select(["id"]), "duplicate")
    loaded.connection.register("repeats", repeats.filter(pc.invert(dropped)))
    loaded.repeats = _counted(loaded)
    for row in loaded.repeats:
        loaded.files[row["file"]].remarks.append(_counted_words(row, loaded.files[row["file"]]))
    loaded.connection.unregister("repeats")


def _counted(loaded: LoadedTable) -> list[dict[str, Any]]:
    spec = loaded.spec
    names = {name: f'standing."{name}"' for name in ("product_id", "quantity") if name in spec}
    return sql.run(
        loaded.connection,
        "ingest/counted_repeats",
        product=names.get("product_id", "null::varchar"),
        quantity=names.get("quantity", "null::decimal(18, 4)"),
        named=_NAMED,
    ).to_pylist()


def _counted_words(row: dict[str, Any], entry: LoadedFile) -> str:
    rows = "1 row equals" if row["rows"] == 1 else f"{row['rows']} rows equal"
    of_products = [
        f"{product['product_id']} {float(product['quantity']):,.10g} in {product['rows']}"
        for product in row["products"]
        if product["product_id"] is not None and product["quantity"] is not None
    ]
    more = f" and {row['more']} more products" if row["more"] else ""
    amounts = f" ({', '.join(of_products)}{more})" if of_products else ""
    compared = ", ".join([*entry.headings.values(), *entry.extras])
    return (
        f"{rows} an earlier one of the file in {compared}; all are counted{amounts}. If the export repeats rows, set "
        "duplicates: drop"
    )


def _judge_resent(loaded: LoadedTable, row_date: str | None) -> None:
    """Count what a file sends again once; what it states otherwise replaces the earlier statement."""
    repeated = loaded.connection.execute(_ANY_ACROSS_FILES).fetchone()
    if repeated is None:
        return
    recurring = _recurring(loaded)
    kept = dict.fromkeys(NATURAL_KEY.get(loaded.spec.name, ()) + ((row_date,) if row_date else ()))
    columns = [f'"{name}"' for name in kept] + (["quantity"] if kept else [])
    occurrences = sql.text(
        "ingest/occurrences", cells=loaded.columns, kept=columns, recurring=recurring, digest=_digest(recurring)
    )
    loaded.connection.execute(f"create temp table occurrences as {occurrences}")
    day = f'"{row_date}"' if row_date else "null::date"
    resent = sql.run(loaded.connection, "ingest/resent_rows", day=day)
    if resent.num_rows:
        if loaded.spec.name in NATURAL_KEY:
            restated = _restated(loaded, resent)
            loaded.set_aside(restated, "superseded")
            resent = resent.filter(pc.invert(pc.is_in(resent.column("id"), value_set=restated.column("id"))))
        loaded.set_aside(resent, "duplicate")
    loaded.connection.execute("drop table occurrences")


def _digest(recurring: list[str]) -> str:
    return f"hash({', '.join(['digest', *recurring])})"


def _recurring(loaded: LoadedTable) -> list[str]:
    """Return, as SQL, the columns nothing maps to that tell rows apart across files.

    An order number does: it stands in both files for rows that match. The moment of the export does not.
    """
    candidates = [_cell(loaded, heading) for heading in _shared_extras(loaded)]
    if not candidates:
        return []
    counted = sql.run(loaded.connection, "ingest/recurring_values", candidates=candidates).to_pylist()[0]
    return [cell for number, cell in enumerate(candidates) if 2 * counted[f"recurs_{number}"] >= counted["matched"] > 0]


def _shared_extras(loaded: LoadedTable) -> list[str]:
    headings = [heading for entry in loaded.files if not entry.resent for heading in entry.extras]
    return sorted({heading for heading in headings if headings.count(heading) > 1})


def _cell(loaded: LoadedTable, heading: str) -> str:
    """The SQL for a row's cell under a heading nothing maps to, wherever its file has it."""
    places = " ".join(
        f"when {number} then {entry.extras.index(heading) + 1}"
        for number, entry in enumerate(loaded.files)
        if heading in entry.extras
    )
    return f"string_split(extra, chr({ord(BETWEEN_CELLS)}))[case file {places} end]"


def _restated(loaded: LoadedTable, resent: pa.Table) -> pa.Table:
    loaded.connection.register("known", resent)
    rows = sql.run(loaded.connection, "ingest/restated_rows", key=_natural_key(loaded.spec))
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
