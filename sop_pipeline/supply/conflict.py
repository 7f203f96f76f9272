"""Which hard rules contradict each other: an irreducible set, in the planner's words.

Here: the smallest conflicting set found by HiGHS for the relaxed model (whole numbers free), with every row and bound
by its name, item and month. Not here: contradictions that show before a solve (``input_checks``).
"""

from __future__ import annotations

import numpy as np

from sop_pipeline.errors import Infeasible, fault
from sop_pipeline.supply.blocks import LinearModel
from sop_pipeline.supply.draft import Draft
from sop_pipeline.supply.plan_data import PlanData
from sop_pipeline.supply.solve import Solver

IDENTITIES = {
    "balance": "inventory balance",
    "workforce": "heads carried over",
    "load": "",
    "hours_worked": "regular hours",
}
NAMED_AT_MOST = 12
# HiGHS: look for the set in the LP itself and reduce it until nothing can be left out.
IRREDUCIBLE = 2


def explain(data: PlanData, draft: Draft, model: LinearModel) -> Infeasible:
    """Return the error that names a smallest set of rules no plan can keep together."""
    rules = conflicting_rules(draft, model)
    shown = rules[:NAMED_AT_MOST] + ([f"and {len(rules) - NAMED_AT_MOST} more"] if len(rules) > NAMED_AT_MOST else [])
    return Infeasible(
        fault(
            found="rules that cannot be kept together: " + "; ".join(shown),
            needed="hard rules that leave a plan",
            where=f"plan {data.months[0]} to {data.months[-1]}",
            mend="Relax one of them: each of these is part of the conflict.",
        )
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
    _, found = solver.highs.getIis()
    rows = {int(row) for row in found.row_index_}
    columns_in = {int(column): int(status) for column, status in zip(found.col_index_, found.col_bound_, strict=True)}
    names = _row_names(draft, rows) + _bound_names(draft, model, columns_in)
    return list(dict.fromkeys(name for name in names if name)) or ["limits that leave no plan at all"]


def _row_names(draft: Draft, rows: set[int]) -> list[str]:
    names = []
    for block in draft.builder.rows.values():
        for item, month in np.argwhere(np.isin(block.ids, list(rows)) & (block.ids >= 0)):
            label = _label(block.limit, item, month)
            rule = label if label not in ("demand", "workforce", "") else IDENTITIES.get(block.name, block.name)
            if rule:
                names.append(f"{rule} of {block.items[item]} in {block.months[month]}")
    return names


def _bound_names(draft: Draft, model: LinearModel, columns: dict[int, int]) -> list[str]:
    names = []
    for block in draft.builder.columns.values():
        for item, month in np.argwhere(np.isin(block.ids, list(columns)) & (block.ids >= 0)):
            column = int(block.ids[item, month])
            for bound, label in ((model.upper[column], block.limit), (model.lower[column], block.floor)):
                rule = _label(label, item, month)
                if rule and np.isfinite(bound):
                    names.append(f"{rule} {bound:g} of {block.items[item]} in {block.months[month]}")
    return names


def _label(label: str | np.ndarray, item: int, month: int) -> str:
    return label if isinstance(label, str) else str(label[item, month])
