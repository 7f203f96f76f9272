"""The tables of the supply step; the planning problem itself is in ``problem``."""

from __future__ import annotations

from dataclasses import replace

from sop_pipeline.tables import inputs, planning
from sop_pipeline.tables.outputs.columns import FAMILY, MONTH, PRODUCT, SCENARIO, STRATEGY
from sop_pipeline.tables.outputs.defaults import SCHEDULE_DEFAULTS, SUPPLY_DEFAULTS
from sop_pipeline.tables.schema import Table, count, day, flag, kind, money, month, quantity, rate, text

RUNGS = ("warm", "cold", "presolve_off", "other_method", "scaled")
"""Ways to solve one model, tried in this order until one ends in an optimum or in proof that there is none."""

OPENING_STATE = Table(
    "opening_state",
    "one row per planned product",
    "supply",
    "where each product starts: stock, backlog and the safety stock its forecast error asks for; and its item",
    (
        PRODUCT,
        FAMILY,
        text("item_id", "planned item: the product itself, or its family", required=True),
        quantity("opening_stock", "stock at the cut-off", required=True),
        quantity("opening_backlog", "owed at the cut-off", required=True),
        day("counted_on", "day of the count; blank where none is known"),
        quantity("safety_stock", "least stock wanted at month end", required=True),
        count("risk_months", "lead time and review: months of forecast error it has to bear", "months", required=True),
        rate("service_level", "least share wanted, by service_level_of", "share", required=True),
        text("method", "how it was found", required=True, one_of=("empirical", "normal", "range")),
    ),
    ("product_id",),
)

STOCK_TARGETS = Table(
    "stock_targets",
    "one row per planned product and month",
    "supply",
    "the band each product's stock has to stay in: safety stock and cover from below, limits from above",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        quantity("target_low", "least stock wanted at month end", required=True),
        quantity("target_high", "most stock wanted at month end; blank means no limit"),
    ),
    ("product_id", "month"),
)

FEATURE_REQUIREMENTS = Table(
    "feature_requirements",
    "one row per feature and month",
    "supply",
    "total feature requirements: what the demand plan takes of every resource, material and option",
    (
        text("feature", "resource, material or option", required=True),
        text("kind", "labour, machine, storage, cash, material, option", required=True),
        text("unit", "unit of the requirement"),
        MONTH,
        quantity("requirement", "bottom-up: sum over products", "feature units", required=True),
        quantity("top_down", "top-down: family demand x reference mix", "feature units", required=True),
        rate("mix_drift", "how far the mix moves the load", "share"),
        quantity("available", "what there is", "feature units"),
        money("cost", "cost of the requirement"),
    ),
    ("feature", "month"),
)

PLANNING_APPROACH = Table(
    "planning_approach",
    "one row per family",
    "supply",
    "whether a family is planned top-down or bottom-up, and why",
    (
        FAMILY,
        text("approach", "planning approach", required=True, one_of=("top_down", "bottom_up")),
        rate("worst_mix_drift", "largest mix drift over resources and months", "share"),
        kind("basis", "what decided it", ("configured", "mix", "units"), required=True, words="planning_approach"),
        kind("drift", "the mix drift against the tolerance", ("none", "within", "above"), required=True, words="mix"),
        text("resource_id", "resource whose load the mix moves most"),
        month("month", "month in which it does"),
        rate("tolerance", "mix drift up to which a family may be planned as one", "share"),
    ),
    ("family",),
)

ROUGH_CUT_CAPACITY = Table(
    "rough_cut_capacity",
    "one row per method, resource and month",
    "supply",
    "load against capacity by the three rough-cut methods",
    (
        text("method", "method", required=True, one_of=("overall_factors", "bill_of_resources", "resource_profile")),
        text("resource_id", "resource", required=True),
        MONTH,
        quantity("load", "hours needed", "hours", required=True),
        quantity("available", "regular hours there are", "hours"),
        rate("utilisation", "load / available", "share"),
    ),
    ("method", "resource_id", "month"),
)

AGGREGATE_PLAN = Table(
    "aggregate_plan",
    "one row per strategy, scenario, item and month",
    "supply",
    "every strategy's plan by planned item: a family top-down, a product bottom-up",
    (
        STRATEGY,
        SCENARIO,
        text("item_id", "planned item", required=True),
        text("item_level", "family or product", required=True),
        MONTH,
        quantity("demand", "demand", required=True),
        quantity("output", "made in house", required=True),
        quantity("subcontract", "subcontracted", required=True),
        quantity("inventory", "stock at month end", required=True),
        quantity("backlog", "owed at month end", required=True),
        quantity("lost_sales", "never served", required=True),
        count("set_up", "1 where a lot is started"),
        quantity("target_stock", "safety stock or cover to be kept", required=True),
    ),
    ("strategy", "scenario", "item_id", "month"),
)

