"""Demand review: history and cleansing, forecasts of every approach, planners' streams, the consensus."""

import dagster as dg
import pyarrow as pa

from assets.resources import CompanyResource
from assets.step import step
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand import consensus, defaults, history, statistical, value_added
from sop_pipeline.validation import identities


@step("demand_history")
def demand_history(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    sales: pa.Table,
    production: pa.Table,
    inventory: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    demand_inputs: pa.Table,
) -> pa.Table:
    """Turn daily sales, or production, into monthly demand with every finding beside it."""
    return history.demand_history(
        sales,
        production,
        inventory,
        product_lifecycle,
        working_calendar,
        demand_inputs,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step(
    "forecast",
    "forecast_backtest",
    "forecast_accuracy",
    "forecast_approach",
    identities={
        ("forecast", "coherence"): identities.forecast_coherence,
        ("forecast", "quantiles"): identities.forecast_quantiles,
    },
)
def statistical_forecast(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
) -> dict[str, pa.Table]:
    """Forecast top-down and bottom-up, backtest both, and choose."""
    return statistical.statistical_forecast(
        demand_history,
        product_lifecycle,
        working_calendar,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step(
    "demand_adjustments",
    "demand_plan",
    "demand_range",
    identities={("demand_plan", "adds_up"): identities.demand_plan_adds_up},
)
def consensus_demand(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    forecast: pa.Table,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    demand_inputs: pa.Table,
) -> dict[str, pa.Table]:
    """Add what people know to the statistical forecast, in order of precedence, and agree on one number."""
    settings, cycle = company.settings, Cycle.parse(context.partition_key)
    adjustments = consensus.demand_adjustments(forecast, demand_history, product_lifecycle, demand_inputs, cycle=cycle)
    plan = consensus.demand_plan(forecast, adjustments, product_lifecycle)
    return {
        "demand_adjustments": adjustments,
        "demand_plan": plan,
        "demand_range": consensus.demand_range(plan, forecast, company=settings),
    }


@step("demand_defaults")
def demand_defaults(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    inventory: pa.Table,
    demand_inputs: pa.Table,
    forecast_backtest: pa.Table,
) -> pa.Table:
    """List what the demand step had to assume."""
    return defaults.demand_defaults(
        demand_history,
        product_lifecycle,
        inventory,
        demand_inputs,
        forecast_backtest,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step("forecast_value_added")
def forecast_value_added(
    context: dg.AssetExecutionContext, company: CompanyResource, demand_history: pa.Table, products: pa.Table
) -> pa.Table:
    """Score what earlier cycles really planned, step by step."""
    cycle = Cycle.parse(context.partition_key)
    return value_added.forecast_value_added(
        demand_history,
        products,
        company.earlier(cycle, list(value_added.FROZEN_TABLES)),
        company=company.settings,
        cycle=cycle,
    )
