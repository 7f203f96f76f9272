"""Whether to raise a limit that binds: hours, heads, overtime, storage, material, subcontracting.

Each option is a plan of its own (``limit_options``): its effect is what that plan contributes more than the chosen one,
after what the relief costs. Not here: which limits are planned anew, or how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
        if constraint not in LIMITS:
            continue
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
        facts=list(_facts(item, LIMITS[constraint], plans, chosen, evidence)),
        last_safe_date=chosen.row["decide_by"],
        carrier=_carrier(item, LIMITS[constraint], evidence),
        course=chosen.course,
    )


def _option(plan: OptionPlan) -> Option:
    month = plan.row["month_from"] if plan.row["scope"] == "best_month" else None
    return Option(CHOICES[plan.row["scope"]], plan.effect, month=month, quantity=plan.row["quantity"])


def _facts(
    item: str, limit: Limit, plans: Sequence[OptionPlan], chosen: OptionPlan, evidence: Evidence
) -> Iterator[Fact]:
    """What the recommended plan changes, and what one more brings in its best month."""
    yield Fact("binding_months", plans[0].row["months"], "months")
    yield Fact("relief_cost", chosen.row["relief_cost"], "currency")
    yield Fact("stock_change", chosen.stock, "currency")
    if chosen.row["service_change"] is not None:
        yield Fact("service_change", chosen.row["service_change"], "share")
    yield from _best_month(item, plans, limit, evidence)


def _best_month(item: str, plans: Sequence[OptionPlan], limit: Limit, evidence: Evidence) -> Iterator[Fact]:
    """What one more brings where a single month has that much more, by the plan made with it, and how full it is."""
    alone = next((plan for plan in plans if plan.row["months"] == 1), None)
    if alone is None or alone.effect <= 0 or alone.row["quantity"] < 1:
        return
    month, quantity = alone.row["month_from"], alone.row["quantity"]
    load = evidence.by_key("resource_plan", "resource_id", "month").get((item, month), {})
    if load.get("utilisation") is not None:
        yield Fact("utilisation", load["utilisation"], "share", month=month)
    yield Fact("worth_of_one", alone.effect / quantity, "currency", month=month)
    yield Fact("room", quantity, limit.unit, month=month)


def _resource(item: str, evidence: Evidence) -> Row:
    return next((row for row in evidence.rows["resources"] if row["resource_id"] == item), {})


def _carrier(item: str, limit: Limit, evidence: Evidence) -> Carrier:
    resource = _resource(item, evidence)
    if resource.get("kind") == "material":
        return Carrier("purchasing")
    return Carrier(limit.department, resource.get("site_id") if limit.department == "production" else None)
