"""Rows that name what does not exist: a sale of an unknown product, a month of an unknown resource.

They go to quarantine with the nearest known name. What is known depends on who asks: transactions are of products the
company has; planners may also speak of products still to be launched.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.loaded import FILE_BITS, LoadedTable
from sop_pipeline.ingest.rows.products import refuse_rings, remark_near_twins, remark_no_family
from sop_pipeline.ingest.rows.totals import is_total_word, leave_out_totals
from sop_pipeline.reading.readers.names import plain
from sop_pipeline.tables import Column, Kind

_ALSO_NEW = {
    ("products", "successor_id"),
    ("product_features", "product_id"),
    ("demand_inputs", "product_id"),
    ("external_forecasts", "product_id"),
    ("demand_events", "product_id"),
    ("price_list", "product_id"),
    ("launch_gates", "product_id"),
    ("new_products", "like_product_id"),
    ("new_products", "cannibalises"),
}
# Families are names of products' rows, not rows of a table of their own.
_FAMILIES = {
    ("business_plan", "family"): "products.family",
    ("demand_inputs", "family"): "products.family",
    ("external_forecasts", "family"): "products.family",
    ("demand_events", "family"): "products.family",
    ("price_list", "family"): "products.family",
    ("risks_opportunities", "family"): "products.family",
    ("levers", "family"): "products.family",
}
NO_FAMILY = "All products"  # of products without one (METHODS 7)
# A product whose successor is unknown is a product all the same.
_BLANKED = {("products", "successor_id")}
_NAMED = 20


def check_references(loaded: Mapping[str, LoadedTable]) -> list[BadInput]:
    """Set aside, in every table, the rows that refer to nothing; products first, for others refer to them.

    Returns what stops a cycle: products that succeed each other in a ring.
    """
    order = sorted(loaded, key=lambda name: (name != "products", name != "new_products", name))
    for name in order:
        table = loaded[name]
        for column in table.spec.columns:
            target = column.references or _FAMILIES.get((name, column.name))
            if target is None:
                continue
            known = _known(loaded, name, column.name, *target.split("."))
            if known is not None:
                _judge_unknown(table, column, target.split(".")[0], known, _rejected(loaded, *target.split(".")))
        _set_aside_repeated_headings(table)
    if "products" not in loaded:
        return []
    remark_near_twins(loaded["products"])
    remark_no_family(loaded["products"], NO_FAMILY)
    return refuse_rings(loaded["products"])


def _known(
    loaded: Mapping[str, LoadedTable], table: str, column: str, target: str, target_column: str
) -> set[str] | None:
    """Return the names a column may refer to; None where the company has none: then every product is of one family."""
    known = _names(loaded, target, target_column)
    if (table, column) in _FAMILIES:
        return known | {NO_FAMILY} if known else None
    return known | _names(loaded, "new_products", "product_id") if (table, column) in _ALSO_NEW else known


def _names(loaded: Mapping[str, LoadedTable], table: str, column: str) -> set[str]:
    if table not in loaded:
        return set()
    names = loaded[table].connection.execute(f'select distinct "{column}" from standing where "{column}" is not null')
    return {row[0] for row in names.fetchall()}


def _rejected(loaded: Mapping[str, LoadedTable], table: str, column: str) -> set[str]:
    if table not in loaded:
        return set()
    names = loaded[table].connection.execute(
        f'select distinct "{column}" from all_rows where "{column}" is not null '
        "and id in (select id from set_aside where status = 'quarantined')"
    )
    return {row[0] for row in names.fetchall()}


def _judge_unknown(table: LoadedTable, column: Column, target: str, known: set[str], rejected: set[str]) -> None:
    """Leave out the totals among the unknown names; blank an unknown successor; set the other rows aside."""
    table.connection.register("known", pa.table({"name": pa.array(sorted(known), pa.string())}))
    unknown = sql.run(table.connection, "ingest/unknown_references", column=f'"{column.name}"')
    totals = leave_out_totals(table, column.name, unknown)
    table.connection.unregister("known")
    repeats = {heading: base for entry in table.files for heading, base in entry.raw.echoes.items()}
    values = sorted(set(tables.texts(unknown, "value")) - totals)
    for number, value in enumerate(values):
        near = _near(value, known) if number < _NAMED else []
        reason = _reason(value, target, near, rejected, repeats)
        rows = tables.where(unknown, value=value)
        if (table.spec.name, column.name) in _BLANKED:
            _blank(table, column.name, rows, f"{value!r} read as blank. {reason}")
        else:
            table.set_aside(rows, "quarantined", column.name, reason)


def _blank(table: LoadedTable, column: str, rows: pa.Table, words: str) -> None:
    table.connection.register("chosen", rows)
    table.connection.execute(f'update all_rows set "{column}" = null where id in (select id from chosen)')
    table.connection.unregister("chosen")
    for file in sorted({row["id"] >> FILE_BITS for row in rows.to_pylist()}):
        entry = table.files[file]
        entry.remarks.append(f"{entry.headings.get(column, column)}: {words}")


def _near(value: str, known: set[str]) -> list[str]:
    """The name spelt alike, or the same code without the zeros that spreadsheets drop; else the nearest."""
    alike = sorted(name for name in known if plain(name).lstrip("0") == plain(value).lstrip("0"))
    return alike[:1] or difflib.get_close_matches(value, sorted(known), n=1, cutoff=0.8)


def _reason(value: str, target: str, near: list[str], rejected: set[str], repeats: dict[str, str]) -> str:
    if value in repeats:
        return _repeated(value, repeats[value])
    if value in rejected:
        return f"Its row in {target} could not be used; mend that one."
    stripped = [name for name in near if name.strip("0") == value.strip("0")]
    hint = f" Did you mean {near[0]!r}?" if near else ""
    if stripped:
        hint = f" {near[0]!r} differs by zeros alone: keep the column as text where the file is made."
    if is_total_word(value):
        return f"It is called a total and is not the sum of the others; correct it, or leave it out of the file.{hint}"
    return f"Needed a name that {target} has.{hint} Add it to {target}, or use rename_values in sop.yaml."


def _repeated(heading: str, base: str) -> str:
    return (
        f"The heading {base!r} stands twice in the file, here as {heading!r}, and nothing says whether it is the same "
        f"item or another. Say so in sop.yaml with rename_values: {{'{heading}': '{base}'}} adds the columns up, "
        "another name makes it an item of its own."
    )


def _set_aside_repeated_headings(table: LoadedTable) -> None:
    """A repeated heading of a column without references is set aside too, unless ``sop.yaml`` renames it."""
    for number, entry in enumerate(table.files):
        for our in entry.headings:
            if table.spec[our].kind is not Kind.TEXT or table.spec[our].references:
                continue
            for repeat, base in entry.raw.echoes.items():
                ids = table.connection.execute(
                    f'select id, cell as value from standing where file = $file and cell = $cell and "{our}" = $cell',
                    {"file": number, "cell": repeat},
                ).to_arrow_table()
                table.set_aside(ids, "quarantined", our, _repeated(heading=repeat, base=base))
