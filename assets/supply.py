"""Supply review: what demand takes of every resource, and level, chase and blended plans that answer it."""

import dagster as dg
import pyarrow as pa

from assets.resources import CompanyResource
from assets.step import Tables, step
from sop_pipeline.choice import chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.supply.paths import distribution
from sop_pipeline.supply.problem.cycle.tables import ProblemInputs
from sop_pipeline.supply.requirements import requirements
from sop_pipeline.supply.requirements.inputs import RequirementInputs
from sop_pipeline.supply.robustness import plan_robustness
from sop_pipeline.supply.schedule import disaggregate, load
from sop_pipeline.supply.strategies import frozen
from sop_pipeline.supply.strategies.comparison import compare
from sop_pipeline.validation import Finding, identities, plan_checker
from sop_pipeline.validation import robustness as robustness_checks

PROBLEM = (
    "planning_products",
    "planning_resources",
    "planning_resource_months",
    "planning_features",
    "planning_calendar",
    "planning_materials",
    "planning_demand",
    "planning_state",
    "planning_months",
    "planning_feature_months",
    "opening_state",
    "stock_targets",
    "planned_features",
    "frozen_plan",
    "supply_defaults",
)
PLANS = (
    "aggregate_plan",
    "resource_plan",
    "plan_costs",
    "plan_summary",
    "plan_shortfalls",
    "shadow_prices",
    "route_plan",
    "plan_frontier",
)
LAST_PLAN = ["production_plan"]


@step("feature_requirements", "planning_approach", "rough_cut_capacity")
def total_requirements(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_plan: pa.Table,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    products: pa.Table,
    resources: pa.Table,
    resource_months: pa.Table,
    product_features: pa.Table,
    materials: pa.Table,
    production: pa.Table,
    working_calendar: pa.Table,
    calendar: pa.Table,
) -> dict[str, pa.Table]:
    """Add every product's features up, compare with the top-down load, and cut capacity roughly three ways."""
    inputs = RequirementInputs(
        products=products,
        resources=resources,
        resource_months=resource_months,
        product_features=product_features,
        materials=materials,
        calendar=calendar,
        production=production,
        demand_plan=demand_plan,
        demand_history=demand_history,
        product_lifecycle=product_lifecycle,
        working_calendar=working_calendar,
    )
    return vars(
        requirements.total_requirements(inputs, company=company.settings, cycle=Cycle.parse(context.partition_key))
    )


@step(*PROBLEM, kinds=("duckdb", "pandas"))
def planning_problem(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    products: pa.Table,
    resources: pa.Table,
    resource_months: pa.Table,
    product_features: pa.Table,
    materials: pa.Table,
    calendar: pa.Table,
    inventory: pa.Table,
    production: pa.Table,
    demand_plan: pa.Table,
    demand_history: pa.Table,
    forecast_backtest: pa.Table,
    forecast_approach: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    planning_approach: pa.Table,
) -> dict[str, pa.Table]:
    """Put the planning problem together, with every default that was needed and what the last plan froze."""
    settings, cycle = company.settings, Cycle.parse(context.partition_key)
    last = company.previous(cycle, LAST_PLAN) if settings.supply.frozen_months else {}
    inputs = ProblemInputs(
        products=products,
        resources=resources,
        resource_months=resource_months,
        product_features=product_features,
        materials=materials,
        calendar=calendar,
        production=production,
        demand_plan=demand_plan,
        demand_history=demand_history,
        product_lifecycle=product_lifecycle,
        working_calendar=working_calendar,
        inventory=inventory,
        forecast_backtest=forecast_backtest,
        forecast_approach=forecast_approach,
        planning_approach=planning_approach,
    )
    return vars(
        frozen.planning_problem(inputs, company=settings, cycle=cycle, last_production=last.get("production_plan"))
    )


@step("demand_distribution")
def uncertain_demand(
    company: CompanyResource,
    planning_demand: pa.Table,
    planning_products: pa.Table,
    opening_state: pa.Table,
    demand_range: pa.Table,
    forecast_backtest: pa.Table,
    forecast_approach: pa.Table,
) -> pa.Table:
    """Bring the forecast's distribution to the planned items, with what they share and carry over."""
    return distribution.demand_distribution(
        planning_demand=planning_demand,
        planning_products=planning_products,
        opening_state=opening_state,
        demand_range=demand_range,
        forecast_backtest=forecast_backtest,
        forecast_approach=forecast_approach,
        company=company.settings,
    )


def _plans_hold(tables: Tables, settings: Company) -> Finding:
    """Recompute every identity and every cost of every plan from its tables alone."""
    return plan_checker.plan_holds(tables, whole_workers=settings.supply.whole_workers)


