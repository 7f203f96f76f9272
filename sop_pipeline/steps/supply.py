"""Supply review: what demand takes of every resource, and level, chase and blended plans that answer it."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from sop_pipeline.choice import chosen_plan
from sop_pipeline.room_settings import SupplySettings
from sop_pipeline.steps.step import Check, step
from sop_pipeline.supply.paths.distribution import demand_distribution
from sop_pipeline.supply.problem.cycle.planned_money import planned_money
from sop_pipeline.supply.requirements.requirements import total_requirements
from sop_pipeline.supply.robustness.plan_robustness import plan_robustness
from sop_pipeline.supply.schedule.disaggregate import disaggregate
from sop_pipeline.supply.schedule.load import schedule_loads
from sop_pipeline.supply.schedule.swings import plan_swings
from sop_pipeline.supply.strategies.comparison.compare import compare_strategies
from sop_pipeline.supply.strategies.frozen import planning_problem
from sop_pipeline.supply.strategies.options.replan import limit_options
from sop_pipeline.validation import Finding, identities, plan_checker
from sop_pipeline.validation import robustness as robustness_checks


def plans_hold(tables: Mapping[str, pa.Table], company: SupplySettings) -> Finding:
    """Recompute every identity and every cost of every plan from its tables alone."""
    return plan_checker.plan_holds(tables, whole_workers=company.supply.whole_workers)


def adds_up(
    production_schedule: pa.Table,
    schedule_remainders: pa.Table,
    aggregate_plan: pa.Table,
    plan_summary: pa.Table,
    company: SupplySettings,
) -> Finding:
    """Products add up to the chosen plan: output with what is left over, subcontracting, lost sales (METHODS 5)."""
    strategy, scenario = chosen_plan(plan_summary, company)
    return identities.schedule_adds_up(
        production_schedule, schedule_remainders, aggregate_plan, strategy=strategy, scenario=scenario
    )


STEPS = (
    step(
        total_requirements,
        does="Add every product's features up, compare with the top-down load, and cut capacity roughly three ways.",
    ),
    step(
        planned_money,
        name="prices_and_costs",
        does="Say what planned units earn and cost in each month: prices, changes of pay and material.",
    ),
    step(
        planning_problem,
        does="Put the planning problem together, with every default that was needed and what the last plan froze.",
        kinds=("duckdb", "pandas"),
    ),
    step(
        demand_distribution,
        name="uncertain_demand",
        does="Bring the forecast's distribution to the planned items, with what they share and carry over.",
    ),
    step(
        compare_strategies,
        name="strategies",
        does="Plan every strategy of the company on one model, price it, and draw cost against stability.",
        kinds=("python", "highs"),
        checks=[
            Check("aggregate_plan", "inventory_balance", identities.inventory_balance),
            Check("aggregate_plan", "plan_checker", plans_hold),
            Check("resource_plan", "workforce", identities.workforce_balance),
        ],
    ),
    step(
        limit_options,
        does="Plan the chosen strategy anew with each limit raised that promises most.",
        kinds=("python", "highs"),
    ),
    step(
        plan_robustness,
        name="plans_under_uncertainty",
        does="Run every strategy's plan against the same sampled demand: service, cost and stock as P10, P50 and P90.",
        kinds=("duckdb", "numpy"),
        checks=[
            Check("plan_robustness", "as_planned", robustness_checks.as_planned),
            Check("plan_robustness", "quantiles", robustness_checks.quantiles),
        ],
    ),
    step(
        disaggregate,
        name="production_schedule",
        does="Take the chosen strategy down to products, by equal run-out time unless the company has it otherwise.",
        checks=[
            Check("production_schedule", "inventory_balance", identities.schedule_balance),
            Check("production_schedule", "adds_up", adds_up),
        ],
    ),
    step(
        schedule_loads,
        does="Recompute the schedule from its products: hours beside the plan's, sites, materials to order.",
        checks=[
            Check("site_schedule", "adds_up", identities.sites_add_up),
            Check("schedule_load", "recomputed", identities.schedule_load_recomputed),
        ],
    ),
    step(
        plan_swings,
        does="Say where the plan in use all but stops a resource, or swings a product on steady demand.",
    ),
)
