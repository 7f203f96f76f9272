"""What to do about demand that the plan does not serve: accept it, or subcontract the units.

Each option is a plan of its own (``limit_options``): the subcontracting limit raised by what is lost, and the effect is
what that plan contributes more. Not here: which losses are planned anew, or how.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from sop_pipeline.cycle import last_safe_day
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import Carrier, Decision, Fact, Option, best
from sop_pipeline.reconciliation.decisions.option_plans import OptionPlan, option_plans

CHOICES = {"lost_units": "subcontract", "half_of_lost_units": "subcontract_half"}
"""Choices, by the scope of the option that was planned for them."""


def unserved_decisions(evidence: Evidence) -> list[Decision]:
    """Return a decision for each planned item of which demand is lost in months that can still be reached.

    Put up is what a plan with more subcontracting contributes more; without money, the units alone.
    """
    lost: dict[str, list[Row]] = {}
    for row in evidence.rows["aggregate_plan"]:
        if row["lost_sales"] > 0:
            lost.setdefault(row["item_id"], []).append(row)
    made = option_plans(evidence, CHOICES)
    candidates = [
        _decision(item, rows, made.get((item, "subcontract_limit"), []), evidence)
        for item, rows in sorted(lost.items())
    ]
    decisions = [decision for decision in candidates if decision is not None]
    return sorted(decisions, key=lambda decision: (-decision.gain, decision.key))


def _decision(item: str, rows: list[Row], plans: list[OptionPlan], evidence: Evidence) -> Decision | None:
    """The decision; None where nothing can be done in time, or where what can be done brings nothing."""
    product = evidence.by_key("planning_products", "product_id").get((item,), {})
    lead = product.get("replenishment_lead_days") or 0
    ordered = sorted(rows, key=lambda row: row["month"])
    reached = [row for row in ordered if evidence.is_reachable(row["month"], 0, lead)]
    if not reached:
        return None
    units = sum((row["lost_sales"] for row in reached), Decimal(0))
    options = _planned(units, plans) if evidence.has_money else _in_units(units)
    recommended = best(options) if evidence.has_money else 1
    if not recommended:
        return None
    chosen = plans[recommended - 1] if evidence.has_money else None
    return Decision(
        key=f"unserved-{item}",
        kind="unserved",
        subject=item,
        months=[row["month"] for row in reached],
        options=options,
        recommended=recommended,
        reason="unpriced" if chosen is None else "planned_anew_free",
        facts=[*_facts(rows, reached, units), *_changed(chosen)],
        last_safe_date=last_safe_day(reached[0]["month"], 0, lead),
        carrier=Carrier("purchasing"),
        course={} if chosen is None else chosen.course,
    )


def _planned(units: Decimal, plans: Sequence[OptionPlan]) -> tuple[Option, ...]:
    options = [Option(CHOICES[plan.row["scope"]], plan.effect, quantity=plan.row["quantity"]) for plan in plans]
    return Option("accept_loss", Decimal(0), quantity=units), *options


def _in_units(units: Decimal) -> tuple[Option, ...]:
    return (
        Option("accept_loss", None, quantity=units),
        Option("subcontract", None, quantity=units),
        Option("subcontract_half", None, quantity=units / 2),
    )


def _facts(rows: list[Row], reached: list[Row], units: Decimal) -> Iterator[Fact]:
    yield Fact("lost", units, "units")
    yield Fact("demanded", sum((row["demand"] for row in reached), Decimal(0)), "units")
    out_of_reach = sum((row["lost_sales"] for row in rows), Decimal(0)) - units
    if out_of_reach:
        yield Fact("out_of_reach", out_of_reach, "units")


def _changed(plan: OptionPlan | None) -> Iterator[Fact]:
    """What the recommended plan changes."""
    if plan is None:
        return
    yield Fact("relief_cost", amount(plan.row["relief_cost"]), "currency")
    yield Fact("stock_change", plan.stock, "currency")
    if plan.row["service_change"] is not None:
        yield Fact("service_change", plan.row["service_change"], "share")
