"""The defaults each step may use, by identifier, and the tables that say which it did.

A default is a kind: ``language`` has words for what was not given and for what was taken instead.
"""

from __future__ import annotations

from sop_pipeline.tables.schema import Table, count, kind, month, quantity, text

INGEST = ("repeats_counted", "periods_shared", "column_not_used", "stale_data")
DEMAND = (
    *("never_sold", "ended_without_a_date", "handed_over", "no_family"),
    *("several_units", "no_common_unit", "no_common_unit_in_families"),
    *("demand_from_production", "demand_from_production_as_set", "production_without_stock", "no_stock_outs_found"),
    *("short_history", "very_short_history", "no_backtest"),
    *("launch_scale", "launch_ramp", "launch_probability"),
    *("demand_inputs_of_nothing_known", "demand_inputs_without_a_number", "demand_inputs_of_no_planned_month"),
    "no_demand_inputs",
)
SUPPLY = (
    *("resources_from_production", "resources_from_demand", "resources_without_history"),
    *("public_holidays", "public_holidays_of_every_state"),
    *("product_hours", "like_product_features", "like_product_money", "overtime_rate", "unit_value"),
    *("subcontract_cost", "holding_cost", "backlog_cost", "lost_sales_cost", "lots", "planned_by_family"),
    *("family_units", "features_unlimited"),
    *("frozen_months", "frozen_unknown", "frozen_plan", "frozen_released", "decision_left_out"),
    *("lead_time", "service_level", "opening_stock", "stale_count", "negative_stock"),
    *("safety_stock_empirical", "safety_stock_normal", "safety_stock_range", "stock_band"),
)
SCHEDULE = ("schedule_load", "schedule_overload", "schedule_remainders", "schedule_over_planned")
MONEY = (
    *("no_price", "no_cost", "no_material_cost", "no_most_stock", "units_not_added"),
    *("revenue_at_list_price", "sales_from_production", "no_orders"),
    *("bridge_mix", "no_business_plan", "business_plan_families", "no_last_cycle"),
    *("shared_by_revenue", "no_opening_cash"),
    *("owners_not_named", "whole_heads"),
)

_FACTS = (
    count("items", "products, resources or months it was used for", required=True),
    count("among", "of how many of them"),
    text("subject", "what it is about: products, a resource, a unit of measure, a family"),
    quantity("amount", "the number taken or found", "as the unit says"),
    text("unit", "unit of the amount; of a calendar the week, of several units the one of the total"),
    month("month", "month it holds in or up to"),
    text("source", "package and version it rests on"),
)


def _table(name: str, step: str, meaning: str, known: tuple[str, ...]) -> Table:
    default = kind("default_id", "which default", known, required=True, words="default")
    return Table(name, "one row per default used", step, meaning, (default, *_FACTS), ("default_id",))


INGEST_DEFAULTS = _table("ingest_defaults", "ingest", "what reading the files had to assume", INGEST)
DEMAND_DEFAULTS = _table("demand_defaults", "demand", "defaults the demand step used", DEMAND)
SUPPLY_DEFAULTS = _table("supply_defaults", "supply", "defaults the supply step used", SUPPLY)
SCHEDULE_DEFAULTS = _table(
    "schedule_defaults", "supply", "assumptions made in taking the plan down to products", SCHEDULE
)
MONEY_DEFAULTS = _table("money_defaults", "reconciliation", "defaults the reconciliation step used", MONEY)
_ALL = (*INGEST, *DEMAND, *SUPPLY, *SCHEDULE, *MONEY)
DEFAULTS_USED = Table(
    "defaults_used",
    "one row per step and default used",
    "reconciliation",
    "every default in use, listed in the pack as an assumption",
    (
        text("step", "step that used it", required=True, one_of=("ingest", "demand", "supply", "schedule", "money")),
        kind(
            "default_id",
            "which default",
            (*INGEST, *DEMAND, *SUPPLY, *SCHEDULE, *MONEY),
            required=True,
            words="default",
        ),
        *_FACTS,
    ),
    ("step", "default_id"),
)
