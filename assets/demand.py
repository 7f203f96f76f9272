"""Demand review: history and cleansing, forecasts of every approach, planners' streams, the consensus."""

import dagster as dg
import pyarrow as pa

from assets import demand_metadata
from assets.resources import CompanyResource
from assets.step import step
from sop_pipeline.choice import chosen_approach
from sop_pipeline.cycle import Cycle
from sop_pipeline.demand import markets, units
from sop_pipeline.demand.consensus import adjustments as streams
from sop_pipeline.demand.consensus import plan as consensus
from sop_pipeline.demand.history import demand_history as history
from sop_pipeline.demand.review import defaults, value_added
from sop_pipeline.demand.statistical import forecast as statistical
from sop_pipeline.validation import identities


@step("demand_history", "demand_units", "market_history")
def demand_history(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    sales: pa.Table,
    production: pa.Table,
    inventory: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    demand_inputs: pa.Table,
    products: pa.Table,
) -> dict[str, pa.Table]:
    """Turn daily sales, or production, into monthly demand with every finding beside it, and say what may be added."""
    monthly = history.demand_history(
        sales,
        production,
        inventory,
        product_lifecycle,
        working_calendar,
        demand_inputs,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )
    counted = units.demand_units(products, product_lifecycle, company=company.settings)
    return {
        "demand_history": monthly,
        "demand_units": counted,
        "market_history": markets.market_history(sales, counted, cycle=Cycle.parse(context.partition_key)),
    }


@step(
    "forecast",
    "forecast_backtest",
    "forecast_accuracy",
    "forecast_approach",
    identities={
        ("forecast", "coherence"): identities.forecast_coherence,
        ("forecast", "quantiles"): identities.forecast_quantiles,
    },
    shown={
        "forecast": demand_metadata.forecast,
        "forecast_accuracy": demand_metadata.forecast_accuracy,
        "forecast_approach": demand_metadata.forecast_approach,
    },
)
def statistical_forecast(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    working_calendar: pa.Table,
    demand_units: pa.Table,
    products: pa.Table,
) -> dict[str, pa.Table]:
    """Forecast top-down and bottom-up, backtest both, and choose."""
    return statistical.statistical_forecast(
        demand_history,
        product_lifecycle,
        working_calendar,
        demand_units,
        products,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step(
    "demand_adjustments",
    "demand_plan",
    "demand_range",
    "market_forecast",
    "market_accuracy",
    identities={
        ("demand_plan", "adds_up"): identities.demand_plan_adds_up,
        ("market_forecast", "adds_up"): identities.market_forecast_adds_up,
    },
    shown={"market_forecast": demand_metadata.market_forecast},
)
def consensus_demand(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    forecast: pa.Table,
    demand_history: pa.Table,
    product_lifecycle: pa.Table,
    demand_inputs: pa.Table,
    demand_units: pa.Table,
    market_history: pa.Table,
    forecast_backtest: pa.Table,
    forecast_approach: pa.Table,
) -> dict[str, pa.Table]:
    """Add what people know to the statistical forecast, in order of precedence, and agree on one number."""
    settings, cycle = company.settings, Cycle.parse(context.partition_key)
    adjustments = streams.demand_adjustments(
        forecast, demand_history, product_lifecycle, demand_inputs, demand_units, cycle=cycle
    )
    plan = consensus.demand_plan(forecast, adjustments, product_lifecycle, demand_units)
    ranges = consensus.demand_range(plan, forecast, demand_units, company=settings)
    return {
        "demand_adjustments": adjustments,
        "demand_plan": plan,
        "demand_range": ranges,
        "market_forecast": markets.market_forecast(market_history, ranges, demand_units, cycle=cycle),
        "market_accuracy": markets.market_accuracy(
            market_history,
            forecast_backtest,
            demand_units,
            approach=chosen_approach(forecast_approach, settings),
            company=settings,
        ),
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
    demand_units: pa.Table,
) -> pa.Table:
    """List what the demand step had to assume."""
    return defaults.demand_defaults(
        demand_history,
        product_lifecycle,
        inventory,
        demand_inputs,
        forecast_backtest,
        demand_units,
        company=company.settings,
        cycle=Cycle.parse(context.partition_key),
    )


@step("forecast_value_added", shown={"forecast_value_added": demand_metadata.forecast_value_added})
def forecast_value_added(
    context: dg.AssetExecutionContext,
    company: CompanyResource,
    demand_history: pa.Table,
    products: pa.Table,
    demand_units: pa.Table,
) -> pa.Table:
    """Score what earlier cycles really planned, step by step."""
    cycle = Cycle.parse(context.partition_key)
    return value_added.forecast_value_added(
        demand_history,
        products,
        company.earlier(cycle, list(value_added.FROZEN_TABLES)),
        demand_units,
        company=company.settings,
        cycle=cycle,
    )
