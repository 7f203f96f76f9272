"""What products take of resources and materials, as arrays; options of a group are alternatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats, Ints
from sop_pipeline.supply.problem.definition import PlanningProblem, feature_key


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


def feature_data(problem: PlanningProblem, months: list[str], assumptions: list[str]) -> FeatureData:
    """Features as arrays; rows of one option group are alternatives, those named ``group/choice`` alike go together."""
    table = problem.product_features
    place = {name: index for index, name in enumerate(problem.products["product_id"])}
    table = table[table["product_id"].isin(place)].reset_index(drop=True)
    named = set(problem.resources["resource_id"]) | set(problem.materials["material_id"])
    options = sorted(set(table["feature"]) - named)
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


def _by_month(table: pd.DataFrame, monthly: pd.DataFrame, months: list[str]) -> Floats:
    """What a unit completed in each month takes (F, T): the month's own amount, else that of ``product_features``."""
    standing = np.broadcast_to(table["quantity"].fillna(0.0).to_numpy(float)[:, None], (len(table), len(months)))
    if monthly.empty:
        return standing
    out, column = standing.copy(), {name: index for index, name in enumerate(months)}
    rows = feature_key(table).get_indexer(feature_key(monthly))
    columns = monthly["month"].map(column).fillna(-1).astype(int).to_numpy()
    present = (rows >= 0) & (columns >= 0)
    out[rows[present], columns[present]] = monthly["quantity"].to_numpy(float)[present]
    return out


def _feature_cost(problem: PlanningProblem, table: pd.DataFrame, product: Ints) -> Floats:
    """Unit cost of a material feature; 0 where the product states its whole material cost, or for no material."""
    price = problem.materials.set_index("material_id")["unit_cost"].fillna(0.0).to_dict()
    listed = problem.products["unit_material_cost"].isna().to_numpy()
    cost = np.array([price.get(name, 0.0) for name in table["feature"]], float)
    return np.where(listed[product], cost, 0.0) if len(cost) else cost
