"""What a plan takes of every material, month by month.

Not here: netting against what is held, and orders (``schedule.material_orders``).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sop_pipeline.supply.strategies.planner import Solved


def plan_requirement(solved: Solved, aggregate_plan: pd.DataFrame, routes: pd.DataFrame) -> pd.DataFrame:
    """Return what a plan takes of every material by month: ``sum_p sum_l u_pm X(p,t+l)`` (METHODS 4)."""
    data = solved.draft.data
    features, months = data.features, data.months
    wide = aggregate_plan.pivot(index="product_id", columns="month", values="output")
    output = wide.loc[data.products.names, months].to_numpy(float)
    keyed = {key: index for index, key in enumerate(_route_keys(solved))}
    by_route = np.zeros((len(keyed), len(months)))
    place = {month: index for index, month in enumerate(months)}
    for row in routes.to_dict("records"):
        by_route[keyed[row["product_id"], row["option_group"], row["choice"]], place[row["month"]]] = row["output"]
    names = list(data.materials["material_id"])
    used = np.zeros((len(names), len(months)))
    for entry in np.flatnonzero(np.isin(features.feature, names)):
        alternative, lead = features.alternative[entry], features.lead[entry]
        source = by_route[alternative] if alternative >= 0 else output[features.product[entry]]
        requirement = source * features.by_month[entry]
        used[names.index(features.feature[entry]), : len(months) - lead] += requirement[lead:]
    return pd.DataFrame(used, index=names, columns=months)


def _route_keys(solved: Solved) -> list[tuple[str, str, str]]:
    data = solved.draft.data
    features = data.features
    return [
        (data.products.names[owner], features.group_labels[group], choice)
        for owner, group, choice in zip(
            features.alternative_product, features.alternative_group, features.choice_labels, strict=True
        )
    ]
