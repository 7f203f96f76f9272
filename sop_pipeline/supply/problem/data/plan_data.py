"""The planning problem as arrays: products, resources and months in order, every default filled in.

Here: defaults of METHODS 7 as they hold for a plan, and which limit of several holds. Every default that was used is
named in ``PlanData.assumptions``. Not here: equations (``constraints``) or contradictions (``problem.checks``).
Shapes: P products, T months, H resources with hours (labour, machine), S others; blank limits are infinite.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sop_pipeline.resource_kinds import has_hours
from sop_pipeline.supply.arrays import INF, Floats, Ints
from sop_pipeline.supply.paths.stated import demand_paths
from sop_pipeline.supply.problem.calendar_days import calendar_days, forward_demand, site_days
from sop_pipeline.supply.problem.definition import PlanningProblem, PlanOptions, feature_key

OVERTIME_PREMIUM = 1.5
SUBCONTRACT_PREMIUM = 1.2
HOLDING_SHARE = 0.02


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
    backlog_cost: Floats
    lost_cost: Floats
    subcontract_cost: Floats
    subcontract_limit: Floats
    max_production: Floats
    fixed: Floats
    fixed_bought: Floats
    frozen: Floats
    least_stock: Floats
    most_stock: Floats
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
    days: Floats
    discontinued: np.ndarray


@dataclass(frozen=True)
class ResourceData:
    """Resources with hours (labour and machines): (H,) and (H, T) arrays in heads, hours and money."""

    names: list[str]
    hours: Floats
    fixed_hours: Floats
    days: Floats
    opening: Floats
    free_start: np.ndarray
    unlimited: np.ndarray
    can_hire: np.ndarray
    can_lay_off: np.ndarray
    labour: np.ndarray
    down: Floats
    has_overtime: np.ndarray
    overtime_cap: Floats
    overtime_share: Floats
    overtime_per_unit: Floats
    overtime_rate: Floats
    regular_rate: Floats
    paid: np.ndarray
    min_utilisation: Floats
    table: pd.DataFrame


@dataclass(frozen=True)
class FeatureData:
    """Product features as parallel arrays; ``alternative`` is -1 for what every unit takes.

    ``by_month`` is what a unit completed in a month takes (F, T); ``group_labels`` and ``choice_labels`` are the two
    parts of ``option_group`` as the planner wrote them.
    """

    product: Ints
    feature: np.ndarray
    quantity: Floats
    by_month: Floats
    lead: Ints
    setup: Floats
    alternative: Ints
    alternative_product: Ints
    alternative_group: Ints
    group_product: Ints
    alternative_names: list[str]
    group_names: list[str]
    group_labels: list[str]
    choice_labels: list[str]
    unit_cost: Floats

    @property
    def alternative_material(self) -> Floats:
        """Money for the listed materials of each alternative, per unit."""
        money = np.zeros(len(self.alternative_names))
        chosen = self.alternative >= 0
        np.add.at(money, self.alternative[chosen], (self.quantity * self.unit_cost)[chosen])
        return money


@dataclass(frozen=True)
class GivenPlan:
    """A planner's own figures, (P, T) and (H, T); NaN where the planner left the choice open."""

    output: Floats
    subcontract: Floats
    overtime: Floats
    units: Floats

    @property
    def empty(self) -> bool:
        """Whether nothing at all is given."""
        return all(bool(np.isnan(part).all()) for part in (self.output, self.subcontract, self.overtime, self.units))


@dataclass(frozen=True)
class PlanData:
    """Everything the constraints need."""

    months: list[str]
    products: ProductData
    resources: ResourceData
    features: FeatureData
    others: pd.DataFrame
    other_capacity: Floats
    materials: pd.DataFrame
    given: GivenPlan
    options: PlanOptions
    assumptions: list[str]
    paths: Floats = field(default_factory=lambda: np.zeros((0, 0, 0)))

    @property
    def month_count(self) -> int:
        """Number of months T."""
        return len(self.months)


