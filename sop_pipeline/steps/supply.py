"""Supply review: what demand takes of every resource, and level, chase and blended plans that answer it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle
from sop_pipeline.past import PastCycle
from sop_pipeline.steps.step import Check, step
from sop_pipeline.supply.paths import distribution
from sop_pipeline.supply.problem.cycle import build
from sop_pipeline.supply.requirements import requirements, rough_cut
from sop_pipeline.supply.robustness import plan_robustness
from sop_pipeline.supply.schedule.disaggregate import disaggregate
from sop_pipeline.supply.schedule.load import schedule_loads as loads
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


@dataclass(frozen=True)
class ProductionBefore(PastCycle):
    """What the last cycle planned to make."""

    production_plan: pa.Table


def total_requirements(
    company: Company,
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
    cycle: Cycle,
) -> dict[str, pa.Table]:
    """Add every product's features up, compare with the top-down load, and cut capacity roughly three ways."""
    load = requirements.load(
        demand_plan,
        demand_history,
        product_lifecycle,
        products,
        resources,
        resource_months,
        product_features,
        materials,
        production,
        working_calendar,
        calendar,
        company=company,
        cycle=cycle,
    )
    return {
        "feature_requirements": requirements.feature_requirements(load),
        "planning_approach": requirements.planning_approach(load, company=company),
        "rough_cut_capacity": rough_cut.rough_cut_capacity(load),
    }


def planning_problem(
    company: Company,
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
    before: ProductionBefore | None,
    cycle: Cycle,
) -> dict[str, pa.Table]:
    """Put the planning problem together, with every default that was needed and what the last plan froze."""
    return build.planning_problem(
        products,
        resources,
        resource_months,
        product_features,
        materials,
        calendar,
        inventory,
        production,
        demand_plan,
        demand_history,
        forecast_backtest,
        forecast_approach,
        product_lifecycle,
        working_calendar,
        planning_approach,
        company=company,
        cycle=cycle,
        last_production=before.production_plan if before and company.supply.frozen_months else None,
    )


def uncertain_demand(
    company: Company,
    planning_demand: pa.Table,
    planning_products: pa.Table,
    opening_state: pa.Table,
    demand_range: pa.Table,
    forecast_backtest: pa.Table,
    forecast_approach: pa.Table,
) -> pa.Table:
    """Bring the forecast's distribution to the planned items, with what they share and carry over."""
    return distribution.demand_distribution(
        planning_demand,
        planning_products,
        opening_state,
        demand_range,
        forecast_backtest,
        forecast_approach,
        company=company,
    )


def plans_hold(tables: Mapping[str, pa.Table], company: Company) -> Finding:
    """Recompute every identity and every cost of every plan from its tables alone."""
    return plan_checker.plan_holds(tables, whole_workers=company.supply.whole_workers)


def strategies(
    company: Company,
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
    return compare.compare_strategies(
        planning_products,
        planning_resources,
        planning_resource_months,
        planning_features,
        planning_calendar,
        planning_materials,
        planning_demand,
        planning_state,
        planning_months,
        planning_feature_months,
        opening_state,
        demand_distribution,
        company=company,
    )


def adds_up(
    production_schedule: pa.Table, schedule_remainders: pa.Table, aggregate_plan: pa.Table, company: Company
) -> Finding:
    """Products add up to the chosen plan's output, what is left over counted; bought in and lost, too (METHODS 5)."""
    strategy = company.supply.strategy
    return identities.schedule_adds_up(production_schedule, schedule_remainders, aggregate_plan, strategy=strategy)


def plans_under_uncertainty(
    company: Company,
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
    return plan_robustness.plan_robustness(
        aggregate_plan,
        plan_costs,
        plan_summary,
        demand_distribution,
        demand_range,
        planning_products,
        planning_demand,
        planning_state,
        planning_months,
        opening_state,
        company=company,
    )


def production_schedule(
    company: Company,
    aggregate_plan: pa.Table,
    demand_plan: pa.Table,
    products: pa.Table,
    opening_state: pa.Table,
    stock_targets: pa.Table,
    frozen_plan: pa.Table,
) -> dict[str, pa.Table]:
    """Take the chosen strategy down to products, by equal run-out time unless the company has it otherwise."""
    shared = disaggregate(
        aggregate_plan,
        demand_plan,
        products,
        opening_state,
        stock_targets,
        company=company,
        frozen_plan=frozen_plan,
    )
    return {"production_schedule": shared.schedule, "schedule_remainders": shared.remainders}


def schedule_loads(
    company: Company,
    production_schedule: pa.Table,
    schedule_remainders: pa.Table,
    route_plan: pa.Table,
    resource_plan: pa.Table,
    aggregate_plan: pa.Table,
    planned_features: pa.Table,
    planning_resources: pa.Table,
    materials: pa.Table,
    products: pa.Table,
) -> dict[str, pa.Table]:
    """Recompute the schedule from its products: hours beside the plan's, sites, materials to order."""
    return loads(
        production_schedule,
        schedule_remainders,
        route_plan,
        resource_plan,
        aggregate_plan,
        planned_features,
        planning_resources,
        materials,
        products,
        company=company,
    )


STEPS = (
    step(
        total_requirements,
        does="Add every product's features up, compare with the top-down load, and cut capacity roughly three ways.",
        makes=["feature_requirements", "planning_approach", "rough_cut_capacity"],
    ),
    step(
        planning_problem,
        does="Put the planning problem together, with every default that was needed and what the last plan froze.",
        makes=PROBLEM,
        kinds=("duckdb", "pandas"),
    ),
    step(
        uncertain_demand,
        does="Bring the forecast's distribution to the planned items, with what they share and carry over.",
        makes=["demand_distribution"],
    ),
    step(
        strategies,
        does="Plan every strategy of the company on one model, price it, and draw cost against stability.",
        makes=PLANS,
        kinds=("python", "highs"),
        checks=[
            Check("aggregate_plan", "inventory_balance", identities.inventory_balance),
            Check("aggregate_plan", "plan_checker", plans_hold),
            Check("resource_plan", "workforce", identities.workforce_balance),
        ],
    ),
    step(
        plans_under_uncertainty,
        does="Run every strategy's plan against the same sampled demand: service, cost and stock as P10, P50 and P90.",
        makes=["plan_robustness", "plan_robustness_months", "demand_sample_fit", "stochastic_value"],
        kinds=("duckdb", "numpy"),
        checks=[
            Check("plan_robustness", "as_planned", robustness_checks.as_planned),
            Check("plan_robustness", "quantiles", robustness_checks.quantiles),
        ],
    ),
    step(
        production_schedule,
        does="Take the chosen strategy down to products, by equal run-out time unless the company has it otherwise.",
        makes=["production_schedule", "schedule_remainders"],
        checks=[
            Check("production_schedule", "inventory_balance", identities.schedule_balance),
            Check("production_schedule", "adds_up", adds_up),
        ],
    ),
    step(
        schedule_loads,
        does="Recompute the schedule from its products: hours beside the plan's, sites, materials to order.",
        makes=["site_schedule", "schedule_load", "material_orders", "schedule_defaults"],
        checks=[
            Check("site_schedule", "adds_up", identities.sites_add_up),
            Check("schedule_load", "recomputed", identities.schedule_load_recomputed),
        ],
    ),
)
