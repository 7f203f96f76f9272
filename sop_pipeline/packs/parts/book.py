"""The tables of one cycle, opened once and asked by name.

Every page of a pack reads from here: frames by name (empty when the cycle has none), the cycle's months, units, names
and money. What a page says about them lives in that page's module; how it is written in ``language``.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from sop_pipeline import tables as registry
from sop_pipeline.choice import ChosenPlan, chosen_approach, chosen_plan
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.language.conventions import sign
from sop_pipeline.language.dates import month_name
from sop_pipeline.language.names import shortened, units_of


@dataclass(frozen=True)
class Unit:
    """The unit in which a family's products are added up; ``agrees`` is false when there is none."""

    name: str
    agrees: bool = True


class Book:
    """One cycle's tables with the few questions all pages ask of them."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        company: Company,
        cycle: Cycle,
        *,
        status: str = "draft",
        hashes: Mapping[str, str] | None = None,
        checks: tuple[int, int] | None = None,
    ) -> None:
        self.tables, self.company, self.cycle = dict(tables), company, cycle
        self.status, self.hashes, self.checks = status, dict(hashes or {}), checks
        self._frames: dict[str, pd.DataFrame] = {}

    # -- tables --------------------------------------------------------------------------------------------------------

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table as a frame whose months and days are ``datetime.date``; no rows when the cycle has none.

        Callers must not change it in place.
        """
        if name not in self._frames:
            self._frames[name] = _dated(self.table(name))
        return self._frames[name]

    def table(self, name: str) -> pa.Table:
        """Return a table; no rows when the cycle has none."""
        stored = self.tables.get(name)
        return stored if stored is not None else registry.empty(name)

    def plan_of(self, name: str) -> pd.DataFrame:
        """Return the chosen strategy's rows of a supply table."""
        table = self.frame(name)
        strategy, scenario = self.chosen
        return table[(table["strategy"] == strategy) & (table["scenario"] == scenario)]

    # -- time ----------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def horizon(self) -> list[date]:
        """Months planned, the cycle month first."""
        return self.cycle.horizon(self.company.horizon_months)

    def past(self, months: int) -> list[date]:
        """The last months with complete history, oldest first."""
        return [add_months(self.cycle.month, -lag) for lag in range(months, 0, -1)]

    @property
    def fiscal_year(self) -> int:
        """The fiscal year of the cycle month, named by the year it ends in."""
        return self.company.fiscal_year.of(self.cycle.month)

    def months_of_year(self, fiscal_year: int) -> list[date]:
        """The twelve months of a fiscal year."""
        return self.company.fiscal_year.months(fiscal_year)

    @functools.cached_property
    def last_cycle(self) -> Cycle:
        """The cycle this one is compared with: the last one published, months skipped or not; else the month before."""
        plan = self.frame("last_plan")
        return Cycle.parse(str(plan["cycle"].iloc[0])) if len(plan) else self.cycle.previous()

    @property
    def previous_name(self) -> str:
        """What the last cycle is called in a sentence: its month."""
        return month_name(self.last_cycle.month)

    # -- plans and money -----------------------------------------------------------------------------------------------

    @functools.cached_property
    def chosen(self) -> ChosenPlan:
        """The strategy and scenario the operational plan uses."""
        return chosen_plan(self.table("plan_summary"), self.company)

    @functools.cached_property
    def approach(self) -> str:
        """The forecasting approach the plan uses."""
        return chosen_approach(self.table("forecast_approach"), self.company)

    @functools.cached_property
    def has_money(self) -> bool:
        """Whether anything is priced."""
        money = self.frame("financial_plan")
        return bool(len(money) and money["revenue"].notna().any())

    @functools.cached_property
    def has_business_plan(self) -> bool:
        """Whether there is a business plan to compare with."""
        gap = self.frame("plan_gap")
        return bool(len(gap) and gap["business_plan"].notna().any())

    @functools.cached_property
    def has_last_cycle(self) -> bool:
        """Whether the cycle before left a plan."""
        return bool(len(self.frame("last_plan")))

    @property
    def money_sign(self) -> str:
        """Sign of the reporting currency."""
        return sign(self.company.currency)

    # -- names and units -----------------------------------------------------------------------------------------------

    @functools.cached_property
    def families(self) -> list[str]:
        """Every family that is planned or has history, in order of the alphabet."""
        names: set[str] = set()
        for table in ("financial_plan", "sales_plan", "demand_plan", "actuals", "product_lifecycle"):
            names.update(str(name) for name in self.frame(table)["family"].dropna().unique())
        return sorted(names)

    @functools.cached_property
    def _names(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for table in ("new_product_plan", "product_lifecycle", "products"):
            data = self.frame(table)
            found.update(zip(data["product_id"], data["product_name"], strict=True))
        return {key: value for key, value in found.items() if isinstance(value, str) and value.strip()}

    def product(self, product_id: str, longest: int = 40) -> str:
        """A product's name, shortened to fit."""
        return shortened(self._names.get(product_id, product_id), longest)

    @functools.cached_property
    def _units(self) -> dict[str, set[str]]:
        products = self.frame("products")
        by_family: dict[str, set[str]] = {}
        for product_id, unit in zip(products["product_id"], products["unit_of_measure"], strict=True):
            family = self._family_of.get(str(product_id))
            if family is not None:
                by_family.setdefault(family, set()).add(unit if isinstance(unit, str) else "")
        return by_family

    @functools.cached_property
    def _family_of(self) -> dict[str, str]:
        life, products = self.frame("product_lifecycle"), self.frame("products")
        found = dict(zip(products["product_id"], products["family"], strict=True))
        return found | dict(zip(life["product_id"], life["family"], strict=True))

    def resource(self, resource_id: str, longest: int = 30) -> str:
        """A resource's identifier as people read it."""
        return shortened(str(resource_id).replace("_", " "), longest)

    def resources_of(self, family: str) -> set[str]:
        """Resources and materials the family's products take, from the planning problem or the company's files."""
        mine = {product for product, name in self._family_of.items() if name == family} | {family}
        uses = [self.frame(name) for name in ("planning_features", "product_features")]
        return {str(name) for data in uses for name in data[data["product_id"].isin(mine)]["feature"]}

    def unit(self, family: str | None = None) -> Unit:
        """The unit of a family's quantities, or of the whole company's (METHODS 1: units never mix)."""
        found = set().union(*self._units.values()) if family is None and self._units else self._units.get(family or "")
        if not found or found == {""}:
            return Unit("units")
        return (
            Unit(units_of(next(iter(found)) or "units"))
            if len(found) == 1
            else Unit("units of several kinds", agrees=False)
        )

    @functools.cached_property
    def _total_units(self) -> dict[str, str | None]:
        data = self.frame("demand_units")
        return dict(zip(data["family"], data["family_unit"], strict=True))

    @functools.cached_property
    def _equivalents(self) -> pd.Series:
        data = self.frame("demand_units")
        return data.set_index("product_id")["family_equivalent"].astype(float)

    def total_unit(self, family: str) -> Unit:
        """The unit a family's demand is added up in: its products' own, else a stated equivalent."""
        own = self.unit(family)
        stated = self._total_units.get(family)
        return own if own.agrees or not isinstance(stated, str) else Unit(units_of(stated))

    def weighed(self, by_product: pd.Series) -> pd.Series:
        """Quantities by product, each in the unit of its family's total."""
        return by_product.astype(float) * self._equivalents.reindex(by_product.index).fillna(1.0)

    def in_total_unit(self, data: pd.DataFrame, column: str) -> pd.DataFrame:
        """Rows by product with a quantity brought to the unit of the family's total."""
        weights = data["product_id"].map(self._equivalents).fillna(1.0) if len(data) else 1.0
        return data.assign(**{column: data[column] * weights})


def _dated(table: pa.Table) -> pd.DataFrame:
    data = registry.frame(table)
    for field in table.schema:
        if pa.types.is_date(field.type):
            data[field.name] = pd.Series(table.column(field.name).to_pylist(), index=data.index, dtype=object)
    return data


def each_row(data: pd.DataFrame) -> Iterator[Any]:
    """Go through a frame's rows as tuples with named fields."""
    return data.itertuples(index=False)


def by_month(data: pd.DataFrame, column: str, months: Iterable[date]) -> list[float | None]:
    """Sum a column by month and lay it along ``months``; None where there is nothing."""
    if not len(data):
        return [None for _ in months]
    total = data.groupby("month")[column].sum(min_count=1)
    return [None if month not in total.index or pd.isna(total[month]) else float(total[month]) for month in months]


def total(data: pd.DataFrame, column: str) -> float | None:
    """Sum a column; None where every cell is empty."""
    value = data[column].sum(min_count=1) if len(data) else float("nan")
    return None if pd.isna(value) else float(value)