def plan_data(problem: PlanningProblem) -> PlanData:
    """Turn a canonical, checked problem into arrays."""
    assumptions: list[str] = []
    months = problem.months
    resources = _resource_data(problem, months, assumptions)
    features = _feature_data(problem, months, assumptions)
    others = problem.resources[~has_hours(problem.resources)].reset_index(drop=True)
    capacity = _wide(problem.resource_months, "resource_id", "capacity", list(others["resource_id"]), months)
    standing = np.repeat(others["capacity"].to_numpy(float)[:, None], len(months), axis=1)
    capacity = np.where(np.isnan(capacity), standing, capacity)
    products = _product_data(problem, months, resources, features, assumptions)
    return PlanData(
        months,
        products,
        resources,
        features,
        others,
        np.where(np.isnan(capacity), INF, capacity),
        problem.materials,
        _given_plan(problem.fixed_plan, products.names, resources.names, months),
        problem.options,
        assumptions,
        demand_paths(problem.demand_samples, products.names, months),
    )


def _wide(
    frame: pd.DataFrame, item: str, value: str, items: list[str], months: list[str], blank: float = np.nan
) -> Floats:
    """Spread one column of a long frame over (items, months)."""
    out = np.full((len(items), len(months)), blank)
    if frame.empty:
        return out
    row = frame[item].map({name: index for index, name in enumerate(items)})
    column = frame["month"].map({name: index for index, name in enumerate(months)})
    known = row.notna() & column.notna() & frame[value].notna()
    out[row[known].astype(int), column[known].astype(int)] = frame.loc[known, value].astype(float)
    return out


def _product_data(
    problem: PlanningProblem,
    months: list[str],
    resources: ResourceData,
    features: FeatureData,
    assumptions: list[str],
) -> ProductData:
    table = problem.products
    names = list(table["product_id"])
    demand = _wide(problem.demand_plan, "product_id", "quantity", names, months, 0.0)
    state = problem.product_state.set_index("product_id").reindex(names)
    monthly_price = _wide(problem.demand_plan, "product_id", "price", names, months)
    price = np.where(np.isnan(monthly_price), table["unit_price"].to_numpy(float)[:, None], monthly_price)

    def by_month(column: str, standing: Floats) -> Floats:
        own = _wide(problem.product_months, "product_id", column, names, months)
        return np.where(np.isnan(own), standing[:, None], own)

    material = _material_cost(problem, features)
    subcontract = _subcontract_cost(problem, material, resources, features, assumptions)
    limit = by_month("subcontract_limit", table["subcontract_limit"].to_numpy(float))
    frozen = _wide(problem.product_months, "product_id", "frozen", names, months, 0.0)
    fixed = _wide(problem.product_months, "product_id", "fixed_production", names, months)
    _note_service(table, state, assumptions)
    least, least_rule = _least_stock(problem, names, months, demand, state)
    most, most_rule = _most_stock(problem, names, months, demand)
    return ProductData(
        names=names,
        demand=demand,
        must_serve=_wide(problem.demand_plan, "product_id", "min_quantity", names, months, 0.0),
        price=np.nan_to_num(price),
        material=by_month("unit_material_cost", material),
        holding=by_month("holding_cost", _holding_cost(problem, material, assumptions)),
        backlog_cost=by_month("backlog_cost", table["backlog_cost"].to_numpy(float)),
        lost_cost=by_month("lost_sales_cost", table["lost_sales_cost"].to_numpy(float)),
        subcontract_cost=by_month("subcontract_cost", subcontract),
        subcontract_limit=np.where(np.isnan(limit), INF, limit),
        max_production=_wide(problem.product_months, "product_id", "max_production", names, months, INF),
        fixed=fixed,
        fixed_bought=_wide(problem.product_months, "product_id", "fixed_subcontract", names, months),
        frozen=frozen,
        least_stock=least,
        most_stock=most,
        least_stock_rule=least_rule,
        most_stock_rule=most_rule,
        opening_stock=state["opening_stock"].fillna(0.0).to_numpy(float),
        opening_backlog=state["opening_backlog"].fillna(0.0).to_numpy(float),
        closing_backlog=state["closing_backlog"].fillna(INF).to_numpy(float),
        opening_rate=state["opening_rate"].to_numpy(float),
        min_lot=table["min_lot"].fillna(0.0).to_numpy(float),
        setup_cost=np.nan_to_num(by_month("setup_cost", table["setup_cost"].to_numpy(float))),
        campaign=table["campaign_months"].fillna(0.0).to_numpy(float),
        rate_change=table["max_rate_change_pct"].fillna(INF).to_numpy(float) / 100,
        equivalent=table["equivalent_units"].fillna(1.0).to_numpy(float),
        days=site_days(problem.calendar, months, table["site_id"]),
        discontinued=_after_end(table["discontinued_on"], months),
    )


