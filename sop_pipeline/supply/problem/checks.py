"""Input that contradicts itself, refused before the solve with the rule, the found and the needed value (METHODS 5).

Here: one ``check_*`` for each kind of contradiction, over the plain tables. Not here: rules that only a plan can break.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pandas as pd

from sop_pipeline.errors import BadInput
from sop_pipeline.resource_kinds import HOUR_KINDS, stated_kind
from sop_pipeline.resource_rules import refuse_resources, refuse_storage
from sop_pipeline.supply.problem.definition import MONTH_FORM, TABLES, PlanningProblem, feature_key
from sop_pipeline.tables.schema import Kind


def check(problem: PlanningProblem) -> None:
    """Run every check; raise BadInput on the first contradiction."""
    for rule in CHECKS:
        rule(problem)


def _refuse(where: str, found: str, needed: str, mend: str = "Correct one of the two.") -> None:
    raise BadInput(found=found, needed=needed, where=where, mend=mend)


def _filled(problem: PlanningProblem) -> list[tuple[str, pd.DataFrame]]:
    return [(name, frame) for name, frame in problem.frames().items() if len(frame)]


def check_values(problem: PlanningProblem) -> None:
    """Every number keeps the registry's limits; every choice is one of the registry's; required cells are filled."""
    for name, frame in _filled(problem):
        for column in TABLES[name].columns:
            values = frame[column.name]
            if column.required and column.name not in ("product_name",) and values.isna().any():
                _refuse(f"{name}, column {column.name}", "a blank", "a value in every row", "Fill it in.")
            if column.kind.is_decimal or column.kind is Kind.COUNT:
                numbers = values.to_numpy(float)
                low = column.minimum is not None and numbers < column.minimum
                high = column.maximum is not None and numbers > column.maximum
                _first_bad(name, column.name, frame, low, f"at least {column.minimum:g}" if low is not False else "")
                _first_bad(name, column.name, frame, high, f"at most {column.maximum:g}" if high is not False else "")
                _first_bad(name, column.name, frame, np.isinf(numbers), "a finite number")
            elif column.one_of:
                wrong = (values.notna() & ~values.isin(column.one_of)).to_numpy()
                _first_bad(name, column.name, frame, wrong, "one of " + ", ".join(column.one_of))


def _first_bad(table: str, column: str, frame: pd.DataFrame, bad: np.ndarray | bool, needed: str) -> None:
    if isinstance(bad, bool) or not bad.any():
        return
    row = frame[bad].iloc[0]
    key = ", ".join(str(row[name]) for name in TABLES[table].key if name in row and pd.notna(row[name]))
    _refuse(f"{table}, {key}, column {column}", f"{row[column]}", needed, "Correct the value.")


def check_keys(problem: PlanningProblem) -> None:
    """No two rows of a table have the same key."""
    for name, frame in _filled(problem):
        key = list(TABLES[name].key) or ["month", "product_id", "resource_id"]
        twice = frame[frame.duplicated(key)]
        if len(twice):
            shown = ", ".join(f"{column} {twice.iloc[0][column]}" for column in key if pd.notna(twice.iloc[0][column]))
            _refuse(name, f"two rows for {shown}", "one row each", "Delete or add up one of them.")


def check_months(problem: PlanningProblem) -> None:
    """The horizon has no gap, and other tables name no month that is only a misspelling of the horizon's."""
    months = problem.months
    if all(MONTH_FORM.match(month) for month in months):
        wanted = [str(month) for month in pd.period_range(months[0], months[-1], freq="M")]
        missing = sorted(set(wanted) - set(months))
        if missing:
            _refuse("demand_plan", f"no row for {missing[0]}", "every month from first to last", "Add the month.")
        return
    by_month = (
        "resource_months",
        "product_months",
        "product_feature_months",
        "raised_limits",
        "fixed_plan",
        "calendar",
    )
    for name in by_month:
        unknown = sorted(set(problem.frames()[name]["month"].dropna()) - set(months))
        if unknown:
            needed = f"a month of demand_plan: {', '.join(months)}"
            _refuse(name, f"month {unknown[0]!r}", needed, "Write it the same way.")


