"""A company of any size, as files: what ``bench_month`` runs the month on.

A third of the products each sell smoothly, by season and now and then. The same size gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import yaml

CYCLE = "2026-11"
MONTHS, PRODUCTS_A_FAMILY = 60, 500

_SALES = """
COPY (
    SELECT
        CAST(day AS DATE) AS date,
        printf('P%06d', product) AS product_id,
        CAST(ceil(size * amount) AS INTEGER) AS quantity,
        round(ceil(size * amount) * (5 + product % 40), 2) AS revenue,
        ['N', 'S', 'E', 'W'][1 + transaction % 4] AS region
    FROM (
        SELECT
            product,
            transaction,
            month + to_days(CAST(1 + (product * 7 + transaction * 5 + position * 3) % 27 AS INTEGER)) AS day,
            (20 + product % 180) * (1 + 0.002 * position)
            * CASE WHEN product % 3 = 1 THEN 1 + 0.5 * sin(position * pi() / 6 + product) ELSE 1 END
            * (0.8 + 0.4 * (hash(product, position) % 1000) / 1000) AS size,
            (0.5 + (hash(product, position, transaction) % 1000) / 1000) / $rows AS amount
        FROM range($products) AS each_product(product)
        CROSS JOIN range($months) AS each_month(position)
        CROSS JOIN range($rows) AS each_row(transaction)
        CROSS JOIN LATERAL (SELECT DATE '2021-11-01' + to_months(CAST(position AS INTEGER)) AS month) AS its_month
        WHERE product % 3 <> 2 OR hash(product, position, 'sold') % 10 < 4
    ) AS transactions
    ORDER BY date, product_id, quantity
) TO '{path}' (HEADER)
"""

_PRODUCTS = """
COPY (
    SELECT
        printf('P%06d', product) AS product_id,
        'Product ' || product AS product_name,
        'Family ' || printf('%03d', product // {a_family}) AS family,
        5 + product % 40 AS unit_price,
        round((5 + product % 40) * 0.6, 2) AS standard_cost,
        round((5 + product % 40) * 0.35, 2) AS unit_material_cost,
        CASE WHEN product % 2 = 0 THEN 'NORTH' ELSE 'SOUTH' END AS site_id
    FROM range($products) AS each_product(product)
) TO '{path}' (HEADER)
"""

_INVENTORY = """
COPY (
    SELECT
        DATE '2026-10-31' AS date,
        printf('P%06d', product) AS product_id,
        20 + product % 180 AS on_hand
    FROM range($products) AS each_product(product)
) TO '{path}' (HEADER)
"""

_FEATURES = """
COPY (
    SELECT
        printf('P%06d', product) AS product_id,
        feature || CASE WHEN product % 2 = 0 THEN '_north' ELSE '_south' END AS feature,
        round(quantity * (1 + product % 7) / 4.0, 4) AS quantity
    FROM range($products) AS each_product(product)
    CROSS JOIN (VALUES ('crew', 0.05), ('line', 0.02)) AS takes(feature, quantity)
) TO '{path}' (HEADER)
"""


def write_company(folder: Path, products: int, rows_a_month: int = 7) -> int:
    """Write the folder and return how many rows of sales it has."""
    data = folder / "data"
    data.mkdir(parents=True)
    with duckdb.connect() as session:
        for name, statement in (("products", _PRODUCTS), ("inventory", _INVENTORY), ("product_features", _FEATURES)):
            text = statement.format(path=data / f"{name}.csv", a_family=PRODUCTS_A_FAMILY)
            session.execute(text, {"products": products})
        sizes = {"products": products, "months": MONTHS, "rows": rows_a_month}
        session.execute(_SALES.format(path=data / "sales.csv"), sizes)
        counted = session.execute(f"SELECT count(*) FROM '{data / 'sales.csv'}'").fetchone()
    (data / "resources.csv").write_text(_resources(products), encoding="utf-8")
    tables = ("products", "sales", "inventory", "product_features", "resources")
    settings = {"company": "Month at size", "sources": {name: f"data/{name}.csv" for name in tables}}
    (folder / "sop.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return int(counted[0]) if counted else 0


def _resources(products: int) -> str:
    """Crews and lines of both sites, of a size that a busy month needs."""
    hours = products / 2 * 110 * 4 / 4
    heads = {"crew": round(hours * 0.05 / 150), "line": round(hours * 0.02 / 150)}
    rows = [
        "resource_id,kind,site_id,opening_units,hours_per_day,regular_rate,overtime_rate,overtime_limit_pct,hire_cost"
    ]
    for site in ("north", "south"):
        rows.append(f"crew_{site},labour,{site.upper()},{max(1, heads['crew'])},8,24,36,20,1000")
        rows.append(f"line_{site},machine,{site.upper()},{max(1, heads['line'])},8,,30,20,")
    return "\n".join(rows) + "\n"