def _given_plan(table: pd.DataFrame, products: list[str], resources: list[str], months: list[str]) -> GivenPlan:
    return GivenPlan(
        _wide(table, "product_id", "output", products, months),
        _wide(table, "product_id", "subcontract", products, months),
        _wide(table, "resource_id", "overtime_hours", resources, months),
        _wide(table, "resource_id", "units", resources, months),
    )


def _after_end(discontinued: pd.Series, months: list[str]) -> np.ndarray:
    """Months after the one in which a product ends."""
    return np.array([[bool(end) and month > str(end)[:7] for month in months] for end in discontinued]).reshape(
        len(discontinued), len(months)
    )


def _material_cost(problem: PlanningProblem, features: FeatureData) -> Floats:
    """Material money per unit: the product's own figure, else its listed materials at their unit cost."""
    listed = np.zeros(len(problem.products))
    plain = features.alternative < 0
    np.add.at(listed, features.product[plain], (features.quantity * features.unit_cost)[plain])
    own = problem.products["unit_material_cost"].to_numpy(float)
    return np.where(np.isnan(own), listed, own)


def _subcontract_cost(
    problem: PlanningProblem, material: Floats, resources: ResourceData, features: FeatureData, assumptions: list[str]
) -> Floats:
    """Price of a unit bought in; NaN where neither a price nor a limit allows it (METHODS 7)."""
    table = problem.products
    cost = table["subcontract_cost"].to_numpy(float)
    monthly = problem.product_months.dropna(subset=["subcontract_limit"])["product_id"]
    missing = np.isnan(cost) & (table["subcontract_limit"].notna() | table["product_id"].isin(monthly)).to_numpy()
    if missing.any():
        place = {name: index for index, name in enumerate(resources.names)}
        dearest = np.fmax(resources.overtime_rate, resources.regular_rate)
        rate = np.array([np.nan_to_num(dearest[place[name]]) if name in place else 0.0 for name in features.feature])
        own = material.copy()
        np.add.at(own, features.product, features.quantity * rate)
        cost = np.where(missing, SUBCONTRACT_PREMIUM * own, cost)
        named = ", ".join(table.loc[missing, "product_id"])
        assumptions.append(f"subcontract_cost of {named}: 20% above the dearest own unit")
    return cost


def _holding_cost(problem: PlanningProblem, material: Floats, assumptions: list[str]) -> Floats:
    """Money per unit and month: given, else 2% of standard or material cost; unit value 1 without any money."""
    table = problem.products
    given = table["holding_cost"].to_numpy(float)
    unit_cost = np.where(table["standard_cost"].notna(), table["standard_cost"], material)
    if np.isnan(given).any() and not _any_money(problem):
        assumptions.append("no price or cost is given: every unit is valued at 1, and holding it costs 2% a month")
        unit_cost = np.ones(len(table))
    missing = np.isnan(given) & (unit_cost > 0)
    if missing.any():
        named = ", ".join(table.loc[missing, "product_id"])
        assumptions.append(f"holding_cost of {named}: 2% of unit cost a month")
    return np.where(np.isnan(given), HOLDING_SHARE * unit_cost, given)


def _any_money(problem: PlanningProblem) -> bool:
    product = [str(name) for name in problem.products if str(name).endswith(("_cost", "_price"))]
    resource = [str(name) for name in problem.resources if str(name).endswith(("_cost", "_rate"))]
    given = (problem.products[product], problem.resources[resource], problem.materials[["unit_cost"]])
    return any(bool((frame.fillna(0.0) > 0).to_numpy().any()) for frame in given)


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


def _least_stock(
    problem: PlanningProblem, names: list[str], months: list[str], demand: Floats, state: pd.DataFrame
) -> tuple[Floats, np.ndarray]:
    """Target stock (P, T): the largest of safety stock, cover, the month's least, closing stock; with its rule."""
    shape = demand.shape
    safety = np.repeat(state["safety_stock"].fillna(0.0).to_numpy(float)[:, None], shape[1], axis=1)
    days = problem.products["cover_days_min"].fillna(0.0).to_numpy(float)
    cover = forward_demand(demand, days, calendar_days(months))
    own = _wide(problem.product_months, "product_id", "min_stock", names, months, 0.0)
    closing = np.zeros(shape)
    closing[:, -1] = state["closing_stock"].fillna(0.0).to_numpy(float)
    stack = np.stack([safety, cover, own, closing])
    rule = np.array(["safety_stock", "cover_days_min", "min_stock", "closing_stock"])[stack.argmax(axis=0)]
    return stack.max(axis=0), rule