def check_references(problem: PlanningProblem) -> None:
    """Products and resources named anywhere are in their own tables."""
    products, resources = set(problem.products["product_id"]), set(problem.resources["resource_id"])
    for name in ("demand_plan", "product_state", "product_months", "product_features", "fixed_plan"):
        _known(name, "product_id", problem.frames()[name]["product_id"], products, "products")
    for name in ("resource_months", "raised_limits", "fixed_plan"):
        _known(name, "resource_id", problem.frames()[name]["resource_id"], resources, "resources")


def _known(table: str, column: str, used: pd.Series, names: set[str], owner: str) -> None:
    unknown = sorted(set(used.dropna()) - names)
    if unknown:
        _refuse(f"{table}, column {column}", f"{unknown[0]!r}", f"an identifier of {owner}", f"Add it to {owner}.")


def check_demand(problem: PlanningProblem) -> None:
    """What must be served is at most the demand."""
    frame = problem.demand_plan
    _ordered(frame, "demand_plan", "min_quantity", "quantity")


def check_stock(problem: PlanningProblem) -> None:
    """Least stock is at most the most stock, in every month and at the end."""
    limits = problem.products.set_index("product_id")["max_stock"]
    state = problem.product_state.assign(max_stock=problem.product_state["product_id"].map(limits))
    months = problem.product_months
    last = months[(months["month"] == problem.months[-1]) & months["max_stock"].notna()].set_index("product_id")
    closing = state.assign(max_stock=state["product_id"].map(last["max_stock"]).fillna(state["max_stock"]))
    _ordered(state, "product_state", "safety_stock", "max_stock")
    _ordered(closing, "product_state", "closing_stock", "max_stock")
    standing = months.assign(max_stock=months["max_stock"].fillna(months["product_id"].map(limits)))
    _ordered(standing, "product_months", "min_stock", "max_stock")
    own = months.assign(safety_stock=months["product_id"].map(state.set_index("product_id")["safety_stock"]))
    _ordered(own[own["max_stock"].notna()], "product_months", "safety_stock", "max_stock")
    _ordered(problem.products, "products", "cover_days_min", "cover_days_max")


def check_production(problem: PlanningProblem) -> None:
    """Given output is at most the month's limit; frozen months have one; a lot fits under the limit."""
    frame = problem.product_months
    _ordered(frame, "product_months", "fixed_production", "max_production")
    empty = frame[(frame["frozen"] == True) & frame["fixed_production"].isna()]  # noqa: E712 (None is neither)
    if len(empty):
        row = empty.iloc[0]
        _refuse(
            f"product_months, {row['product_id']} {row['month']}, column frozen", "frozen without fixed_production",
            "the output that may not be changed", "Fill in fixed_production.",
        )  # fmt: skip


def check_resources(problem: PlanningProblem) -> None:
    """Fewest heads at most the most; labour that counts heads has hours; what a kind does not have is not filled in."""
    frame = problem.resources
    by_month = problem.resource_months
    monthly_names = set(by_month.loc[by_month["capacity"].notna(), "resource_id"])
    refuse_resources(_rows(frame), monthly_names)
    monthly = frame["resource_id"].isin(monthly_names)
    uncounted = frame[(frame["maintenance_units_required"] > 0) & (frame["capacity"].notna() | monthly)]
    if len(uncounted):
        _refuse(
            f"resources, {uncounted.iloc[0]['resource_id']}, column maintenance_units_required",
            "maintenance to be placed with a capacity stated in hours", "machines counted by opening_units and hours",
            "State units and hours instead of capacity.",
        )  # fmt: skip
    other = frame[frame["kind"].isin(["storage", "material", "cash"])]
    for column in LABOUR_COLUMNS:
        filled = other[other[column].notna()]
        if len(filled):
            row = filled.iloc[0]
            _refuse(
                f"resources, {row['resource_id']}, column {column}", f"{row[column]}",
                f"a blank: kind {row['kind']} has a capacity and nothing else", "Clear the cell.",
            )  # fmt: skip