@step(
    *PLANS,
    kinds=("python", "highs"),
    identities={
        ("aggregate_plan", "inventory_balance"): identities.inventory_balance,
        ("aggregate_plan", "plan_checker"): _plans_hold,
        ("resource_plan", "workforce"): identities.workforce_balance,
    },
)
def strategies(
    company: CompanyResource,
    planning_products: pa.Table,
    planning_resources: pa.Table,
    planning_resource_months: pa.Table,
    planning_features: pa.Table,
    planning_calendar: pa.Table,
    planning_materials: pa.Table,
    planning_demand: pa.Table,
    planning_state: pa.Table,
    planning_months: pa.Table,
    planning_feature_months: pa.Table,
    opening_state: pa.Table,
    demand_distribution: pa.Table,
) -> dict[str, pa.Table]:
    """Plan every strategy of the company on one model, price it, and draw cost against stability."""
    inputs = compare.StrategyInputs(
        planning_products=planning_products,
        planning_resources=planning_resources,
        planning_resource_months=planning_resource_months,
        planning_features=planning_features,
        planning_calendar=planning_calendar,
        planning_materials=planning_materials,
        planning_demand=planning_demand,
        planning_state=planning_state,
        planning_months=planning_months,
        planning_feature_months=planning_feature_months,
        opening_state=opening_state,
        demand_distribution=demand_distribution,
    )
    return vars(compare.compare_strategies(inputs, company=company.settings))


def _adds_up(
    production_schedule: pa.Table,
    schedule_remainders: pa.Table,
    aggregate_plan: pa.Table,
    plan_summary: pa.Table,
    settings: Company,
) -> Finding:
    """Products add up to the chosen plan: output with what is left over, subcontracting, lost sales (METHODS 5)."""
    chosen = chosen_plan(plan_summary, settings)
    return identities.schedule_adds_up(
        production_schedule, schedule_remainders, aggregate_plan, strategy=chosen.strategy, scenario=chosen.scenario
    )


@step(
    "plan_robustness",
    "plan_robustness_months",
    "demand_sample_fit",
    "stochastic_value",
    kinds=("duckdb", "numpy"),
    identities={
        ("plan_robustness", "as_planned"): robustness_checks.as_planned,
        ("plan_robustness", "quantiles"): robustness_checks.quantiles,
    },
)
def plans_under_uncertainty(
    company: CompanyResource,
    aggregate_plan: pa.Table,
    plan_costs: pa.Table,
    plan_summary: pa.Table,
    demand_distribution: pa.Table,
    demand_range: pa.Table,
    planning_products: pa.Table,
    planning_demand: pa.Table,
    planning_state: pa.Table,
    planning_months: pa.Table,
    opening_state: pa.Table,
) -> dict[str, pa.Table]:
    """Run every strategy's plan against the same sampled demand: service, cost and stock as P10, P50 and P90."""
    inputs = plan_robustness.RobustnessInputs(
        aggregate_plan=aggregate_plan,
        plan_costs=plan_costs,
        plan_summary=plan_summary,
        demand_distribution=demand_distribution,
        demand_range=demand_range,
        planning_products=planning_products,
        planning_demand=planning_demand,
        planning_state=planning_state,
        planning_months=planning_months,
        opening_state=opening_state,
    )
    return vars(plan_robustness.plan_robustness(inputs, company=company.settings))


@step(
    "production_schedule",
    "schedule_remainders",
    identities={
        ("production_schedule", "inventory_balance"): identities.schedule_balance,
        ("production_schedule", "adds_up"): _adds_up,
    },
)
def production_schedule(
    company: CompanyResource,
    aggregate_plan: pa.Table,
    plan_summary: pa.Table,
    demand_plan: pa.Table,
    products: pa.Table,
    opening_state: pa.Table,
    stock_targets: pa.Table,
    frozen_plan: pa.Table,
) -> dict[str, pa.Table]:
    """Take the chosen strategy down to products, by equal run-out time unless the company has it otherwise."""
    inputs = disaggregate.ScheduleInputs(
        aggregate_plan=aggregate_plan,
        plan_summary=plan_summary,
        demand_plan=demand_plan,
        products=products,
        opening_state=opening_state,
        stock_targets=stock_targets,
        frozen_plan=frozen_plan,
    )
    return vars(disaggregate.disaggregate(inputs, company=company.settings))


@step(
    "site_schedule",
    "schedule_load",
    "material_orders",
    "schedule_defaults",
    identities={
        ("site_schedule", "adds_up"): identities.sites_add_up,
        ("schedule_load", "recomputed"): identities.schedule_load_recomputed,
    },
)
def schedule_loads(
    company: CompanyResource,
    production_schedule: pa.Table,
    schedule_remainders: pa.Table,
    plan_summary: pa.Table,
    route_plan: pa.Table,
    resource_plan: pa.Table,
    aggregate_plan: pa.Table,
    planned_features: pa.Table,
    planning_resources: pa.Table,
    materials: pa.Table,
    products: pa.Table,
) -> dict[str, pa.Table]:
    """Recompute the schedule from its products: hours beside the plan's, sites, materials to order."""
    inputs = load.LoadInputs(
        production_schedule=production_schedule,
        schedule_remainders=schedule_remainders,
        route_plan=route_plan,
        resource_plan=resource_plan,
        aggregate_plan=aggregate_plan,
        planned_features=planned_features,
        planning_resources=planning_resources,
        materials=materials,
        products=products,
        plan_summary=plan_summary,
    )
    return vars(load.schedule_loads(inputs, company=company.settings))