RESOURCE_PLAN = Table(
    "resource_plan",
    "one row per strategy, scenario, resource and month",
    "supply",
    "people, machines and hours of every strategy",
    (
        STRATEGY,
        SCENARIO,
        text("resource_id", "resource", required=True),
        text("kind", "labour, machine, storage, material, cash", required=True),
        MONTH,
        quantity("units", "heads or machines", "heads", required=True),
        quantity("hires", "taken on", "heads", required=True),
        quantity("layoffs", "let go", "heads", required=True),
        quantity("temporary", "temporary workers", "heads", required=True),
        quantity(
            "regular_hours", "regular hours worked (for storage, material, cash: amount used)", "hours", required=True
        ),
        quantity("overtime_hours", "overtime", "hours", required=True),
        quantity("idle_hours", "regular hours not used", "hours", required=True),
        quantity("units_down", "not available", "heads", required=True),
        quantity("available", "regular hours, or capacity", "hours"),
        rate("utilisation", "hours worked / regular hours", "share"),
    ),
    ("strategy", "scenario", "resource_id", "month"),
)

PLAN_COSTS = Table(
    "plan_costs",
    "one row per strategy, scenario, month, item and kind",
    "supply",
    "every cost of every strategy",
    (
        STRATEGY,
        SCENARIO,
        MONTH,
        text("item", "planned item or resource", required=True),
        text(
            "kind",
            "material, regular_pay, overtime, hiring, layoff, holding, backlog, lost_sales, subcontracting, setup, "
            "rate_change, shortfall",
            required=True,
        ),
        money("amount", "amount", required=True),
    ),
    ("strategy", "scenario", "month", "item", "kind"),
)

PLAN_SUMMARY = Table(
    "plan_summary",
    "one row per strategy and scenario",
    "supply",
    "the strategies side by side",
    (
        STRATEGY,
        SCENARIO,
        text("status", "what the solver says", required=True),
        money("total_cost", "cost of the plan, priced shortfalls left out", required=True),
        money("shortfall_cost", "price of what could not be kept", required=True),
        money("total_revenue", "revenue of what is sold", required=True),
        money(
            "total_profit", "revenue less what the plan spends; nobody pays holding, backlog, lost sales", required=True
        ),
        quantity("lost_units", "units never served; blank where units differ and do not add up"),
        quantity("late_units", "unit months of backlog; blank likewise"),
        rate("service", "share of demand served in its month", "share"),
        quantity("peak_inventory", "highest stock over the months, in common units; blank likewise"),
        quantity("hires", "heads taken on", "heads", required=True),
        quantity("layoffs", "heads let go", "heads", required=True),
        quantity("overtime_hours", "overtime", "hours", required=True),
        rate("worst_utilisation", "highest utilisation of a resource in a month", "share"),
        quantity("instability", "sum of changes of hours a working day and of heads", "hours and heads"),
        rate("mip_gap", "gap left open", "share"),
        text("rung", "highest rung of the solver's ladder that the plan took", one_of=RUNGS),
        text(
            "shortage",
            "whether rules gave way only where the plan cannot keep them, or were priced for all strategies alike",
            one_of=("rules", "priced"),
        ),
        flag("chosen", "whether the operational plan uses it", required=True),
    ),
    ("strategy", "scenario"),
)

SHORTFALL_RULES = (
    *("demand_not_served", "stock_below_target", "stock_above_limit", "storage_exceeded"),
    *("hours_exceeded", "material_exceeded", "material_before_arrival", "cash_exceeded"),
)

PLAN_SHORTFALLS = Table(
    "plan_shortfalls",
    "one row per strategy, rule, item and month that could not be kept",
    "supply",
    "what no plan could keep, named and priced",
    (
        STRATEGY,
        SCENARIO,
        kind("rule", "rule that gave way", SHORTFALL_RULES, required=True, words="rule"),
        text("item", "product, family or resource", required=True),
        MONTH,
        quantity("quantity", "by how much", required=True),
        text("unit", "its unit"),
        money("cost", "its price", required=True),
    ),
    ("strategy", "scenario", "rule", "item", "month"),
)

