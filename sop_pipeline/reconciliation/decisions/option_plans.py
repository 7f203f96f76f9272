"""Options that were planned anew, each with what its plan contributes more than the chosen one, month by month."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import CENT


@dataclass(frozen=True)
class OptionPlan:
    """An option that was planned: its row of ``limit_options``, and its effect on contribution by month."""

    row: Row
    course: Mapping[date, Decimal] = field(default_factory=dict)
    stock: Decimal = Decimal(0)

    @property
    def effect(self) -> Decimal:
        """What it brings over the horizon, after its cost."""
        return sum(self.course.values(), Decimal(0)).quantize(CENT)


def option_plans(evidence: Evidence, scopes: Collection[str]) -> dict[tuple[str, str], list[OptionPlan]]:
    """Options of these scopes with a plan and a price, by item and limit, in the order of the scopes."""
    effects: dict[str, list[Row]] = {}
    for row in evidence.rows["limit_option_effects"]:
        effects.setdefault(row["scenario"], []).append(row)
    grouped: dict[tuple[str, str], list[OptionPlan]] = {}
    order = list(scopes)
    chosen = [row for row in evidence.rows["limit_options"] if row["scope"] in order]
    for row in sorted(chosen, key=lambda row: order.index(row["scope"])):
        months = effects.get(row["scenario"], [])
        if row["relief_cost"] is not None and months and all(each["effect"] is not None for each in months):
            stock = sum((amount(each["inventory_value"]) for each in months), Decimal(0)) / len(months)
            plan = OptionPlan(row, {each["month"]: each["effect"] for each in months}, stock.quantize(CENT))
            grouped.setdefault((row["item"], row["constraint"]), []).append(plan)
    return grouped
