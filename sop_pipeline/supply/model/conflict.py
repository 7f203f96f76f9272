"""Which hard rules contradict each other: an irreducible set, in the planner's words.

Here: the smallest conflicting set found by HiGHS for the relaxed model (whole numbers free), with every row and bound
by its name, item and month. Not here: contradictions that show before a solve (``problem.checks``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.solver import Solver
from sop_pipeline.supply.problem.data.plan_data import PlanData

IDENTITIES = {
    "workforce": "opening_units, hires and layoffs",
    "load": "",
    "route_share": "",
    "hours_worked": "regular_hours",
}
NAMED_AT_MOST = 12
# HiGHS: look for the set in the LP itself and reduce it until nothing can be left out.
IRREDUCIBLE = 2


def explain(data: PlanData, draft: Draft, model: LinearModel) -> Infeasible:
    """Return the error that names a smallest set of rules no plan can keep together."""
    rules = conflicting_rules(draft, model)
    shown = rules[:NAMED_AT_MOST] + ([f"and {len(rules) - NAMED_AT_MOST} more"] if len(rules) > NAMED_AT_MOST else [])
    return Infeasible(
        found="rules that cannot be kept together: " + "; ".join(shown),
        needed="hard rules that leave a plan",
        where=f"plan {data.months[0]} to {data.months[-1]}",
        mend="Relax one of them: each of these is part of the conflict.",
    )


def conflicting_rules(draft: Draft, model: LinearModel) -> list[str]:
    """Names of the rows and bounds of an irreducible infeasible set; all whole-number rules when only they conflict."""
    solver = Solver(model)
    if solver.integer:
        solver.fix_whole_numbers(np.zeros(len(model.cost)))
        columns = np.flatnonzero(model.integer)
        solver.set_columns(columns, model.lower[columns], model.upper[columns])
        if solver.minimise(np.zeros(len(model.cost))).optimal:
            return ["whole numbers (heads, set-ups or maintenance) within the other limits"]
    solver.set_option("iis_strategy", IRREDUCIBLE)
    _, conflict = solver.highs.getIis()
    rows = {int(row) for row in conflict.row_index_}
    rules = _row_rules(draft, rows) + _bound_rules(draft, model, {int(column) for column in conflict.col_index_})
    return _by_item(rules) or ["limits that leave no plan at all"]


def _row_rules(draft: Draft, rows: set[int]) -> list[tuple[str, str, str]]:
    """Rule, item and month of each row; the balance is named by the demand it has to serve."""
    rules, products = [], draft.data.products
    for block in draft.builder.rows.values():
        for item, month in np.argwhere(np.isin(block.ids, list(rows)) & (block.ids >= 0)):
            rule = IDENTITIES.get(block.name, _label(block.label.limit, item, month) or block.name.replace("_", " "))
            if block.name == "balance":
                must = products.must_serve[item, month]
                rule = f"min_quantity {must:g}" if must > 0 else f"demand {products.demand[item, month]:g}"
            rules.append((rule, block.items[item], block.months[month]))
    return [entry for entry in rules if entry[0]]


def _bound_rules(draft: Draft, model: LinearModel, columns: set[int]) -> list[tuple[str, str, str]]:
    """Rule, item and month of each bound that is a planner's; that nothing is negative goes without saying."""
    rules = []
    for block in draft.builder.columns.values():
        for item, month in np.argwhere(np.isin(block.ids, list(columns)) & (block.ids >= 0)):
            low, high = (bounds[block.ids[item, month]] for bounds in (model.lower, model.upper))
            floor, limit = _label(block.label.floor, item, month), _label(block.label.limit, item, month)
            if limit and np.isfinite(high):
                rules.append((f"{limit} {high:g}", block.items[item], block.months[month]))
            if floor and low > 0 and floor != limit:
                rules.append((f"{floor} {low:g}", block.items[item], block.months[month]))
    return rules


def _by_item(rules: list[tuple[str, str, str]]) -> list[str]:
    """One phrase for each rule and item, its months in order."""
    months: dict[tuple[str, str], list[str]] = {}
    for rule, item, month in rules:
        months.setdefault((rule, item), []).append(month)
    return [f"{rule} of {item} in {', '.join(named)}" for (rule, item), named in months.items()]


def _label(label: str | np.ndarray, item: int, month: int) -> str:
    return label if isinstance(label, str) else str(label[item, month])
