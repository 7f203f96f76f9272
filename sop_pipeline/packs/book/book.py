"""A cycle's tables with what every page asks of them: families, names, units, money.

What a page says lives in that page's module; how it is written in ``language``.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import pandas as pd

from sop_pipeline.language.conventions import sign
from sop_pipeline.language.names import name, shortened, units_of
from sop_pipeline.language.scale import PLAIN, Scale
from sop_pipeline.packs.book.frames import of_family
from sop_pipeline.packs.book.tables import CycleTables


@dataclass(frozen=True)
class Unit:
    """The unit in which products are added up; ``agrees`` is false when there is none, ``is_money`` for a value."""

    name: str
    agrees: bool = True
    is_money: bool = False


class Book(CycleTables):
    """One cycle as pages read it."""

    # -- money ---------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def has_money(self) -> bool:
        """Whether anything is priced."""
        return bool(self.frame("financial_plan")["revenue"].notna().any())

    @property
    def currency(self) -> str:
        """The code of the currency where anything is priced, else nothing: amounts are then written without a sign."""
        return self.company.currency if self.has_money else ""

    def money_unit(self, scale: Scale = PLAIN) -> str:
        """The unit of money at a scale: ``€m``."""
        return f"{sign(self.company.currency).strip()}{scale.suffix}"

    def value_unit(self, scale: Scale = PLAIN, unpriced: str = "") -> str:
        """The unit of costs at a scale: money where anything is priced, else ``unpriced``."""
        return self.money_unit(scale) if self.has_money else f"{unpriced}{scale.suffix}"

    def volume_unit(self, scale: Scale = PLAIN) -> str:
        """The unit of the company's quantities at a scale: ``k cases``."""
        return f"{scale.suffix} {self.unit().name}".strip()

    def measure_unit(self, scale: Scale = PLAIN) -> str:
        """The unit gaps are told in: money, or quantities where nothing is priced."""
        return self.money_unit(scale) if self.has_money else self.volume_unit(scale)

    @property
    def adds_up(self) -> bool:
        """Whether families add up to the company: in money, or in one unit."""
        return self.has_money or self.unit().agrees

    # -- families and names --------------------------------------------------------------------------------------------

    @functools.cached_property
    def families(self) -> list[str]:
        """Every family that is planned or has history, in order of the alphabet."""
        names: set[str] = set()
        for table in ("financial_plan", "sales_plan", "demand_plan", "actuals", "product_lifecycle"):
            names.update(str(name) for name in self.frame(table)["family"].dropna().unique())
        return sorted(names)

    @functools.cached_property
    def _names(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for table in ("new_product_plan", "product_lifecycle", "products"):
            data = self.frame(table)
            names.update(zip(data["product_id"], data["product_name"], strict=True))
        return {key: value for key, value in names.items() if isinstance(value, str) and value.strip()}

    def product(self, product_id: str, longest: int = 40) -> str:
        """A product's name, shortened to fit."""
        return shortened(self._names.get(product_id, product_id), longest)

    def item(self, level: str, item_id: str) -> str:
        """What an item of a forecast is called: a product by its name, a family and the company by what they are."""
        return self.product(item_id) if level == "product" else item_id

    @functools.cached_property
    def _family_of(self) -> dict[str, str]:
        """The family of each product: of the cycle, else of the company's files."""
        families: dict[str, str] = {}
        for table in ("products", "product_lifecycle"):
            data = self.frame(table)
            families.update(zip(data["product_id"], data["family"], strict=True))
        return families

    @functools.cached_property
    def _resource_names(self) -> dict[str, str]:
        """What the company calls its resources and materials, where it says."""
        names: dict[str, str] = {}
        for table, key in (("materials", "material"), ("resources", "resource")):
            data = self.frame(table)
            names |= dict(zip(data[f"{key}_id"], data[f"{key}_name"], strict=True))
        return {key: value for key, value in names.items() if isinstance(value, str) and value.strip()}

    def resource(self, resource_id: str, longest: int = 30) -> str:
        """A resource's or material's name as the company writes it, else its identifier as people read it."""
        return shortened(self._resource_names.get(resource_id) or name(resource_id), longest)

    def resources_of(self, family: str) -> set[str]:
        """Resources and materials the family's products take, from the planning problem or the company's files."""
        planned = of_family(self.frame("planning_products"), family)["product_id"]
        items = {product for product, name in self._family_of.items() if name == family} | {family, *planned}
        uses = [self.frame(name) for name in ("planning_features", "product_features")]
        return {str(name) for data in uses for name in data[data["product_id"].isin(items)]["feature"]}

    # -- units ---------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def _units(self) -> dict[str, set[str]]:
        """The units of each family's products, as the demand step counts them where it has."""
        counted = self.frame("demand_units")
        products = counted if len(counted) else self.frame("products")
        by_family: dict[str, dict[str, str]] = {}
        for product_id, unit in zip(products["product_id"], products["unit_of_measure"], strict=True):
            family, name = self._family_of.get(str(product_id)), unit if isinstance(unit, str) else ""
            if family is not None:
                by_family.setdefault(family, {}).setdefault(name.lower(), name)
        return {family: set(names.values()) for family, names in by_family.items()}

    def unit(self, family: str | None = None) -> Unit:
        """The unit of a family's quantities, or of the whole company's (METHODS 1: units never mix)."""
        every = set().union(*self._units.values()) if family is None else self._units.get(family, set())
        units = {name.lower(): name for name in sorted(every, reverse=True)}
        if len(units) > 1:
            return Unit("units of several kinds", agrees=False)
        (name,) = units.values() or {""}
        return Unit(units_of(name or "units"))

    def is_sold(self, item: str) -> bool:
        """Whether an item of the plan is a product or a family; else it is a resource or a material."""
        return item in self._family_of or item in self._units

    def unit_of(self, item: str) -> str:
        """The plural of the unit that a product is counted in, or all products of a family; else ``units``."""
        data = self.frame("products")
        own = [unit for unit in data[data["product_id"] == item]["unit_of_measure"] if isinstance(unit, str) and unit]
        unit = self.unit(item if item in self._units else self._family_of.get(item))
        return units_of(own[0]) if own else unit.name if unit.agrees else "units"

    @functools.cached_property
    def _total_units(self) -> dict[str | None, str | None]:
        data = self.frame("demand_units")
        names = dict(zip(data["family"], data["family_unit"], strict=True))
        return {**names, None: data["company_unit"].iloc[0] if len(data) else None}

    @functools.cached_property
    def _equivalents(self) -> pd.DataFrame:
        data = self.frame("demand_units").set_index("product_id")
        return data[["family_equivalent", "company_equivalent"]].astype(float)

    def total_unit(self, family: str | None = None) -> Unit:
        """The unit a family's, or the company's, total is in: that of its products, else a stated equivalent."""
        unit, equivalent = self.unit(family), self._total_units.get(family)
        if unit.agrees or not isinstance(equivalent, str):
            return unit
        return Unit(units_of(equivalent), is_money=equivalent.startswith(f"{self.company.currency} at "))

    def weighed(self, by_product: pd.Series) -> pd.Series:
        """Quantities by product, each in the unit of its family's total."""
        return by_product.astype(float) * self._equivalents["family_equivalent"].reindex(by_product.index).fillna(1.0)

    def in_total_unit(self, data: pd.DataFrame, *columns: str, of: str = "family") -> pd.DataFrame:
        """Rows by product with quantities brought to the unit of the total of the family, or of the company."""
        if not len(data):
            return data
        weights = data["product_id"].map(self._equivalents[f"{of}_equivalent"]).fillna(1.0)
        return data.assign(**{column: data[column] * weights for column in columns})
