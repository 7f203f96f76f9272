"""Demand review: history and cleansing, forecasts of every approach, planners' streams, the consensus."""

from __future__ import annotations

from sop_pipeline.demand.consensus.adjustments import demand_adjustments
from sop_pipeline.demand.consensus.plan import demand_plan, demand_range
from sop_pipeline.demand.history.demand_history import demand_history
from sop_pipeline.demand.history.order_book import order_book
from sop_pipeline.demand.markets import market_accuracy, market_forecast, market_history
from sop_pipeline.demand.review import shown
from sop_pipeline.demand.review.anomalies import demand_anomalies
from sop_pipeline.demand.review.defaults import demand_defaults
from sop_pipeline.demand.review.value_added import forecast_value_added
from sop_pipeline.demand.statistical.forecast import statistical_forecast
from sop_pipeline.demand.units import demand_units
from sop_pipeline.steps.step import Check, step
from sop_pipeline.validation import identities

STEPS = (
    step(
        order_book,
        does="Keep bookings, shipments and backlog apart, and say how many lines were on time and in full.",
        checks=[Check("order_book", "balances", identities.order_book_balances)],
    ),
    step(
        demand_history,
        demand_units,
        market_history,
        does="Turn daily sales, or production, into monthly demand with every finding beside it, and say what may be "
        "added.",
    ),
    step(
        statistical_forecast,
        does="Forecast top-down and bottom-up, backtest both, external forecasts and known events, and choose.",
        checks=[
            Check("forecast", "coherence", identities.forecast_coherence),
            Check("forecast", "quantiles", identities.forecast_quantiles),
        ],
        shown={
            "forecast": shown.forecast,
            "forecast_accuracy": shown.forecast_accuracy,
            "forecast_approach": shown.forecast_approach,
            "external_accuracy": shown.external_accuracy,
            "event_effects": shown.event_effects,
        },
    ),
    step(
        demand_adjustments,
        demand_plan,
        demand_range,
        market_forecast,
        market_accuracy,
        name="consensus_demand",
        does="Add what people know to the statistical forecast, in order of precedence, and agree on one number.",
        checks=[
            Check("demand_plan", "adds_up", identities.demand_plan_adds_up),
            Check("market_forecast", "adds_up", identities.market_forecast_adds_up),
        ],
        shown={"market_forecast": shown.market_forecast},
    ),
    step(demand_defaults, does="List what the demand step had to assume."),
    step(
        forecast_value_added,
        does="Score what earlier cycles really planned, step by step.",
        shown={"forecast_value_added": shown.forecast_value_added},
    ),
    step(
        demand_anomalies,
        does="List what came outside all that the last cycle expected of the newest month.",
        shown={"demand_anomalies": shown.demand_anomalies},
    ),
)
