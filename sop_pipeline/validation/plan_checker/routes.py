"""Identities of alternatives (METHODS 5): what the choices of a group make is what the product makes.

Here: the routes that a plan names. Not here: the hours they load (``hours``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.validation.plan_checker.view import PlanView, Violation, breaches, split_group

EXACT = 5e-5


def route_identities(view: PlanView) -> list[Violation]:
    """``route_share``: the choices of every option group add up to the output; ``route_known``: each is one of it.

    ``route_negative``: none makes less than nothing. Nothing is checked where the plan names no routes.
    """
    if view.routes is None:
        return []
    groups: dict[tuple[str, str], set[str]] = {}
    for row in view.features[view.features["option_group"] != ""].to_dict("records"):
        group, choice = split_group(row["option_group"], row["feature"])
        if row["product_id"] in view.product_names:
            groups.setdefault((row["product_id"], group), set()).add(choice)
    found = [
        Violation("route_known", f"{product} {group}/{choice}", "", float(made.sum()), 0.0)
        for (product, group, choice), made in sorted(view.routes.items())
        if choice not in groups.get((product, group), set())
    ]
    none = np.zeros(len(view.months))
    for (product, group), choices in sorted(groups.items()):
        parts = np.array([view.routes.get((product, group, choice), none) for choice in sorted(choices)])
        output = view.items["output"][view.product_names.index(product)][None, :]
        name = [f"{product} {group}"]
        total = parts.sum(axis=0, keepdims=True)
        found += breaches("route_share", name, view.months, total, output, np.abs(total - output) > EXACT)
        low = parts.min(axis=0, keepdims=True)
        found += breaches("route_negative", name, view.months, low, np.zeros(1), low < -EXACT)
    return found
