"""Whether to raise a limit that binds: hours, heads, overtime, storage, material, subcontracting.

Each option is a plan of its own (``limit_options``): its effect is what that plan contributes more than the chosen one,
after what the relief costs. Not here: which limits are planned anew, or how.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import Carrier, Decision, Fact, Option, best
from sop_pipeline.reconciliation.decisions.option_plans import OptionPlan, option_plans


@dataclass(frozen=True)
class Limit:
    """Who raises a limit, and what it is counted in."""

    department: str
    unit: str


LIMITS = {
    "regular_hours": Limit("production", "hours"),
    "overtime_hours": Limit("production", "hours"),
    "overtime_limit_pct": Limit("production", "hours"),
    "overtime_hours_per_unit": Limit("production", "hours"),
    "max_units": Limit("production", "heads"),
    "max_hires": Limit("human_resources", "heads"),
    "temporary_max": Limit("human_resources", "heads"),
    "capacity": Limit("logistics", "units"),
    "subcontract_limit": Limit("purchasing", "units"),
    "max_stock": Limit("logistics", "units"),
    "cover_days_max": Limit("logistics", "units"),
}
"""Limits worth a question, as ``limit_options`` names them."""
CHOICES = {"all_months": "raise_limit", "best_month": "raise_one_month"}
"""Choices, by the scope of the option that was planned for them."""


def limit_decisions(evidence: Evidence) -> list[Decision]:
    """Return a decision for each limit that is worth raising, one a resource or product, the most valuable first.

    Options whose cost nobody knows, or that no plan was found for, are not put up: an effect is told after its cost.
    """
    if not evidence.has_money:
        return []
    found: dict[str, Decision] = {}
    for (item, constraint), plans in sorted(option_plans(evidence, CHOICES).items()):
        decision = _decision(item, constraint, plans, evidence)
        if decision.recommended and (item not in found or decision.gain > found[item].gain):
            found[item] = decision
    return sorted(found.values(), key=lambda decision: (-decision.gain, decision.key))


def _decision(item: str, constraint: str, plans: list[OptionPlan], evidence: Evidence) -> Decision:
    options = (Option("keep_limit", Decimal(0)), *(_option(plan) for plan in plans))
    recommended = best(options)
    chosen, widest = plans[max(recommended, 1) - 1], plans[0]
    return Decision(
        key=f"{constraint}-{item}",
        kind="limit",
        subject=item,
        limit=constraint,
        months=[widest.row["month_from"], widest.row["month_to"]],
        options=options,
        recommended=recommended,
        reason="planned_anew" if amount(chosen.row["relief_cost"]) else "planned_anew_free",
        facts=list(_facts(item, constraint, widest, chosen, evidence)),
        last_safe_date=chosen.row["decide_by"],
        carrier=_carrier(item, LIMITS[constraint], evidence),
        course=chosen.course,
    )


def _option(plan: OptionPlan) -> Option:
    month = plan.row["month_from"] if plan.row["scope"] == "best_month" else None
    return Option(CHOICES[plan.row["scope"]], plan.effect, month=month, quantity=plan.row["quantity"])


def _facts(item: str, constraint: str, widest: OptionPlan, chosen: OptionPlan, evidence: Evidence) -> Iterator[Fact]:
    """What the recommended plan changes, and what one more is worth where that is most."""
    limit = LIMITS[constraint]
    yield Fact("binding_months", widest.row["months"], "months")
    yield Fact("relief_cost", chosen.row["relief_cost"], "currency")
    yield Fact("stock_change", chosen.stock, "currency")
    if chosen.row["service_change"] is not None:
        yield Fact("service_change", chosen.row["service_change"], "share")
    yield from _prices(item, constraint, limit, widest, evidence)
    machine = _machine_worth(item, widest.row["month_from"], evidence)
    if machine is not None:
        yield Fact("machine_worth", machine, "currency", month=widest.row["month_from"])


def _prices(item: str, constraint: str, limit: Limit, plan: OptionPlan, evidence: Evidence) -> Iterator[Fact]:
    """The month in which one more is worth most after its pay, how far that holds, and how full the resource is."""
    first, last = plan.row["month_from"], plan.row["month_to"]
    rows = [
        row
        for row in evidence.rows["shadow_prices"]
        if (row["item"], row["constraint"]) == (item, constraint) and first <= row["month"] <= last and row["verified"]
    ]
    if not rows:
        return
    peak = max(rows, key=lambda row: (row["price_per_unit"] - row["pay_per_unit"], -row["month"].toordinal()))
    load = evidence.by_key("resource_plan", "resource_id", "month").get((item, peak["month"]), {})
    if load.get("utilisation") is not None:
        yield Fact("utilisation", load["utilisation"], "share", month=peak["month"])
    yield Fact("worth_of_one", peak["price_per_unit"] - peak["pay_per_unit"], "currency", month=peak["month"])
    if peak["valid_to"] is not None:
        yield Fact("room", max(peak["valid_to"] - peak["current_limit"], Decimal(0)), limit.unit, month=peak["month"])


def _machine_worth(item: str, month: date, evidence: Evidence) -> Decimal | None:
    """What a whole machine more from a month on brings at most: its shadow price, which only falls after."""
    row = evidence.by_key("shadow_prices", "constraint", "item", "month").get(("workforce", item, month))
    if _resource(item, evidence).get("kind") != "machine" or row is None or row["price_per_unit"] <= 0:
        return None
    return amount(row["price_per_unit"])


def _resource(item: str, evidence: Evidence) -> Row:
    return next((row for row in evidence.rows["resources"] if row["resource_id"] == item), {})


def _carrier(item: str, limit: Limit, evidence: Evidence) -> Carrier:
    resource = _resource(item, evidence)
    if resource.get("kind") == "material":
        return Carrier("purchasing")
    return Carrier(limit.department, resource.get("site_id") if limit.department == "production" else None)