SHADOW_PRICES = Table(
    "shadow_prices",
    "one row per strategy, scenario, binding constraint, item and month",
    "supply",
    "what one more unit of each binding limit is worth, and how far; of a plan that serves customers before it fills "
    "targets of stock, in the stage that serves them",
    (
        STRATEGY,
        SCENARIO,
        text("constraint", "constraint family", required=True),
        text("item", "product, family or resource", required=True),
        MONTH,
        rate("price_per_unit", "saving from one unit more", "currency per unit", required=True),
        text("unit", "hour, head, unit"),
        rate("valid_from", "smallest limit for which it holds", "its unit"),
        rate("valid_to", "largest limit for which it holds", "its unit"),
        flag("verified", "whether re-solves inside the range and just beyond its ends bear it out"),
        rate("current_limit", "the limit as the plan has it, counted as the range is", "its unit"),
        rate(
            "pay_per_unit",
            "pay due for one more, used or not: what it is worth is the price less this",
            "currency per unit",
        ),
        day("decide_by", "last day on which a decision to move the limit takes effect in the month"),
    ),
    ("strategy", "scenario", "constraint", "item", "month"),
)

_OPTION = text("scenario", "option", required=True)

LIMIT_OPTIONS = Table(
    "limit_options",
    "one row per option",
    "supply",
    "limits raised, each with a plan of its own: what it changes against the chosen plan; in money in "
    "limit_option_effects",
    (
        STRATEGY,
        _OPTION,
        text("constraint", "constraint family", required=True),
        text("item", "resource, product or family", required=True),
        text(
            "scope",
            "all months within reach in which more pays, or the best alone; subcontracting raised by all that the plan "
            "loses, or by half of it",
            required=True,
            one_of=("all_months", "best_month", "lost_units", "half_of_lost_units"),
        ),
        month("month_from", "first month", required=True),
        month("month_to", "last month", required=True),
        count("months", "months in which the limit is raised", "months", required=True),
        quantity("quantity", "by how much in all", "its unit", required=True),
        text("unit", "hour, head, unit"),
        money(
            "relief_cost", "pay and hiring of hours that are added, in the option's plan; blank: no table has the price"
        ),
        money("promised", "what the shadow prices promise, the relief's cost taken off", required=True),
        day("decide_by", "last day on which a decision still takes effect in the first month", required=True),
        flag("found", "whether there is a plan with it; else nothing of it is known", required=True),
        rate("service_change", "share of demand served in its month, more than in the chosen plan", "share"),
        quantity(
            "lost_units_change", "units never served, more than in the chosen plan; blank where they do not add up"
        ),
        quantity("late_units_change", "unit months of backlog, likewise"),
        money(
            "cost_change",
            "cost of the plan more than that of the chosen plan, the relief's own included where it is known",
        ),
        money("shortfall_change", "price of what could not be kept, likewise"),
    ),
    ("scenario",),
)

LIMIT_OPTION_MONTHS = Table(
    "limit_option_months",
    "one row per option and month in which it raises the limit",
    "supply",
    "by how much an option raises its limit, and what that costs",
    (
        STRATEGY,
        _OPTION,
        MONTH,
        quantity("quantity", "by how much", "unit of the option", required=True),
        money("relief_cost", "pay and hiring of what is added; blank: no table has its price"),
        quantity("heads", "heads hired in the month for the hours that are added", "heads", minimum=0),
        quantity("at_start", "for hours, the limit by the heads there are at the plan's start", "hours"),
    ),
    ("scenario", "month"),
)


def _of_options(name: str, of: Table) -> Table:
    """A table of plans for the options: each option is a scenario of the chosen strategy."""
    return replace(of, name=name, meaning=f"of the options of limit_options: {of.meaning}")


PLAN_FRONTIER = Table(
    "plan_frontier",
    "one row per point of the frontier",
    "supply",
    "cost against stability, from least cost to most stable, with chase beside it",
    (
        count("point", "position, 0 is least cost", required=True),
        text("label", "blended, level, chase or the point's number", required=True),
        quantity("instability", "sum of changes of hours a working day and of heads", "hours and heads", required=True),
        money("cost", "cost of the plan, shortfalls included", required=True),
        flag("on_frontier", "false for chase, which is drawn beside it", required=True),
        flag("recommended", "the recommended point", required=True),
        kind(
            "reason",
            "why it is recommended",
            ("saving", "negligible", "no_dearer", "limit_kept", "limit_missed"),
            words="frontier",
        ),
        rate("saving_share", "share of the whole saving that the recommended point brings", "share"),
        rate("change_share", "share of the whole change that it takes", "share"),
        rate("average_saving", "what a unit of change saves on average", "currency per unit of change"),
        quantity("change_limit", "most change allowed", "hours and heads"),
        rate("cost_share", "what the recommended point costs above the cheapest, where that is negligible", "share"),
        text("rung", "rung of the solver's ladder that found it; blank for a strategy's own plan", one_of=RUNGS),
    ),
    ("point",),
)

