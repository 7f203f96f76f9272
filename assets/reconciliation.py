"""Reconciliation: units and money in one set of numbers, the six deliverables, and what the meeting has to decide."""

import dagster as dg
import pyarrow as pa

from assets.resources import CompanyResource
from assets.step import step
from sop_pipeline import reconciliation as rec
from sop_pipeline.cycle import Cycle
from sop_pipeline.validation import identities

PREVIOUS = [
    "demand_plan",
    "demand_adjustments",
    "sales_plan",
    "production_plan",
    "inventory_plan",
    "plan_attainment",
    "key_figures",
]


@step("actuals")
def actuals(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    sales: pa.Table,
    production: pa.Table,
    inventory: pa.Table,
    products: pa.Table,
    exchange_rates: pa.Table,
    product_lifecycle: pa.Table,
) -> pa.Table:
    """Add up what really happened, in units and in the reporting currency."""
    return rec.actuals(
        sales,
        production,
        inventory,
        products,
        exchange_rates,
        product_lifecycle,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step("last_plan")
def last_plan(context: dg.AssetExecutionContext, company: CompanyResource) -> pa.Table:
    """Read the plan of the cycle before, which this one is compared with."""
    cycle = Cycle.parse(context.partition_key)
    previous = company.previous(cycle, PREVIOUS)
    return rec.last_plan(previous or None, cycle)


@step("sales_plan")
def sales_plan(production_schedule: pa.Table, demand_plan: pa.Table, products: pa.Table) -> pa.Table:
    """Say what will be sold, given demand and supply."""
    return rec.sales_plan(production_schedule, demand_plan, products)


@step("production_plan")
def production_plan(production_schedule: pa.Table, working_calendar: pa.Table, site_schedule: pa.Table) -> pa.Table:
    """Say what will be made and bought in."""
    return rec.production_plan(production_schedule, working_calendar, site_schedule)


@step("inventory_plan")
def inventory_plan(production_schedule: pa.Table, demand_plan: pa.Table, products: pa.Table) -> pa.Table:
    """Say what will be in stock, against its band."""
    return rec.inventory_plan(production_schedule, demand_plan, products)


@step("new_product_plan")
def new_product_plan(product_lifecycle: pa.Table, sales_plan: pa.Table, inventory_plan: pa.Table) -> pa.Table:
    """Say what is launched and what is phased out."""
    return rec.new_product_plan(product_lifecycle, sales_plan, inventory_plan)


@step(
    "financial_plan",
    identities={("financial_plan", "foots"): identities.money_foots},
)
def financial_plan(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    actuals: pa.Table,
    sales_plan: pa.Table,
    production_plan: pa.Table,
    inventory_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
) -> pa.Table:
    """Put the plan into money, past and planned months in one line."""
    return rec.financial_plan(
        actuals,
        sales_plan,
        production_plan,
        inventory_plan,
        products,
        product_lifecycle,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step("operational_plan")
def operational_plan(
    company: CompanyResource,
    sales_plan: pa.Table,
    production_plan: pa.Table,
    site_schedule: pa.Table,
    inventory_plan: pa.Table,
    resource_plan: pa.Table,
    plan_costs: pa.Table,
    plan_summary: pa.Table,
    resources: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
) -> pa.Table:
    """Allot people, money and time: who does what, how much, when."""
    return rec.operational_plan(
        sales_plan,
        production_plan,
        site_schedule,
        inventory_plan,
        resource_plan,
        plan_costs,
        plan_summary,
        resources,
        products,
        product_lifecycle,
        company=company.settings,
    )


@step("plan_attainment")
def plan_attainment(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    actuals: pa.Table,
    last_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
) -> pa.Table:
    """Compare the last cycle's plan with what came."""
    cycle = Cycle.parse(context.partition_key)
    earlier = company.previous(cycle, PREVIOUS).get("plan_attainment")
    return rec.plan_attainment(actuals, last_plan, products, product_lifecycle, cycle=cycle, earlier=earlier)


@step("plan_gap")
def plan_gap(
    context: dg.AssetExecutionContext,
    financial_plan: pa.Table,
    business_plan: pa.Table,
    last_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
) -> pa.Table:
    """Compare the latest view with business plan, last cycle and last year."""
    return rec.plan_gap(
        financial_plan,
        business_plan,
        last_plan,
        products,
        product_lifecycle,
        cycle=Cycle.parse(context.partition_key),
    )


@step("bridge")
def bridge(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    actuals: pa.Table,
    sales_plan: pa.Table,
    financial_plan: pa.Table,
    business_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
) -> pa.Table:
    """Explain the way from business plan to latest view, to the cent."""
    return rec.bridge(
        actuals,
        sales_plan,
        financial_plan,
        business_plan,
        products,
        product_lifecycle,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step("key_figures")
def key_figures(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    financial_plan: pa.Table,
    sales_plan: pa.Table,
    business_plan: pa.Table,
    last_plan: pa.Table,
    demand_range: pa.Table,
    orders: pa.Table,
    products: pa.Table,
) -> pa.Table:
    """Land the full year: revenue, margin, inventory, service."""
    cycle = Cycle.parse(context.partition_key)
    return rec.key_figures(
        financial_plan,
        sales_plan,
        business_plan,
        last_plan,
        demand_range,
        orders,
        products,
        company=company.settings,
        cycle=cycle,
        previous=company.previous(cycle, PREVIOUS).get("key_figures"),
    )


@step("plan_changes")
def plan_changes(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_plan: pa.Table,
    demand_adjustments: pa.Table,
    sales_plan: pa.Table,
    last_plan: pa.Table,
) -> pa.Table:
    """Say what moved since last month, and why."""
    previous = company.previous(Cycle.parse(context.partition_key), PREVIOUS)
    return rec.plan_changes(demand_plan, demand_adjustments, sales_plan, last_plan, previous or None)


@step("decisions_wanted")
def decisions_wanted(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    plan_summary: pa.Table,
    plan_frontier: pa.Table,
    plan_shortfalls: pa.Table,
    shadow_prices: pa.Table,
    aggregate_plan: pa.Table,
    resource_plan: pa.Table,
    planning_products: pa.Table,
    key_figures: pa.Table,
    risks_opportunities: pa.Table,
    resources: pa.Table,
    materials: pa.Table,
    products: pa.Table,
) -> pa.Table:
    """Put at most three decisions up to the meeting, with options, effect, date and owner."""
    return rec.decisions_wanted(
        plan_summary,
        plan_frontier,
        plan_shortfalls,
        shadow_prices,
        aggregate_plan,
        resource_plan,
        planning_products,
        key_figures,
        risks_opportunities,
        resources,
        materials,
        products,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step("money_defaults", "defaults_used")
def defaults_used(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_defaults: pa.Table,
    supply_defaults: pa.Table,
    schedule_defaults: pa.Table,
    sales_plan: pa.Table,
    sales: pa.Table,
    production: pa.Table,
    orders: pa.Table,
    business_plan: pa.Table,
    last_plan: pa.Table,
    products: pa.Table,
    product_lifecycle: pa.Table,
) -> dict[str, pa.Table]:
    """List every default in use, for the pack's assumptions."""
    money = rec.money_defaults(
        sales_plan,
        sales,
        production,
        orders,
        business_plan,
        last_plan,
        products,
        product_lifecycle,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )
    used = rec.defaults_used(demand_defaults, supply_defaults, money, schedule_defaults)
    return {"money_defaults": money, "defaults_used": used}
