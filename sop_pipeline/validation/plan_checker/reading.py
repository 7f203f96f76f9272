"""How the checker reads a problem and a plan into arrays, with the defaults of METHODS 7 that change an identity.

Not here: what is asked of the arrays (``view``, and the identities beside it).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from sop_pipeline.resource_kinds import HOUR_KINDS
from sop_pipeline.validation.plan_checker.view import Floats, PlanView, label

_MONTH = re.compile(r"^\d{4}-\d{2}$")
_NUMBERS = {
    "products": "unit_price unit_material_cost standard_cost holding_cost backlog_cost lost_sales_cost "
    "subcontract_cost subcontract_limit shelf_life_months min_lot setup_cost cover_days_min cover_days_max max_stock "
    "equivalent_units campaign_months max_rate_change_pct",
    "resources": "opening_units hours_per_day hours_per_month regular_rate overtime_rate overtime_limit_pct "
    "overtime_hours_per_unit hire_cost layoff_cost max_hires max_layoffs min_units max_units temporary_max "
    "temporary_rate hire_lead_months capacity rate_up_cost rate_down_cost maintenance_units_required "
    "min_utilisation_pct",
    "resource_months": "units_down capacity overtime_hours pay_change_pct",
    "product_features": "quantity lead_months setup",
    "materials": "unit_cost on_hand on_order lead_days max_receipt",
    "calendar": "working_days",
    "demand_plan": "quantity min_quantity",
    "product_state": "opening_stock opening_backlog safety_stock closing_stock closing_backlog opening_rate",
    "product_months": "max_stock min_stock max_production fixed_production fixed_subcontract unit_material_cost "
    "holding_cost backlog_cost lost_sales_cost subcontract_cost subcontract_limit setup_cost",
    "product_feature_months": "quantity lead_months",
    "raised_limits": "more heads",
}
_TEXTS = {
    "products": "product_id site_id discontinued_on",
    "resources": "resource_id kind site_id pay_basis",
    "resource_months": "resource_id month",
    "product_features": "product_id feature option_group",
    "materials": "material_id",
    "calendar": "month site_id shutdown",
    "demand_plan": "product_id month",
    "product_state": "product_id",
    "product_months": "product_id month",
    "product_feature_months": "product_id feature option_group month",
    "raised_limits": "limit resource_id month",
}
DECLARED = {
    "demand_not_served": "demand",
    "stock_below_target": "target",
    "stock_above_limit": "limit",
    "storage_exceeded": "storage",
    "hours_exceeded": "hours",
    "material_exceeded": "material",
    "material_before_arrival": "material_stock",
    "cash_exceeded": "cash",
}
KINDS = {"overtime_pay": "overtime", "temporary_pay": "temporary", "layoffs": "layoff", "set_up": "setup"}


def read(
    problem: Mapping[str, pd.DataFrame],
    plan: Mapping[str, pd.DataFrame],
    *,
    whole_workers: bool = False,
    profit: bool = False,
) -> PlanView:
    """Read the tables of a planning folder and of a plan into arrays.

    The plan's are ``aggregate_plan``, ``resource_plan``, ``costs``, and ``shortfalls`` (rule, item, month, amount).
    """
    tables = {name: _typed(problem.get(name, pd.DataFrame()), name) for name in _TEXTS}
    view = _problem(tables, _months(tables["demand_plan"]))
    return replace(
        view,
        items=_plan_arrays(plan["aggregate_plan"], "product_id", view.product_names, view.months),
        hours=_plan_arrays(plan["resource_plan"], "resource_id", view.resource_names, view.months),
        costs=_costs(plan["costs"]),
        shortfalls=_shortfalls(plan.get("shortfalls")),
        routes=_routes(plan.get("routes"), view.months),
        whole_workers=whole_workers,
        profit=profit,
    )


def _problem(tables: Mapping[str, pd.DataFrame], months: list[str]) -> PlanView:
    """The problem, without a plan yet."""
    products = _products(tables)
    names = list(products["product_id"])
    has_hours = tables["resources"]["kind"].isin([*HOUR_KINDS, ""])
    resources = tables["resources"][has_hours].sort_values("resource_id").reset_index(drop=True)
    others = tables["resources"][~has_hours].sort_values("resource_id").reset_index(drop=True)
    by_month, hour_names = tables["resource_months"], list(resources["resource_id"])
    return PlanView(
        months=months,
        products=products,
        resources=resources,
        others=others,
        features=tables["product_features"],
        materials=tables["materials"],
        demand=_wide(tables["demand_plan"], "product_id", "quantity", names, months, 0.0),
        must_serve=_wide(tables["demand_plan"], "product_id", "min_quantity", names, months, 0.0),
        state=tables["product_state"].set_index("product_id").reindex(names),
        by_month={
            column: _wide(tables["product_months"], "product_id", column, names, months)
            for column in _NUMBERS["product_months"].split()
        },
        days=_days_of(tables["calendar"], months, resources["site_id"]),
        product_days=_days_of(tables["calendar"], months, products["site_id"]),
        down=_wide(by_month, "resource_id", "units_down", hour_names, months, 0.0),
        stated_hours=_capacity(resources, by_month, months),
        pay_factor=1 + _wide(by_month, "resource_id", "pay_change_pct", hour_names, months, 0.0) / 100,
        month_overtime=_wide(by_month, "resource_id", "overtime_hours", hour_names, months),
        other_capacity=_capacity(others, by_month, months),
        monthly=_monthly(tables["product_feature_months"], months),
        raised=_raised(tables["raised_limits"], hour_names, months),
    )


def _raised(frame: pd.DataFrame, names: list[str], months: list[str]) -> dict[str, Floats]:
    """What every limit is raised by (H, T), and the heads hired for it."""
    limits = {
        str(limit): _wide(rows, "resource_id", "more", names, months, 0.0) for limit, rows in frame.groupby("limit")
    }
    return {**limits, "heads": _wide(frame, "resource_id", "heads", names, months, 0.0)}


def _monthly(frame: pd.DataFrame, months: list[str]) -> dict[tuple[str, str, int, str], Floats]:
    """What a unit takes in months of its own, by product, feature, lead and option group (T,); NaN elsewhere."""
    out: dict[tuple[str, str, int, str], Floats] = {}
    for row in frame[frame["month"].isin(months)].to_dict("records"):
        lead = 0 if np.isnan(row["lead_months"]) else int(row["lead_months"])
        key = (row["product_id"], row["feature"], lead, row["option_group"])
        out.setdefault(key, np.full(len(months), np.nan))[months.index(row["month"])] = row["quantity"]
    return out


def _routes(frame: pd.DataFrame | None, months: list[str]) -> dict[tuple[str, str, str], Floats] | None:
    """Output of every alternative (T,); None where the plan names none."""
    if frame is None:
        return None
    out: dict[tuple[str, str, str], Floats] = {}
    for row in frame.assign(month=frame["month"].map(label)).to_dict("records"):
        key = (str(row["product_id"]), str(row["option_group"]), str(row["choice"]))
        out.setdefault(key, np.zeros(len(months)))[months.index(row["month"])] += float(row["output"])
    return out


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for column in _TEXTS[name].split():
        given = frame[column] if column in frame else pd.Series([None] * len(frame), dtype=object)
        texts = given.map(lambda value: "" if value is None or value is pd.NaT or value != value else label(value))
        columns[column] = texts.reset_index(drop=True).astype(object)
    for column in _NUMBERS[name].split():
        given = frame[column] if column in frame else pd.Series([np.nan] * len(frame), dtype=float)
        columns[column] = pd.to_numeric(given).astype(float).reset_index(drop=True)
    return pd.DataFrame(columns)


def _months(demand: pd.DataFrame) -> list[str]:
    named = list(dict.fromkeys(demand["month"]))
    return sorted(named) if all(_MONTH.match(month) for month in named) else named


def _products(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    table = tables["products"]
    if table.empty:
        table = _typed(pd.DataFrame({"product_id": sorted(set(tables["demand_plan"]["product_id"]))}), "products")
    return table.sort_values("product_id").reset_index(drop=True)


def _capacity(resources: pd.DataFrame, by_month: pd.DataFrame, months: list[str]) -> Floats:
    """Stated capacity (resources, T): the month's own, else the resource's; NaN where nothing is said."""
    of_month = _wide(by_month, "resource_id", "capacity", list(resources["resource_id"]), months)
    return np.where(np.isnan(of_month), resources["capacity"].to_numpy(float)[:, None], of_month)


def _wide(
    frame: pd.DataFrame, key: str, value: str, names: list[str], months: list[str], blank: float = np.nan
) -> Floats:
    out = np.full((len(names), len(months)), blank)
    row = pd.Index(names).get_indexer(pd.Index(frame[key])) if len(names) else np.full(len(frame), -1)
    column = pd.Index(months).get_indexer(pd.Index(frame["month"]))
    given = frame[value].to_numpy(float)
    present = (row >= 0) & (column >= 0) & ~np.isnan(given)
    out[row[present], column[present]] = given[present]
    return out


def _plan_arrays(frame: pd.DataFrame, key: str, names: list[str], months: list[str]) -> dict[str, Floats]:
    numbers = [column for column in frame.columns if pd.api.types.is_numeric_dtype(frame[column])]
    labelled = frame.assign(month=frame["month"].map(label))
    return {column: _wide(labelled, key, column, names, months, 0.0) for column in numbers}


def _costs(frame: pd.DataFrame) -> pd.DataFrame:
    out = frame[["month", "item", "kind", "amount"]].copy()
    out["month"] = out["month"].map(label)
    out["kind"] = out["kind"].replace(KINDS)
    return out[out["kind"] != "revenue"]


def _shortfalls(frame: pd.DataFrame | None) -> dict[str, dict[tuple[str, str], float]]:
    by_rule: dict[str, dict[tuple[str, str], float]] = {}
    if frame is None or frame.empty:
        return by_rule
    for row in frame.to_dict("records"):
        rule = DECLARED.get(str(row["rule"]), str(row["rule"]))
        place = by_rule.setdefault(rule, {})
        key = (str(row["item"]), label(row["month"]))
        place[key] = place.get(key, 0.0) + float(row["amount"])
    return by_rule


def _days_of(table: pd.DataFrame, months: list[str], sites: pd.Series) -> Floats:
    """Working days (items, T): a site's own row, else every site's, else weekdays; a month that is a label counts 1."""
    general = table[table["site_id"] == ""]
    if general.empty and table["site_id"].nunique() == 1:
        general = table
    by_site = {
        site: [_month_days(table[(table["site_id"] == site) & (site != "")], general, month) for month in months]
        for site in sorted(set(sites))
    }
    return np.array([by_site[site] for site in sites], float).reshape(len(sites), len(months))


def _month_days(own: pd.DataFrame, general: pd.DataFrame, month: str) -> float:
    for rows in (own, general):
        for row in rows[rows["month"] == month].to_dict("records"):
            if not np.isnan(row["working_days"]):
                return float(row["working_days"])
            if row["shutdown"].lower() not in ("", "0", "false", "no", "nan"):
                return 0.0
    if not _MONTH.match(month):
        return 1.0
    year, number = int(month[:4]), int(month[5:])
    return float(sum(1 for week in calendar.monthcalendar(year, number) for day in week[:5] if day))