def _most_stock(
    problem: PlanningProblem, names: list[str], months: list[str], demand: Floats
) -> tuple[Floats, np.ndarray]:
    """Most stock (P, T): the month's own limit in place of the product's, and the longest cover."""
    standing = np.repeat(problem.products["max_stock"].to_numpy(float)[:, None], len(months), axis=1)
    own = _wide(problem.product_months, "product_id", "max_stock", names, months)
    limit = np.where(np.isnan(own), standing, own)
    days = problem.products["cover_days_max"].to_numpy(float)
    cover = forward_demand(demand, np.nan_to_num(days), calendar_days(months))
    cover = np.where(np.isnan(days)[:, None], INF, cover)
    limit = np.where(np.isnan(limit), INF, limit)
    life = shelf_life_limit(demand, problem.products["shelf_life_months"].fillna(INF).to_numpy(float))
    stack = np.stack([limit, cover, life])
    rule = np.array(["max_stock", "cover_days_max", "shelf_life_months"])[stack.argmin(axis=0)]
    return stack.min(axis=0), rule


def shelf_life_limit(demand: Floats, months: Floats) -> Floats:
    """Most stock that is sold before it spoils (P, T): demand of the next ``months``; none where these pass the end."""
    count = demand.shape[1]
    cumulative = np.concatenate([np.zeros((len(demand), 1)), np.cumsum(demand, axis=1)], axis=1)
    last = np.arange(count)[None, :] + 1 + np.where(np.isinf(months), count, months)[:, None]
    known = last <= count
    reach = np.where(known, last, count).astype(int)
    ahead = np.take_along_axis(cumulative, reach, axis=1) - cumulative[:, 1:]
    return np.where(known, ahead, INF)


def _resource_data(problem: PlanningProblem, months: list[str], assumptions: list[str]) -> ResourceData:
    table = problem.resources[has_hours(problem.resources)].reset_index(drop=True)
    names = list(table["resource_id"])
    shape = (len(names), len(months))
    days = site_days(problem.calendar, months, table["site_id"])
    per_month = np.repeat(table["hours_per_month"].to_numpy(float)[:, None], shape[1], axis=1)
    hours = np.where(np.isnan(per_month), table["hours_per_day"].to_numpy(float)[:, None] * days, per_month)
    standing = np.repeat(table["capacity"].to_numpy(float)[:, None], shape[1], axis=1)
    capacity = _wide(problem.resource_months, "resource_id", "capacity", names, months)
    capacity = np.where(np.isnan(capacity), standing, capacity)
    labour = (table["kind"] == "labour").to_numpy()
    opening = table["opening_units"].to_numpy(float)
    no_hours = np.isnan(hours).any(axis=1)
    single = np.isnan(opening) & ~labour & ~no_hours
    if single.any():
        assumptions.append("opening_units of " + ", ".join(table.loc[single, "resource_id"]) + ": one machine")
    month_overtime = _wide(problem.resource_months, "resource_id", "overtime_hours", names, months)
    share = table["overtime_limit_pct"].to_numpy(float) / 100
    per_unit = table["overtime_hours_per_unit"].to_numpy(float)
    rate = table["overtime_rate"].to_numpy(float)
    allowed = ~np.isnan(np.stack([share, per_unit, rate])).all(axis=0) | ~np.isnan(month_overtime).all(axis=1)
    regular = table["regular_rate"].fillna(0.0).to_numpy(float)
    if (allowed & np.isnan(rate)).any():
        named = ", ".join(table.loc[allowed & np.isnan(rate), "resource_id"])
        assumptions.append(f"overtime_rate of {named}: 1.5 times the regular rate")
    return ResourceData(
        names=names,
        hours=np.nan_to_num(hours),
        fixed_hours=capacity,
        days=days,
        opening=np.where(single, 1.0, opening),
        free_start=np.isnan(opening) & labour,
        unlimited=np.asarray(no_hours & np.isnan(capacity).all(axis=1)),
        can_hire=_possible(table, "hire_cost", "max_hires"),
        can_lay_off=_possible(table, "layoff_cost", "max_layoffs"),
        labour=labour,
        down=_wide(problem.resource_months, "resource_id", "units_down", names, months, 0.0),
        has_overtime=allowed,
        overtime_cap=np.where(np.isnan(month_overtime), INF, month_overtime),
        overtime_share=np.where(np.isnan(month_overtime), share[:, None], np.nan),
        overtime_per_unit=np.where(np.isnan(month_overtime), per_unit[:, None], np.nan),
        overtime_rate=np.where(allowed & np.isnan(rate), OVERTIME_PREMIUM * regular, rate),
        regular_rate=regular,
        paid=(table["pay_basis"].fillna("paid") != "worked").to_numpy(),
        min_utilisation=table["min_utilisation_pct"].fillna(0.0).to_numpy(float) / 100,
        table=table,
    )