LABOUR_COLUMNS = (
    "opening_units", "hours_per_day", "hours_per_month", "regular_rate", "overtime_rate", "overtime_limit_pct",
    "overtime_hours_per_unit", "hire_cost", "layoff_cost", "max_hires", "max_layoffs", "min_units", "max_units",
    "temporary_max", "temporary_rate", "hire_lead_months", "rate_up_cost", "rate_down_cost",
    "maintenance_units_required", "pay_basis",
)  # fmt: skip


def check_features(problem: PlanningProblem) -> None:
    """Storage is taken by stock: no lead time, no alternatives; only labour and machines are taken by a set-up."""
    frame = problem.product_features
    kinds = stated_kind(problem.resources.set_index("resource_id"))
    kind = frame["feature"].map(kinds)
    refuse_storage(_rows(frame[kind == "storage"]))
    set_up = frame[~kind.isin(HOUR_KINDS) & (frame["setup"] > 0)]
    if len(set_up):
        row = set_up.iloc[0]
        where = f"product_features, {row['product_id']} {row['feature']}, column setup"
        _refuse(where, f"{row['setup']}", "hours of labour or a machine", "Clear the cell.")


def check_feature_months(problem: PlanningProblem) -> None:
    """A month of its own belongs to a row of product_features, by product, feature, lead and option group."""
    own = problem.product_feature_months
    keys = feature_key(own)
    for row in np.flatnonzero(~keys.isin(feature_key(problem.product_features))).tolist():
        product, feature, lead, group = keys[row]
        where = f"product_feature_months, {product} {feature} {own['month'].iloc[row]}"
        found = f"lead_months {lead}" + (f", option_group {group}" if group else "")
        _refuse(where, f"{found}, which product_features has not", "a row of product_features", "Add it there.")


def check_fixed_plan(problem: PlanningProblem) -> None:
    """Every row of a given plan is about a product or a resource, with the figures that belong to it."""
    frame = problem.fixed_plan
    outside = sorted(set(frame["month"].dropna()) - set(problem.months))
    if outside:
        needed = f"a month from {problem.months[0]} to {problem.months[-1]}"
        _refuse("fixed_plan", f"month {outside[0]}", needed, "Plan it in another folder, or delete the row.")
    for row in frame.itertuples(index=False):
        of_product = pd.notna(row.output) or pd.notna(row.subcontract)
        of_resource = pd.notna(row.overtime_hours) or pd.notna(row.units)
        where = f"fixed_plan, {row.month}"
        if of_product and row.product_id is None:
            _refuse(where, "output or subcontract without product_id", "the product it is about", "Fill in product_id.")
        if of_resource and row.resource_id is None:
            _refuse(where, "overtime_hours or units without resource_id", "the resource", "Fill in resource_id.")


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by column name, a blank cell None."""
    records = cast("list[dict[str, Any]]", frame.to_dict("records"))
    return [{name: None if pd.isna(value) else value for name, value in row.items()} for row in records]


def _ordered(frame: pd.DataFrame, table: str, less: str, more: str) -> None:
    """Refuse the first row where ``less`` is above ``more``."""
    wrong = frame[frame[less] > frame[more]]
    if len(wrong):
        row = wrong.iloc[0]
        key = " ".join(str(row[name]) for name in ("product_id", "resource_id", "month") if name in row)
        _refuse(f"{table}, {key}", f"{less} {row[less]:g}", f"at most {more} {row[more]:g}")


CHECKS: tuple[Callable[[PlanningProblem], None], ...] = (
    check_values,
    check_keys,
    check_months,
    check_references,
    check_demand,
    check_stock,
    check_production,
    check_resources,
    check_features,
    check_feature_months,
    check_fixed_plan,
)
