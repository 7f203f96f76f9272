"""Products as arrays: demand, money, limits of output and stock, where they start; defaults filled in."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import INF, Floats
from sop_pipeline.supply.problem.calendar_days import site_days
from sop_pipeline.supply.problem.data.features import FeatureData
from sop_pipeline.supply.problem.data.money import holding_cost, material_cost, subcontract_cost
from sop_pipeline.supply.problem.data.resources import ResourceData
from sop_pipeline.supply.problem.data.spread import spread
from sop_pipeline.supply.problem.data.stock import firm_stock, least_stock, most_stock
from sop_pipeline.supply.problem.definition import PlanningProblem


@dataclass(frozen=True)
class ProductData:
    """Products by name, with (P,) and (P, T) arrays in units and money per unit.

    Money is (P, T): the month's own figure, else the product's; NaN where a missing cost makes an action impossible.
    """

    names: list[str]
    demand: Floats
    must_serve: Floats
    price: Floats
    material: Floats
    holding: Floats
    holding_stated: np.ndarray
    backlog_cost: Floats
    lost_cost: Floats
    subcontract_cost: Floats
    subcontract_limit: Floats
    max_production: Floats
    fixed: Floats
    fixed_subcontract: Floats
    frozen: Floats
    least_stock: Floats
    firm_stock: Floats
    most_stock: Floats
    next_most_stock: Floats
    least_stock_rule: np.ndarray
    most_stock_rule: np.ndarray
    opening_stock: Floats
    opening_backlog: Floats
    closing_backlog: Floats
    opening_rate: Floats
    min_lot: Floats
    setup_cost: Floats
    campaign: Floats
    rate_change: Floats
    equivalent: Floats
    has_equivalent: np.ndarray
    unit: np.ndarray
    family: np.ndarray
    days: Floats
    discontinued: np.ndarray


def without_targets(products: ProductData) -> ProductData:
    """The products as if no safety stock and no cover were asked of them."""
    last = np.arange(products.demand.shape[1]) == products.demand.shape[1] - 1
    rule = np.broadcast_to(np.where(last, "closing_stock", "min_stock"), products.demand.shape)
    return replace(products, least_stock=products.firm_stock, least_stock_rule=rule)


@dataclass(frozen=True)
class _Months:
    """Figures of products by month."""

    problem: PlanningProblem
    names: list[str]
    months: list[str]

    def of(self, column: str, blank: float = np.nan) -> Floats:
        """A column of ``product_months`` (P, T)."""
        return spread(self.problem.product_months, "product_id", column, self.names, self.months, blank)

    def demand(self, column: str, blank: float = np.nan) -> Floats:
        """A column of ``demand_plan`` (P, T)."""
        return spread(self.problem.demand_plan, "product_id", column, self.names, self.months, blank)

    def over(self, column: str, standing: Floats) -> Floats:
        """The month's own figure (P, T), else the product's (P,)."""
        of_month = self.of(column)
        return np.where(np.isnan(of_month), standing[:, None], of_month)


def product_data(
    problem: PlanningProblem,
    months: list[str],
    resources: ResourceData,
    features: FeatureData,
    assumptions: list[str],
) -> ProductData:
    """Return the products, defaults filled in and named in ``assumptions``."""
    table = problem.products
    names = list(table["product_id"])
    by_month = _Months(problem, names, months)
    demand = by_month.demand("quantity", 0.0)
    state = problem.product_state.set_index("product_id").reindex(names)
    material = material_cost(problem, features)
    subcontract = subcontract_cost(problem, material, resources, features, assumptions)
    _note_service(table, state, assumptions)
    least, least_rule = least_stock(problem, names, months, demand, state)
    most, most_rule, next_most = most_stock(problem, names, months, demand)
    holding = holding_cost(problem, material, assumptions)
    return ProductData(
        names=names,
        demand=demand,
        must_serve=by_month.demand("min_quantity", 0.0),
        **_money(table, by_month, material, subcontract, holding),
        holding_stated=~np.isnan(by_month.over("holding_cost", table["holding_cost"].to_numpy(float))),
        **_output(table, by_month),
        **_start(state),
        least_stock=least,
        firm_stock=firm_stock(problem, names, months, state),
        most_stock=most,
        next_most_stock=next_most,
        least_stock_rule=least_rule,
        most_stock_rule=most_rule,
        equivalent=table["equivalent_units"].fillna(1.0).to_numpy(float),
        has_equivalent=table["equivalent_units"].notna().to_numpy(),
        unit=table["unit_of_measure"].fillna("").to_numpy(object),
        family=table["family"].fillna("").to_numpy(object),
        days=site_days(problem.calendar, months, table["site_id"]),
        discontinued=_after_end(table["discontinued_on"], months),
    )


def _money(
    table: pd.DataFrame, by_month: _Months, material: Floats, subcontract: Floats, holding: Floats
) -> dict[str, Floats]:
    """Money per unit (P, T)."""
    price = by_month.demand("price")
    return {
        "price": np.nan_to_num(np.where(np.isnan(price), table["unit_price"].to_numpy(float)[:, None], price)),
        "material": by_month.over("unit_material_cost", material),
        "holding": by_month.over("holding_cost", holding),
        "backlog_cost": by_month.over("backlog_cost", table["backlog_cost"].to_numpy(float)),
        "lost_cost": by_month.over("lost_sales_cost", table["lost_sales_cost"].to_numpy(float)),
        "subcontract_cost": by_month.over("subcontract_cost", subcontract),
        "setup_cost": np.nan_to_num(by_month.over("setup_cost", table["setup_cost"].to_numpy(float))),
    }


def _output(table: pd.DataFrame, by_month: _Months) -> dict[str, Floats]:
    """Limits of output and subcontracting, what is fixed of them, lots and rates."""
    limit = by_month.over("subcontract_limit", table["subcontract_limit"].to_numpy(float))
    return {
        "subcontract_limit": np.where(np.isnan(limit), INF, limit),
        "max_production": by_month.of("max_production", INF),
        "fixed": by_month.of("fixed_production"),
        "fixed_subcontract": by_month.of("fixed_subcontract"),
        "frozen": by_month.of("frozen", 0.0),
        "min_lot": table["min_lot"].fillna(0.0).to_numpy(float),
        "campaign": table["campaign_months"].fillna(0.0).to_numpy(float),
        "rate_change": table["max_rate_change_pct"].fillna(INF).to_numpy(float) / 100,
    }


def _start(state: pd.DataFrame) -> dict[str, Floats]:
    """Where products start, and what may be owed at the end (P,)."""
    return {
        "opening_stock": state["opening_stock"].fillna(0.0).to_numpy(float),
        "opening_backlog": state["opening_backlog"].fillna(0.0).to_numpy(float),
        "closing_backlog": state["closing_backlog"].fillna(INF).to_numpy(float),
        "opening_rate": state["opening_rate"].to_numpy(float),
    }


def _after_end(discontinued: pd.Series, months: list[str]) -> np.ndarray:
    """Months after the one in which a product ends."""
    return np.array([[bool(end) and month > str(end)[:7] for month in months] for end in discontinued]).reshape(
        len(discontinued), len(months)
    )


def _note_service(table: pd.DataFrame, state: pd.DataFrame, assumptions: list[str]) -> None:
    """A service level is met by safety stock, which cannot be derived without forecast errors."""
    stated = (table["service_level"].notna() | table["replenishment_lead_days"].notna()).to_numpy()
    named = table.loc[stated & state["safety_stock"].isna().to_numpy(), "product_id"]
    if len(named):
        shown = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
        assumptions.append(
            f"service_level and replenishment_lead_days of {shown}: no safety stock is held, "
            "as none is stated and there are no forecast errors to derive it from"
        )
