"""Product review: where each product stands in its life."""

import dagster as dg
import pyarrow as pa

from assets.resources import CompanyResource
from assets.step import step
from sop_pipeline import portfolio
from sop_pipeline.cycle import Cycle


@step("product_lifecycle")
def product_lifecycle(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    products: pa.Table,
    sales: pa.Table,
    production: pa.Table,
    new_products: pa.Table,
) -> pa.Table:
    """Tell active, new, launching, phased-out and ended products apart."""
    cycle = Cycle.parse(context.partition_key)
    return portfolio.product_lifecycle(products, sales, production, new_products, company=company.settings, cycle=cycle)
