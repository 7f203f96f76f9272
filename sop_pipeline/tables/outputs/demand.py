"""The tables of the demand step, from history to consensus and its accuracy."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import ADJUSTMENT_EFFECT, FAMILY, ITEM, LEVEL, MONTH, PRODUCT, UNIT
from sop_pipeline.tables.outputs.defaults import DEMAND_DEFAULTS
from sop_pipeline.tables.schema import Table, count, day, flag, kind, money, month, quantity, rate, text

DEMAND_HISTORY = Table(
    "demand_history",
    "one row per product and month of history",
    "demand",
    "monthly demand, raw and cleansed side by side, never silently changed",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("quantity", "demand as recorded, returns netted", required=True),
        quantity("cleansed", "demand after cleansing, which forecasts are made from", required=True),
        quantity("returns", "returned units, as a positive number", required=True),
        text("signal", "where it comes from", required=True, one_of=("sales", "production", "orders")),
        kind(
            "flag",
            "what was found",
            ("stock_out", "outlier", "partial_month", "promotion", "event", "negative", "level_shift"),
            words="finding",
        ),
        quantity("expected", "what the months around it let expect, where the finding is against that"),
        rate("limits_away", "how far an outlier is off, in limits", "times"),
        rate("level_change", "level from this month on against the one before", "times"),
        kind("coverage", "why a month is partial", ("data_begin", "data_end", "no_data_after")),
        day("edge_day", "first or last day with data, beside a partial month"),
        count("covered_days", "trading days of a partial month that have data", "days"),
        count("trading_days", "its trading days", "days"),
        kind("remedy", "what a partial month is cleansed to", ("scaled_up", "expected")),
        text("handed_to", "the successor that carries this demand"),
        quantity("inherited", "demand of predecessors that it carries"),
        count("counted_over", "months between two stock counts of which it is an equal part", "months"),
    ),
    ("product_id", "month"),
)

ORDER_BOOK = Table(
    "order_book",
    "one row per product with orders and month, from its first order to the cut-off",
    "demand",
    "bookings, shipments and backlog apart: backlog = backlog before + bookings - shipments; lines on time in full",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("opening_backlog", "ordered and not shipped at the month's start", required=True),
        quantity(
            "bookings",
            "ordered, with what closed lines were shipped more or less",
            required=True,
        ),
        quantity("shipments", "shipped", required=True),
        quantity("closing_backlog", "ordered and not shipped at the month's end", required=True),
        quantity("overdue", "of it: asked for by the month's end", required=True),
        quantity("requested", "asked for in the month: its demand", required=True),
        count("lines_due", "lines asked for in the month", "lines", required=True, minimum=0),
        count("lines_in_full", "of them shipped whole by the day asked for", "lines", required=True, minimum=0),
        rate("promised_days", "days from order to the day asked for, by units", "days"),
    ),
    ("product_id", "month"),
)

DEMAND_UNITS = Table(
    "demand_units",
    "one row per product",
    "demand",
    "its unit of measure, and what one unit counts for in totals; different units are never added",
    (
        PRODUCT,
        FAMILY,
        text("unit_of_measure", "unit its quantities are in", required=True),
        text("family_unit", "unit of its family's total: the products' own where they agree, else a stated equivalent"),
        rate("family_equivalent", "what one unit counts for there; null: there is no such total", "unit per unit"),
        text("company_unit", "unit of the company's total"),
        rate("company_equivalent", "what one unit counts for there; null: there is no such total", "unit per unit"),
    ),
    ("product_id",),
)

FORECAST = Table(
    "forecast",
    "one row per approach, level, item and month",
    "demand",
    "statistical forecast of every approach; `mean` adds up exactly, quantiles are marginal at each level",
    (
        text(
            "approach",
            "bottom_up, middle_out, reconciled, top_down_ with average_proportions, proportion_of_averages or "
            "forecast_proportions; external: external forecasts laid over the one that was chosen among these",
            required=True,
        ),
        LEVEL,
        ITEM,
        MONTH,
        count("lag", "months after the cycle month", "months", required=True, minimum=0),
        quantity("mean", "forecast that plans use; parent equals the sum of its children", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
        kind(
            "flag",
            "what to know of it: no_range (past forecasts were exact, or none is known), range_cut (P10 or P90 would "
            "lie far beyond what demand ever did), level_shift (it starts from a level reached within a year)",
            ("level_shift", "range_cut", "no_range"),
            words="forecast_flag",
        ),
        text("model", "model or combination behind it; without one, what the product has become", required=True),
        flag("per_working_day", "whether it was forecast by the working day"),
        flag("chosen", "whether the plan uses this approach", required=True),
        UNIT,
    ),
    ("approach", "level", "item_id", "month"),
)

FORECAST_BACKTEST = Table(
    "forecast_backtest",
    "one row per approach, level, item, origin and lag",
    "demand",
    "rolling-origin forecasts beside what came",
    (
        text("approach", "forecasting approach, or naive", required=True),
        LEVEL,
        ITEM,
        month("origin", "cycle month the forecast is made in, knowing only earlier months", required=True),
        count("lag", "months after the origin", "months", required=True, minimum=0),
        MONTH,
        quantity("forecast", "forecast", required=True),
        quantity("actual", "what came", required=True),
        flag("is_judged", "whether its month counts: one that every lag the company judges has been forecast for"),
        UNIT,
    ),
    ("approach", "level", "item_id", "origin", "lag"),
)

FORECAST_ACCURACY = Table(
    "forecast_accuracy",
    "one row per approach, level, item and lag",
    "demand",
    "accuracy of the statistical forecasts in the backtest; null where a denominator is zero",
    (
        text("approach", "forecasting approach, or naive", required=True),
        LEVEL,
        text("item_id", "item; 'all' is the whole level", required=True),
        count("lag", "months after the origin", "months", required=True),
        count("n", "forecasts compared", required=True),
        rate("wmape", "sum of absolute errors / sum of actuals", "share"),
        rate("bias", "sum of errors / sum of actuals; positive is over-forecasting", "share"),
        rate("tracking_signal", "sum of errors / mean absolute error", "ratio"),
        rate(
            "mase", "mean absolute error / mean absolute change of the history on a year before, both in units", "ratio"
        ),
        rate("rmsse", "the same from squares, as a root", "ratio"),
        rate("coverage", "share of actuals between P10 and P90", "share"),
        text("unit_of_measure", "unit the errors were added in; null where the items' units cannot be added"),
    ),
    ("approach", "level", "item_id", "lag"),
)

FORECAST_APPROACH = Table(
    "forecast_approach",
    "one row per approach",
    "demand",
    "how the approach was chosen",
    (
        text("approach", "forecasting approach", required=True),
        rate("wmape", "backtest error over products at the planning lags", "share"),
        rate("bias", "backtest bias", "share"),
        flag("chosen", "whether the plan uses it", required=True),
        kind(
            "basis",
            "why it is used or not",
            (
                *("configured", "configured_best", "configured_untested", "not_addable"),
                *("least_error", "least_error_equal", "least_error_alone", "preferred_untested"),
                *("benchmark", "not_compared", "as_good", "worse", "better"),
                *("external_set", "external_earned"),
            ),
            required=True,
            words="approach",
        ),
        text("against", "the approach it is compared with, or that was asked for"),
        rate("against_wmape", "backtest error of that one", "share"),
    ),
    ("approach",),
)

EXTERNAL_ACCURACY = Table(
    "external_accuracy",
    "one row per model of external_forecasts, level and item that it forecasts",
    "demand",
    "external forecasts as they were made in past cycles beside the statistical ones of the same cycles and months, "
    "and which are used",
    (
        text("model", "who made the forecast", required=True),
        LEVEL,
        ITEM,
        kind(
            "outcome",
            "why it is used or not",
            (
                *("as_given", "earned", "another_is_better", "another_is_set"),
                *("no_better", "too_few", "nothing_ahead", "not_planned"),
            ),
            required=True,
            words="external",
        ),
        flag("used", "whether the plan uses it", required=True),
        month("made_in", "cycle of its newest forecast that this cycle knows"),
        count("months_ahead", "planned months it has a figure for", "months", required=True),
        kind("range_from", "where P10 and P90 come from", ("given", "own_errors", "statistical"), words="range_from"),
        count("n", "its past forecasts that have met their actuals, at the company's lags", required=True),
        count("months", "months they are of", "months", required=True),
        rate("wmape", "sum of its absolute errors / sum of actuals", "share"),
        rate("bias", "sum of its errors / sum of actuals; positive is over-forecasting", "share"),
        rate("statistical_wmape", "the statistical forecast's, over the same cycles and months", "share"),
        rate("value_added", "that less its own: what it would have made better", "share"),
        rate("standard_errors", "mean gain of a month in units of its standard error; used from above 1", "times"),
        UNIT,
    ),
    ("model", "level", "item_id"),
)

EVENT_EFFECTS = Table(
    "event_effects",
    "one row per level, item and kind of event",
    "demand",
    "what events did to demand, estimated from the months they were in, and what those that are planned bring",
    (
        LEVEL,
        ITEM,
        text("kind", "kind of event", required=True),
        kind(
            "outcome",
            "why its effect is used or not",
            ("used", "too_few", "every_year", "no_effect", "no_better"),
            required=True,
            words="event",
        ),
        flag("used", "whether history is cleared of it, and planned months are raised by it", required=True),
        rate("effect", "what one unit of size adds to the month, as a share of what it would have been", "share"),
        rate("standard_error", "standard error of the effect", "share"),
        rate("p10", "one in ten below", "share"),
        rate("p90", "nine in ten below", "share"),
        count("cases", "months of its own history with such an event", "months", required=True),
        count("pooled_cases", "months with such an event of all items it is drawn from", "months", required=True),
        kind("drawn_from", "whose months say most of it", ("own", "family", "kind"), words="drawn_from"),
        count("months_ahead", "planned months with such an event", "months", required=True),
        rate("size_ahead", "their average size", "unit of size"),
        quantity("units_ahead", "what it adds to the statistical forecast of those months; none where it is not used"),
        UNIT,
    ),
    ("level", "item_id", "kind"),
)

FORECAST_NOTES = Table(
    "forecast_notes",
    "one row per note, in order",
    "demand",
    "what the forecasting engine did that a reader should know: which models, with what weight, which were left out",
    (
        count("position", "order", required=True),
        kind(
            "note",
            "what it did",
            (
                *(
                    "auto_fast",
                    "auto_accurate",
                    "auto_thorough",
                    "auto_next",
                    "fast_alone",
                    "member",
                    "global_too_small",
                    "training_failed",
                ),
                *("slow_without_series", "slow_passed", "slow_none", "slow_no_better"),
                *("slow_failed_all", "slow_failed"),
                *("level_shift", "range_cut", "no_range"),
                *("external_set", "external_earned", "external_none", "external_rest", "external_old"),
                *("external_left_out", "external_ranges", "external_not_planned", "external_late", "external_beyond"),
            ),
            required=True,
            words="forecast_note",
        ),
        text("models", "models it concerns"),
        rate("share", "weight of the model", "share"),
        rate("seconds", "processor time it was estimated to take", "seconds"),
        rate("most_seconds", "most it may take", "seconds"),
        count("series", "series it rests on"),
        count("least_series", "series needed"),
        count("cases", "past cases it rests on"),
        count("least_cases", "past cases needed"),
        count("items", "items it did not work for"),
        text("names", "the first of them"),
        text("message", "what the library said"),
    ),
    ("position",),
)

DEMAND_PLAN = Table(
    "demand_plan",
    "one row per product and month",
    "demand",
    "consensus demand: the statistical forecast, what people know, and the agreed number",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        count("lag", "months after the cycle month", "months", required=True, minimum=0),
        quantity("statistical", "statistical forecast of the chosen approach", required=True),
        quantity("adjustment", "sum of all streams' changes", required=True),
        quantity("quantity", "consensus demand", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
    ),
    ("product_id", "month"),
)

DEMAND_RANGE = Table(
    "demand_range",
    "one row per level, item and month",
    "demand",
    "consensus demand with its range at every level; `mean` adds up, quantiles do not",
    (
        LEVEL,
        ITEM,
        MONTH,
        quantity("mean", "consensus demand", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
        UNIT,
    ),
    ("level", "item_id", "month"),
)

_DIMENSION = text("dimension", "how the market is cut", required=True, one_of=("region", "channel"))
_MARKET = text("market", "the region or channel; not_given where a sale names none", required=True)

MARKET_HISTORY = Table(
    "market_history",
    "one row per dimension, market, family and month of sales",
    "demand",
    "recorded sales of the last 36 months by region and by channel, where the sales name them",
    (_DIMENSION, _MARKET, FAMILY, MONTH, quantity("quantity", "sold, returns netted", required=True), UNIT),
    ("dimension", "market", "family", "month"),
)

MARKET_FORECAST = Table(
    "market_forecast",
    "one row per dimension, market, family and month",
    "demand",
    "consensus demand by region and by channel; the markets of a dimension add up to the family exactly",
    (
        _DIMENSION,
        _MARKET,
        FAMILY,
        MONTH,
        quantity("quantity", "consensus demand of the market", required=True),
        rate("share", "its share in the family's sales", "share", required=True),
        month("share_from", "first month of the sales the share rests on", required=True),
        month("share_to", "last month of them", required=True),
        text("basis", "whose sales", required=True, one_of=("family", "other_families")),
        UNIT,
    ),
    ("dimension", "market", "family", "month"),
)

MARKET_ACCURACY = Table(
    "market_accuracy",
    "one row per dimension, market, family and lag",
    "demand",
    "accuracy of markets: the families' backtest split by the shares then known, against what each market took",
    (
        _DIMENSION,
        _MARKET,
        text("family", "product family; 'all' is the whole market", required=True),
        count("lag", "months after the origin", "months", required=True),
        count("n", "forecasts compared", required=True),
        rate("wmape", "sum of absolute errors / sum of actuals", "share"),
        rate("bias", "sum of errors / sum of actuals; positive is over-forecasting", "share"),
        text("unit_of_measure", "unit the errors were added in; null where the families' units cannot be added"),
    ),
    ("dimension", "market", "family", "lag"),
)

DEMAND_ADJUSTMENTS = Table(
    "demand_adjustments",
    "one row per stream, product and month",
    "demand",
    "what each stream changed, in order of precedence, spread to products",
    (
        text("stream", "portfolio, sales, marketing, finance, customers", required=True),
        PRODUCT,
        FAMILY,
        MONTH,
        count("precedence", "order in which streams are applied", required=True),
        quantity("before", "units before the stream", required=True),
        quantity("change", "units it added", required=True),
        ADJUSTMENT_EFFECT,
        text("other_product_id", "like product, launch, successor or predecessor of the effect"),
        rate("effect_share", "scale of the launch, or share of its volume taken", "share"),
        day("effective_on", "first month of the launch, or last day of sale"),
        rate("sold_share", "what a launch has sold so far of what was expected", "share"),
        count("effects", "effects of the portfolio on the product in the month"),
        text("reason", "why, as people wrote it"),
        text("owner", "who answers for it"),
        text("cell", "cells of the planners' books that it was typed into"),
        quantity("replaced", "units left by earlier changes that it replaces"),
        count("overridden", "older replacements it overrides"),
        text("overridden_owner", "whose they were"),
        flag("is_unit_left_out", "whether units were left out, the products being counted in units never added"),
        quantity("beyond", "units asked to be taken away beyond what there were"),
    ),
    ("stream", "product_id", "month"),
)

FORECAST_VALUE_ADDED = Table(
    "forecast_value_added",
    "one row per step, level, item and lag",
    "demand",
    "accuracy of what was really planned in earlier cycles, and what each step added",
    (
        text("step", "naive, statistical, a stream, consensus", required=True),
        count("position", "order of the steps", required=True),
        LEVEL,
        text("item_id", "item; 'all' is the whole level", required=True),
        count("lag", "months after the cycle", "months", required=True),
        count("n", "forecasts compared", required=True),
        rate("wmape", "error of the forecast after this step", "share"),
        rate("bias", "bias after this step", "share"),
        rate("tracking_signal", "tracking signal after this step", "ratio"),
        rate("mase", "mean absolute error / mean absolute change of the history on a year before", "ratio"),
        rate("value_added", "points of WMAPE won against the step before", "points"),
        money("value_added_money", "the same in money at standard cost"),
        text("unit_of_measure", "unit the errors were added in; null where the items' units cannot be added"),
    ),
    ("step", "level", "item_id", "lag"),
)

DEMAND_ANOMALIES = Table(
    "demand_anomalies",
    "one row per level and item whose newest month lies outside its last P1 to P99",
    "demand",
    "the newest month against what the last cycle expected of it, where that was next to impossible",
    (
        LEVEL,
        ITEM,
        MONTH,
        quantity("quantity", "demand as recorded", required=True),
        quantity("expected", "consensus demand of the last cycle", required=True),
        quantity("p1", "one in a hundred below, by the last cycle", required=True),
        quantity("p99", "ninety-nine in a hundred below, by the last cycle", required=True),
        quantity("difference", "demand less what was expected", required=True),
        money("difference_money", "the same at standard cost, products added up"),
        UNIT,
    ),
    ("level", "item_id", "month"),
)

TABLES: tuple[Table, ...] = (
    ORDER_BOOK,
    DEMAND_HISTORY,
    DEMAND_UNITS,
    FORECAST,
    FORECAST_BACKTEST,
    FORECAST_ACCURACY,
    FORECAST_APPROACH,
    EXTERNAL_ACCURACY,
    EVENT_EFFECTS,
    FORECAST_NOTES,
    DEMAND_PLAN,
    DEMAND_RANGE,
    MARKET_HISTORY,
    MARKET_FORECAST,
    MARKET_ACCURACY,
    DEMAND_ADJUSTMENTS,
    FORECAST_VALUE_ADDED,
    DEMAND_DEFAULTS,
    DEMAND_ANOMALIES,
)
