"""What to do about demand that the plan does not serve: accept it, or buy the units in."""

from __future__ import annotations

from decimal import Decimal

from sop_pipeline.language.conventions import sign
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import (
    CENT,
    Decision,
    Option,
    best,
    last_safe_day,
    money_text,
    name_text,
    number_text,
    span_text,
)


def unserved_decisions(evidence: Evidence) -> list[Decision]:
    """Return a decision for each planned item of which demand is lost in months that can still be reached.

    Buying in earns price less the subcontractor's price on every unit; without money the units alone are put up.
    """
    lost: dict[str, list[Row]] = {}
    for row in evidence.rows["aggregate_plan"]:
        if row["lost_sales"] > 0:
            lost.setdefault(row["item_id"], []).append(row)
    found = [_decision(item, rows, evidence) for item, rows in sorted(lost.items())]
    decisions = [decision for decision in found if decision is not None]
    return sorted(decisions, key=lambda decision: (-decision.gain, decision.key))


def _decision(item: str, rows: list[Row], evidence: Evidence) -> Decision | None:
    product = evidence.by_key("planning_products", "product_id").get((item,), {})
    lead = product.get("replenishment_lead_days") or 0
    ordered = sorted(rows, key=lambda row: row["month"])
    reached = [row for row in ordered if evidence.is_reachable(row["month"], 0, lead)]
    if not reached:
        return None
    units = sum((row["lost_sales"] for row in reached), Decimal(0))
    span = span_text(reached[0]["month"], reached[-1]["month"])
    options = _options(units, product, evidence)
    recommended = best(options) if evidence.has_money else 1
    return Decision(
        key=f"unserved-{item}",
        question=f"Serve the {number_text(units)} units of {name_text(item)} that the plan loses, {span}?",
        context=_context(rows, reached, units),
        options=options,
        recommended=recommended,
        why=_why(units, product, recommended, evidence),
        last_safe_date=last_safe_day(reached[0]["month"], 0, lead),
        owner="Head of purchasing",
    )


def _unit_gain(product: Row, evidence: Evidence) -> Decimal | None:
    price, bought = product.get("unit_price"), product.get("subcontract_cost")
    if not evidence.has_money or price is None or bought is None:
        return None
    return amount(price) - amount(bought)


def _options(units: Decimal, product: Row, evidence: Evidence) -> tuple[Option, ...]:
    gain, in_money = _unit_gain(product, evidence), evidence.has_money
    accept = Option(f"Lose {number_text(units)} units, plan as it stands", Decimal(0) if in_money else None)
    effect = None if gain is None else (gain * units).quantize(CENT)
    buy = Option(f"Buy in {number_text(units)} units more than the plan", effect)
    half = Option(
        f"Buy in half, {number_text(units / 2)} units", None if effect is None else (effect / 2).quantize(CENT)
    )
    return accept, buy, half


def _context(rows: list[Row], reached: list[Row], units: Decimal) -> str:
    demand = sum((row["demand"] for row in reached), Decimal(0))
    late = sum((row["lost_sales"] for row in rows), Decimal(0)) - units
    too_late = f" Another {number_text(late)} units fall in months that cannot be reached any more." if late else ""
    return f"{number_text(units)} of {number_text(demand)} units demanded in these months are not served.{too_late}"


def _why(units: Decimal, product: Row, recommended: int, evidence: Evidence) -> str:
    gain, currency = _unit_gain(product, evidence), evidence.company.currency
    mark = sign(currency)
    if gain is None:
        return "No price is known for a unit bought in, so the choice is put up in units alone."
    price, bought = amount(product["unit_price"]), amount(product["subcontract_cost"])
    each = f"price {mark}{price:,.2f} less {mark}{bought:,.2f} bought in"
    if recommended == 0:
        return f"Each unit would lose {mark}{-gain:,.2f}: {each}."
    return f"Each unit earns {mark}{gain:,.2f}: {each}; {money_text(gain * units, currency)} in all."