UNSOLVED = Table(
    "unsolved",
    "one row per part that could not be found",
    "supply",
    "what the solver found by no rung of its ladder, left out of the comparison; the chosen plan stands without it",
    (
        kind("part", "what is left out", ("strategy", "shadow_prices", "frontier"), required=True, words="unsolved"),
        text("strategy", "strategy it belongs to", required=True),
    ),
    ("part", "strategy"),
)

PLANNED_FEATURES = Table(
    "planned_features",
    inputs.PRODUCT_FEATURES.grain,
    "supply",
    "what a unit of every planned product takes: its features, its like product's, or the default capacity",
    inputs.PRODUCT_FEATURES.columns,
    inputs.PRODUCT_FEATURES.key,
)

FROZEN_PLAN = Table(
    "frozen_plan",
    "one row per product and frozen month",
    "supply",
    "what the cycle before had planned for the frozen months, and whether this plan keeps it",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        text("item_id", "planned item the product belongs to", required=True),
        quantity("output", "made in house by the last plan", required=True),
        quantity("subcontract", "subcontracted by the last plan", required=True),
        flag("kept", "whether the month stays frozen", required=True),
        kind("reason", "why it does not", ("ended", "subcontract_limit", "overload"), words="frozen"),
        quantity("limit", "most that may be subcontracted now, where the product is above it"),
        text("resource_id", "resource that is exceeded"),
        quantity("excess", "by how much", "its unit"),
        text("excess_unit", "unit of the excess"),
        month("excess_month", "month in which it is exceeded"),
    ),
    ("product_id", "month"),
)

ROUTE_PLAN = Table(
    "route_plan",
    "one row per strategy, scenario, item, month, option group and choice",
    "supply",
    "which alternative (a line, a plant) makes what",
    (
        STRATEGY,
        SCENARIO,
        text("item_id", "planned item", required=True),
        MONTH,
        text("option_group", "the group of alternatives, without the choice", required=True),
        text("choice", "the alternative", required=True),
        text("site_id", "site of its labour and machines, where they have one"),
        quantity("output", "made by this alternative", required=True),
    ),
    ("strategy", "scenario", "item_id", "month", "option_group", "choice"),
)

PRODUCTION_SCHEDULE = Table(
    "production_schedule",
    "one row per product and month",
    "supply",
    "the chosen strategy taken down to products",
    (
        PRODUCT,
        FAMILY,
        text("item_id", "planned item it is a share of"),
        text("site_id", "where it is made; blank where several sites can (site_schedule)"),
        MONTH,
        quantity("demand", "consensus demand", required=True),
        quantity("output", "made in house", required=True),
        quantity("subcontract", "subcontracted", required=True),
        quantity("inventory", "stock at month end", required=True),
        quantity("backlog", "owed at month end", required=True),
        quantity("lost_sales", "never served", required=True),
        quantity("target_stock", "stock to be kept", required=True),
        quantity("opening_stock", "stock at the month's start", required=True),
        quantity("opening_backlog", "owed at the month's start", required=True),
    ),
    ("product_id", "month"),
)

SCHEDULE_REMAINDERS = Table(
    "schedule_remainders",
    "one row per planned item and month with something left over",
    "supply",
    "what the schedule has made less than the plan so far, because it is under the smallest lot; negative: more, by "
    "fixed shares of over 100%",
    (
        text("item_id", "planned item", required=True),
        MONTH,
        quantity("remainder", "the plan's output so far less the schedule's", required=True),
        quantity("smallest_lot", "smallest lot of its products"),
    ),
    ("item_id", "month"),
)

SITE_SCHEDULE = Table(
    "site_schedule",
    "one row per product, site and month with output",
    "supply",
    "the schedule by site: a product's sites add up to its output; stock is held in one pool",
    (
        PRODUCT,
        FAMILY,
        text("site_id", "where it is made; blank where neither product nor resources name a site"),
        MONTH,
        quantity("output", "made there", required=True),
    ),
    ("product_id", "site_id", "month"),
)

SCHEDULE_LOAD = Table(
    "schedule_load",
    "one row per resource with hours and month",
    "supply",
    "hours of the plan beside the hours recomputed from the schedule's products",
    (
        text("resource_id", "resource", required=True),
        MONTH,
        quantity("planned", "hours of the plan, families by their mix", "hours", required=True),
        quantity("by_products", "hours of every product of the schedule", "hours", required=True),
        quantity("difference", "by products less planned", "hours", required=True),
        quantity("available", "regular hours there are and the overtime planned", "hours"),
        quantity("over", "by products above what is available", "hours", required=True),
    ),
    ("resource_id", "month"),
)

