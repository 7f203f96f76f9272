"""What contradicts itself about products.

Successors in a ring, ids that differ by case, lives that sales deny, rows under another family's name.
"""

from __future__ import annotations

from collections.abc import Mapping

from sop_pipeline import sql
from sop_pipeline.errors import BadInput
from sop_pipeline.ingest.rows.loaded import LoadedTable

_SHOWN = 3


def refuse_rings(products: LoadedTable) -> list[BadInput]:
    """Return a fault for every ring of successors: nothing in it could take over the demand of the others."""
    rows = products.connection.execute(
        "select product_id, successor_id from standing where successor_id is not null order by product_id"
    ).fetchall()
    successor = dict(rows)
    where = ", ".join(entry.label for entry in products.files)
    return [
        BadInput(
            found="a product that succeeds itself: " + ring[0]
            if len(ring) == 1
            else f"successors in a ring: {' -> '.join([*ring, ring[0]])}",
            needed="successors that end in a product without one",
            where=f"{where}, column successor_id",
            mend="Clear the successor of the product that stays.",
        )
        for ring in _rings(successor)
    ]


def _rings(successor: Mapping[str, str]) -> list[list[str]]:
    rings: list[list[str]] = []
    done: set[str] = set()
    for start in successor:
        path: list[str] = []
        product = start
        while product in successor and product not in done and product not in path:
            path.append(product)
            product = successor[product]
        if product in path:
            rings.append(path[path.index(product) :])
        done.update(path)
    return rings


def remark_near_twins(products: LoadedTable) -> None:
    """Remark on products whose ids differ by case or blanks alone: probably one product."""
    rows = products.connection.execute(
        "select list(product_id order by product_id) from standing "
        "group by lower(replace(product_id, ' ', '')) having count(distinct product_id) > 1 order by 1"
    ).fetchall()
    if rows:
        twins = "; ".join(", ".join(map(repr, ids)) for (ids,) in rows[:_SHOWN])
        more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        products.files[-1].remarks.append(f"products that differ by case or blanks alone: {twins}{more}; one product?")


def remark_no_family(products: LoadedTable, instead: str) -> None:
    """Remark on products without a family where others have one: they are planned as one family of that name."""
    rows = products.connection.execute(
        "select product_id, count(*) over () as products from standing qualify family is null order by product_id"
    ).fetchall()
    if rows and len(rows) < rows[0][1]:
        named = ", ".join(repr(name) for name, _ in rows[:_SHOWN]) + (" and more" if len(rows) > _SHOWN else "")
        products.files[-1].remarks.append(
            f"no family for {named} ({len(rows)} of {rows[0][1]} products): planned as family {instead!r}"
        )


def remark_lifecycle(loaded: Mapping[str, LoadedTable]) -> None:
    """Remark on products that were sold after they ended, or before they were launched."""
    if "products" not in loaded or "sales" not in loaded:
        return
    products = loaded["products"]
    sold = (
        loaded["sales"]
        .connection.execute(
            "select product_id, min(date) as first_sale, max(date) as last_sale from standing where quantity > 0 "
            "group by product_id"
        )
        .to_arrow_table()
    )
    lives = products.connection.execute("select product_id, launched_on, discontinued_on from standing")
    given = {"products": lives.to_arrow_table(), "sold": sold}
    rows = sql.query("ingest/lifecycle_contradictions", given).to_pylist()
    for kind, words in (
        ("ended", "discontinued before the last sale: {product} ended {day}, sold until {sale}"),
        ("launched", "launched after the first sale: {product} launched {day}, sold since {sale}"),
    ):
        chosen = [row for row in rows if row["kind"] == kind]
        if chosen:
            first = words.format(product=chosen[0]["product_id"], day=chosen[0]["day"], sale=chosen[0]["sale"])
            more = f" (and {len(chosen) - 1} more products)" if len(chosen) > 1 else ""
            products.files[-1].remarks.append(first + more)


def remark_other_families(loaded: Mapping[str, LoadedTable]) -> None:
    """Remark on rows that name a product under another family's name: the product counts."""
    if "products" not in loaded:
        return
    own = loaded["products"].connection.execute("select product_id, family from standing").to_arrow_table()
    for name, table in loaded.items():
        if name == "products" or not {"product_id", "family"} <= set(table.spec.names):
            continue
        named = table.connection.execute(
            "select id, file, row, product_id, family from standing where product_id is not null and family is not null"
        )
        rows = sql.query("ingest/other_families", {"named": named.to_arrow_table(), "products": own}).to_pylist()
        if rows:
            first = rows[0]
            more = f" (and {len(rows) - 1} more row{'s' if len(rows) > 2 else ''})" if len(rows) > 1 else ""
            table.files[first["file"]].remarks.append(
                f"row {first['row']}: found family {first['family']!r} for {first['product_id']}{more}; needed "
                f"{first['own']!r}, its family in products. The product counts; correct the row, or products."
            )
