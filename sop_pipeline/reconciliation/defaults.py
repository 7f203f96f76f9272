"""What was assumed where the company's files say nothing, in words with numbers (METHODS 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline import sql, tables
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.reconciliation.units import unit_factors

Found = dict[str, int]
Row = tuple[str, str, str, int]


@dataclass(frozen=True)
class MoneyInputs:
    """The tables in which reconciliation may have found gaps."""

    sales_plan: pa.Table
    sales: pa.Table
    production: pa.Table
    orders: pa.Table
    business_plan: pa.Table
    last_plan: pa.Table
    products: pa.Table
    product_lifecycle: pa.Table


def money_defaults(inputs: MoneyInputs, *, company: Company, cycle: Cycle) -> pa.Table:
    """Return ``money_defaults``: every default and simplification that reconciliation used, with how often."""
    given = {**vars(inputs), "unit_factors": unit_factors(inputs.products, inputs.product_lifecycle)}
    found: Found = sql.query("reconciliation/money_gaps", given, {"cutoff": cycle.cutoff}).to_pylist()[0]
    rows = [*_of_products(found, company), *_of_history(found), *_of_comparisons(found), *_of_company(company)]
    names = ("default_id", "missing", "assumed", "items")
    return tables.conform("money_defaults", [dict(zip(names, row, strict=True)) for row in rows if row[3]])


def _of_products(found: Found, company: Company) -> Iterator[Row]:
    price, cost = found["without_price"], found["without_cost"]
    of = f"of {found['planned_products']} planned products"
    yield (
        "no_price",
        f"unit_price of {price} {of}",
        "none: revenue and margin leave these products out, their units remain",
        price,
    )
    yield (
        "no_cost",
        f"standard_cost of {cost} {of}",
        "none: margin and inventory value leave these products out, their units remain",
        cost,
    )
    material = found["without_material_cost"]
    yield (
        "no_material_cost",
        f"unit_material_cost of {material} {of}",
        f"the whole standard cost is a purchase, paid after {company.finance.payment_lag_months} months",
        material,
    )
    most = found["without_most_stock"]
    yield (
        "no_most_stock",
        f"max_stock and cover_days_max of {most} {of}",
        "the inventory band has no upper edge",
        most,
    )
    yield (
        "units_not_added",
        "equivalent_units in families with several units of measure",
        "these families have no total in units, only in money",
        found["families_not_added"],
    )


def _of_history(found: Found) -> Iterator[Row]:
    yield (
        "revenue_at_list_price",
        "revenue of sales rows",
        "units x list price",
        found["sold_without_revenue"],
    )
    yield (
        "sales_from_production",
        "sales of products that are made",
        "production less the change of stock counts as sales",
        found["sold_as_made"],
    )
    if not found["orders_due"]:
        yield (
            "no_orders",
            "orders",
            "service is the fill rate of the plan (planned sales / demand), not on time in full",
            1,
        )


def _of_comparisons(found: Found) -> Iterator[Row]:
    if found["business_plan_rows"]:
        yield (
            "bridge_mix",
            "products in the business plan, which has families",
            "the bridge measures mix against the year before, at today's prices",
            1,
        )
    else:
        yield ("no_business_plan", "business_plan", "gaps compare with the last cycle and last year", 1)
    if not found["last_plan_rows"]:
        yield ("no_last_cycle", "a cycle before this one", "nothing is compared with a last plan", 1)


def _of_company(company: Company) -> Iterator[Row]:
    fixed = company.finance.fixed_cost_month
    yield (
        "fixed_cost_by_family",
        "fixed cost of a family",
        f"{fixed:,.2f} {company.currency} a month are shared over families by their revenue",
        1 if fixed else 0,
    )


def defaults_used(
    demand_defaults: pa.Table,
    supply_defaults: pa.Table,
    money_defaults: pa.Table,
    schedule_defaults: pa.Table | None = None,
) -> pa.Table:
    """Return ``defaults_used``: the defaults of all steps; an identifier that two steps use gets the step's name."""
    parts = {"demand": demand_defaults, "supply": supply_defaults, "money": money_defaults}
    if schedule_defaults is not None:
        parts["schedule"] = schedule_defaults
    rows = [(step, row) for step, part in parts.items() for row in tables.rows(part)]
    often = Counter(row["default_id"] for _, row in rows)
    named = [
        {**row, "default_id": f"{step}_{row['default_id']}" if often[row["default_id"]] > 1 else row["default_id"]}
        for step, row in rows
    ]
    return tables.conform("defaults_used", named)