MATERIAL_ORDERS = Table(
    "material_orders",
    "one row per material and month",
    "supply",
    "what the schedule takes of each material and what has to be ordered for it, by lead time and smallest order",
    planning.MATERIAL_ORDERS_RESULT.columns,
    ("material_id", "month"),
)


PLANNED_PRICES = Table(
    "planned_prices",
    "one row per planned product and month",
    "supply",
    "the price that planned revenue is valued at: stated for the month, else list price x what was realised of it",
    (
        PRODUCT,
        FAMILY,
        MONTH,
        rate("list_price", "unit_price of products", "currency per unit"),
        rate("realised_share", "revenue / (units x list price) of the last 12 months, where that counts", "share"),
        rate("unit_price", "the price planned", "currency per unit"),
        text(
            "source",
            "price_list; realised share of the product or of its family; list price where nothing was sold",
            one_of=("price_list", "product", "family", "list"),
        ),
    ),
    ("product_id", "month"),
)

PLANNED_COSTS = Table(
    "planned_costs",
    "one row per resource, material or product, and planned month whose cost changes",
    "supply",
    "pay and material costs of a month against the company's own figures, as cost_changes states them",
    (
        text("kind", "whose cost it is", required=True, one_of=("resource", "material", "product")),
        text("subject", "resource, material or product", required=True),
        MONTH,
        rate("change_pct", "above the resource's, material's or product's own figure", "%", required=True),
    ),
    ("kind", "subject", "month"),
)

MATERIAL_FLOWS = Table(
    "material_flows",
    "one row per strategy, scenario, material and month",
    "supply",
    "what each strategy takes of a material, what arrives for it and what is left, in quantity and money",
    (
        STRATEGY,
        SCENARIO,
        text("material_id", "material", required=True),
        MONTH,
        quantity("requirement", "taken by the plan", "material units", required=True),
        quantity("receipt", "arrives; in the first month with all that is on order", "material units", required=True),
        quantity("stock", "left at month end", "material units", required=True),
        money("stock_value", "what is left, at unit cost"),
        money("stock_change", "stock value less that of the month before, the first month's less what is on hand"),
    ),
    ("strategy", "scenario", "material_id", "month"),
)


OPTION_PLANS = (
    _of_options("option_plan", AGGREGATE_PLAN),
    _of_options("option_costs", PLAN_COSTS),
    _of_options("option_shortfalls", PLAN_SHORTFALLS),
    _of_options("option_materials", MATERIAL_FLOWS),
)

PLAN_SWINGS = Table(
    "plan_swings",
    "one row per resource that all but stops, and per product that swings",
    "supply",
    "where the plan in use is uneven within a year though demand is not",
    (
        kind("swing", "what it does", ("stops", "swings"), required=True, words="plan_swing"),
        text("subject", "resource, or product", required=True),
        month("month", "month it works, or is made, least", required=True),
        quantity("amount", "hours worked, or units made, in that month", required=True),
        quantity("usual", "hours that the month's demand takes, or units asked for in an average month", required=True),
        quantity("highest", "units made in the largest month, of a product"),
        month("highest_month", "that month"),
        text("unit", "hours, or the product's unit", required=True),
        rate("share", "amount / usual", "share", required=True),
    ),
    ("swing", "subject"),
)


TABLES: tuple[Table, ...] = (
    SUPPLY_DEFAULTS,
    OPENING_STATE,
    STOCK_TARGETS,
    FEATURE_REQUIREMENTS,
    PLANNING_APPROACH,
    ROUGH_CUT_CAPACITY,
    AGGREGATE_PLAN,
    RESOURCE_PLAN,
    PLAN_COSTS,
    PLAN_SUMMARY,
    PLAN_SHORTFALLS,
    SHADOW_PRICES,
    LIMIT_OPTIONS,
    LIMIT_OPTION_MONTHS,
    *OPTION_PLANS,
    PLAN_FRONTIER,
    UNSOLVED,
    PRODUCTION_SCHEDULE,
    PLANNED_FEATURES,
    FROZEN_PLAN,
    ROUTE_PLAN,
    PLANNED_PRICES,
    PLANNED_COSTS,
    MATERIAL_FLOWS,
    SCHEDULE_REMAINDERS,
    SITE_SCHEDULE,
    SCHEDULE_LOAD,
    MATERIAL_ORDERS,
    SCHEDULE_DEFAULTS,
    PLAN_SWINGS,
)
