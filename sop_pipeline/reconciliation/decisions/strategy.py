"""Which strategy to work to: the plans side by side, each with what it costs against the chosen one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row
from sop_pipeline.reconciliation.decisions.form import (
    CENT,
    LETTERS,
    Decision,
    Option,
    count_text,
    last_safe_day,
    money_text,
    number_text,
)


def strategy_decision(evidence: Evidence) -> Decision | None:
    """Return the choice of strategy, or None when fewer than two were planned.

    The effect of a strategy is its profit against the chosen one's (METHODS 5: the strategies are one model, so their
    costs compare line by line); the recommended one leaves most after priced shortfalls too, which are policy and not
    margin. Without money the configured strategy is put up in units.
    """
    plans = _plans(evidence)
    if len(plans) < 2 or plans[0]["strategy"] != evidence.strategy:
        return None
    options = tuple(Option(_text(plan, evidence), _effect(plan, plans[0], evidence)) for plan in plans)
    recommended = min(range(len(plans)), key=lambda index: -_left(plans[index])) if evidence.has_money else 0
    return Decision(
        key="strategy",
        question=f"Work to the {plans[recommended]['strategy']} plan for the next "
        f"{count_text(evidence.company.horizon_months, 'month')}?",
        context=_context(plans, evidence),
        options=options,
        recommended=recommended,
        why=_why(plans, recommended, evidence),
        last_safe_date=_last_safe_date(evidence),
        owner="Head of supply chain",
    )


def _plans(evidence: Evidence) -> list[Row]:
    """The chosen strategy first, then the others by what they leave after cost."""
    same = [row for row in evidence.rows["plan_summary"] if row["scenario"] == evidence.scenario]
    ordered = sorted(same, key=lambda row: (row["strategy"] != evidence.strategy, -_left(row), row["strategy"]))
    return ordered[: len(LETTERS)]


def _left(plan: Row) -> Decimal:
    """Profit less the price of what could not be kept."""
    return Decimal(plan["total_profit"] - plan["shortfall_cost"])


def _effect(plan: Row, chosen: Row, evidence: Evidence) -> Decimal | None:
    if not evidence.has_money:
        return None
    return Decimal(plan["total_profit"] - chosen["total_profit"]).quantize(CENT)


def _text(plan: Row, evidence: Evidence) -> str:
    currency = evidence.company.currency
    cost = f"cost {money_text(plan['total_cost'], currency)}, " if evidence.has_money else ""
    short = f", shortfalls {money_text(plan['shortfall_cost'], currency)}" if plan["shortfall_cost"] else ""
    service = "" if plan["service"] is None else f", service {plan['service']:.1%}"
    return (
        f"{plan['strategy'].capitalize()}: {cost}{number_text(plan['hires'])} hires, "
        f"{number_text(plan['layoffs'])} layoffs{service}{short if evidence.has_money else ''}"
    )


def _context(plans: list[Row], evidence: Evidence) -> str:
    point = next((row for row in evidence.rows["plan_frontier"] if row["recommended"]), None)
    swings = ", ".join(
        f"{plan['strategy']} {number_text(plan['instability'])}" for plan in plans if plan["instability"] is not None
    )
    facts = []
    if swings:
        facts.append(f"Changes of daily hours and heads: {swings}.")
    if point is not None and point["reason"]:
        reason = point["reason"].split(";")[0].rstrip(".")
        facts.append(f"Frontier: point {point['point']} {reason}.")
    return " ".join(facts) or f"{len(plans)} strategies were planned."


def _why(plans: list[Row], recommended: int, evidence: Evidence) -> str:
    if not evidence.has_money:
        return "No price or cost is known, so the strategies compare in units alone; this is the configured one."
    kept = _left(plans[recommended])
    others = [
        f"{money_text(kept - _left(plan), evidence.company.currency)} more than {plan['strategy']}"
        for plan in plans
        if plan is not plans[recommended]
    ]
    return f"Leaves {' and '.join(others)}, shortfalls priced."


def _last_safe_date(evidence: Evidence) -> date:
    """The day before the first change of heads less its lead, or the meeting where that is earlier."""
    lead = {row["resource_id"]: row["hire_lead_months"] or 0 for row in evidence.rows["resources"]}
    days = [
        last_safe_day(row["month"], lead.get(row["resource_id"], 0) if row["hires"] else 0)
        for row in evidence.rows["resource_plan"]
        if row["hires"] or row["layoffs"]
    ]
    return max(evidence.meeting, min(days, default=evidence.meeting))
