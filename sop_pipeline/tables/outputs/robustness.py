"""Tables of the supply step about uncertain demand: its distribution, the plans run against it, planning for it."""

from __future__ import annotations

from sop_pipeline.tables.outputs.columns import FAMILY, MONTH, SCENARIO, STRATEGY
from sop_pipeline.tables.schema import Column, Table, count, figure, money, quantity, rate, text

_PER_UNIT = "units of the total per unit"


def _share(name: str, meaning: str, *, required: bool = True) -> Column:
    return rate(name, meaning, "share", required=required, minimum=0, maximum=1)


DEMAND_DISTRIBUTION = Table(
    "demand_distribution",
    "one row per planned item and month",
    "supply",
    "the forecast's distribution of demand by planned item, with what its items have in common and carry over; every "
    "sampled demand path is a function of this table alone",
    (
        text("item_id", "planned item", required=True),
        FAMILY,
        MONTH,
        quantity("quantity", "consensus demand, which the plans answer", required=True),
        quantity("p10", "one in ten below", required=True),
        quantity("p50", "half below", required=True),
        quantity("p90", "nine in ten below", required=True),
        rate("family_weight", "what a unit counts for in its family's total; blank where there is none", _PER_UNIT),
        rate("company_weight", "what a unit counts for in the company's total; blank where there is none", _PER_UNIT),
        _share("company_share", "variance shared with every item"),
        _share("family_share", "variance shared with the items of the family alone"),
        _share("own_contrast", "part of the family's average taken off the item's own variation; 0 is none"),
        _share("company_persistence", "correlation of the shared variation with the month before's"),
        _share("family_persistence", "the same of the family's variation"),
        _share("own_persistence", "the same of the item's own variation"),
    ),
    ("item_id", "month"),
)

DEMAND_SAMPLE_FIT = Table(
    "demand_sample_fit",
    "one row per family, and one for the company, where its total exists",
    "supply",
    "whether the sampled demand spreads as the forecast says: width from P10 to P90 of both in the unit of the "
    "total, the months added up",
    (
        text("level", "company or family", required=True, one_of=("company", "family")),
        text("item_id", "family; the company's own name at the top", required=True),
        count("items", "planned items", required=True),
        quantity("forecast_width", "P90 - P10 of the forecast, the months added up", required=True),
        quantity("sampled_width", "P90 - P10 of the sample, the months added up", required=True),
        rate("ratio", "sampled / forecast width; 1 is as the forecast says", "ratio"),
        _share("correlation", "correlation of the demand of two of its items", required=False),
        _share("persistence", "correlation with the month before", required=False),
    ),
    ("level", "item_id"),
)

PLAN_ROBUSTNESS = Table(
    "plan_robustness",
    "one row per strategy, scenario, span of months and measure",
    "supply",
    "every strategy's plan, kept as decided, run against the same sampled demand paths",
    (
        STRATEGY,
        SCENARIO,
        count("months", "months looked at, from the first", "months", required=True),
        text(
            "measure",
            "demand, service (fill rate), months_served (share of months without stock-out), cost, profit, "
            "average_inventory, peak_inventory, inventory_value, late_units, lost_units",
            required=True,
        ),
        text("unit", "share, units, unit_months or the currency", required=True),
        figure("plan", "when demand comes as planned", "its unit"),
        figure("mean", "average over the samples", "its unit"),
        figure("p10", "one sample in ten below", "its unit"),
        figure("p50", "half of the samples below", "its unit"),
        figure("p90", "nine samples in ten below", "its unit"),
        figure(
            "target", "least wanted; of service or months_served, whichever supply.service_level_of says", "its unit"
        ),
        _share("below_target", "share of samples below the target", required=False),
        count("samples", "sampled demand paths", required=True),
    ),
    ("strategy", "scenario", "months", "measure"),
)

PLAN_ROBUSTNESS_MONTHS = Table(
    "plan_robustness_months",
    "one row per strategy, scenario, family (or all) and month",
    "supply",
    "stock and service of every plan by month against the sampled demand, in the unit of each total; 'all' is the "
    "company",
    (
        STRATEGY,
        SCENARIO,
        text("family", "family, or all", required=True),
        MONTH,
        quantity("inventory", "stock at month end when demand comes as planned", required=True),
        quantity("inventory_p10", "one sample in ten below", required=True),
        quantity("inventory_p50", "half of the samples below", required=True),
        quantity("inventory_p90", "nine samples in ten below", required=True),
        _share("service", "share of demand served in its month when it comes as planned", required=False),
        _share("service_p10", "one sample in ten below", required=False),
        _share("service_p50", "half of the samples below", required=False),
        _share("service_p90", "nine samples in ten below", required=False),
        _share("short", "share of samples in which the month's demand is not wholly served"),
    ),
    ("strategy", "scenario", "family", "month"),
)

STOCHASTIC_VALUE = Table(
    "stochastic_value",
    "one row per plan made for sampled demand",
    "supply",
    "what planning for the distribution is worth against planning for its mean; empty unless supply.stochastic is on",
    (
        STRATEGY,
        SCENARIO,
        text("against", "the plan made for the mean", required=True),
        count("samples", "sampled demand paths the plan was made for", required=True),
        count("evaluated", "other paths both plans were run against", required=True),
        money("expected_cost", "its average cost over those, priced shortfalls included", required=True),
        money("expected_cost_against", "that of the plan made for the mean", required=True),
        money("value", "value of the stochastic solution: the difference", required=True),
        money("standard_error", "of the value, over paired samples", required=True),
    ),
    ("strategy", "scenario"),
)

TABLES: tuple[Table, ...] = (
    DEMAND_DISTRIBUTION,
    DEMAND_SAMPLE_FIT,
    PLAN_ROBUSTNESS,
    PLAN_ROBUSTNESS_MONTHS,
    STOCHASTIC_VALUE,
)