def _possible(table: pd.DataFrame, cost: str, limit: str) -> np.ndarray:
    """An action is possible where its cost is stated (0: free) or a limit above zero is."""
    return (table[cost].notna() | (table[limit].fillna(0.0) > 0)).to_numpy()


def _feature_data(problem: PlanningProblem, months: list[str], assumptions: list[str]) -> FeatureData:
    """Features as arrays; rows of one option group are alternatives, those named ``group/choice`` alike go together."""
    table = problem.product_features
    place = {name: index for index, name in enumerate(problem.products["product_id"])}
    table = table[table["product_id"].isin(place)].reset_index(drop=True)
    known = set(problem.resources["resource_id"]) | set(problem.materials["material_id"])
    options = sorted(set(table["feature"]) - known)
    if options:
        assumptions.append(f"taken as options, neither resources nor materials: {', '.join(options)}")
    product = table["product_id"].map(place).to_numpy(np.int64) if len(table) else np.zeros(0, np.int64)
    alternative = np.full(len(table), -1, np.int64)
    alternatives: dict[tuple[int, str, str], int] = {}
    groups: dict[tuple[int, str], int] = {}
    for row in np.flatnonzero(table["option_group"].notna()):
        owner, feature = int(product[row]), str(table["feature"][row])
        base, _, choice = str(table["option_group"][row]).partition("/")
        groups.setdefault((owner, base), len(groups))
        alternative[row] = alternatives.setdefault((owner, base, choice or feature), len(alternatives))
    names = list(problem.products["product_id"])
    return FeatureData(
        product=product,
        feature=table["feature"].to_numpy(object),
        quantity=table["quantity"].fillna(0.0).to_numpy(float),
        by_month=_by_month(table, problem.product_feature_months, months),
        lead=table["lead_months"].fillna(0).to_numpy(np.int64),
        setup=table["setup"].fillna(0.0).to_numpy(float),
        alternative=alternative,
        alternative_product=np.array([key[0] for key in alternatives], np.int64),
        alternative_group=np.array([groups[key[:2]] for key in alternatives], np.int64),
        group_product=np.array([key[0] for key in groups], np.int64),
        alternative_names=[f"{names[owner]} on {choice}" for owner, _, choice in alternatives],
        group_names=[f"{names[owner]} {group}" for owner, group in groups],
        group_labels=[group for _, group in groups],
        choice_labels=[choice for _, _, choice in alternatives],
        unit_cost=_feature_cost(problem, table, product),
    )


def _by_month(table: pd.DataFrame, own: pd.DataFrame, months: list[str]) -> Floats:
    """What a unit completed in each month takes (F, T): the month's own amount, else that of ``product_features``."""
    standing = np.broadcast_to(table["quantity"].fillna(0.0).to_numpy(float)[:, None], (len(table), len(months)))
    if own.empty:
        return standing
    out, column = standing.copy(), {name: index for index, name in enumerate(months)}
    rows = feature_key(table).get_indexer(feature_key(own))
    columns = own["month"].map(column).fillna(-1).astype(int).to_numpy()
    known = (rows >= 0) & (columns >= 0)
    out[rows[known], columns[known]] = own["quantity"].to_numpy(float)[known]
    return out


def _feature_cost(problem: PlanningProblem, table: pd.DataFrame, product: Ints) -> Floats:
    """Unit cost of a material feature; 0 where the product states its whole material cost, or for no material."""
    price = problem.materials.set_index("material_id")["unit_cost"].fillna(0.0).to_dict()
    listed = problem.products["unit_material_cost"].isna().to_numpy()
    cost = np.array([price.get(name, 0.0) for name in table["feature"]], float)
    return np.where(listed[product], cost, 0.0) if len(cost) else cost
