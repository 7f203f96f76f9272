"""What to do about demand that the plan does not serve: accept it, or subcontract the units."""

from __future__ import annotations

from decimal import Decimal

from sop_pipeline.cycle import last_safe_day
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import CENT, Carrier, Decision, Fact, Option, best


def unserved_decisions(evidence: Evidence) -> list[Decision]:
    """Return a decision for each planned item of which demand is lost in months that can still be reached.

    Subcontracting earns price less the subcontractor's price on every unit; without money the units alone are put up.
    """
    lost: dict[str, list[Row]] = {}
    for row in evidence.rows["aggregate_plan"]:
        if row["lost_sales"] > 0:
            lost.setdefault(row["item_id"], []).append(row)
    candidates = [_decision(item, rows, evidence) for item, rows in sorted(lost.items())]
    decisions = [decision for decision in candidates if decision is not None]
    return sorted(decisions, key=lambda decision: (-decision.gain, decision.key))


def _decision(item: str, rows: list[Row], evidence: Evidence) -> Decision | None:
    product = evidence.by_key("planning_products", "product_id").get((item,), {})
    lead = product.get("replenishment_lead_days") or 0
    ordered = sorted(rows, key=lambda row: row["month"])
    reached = [row for row in ordered if evidence.is_reachable(row["month"], 0, lead)]
    if not reached:
        return None
    units = sum((row["lost_sales"] for row in reached), Decimal(0))
    options = _options(units, product, evidence)
    recommended = best(options) if evidence.has_money else 1
    gain = _unit_gain(product, evidence)
    return Decision(
        key=f"unserved-{item}",
        kind="unserved",
        subject=item,
        months=[row["month"] for row in reached],
        options=options,
        recommended=recommended,
        reason=_reason(product, recommended, evidence),
        facts=_facts(rows, reached, units, product, evidence),
        last_safe_date=last_safe_day(reached[0]["month"], 0, lead),
        carrier=Carrier("purchasing"),
        course={} if gain is None or not recommended else {row["month"]: gain * row["lost_sales"] for row in reached},
    )


def _unit_gain(product: Row, evidence: Evidence) -> Decimal | None:
    price, subcontracted = product.get("unit_price"), product.get("subcontract_cost")
    if not evidence.has_money or price is None or subcontracted is None:
        return None
    return amount(price) - amount(subcontracted)


def _options(units: Decimal, product: Row, evidence: Evidence) -> tuple[Option, ...]:
    gain = _unit_gain(product, evidence)
    effect = None if gain is None else (gain * units).quantize(CENT)
    half = None if effect is None else (effect / 2).quantize(CENT)
    return (
        Option("accept_loss", Decimal(0) if evidence.has_money else None, quantity=units),
        Option("subcontract", effect, quantity=units),
        Option("subcontract_half", half, quantity=units / 2),
    )


def _facts(rows: list[Row], reached: list[Row], units: Decimal, product: Row, evidence: Evidence) -> list[Fact]:
    demand = sum((row["demand"] for row in reached), Decimal(0))
    out_of_reach = sum((row["lost_sales"] for row in rows), Decimal(0)) - units
    facts = [Fact("lost", units, "units"), Fact("demanded", demand, "units")]
    if out_of_reach:
        facts.append(Fact("out_of_reach", out_of_reach, "units"))
    gain = _unit_gain(product, evidence)
    if gain is not None:
        facts.append(Fact("unit_price", amount(product["unit_price"]), "currency"))
        facts.append(Fact("subcontract_cost", amount(product["subcontract_cost"]), "currency"))
        facts.append(Fact("gain_of_one", gain, "currency"))
    return facts


def _reason(product: Row, recommended: int, evidence: Evidence) -> str:
    if _unit_gain(product, evidence) is None:
        return "unpriced"
    return "earns_on_each" if recommended else "loses_on_each"
