"""A planning problem: the plain tables of a planning folder, in one canonical form.

Here: the frames, the months they span, the options of a plan. A company's cycle and a planner's folder are both brought
into this form, so that one model serves them. Not here: contradictions in the input (``problem.checks``), defaults and
arrays (``problem.data``), reading files (``folder``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sop_pipeline.errors import BadInput
from sop_pipeline.tables import inputs, planning
from sop_pipeline.tables.schema import Kind, Table

_WORDS = (Kind.TEXT, Kind.DATE, Kind.MONTH, Kind.FLAG)
MONTH_FORM = re.compile(r"^\d{4}-(0[1-9]|1[0-2])$")

TABLES: Mapping[str, Table] = {
    "products": inputs.PRODUCTS,
    "resources": inputs.RESOURCES,
    "resource_months": inputs.RESOURCE_MONTHS,
    "product_features": inputs.PRODUCT_FEATURES,
    "calendar": inputs.CALENDAR,
    "materials": inputs.MATERIALS,
    "demand_plan": planning.DEMAND,
    "product_state": planning.PRODUCT_STATE,
    "product_months": planning.PRODUCT_MONTHS,
    "product_feature_months": planning.FEATURE_MONTHS,
    "raised_limits": planning.RAISED_LIMITS,
    "fixed_plan": planning.FIXED_PLAN,
    "demand_samples": planning.DEMAND_SAMPLES,
}


@dataclass(frozen=True)
class PlanOptions:
    """How a plan is made, beyond its data; every field has the default of METHODS 5.

    ``shortage``: ``rules`` keeps every rule and prices shortfalls only when that is impossible; ``priced`` prices them
    from the start, so that a company's cycle always has an answer. ``level_of``:
    ``hours``, or the rate of each ``family`` or ``product``. ``min_stock``: a month's least stock is a ``rule`` like
    the closing stock, or a ``target`` that gives way before customers like safety stock and cover, as in a cycle.
    ``mip_gap`` None is 0 for up to 500 whole numbers, else 0.001.
    ``paths_worth`` runs the plan against ``demand_samples`` where there are any, and values a stochastic plan.
    """

    stretch_months: int = 12
    level_of: str = "hours"
    min_stock: str = "rule"
    shortage: str = "rules"
    mip_gap: float | None = None
    shadow_prices: bool = True
    paths_worth: bool = True


def _empty() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True)
class PlanningProblem:
    """The tables of TABLES.md "A planning folder" as frames; only ``demand_plan`` is required.

    Months may be dates, timestamps or text; identifiers text; numbers floats with NaN for blank. Columns that are
    absent count as blank. Row order never matters, but for months that are not written YYYY-MM: they keep the order in
    which ``demand_plan`` first names them.
    """

    demand_plan: pd.DataFrame
    products: pd.DataFrame = field(default_factory=_empty)
    resources: pd.DataFrame = field(default_factory=_empty)
    resource_months: pd.DataFrame = field(default_factory=_empty)
    product_features: pd.DataFrame = field(default_factory=_empty)
    calendar: pd.DataFrame = field(default_factory=_empty)
    materials: pd.DataFrame = field(default_factory=_empty)
    product_state: pd.DataFrame = field(default_factory=_empty)
    product_months: pd.DataFrame = field(default_factory=_empty)
    product_feature_months: pd.DataFrame = field(default_factory=_empty)
    raised_limits: pd.DataFrame = field(default_factory=_empty)
    fixed_plan: pd.DataFrame = field(default_factory=_empty)
    demand_samples: pd.DataFrame = field(default_factory=_empty)
    options: PlanOptions = field(default_factory=PlanOptions)

    @property
    def months(self) -> list[str]:
        """The horizon: months of the demand plan, in calendar order when they are all written YYYY-MM."""
        named = [month_label(value) for value in pd.unique(self.demand_plan["month"])]
        return sorted(named) if all(MONTH_FORM.match(name) for name in named) else named

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name != "options"}


def canonical(problem: PlanningProblem) -> PlanningProblem:
    """Return the problem with every registry column present, typed and sorted by key."""
    if problem.demand_plan.empty or "month" not in problem.demand_plan:
        raise BadInput(
            found="no rows",
            needed="one row per product and month",
            where="demand_plan",
            mend="Add product_id, month and quantity.",
        )
    months = problem.months
    cleaned = {name: _typed(frame, TABLES[name]) for name, frame in problem.frames().items()}
    if cleaned["products"].empty:
        named = pd.DataFrame({"product_id": sorted(cleaned["demand_plan"]["product_id"].unique())})
        cleaned["products"] = _typed(named, TABLES["products"])
    ordered: dict[str, Any] = {name: _sorted(frame, TABLES[name], months) for name, frame in cleaned.items()}
    return replace(problem, **ordered)


def feature_key(table: pd.DataFrame) -> pd.MultiIndex:
    """Product, feature, lead and option group of a table's rows, blanks filled."""
    lead, group = table["lead_months"].fillna(0).astype(int), table["option_group"].fillna("")
    return pd.MultiIndex.from_arrays([table["product_id"], table["feature"], lead, group])


def month_label(value: object) -> str:
    """Write a month as text: YYYY-MM for dates and timestamps, the text itself for anything else."""
    if isinstance(value, (date, pd.Timestamp)):
        return f"{value:%Y-%m}"
    text = str(value).strip()
    return text[:7] if re.match(r"^\d{4}-\d{2}-01", text) else text


def _typed(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    rows = len(frame)
    given = {column.name: frame[column.name] for column in table.columns if column.name in frame.columns}
    typed = {
        column.name: _cast(given[column.name], column.kind) if column.name in given else _blank(rows, column.kind)
        for column in table.columns
    }
    return pd.DataFrame(typed, index=pd.RangeIndex(rows), copy=False)


def _blank(rows: int, kind: Kind) -> np.ndarray:
    return np.full(rows, None, object) if kind in _WORDS else np.full(rows, np.nan)


def _cast(given: pd.Series, kind: Kind) -> np.ndarray:
    if kind not in _WORDS:
        numbers: np.ndarray = pd.to_numeric(given).to_numpy(float, na_value=np.nan)
        return numbers
    change = month_label if kind is Kind.MONTH else _truth if kind is Kind.FLAG else _text
    cells = given.tolist()
    changed = {cell: None if _is_blank(cell) else change(cell) for cell in set(cells)}
    out = np.empty(len(cells), object)
    out[:] = [changed[cell] for cell in cells]
    return out


def _is_blank(cell: object) -> bool:
    return cell is None or cell is pd.NA or cell != cell


def _text(cell: object) -> str | None:
    return str(cell) or None


def _truth(value: object) -> bool | None:
    if value == "":
        return None
    if isinstance(value, str):
        return value.strip().lower() in {"1", "true", "yes", "y", "t"}
    return bool(value)


def _sorted(frame: pd.DataFrame, table: Table, months: list[str]) -> pd.DataFrame:
    if len(frame) < 2:
        return frame
    key = [name for name in (table.key or ("month", "product_id", "resource_id")) if name in frame]
    place = {month: index for index, month in enumerate(months)}

    def rank(column: pd.Series) -> pd.Series:
        if column.name == "month":
            return column.map(lambda value: place.get(value, len(place)))
        return column if column.dtype.kind == "f" else column.fillna("").astype(str)

    return frame.sort_values(key, key=rank, kind="stable").reset_index(drop=True)
