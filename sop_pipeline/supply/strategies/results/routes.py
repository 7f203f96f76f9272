"""Which alternative makes what: the routes of a plan, and the site each of them belongs to.

A product that may be made at two plants states each plant's resources as one choice of an option group
(``plant/north``, ``plant/south``): a unit takes one choice of the group, with everything the choice binds together.
Here: reading the routes off a solved plan. Not here: the rows that make them add up (``constraints.hours.routes``), or
the products of a family (``site_schedule``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.strategies.planner import Solved

PLACES = 4
COLUMNS = ("month", "product_id", "option_group", "choice", "site_id", "output")


def route_plan(solved: Solved, aggregate_plan: pd.DataFrame) -> pd.DataFrame:
    """Return one row per month, product, option group and choice: what the choice makes, and its site.

    ``aggregate_plan`` is the plan's own, rounded; the choices of every group add up to its output to the last place.
    """
    features, months = solved.draft.data.features, solved.draft.data.months
    if not features.alternative_names:
        return pd.DataFrame(columns=list(COLUMNS))
    products = solved.draft.data.products.names
    wide = aggregate_plan.pivot(index="product_id", columns="month", values="output")
    output = wide.loc[products, months].to_numpy(float)
    by_route = _adding_up(solved.draft.builder.columns["route"].value(solved.solution.values), solved, output)
    owner = [products[index] for index in features.alternative_product]
    group = [features.group_labels[index] for index in features.alternative_group]
    frame = pd.DataFrame(
        {
            "month": np.repeat(months, len(owner)),
            "product_id": np.tile(np.array(owner, object), len(months)),
            "option_group": np.tile(np.array(group, object), len(months)),
            "choice": np.tile(np.array(features.choice_labels, object), len(months)),
            "site_id": np.tile(np.array(sites(solved), object), len(months)),
            "output": by_route.T.ravel(),
        }
    )
    place = {month: index for index, month in enumerate(months)}
    order = frame.assign(place=frame["month"].map(place)).sort_values(["place", "product_id", "option_group", "choice"])
    return order.drop(columns="place").reset_index(drop=True)


def _adding_up(values: Floats, solved: Solved, output: Floats) -> Floats:
    """Round so that the choices of a group add up to the output: running sums are rounded, not the parts."""
    features = solved.draft.data.features
    total = np.zeros((len(features.group_labels), values.shape[1]))
    np.add.at(total, features.alternative_group, values)
    positive = total > 0
    scale = np.where(positive, output[features.group_product] / np.where(positive, total, 1.0), 0.0)
    running, rounded = np.zeros_like(total), np.zeros_like(total)
    rounded_parts = np.zeros_like(values)
    for row, group in enumerate(features.alternative_group):
        running[group] += values[row] * scale[group]
        after = np.round(running[group], PLACES)
        rounded_parts[row] = np.round(after - rounded[group], PLACES)
        rounded[group] = after
    return np.maximum(rounded_parts, 0.0) + 0.0


def sites(solved: Solved) -> list[str | None]:
    """Site of each alternative: that of its labour and machines, None where they have none or several."""
    features, resources = solved.draft.data.features, solved.draft.data.resources
    site = dict(zip(resources.names, resources.table["site_id"], strict=True))
    names: list[str | None] = []
    for alternative in range(len(features.alternative_names)):
        features_of_route = features.feature[features.alternative == alternative]
        named = {site[feature] for feature in features_of_route if feature in site}
        names.append(named.pop() if len(named) == 1 else None)
    return names
