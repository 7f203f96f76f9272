"""Which strategy to work to: the plans side by side, each with what it costs against the chosen one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row
from sop_pipeline.reconciliation.decisions.form import CENT, LETTERS, Carrier, Decision, Fact, Option, last_safe_day

COMPARED = (
    ("total_cost", "currency"),
    ("shortfall_cost", "currency"),
    ("hires", "heads"),
    ("layoffs", "heads"),
    ("service", "share"),
)
"""What is told of every strategy, by the columns of ``plan_summary``."""


def strategy_decision(evidence: Evidence) -> Decision | None:
    """Return the choice of strategy, or None when fewer than two were planned.

    The effect of a strategy is its profit against the chosen one's (METHODS 5: the strategies are one model, so their
    costs compare line by line); the recommended one leaves most after priced shortfalls too, which are policy and not
    margin. Without money the configured strategy is put up in units.
    """
    plans = _plans(evidence)
    if len(plans) < 2 or plans[0]["strategy"] != evidence.strategy:
        return None
    recommended = min(range(len(plans)), key=lambda index: -_left(plans[index])) if evidence.has_money else 0
    return Decision(
        key="strategy",
        kind="strategy",
        subject=plans[recommended]["strategy"],
        months=evidence.cycle.horizon(evidence.company.horizon_months),
        options=tuple(Option("work_to", _effect(plan, plans[0], evidence), plan["strategy"]) for plan in plans),
        recommended=recommended,
        reason="leaves_most" if evidence.has_money else "configured",
        facts=[*_of_plans(plans, evidence), *_of_frontier(evidence)],
        last_safe_date=_last_safe_date(evidence),
        carrier=Carrier("supply_chain"),
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


def _of_plans(plans: list[Row], evidence: Evidence) -> Iterator[Fact]:
    for plan in plans:
        for column, unit in COMPARED:
            is_told = plan[column] is not None and (plan[column] or column != "shortfall_cost")
            if is_told and (evidence.has_money or unit != "currency"):
                yield Fact(column, plan[column], unit, plan["strategy"])
        if plan["instability"] is not None:
            yield Fact("instability", plan["instability"], "hours", plan["strategy"])
        if evidence.has_money:
            yield Fact("left", _left(plan), "currency", plan["strategy"])


def _of_frontier(evidence: Evidence) -> Iterator[Fact]:
    """The frontier's recommended point and what speaks for it."""
    point = next((row for row in evidence.rows["plan_frontier"] if row["recommended"]), None)
    if point is None:
        return
    yield Fact("frontier_point", point["point"], "point")
    if point["reason"] == "saving":
        yield Fact("frontier_saving", point["saving_share"], "share")
        yield Fact("frontier_change", point["change_share"], "share")
    elif point["reason"] in ("limit_kept", "limit_missed"):
        yield Fact(f"frontier_{point['reason']}", point["change_limit"], "hours")


def _last_safe_date(evidence: Evidence) -> date:
    """The day before the first change of heads less its lead, or the meeting where that is earlier."""
    lead = {row["resource_id"]: row["hire_lead_months"] or 0 for row in evidence.rows["resources"]}
    days = [
        last_safe_day(row["month"], lead.get(row["resource_id"], 0) if row["hires"] else 0)
        for row in evidence.rows["resource_plan"]
        if row["hires"] or row["layoffs"]
    ]
    return max(evidence.meeting, min(days, default=evidence.meeting))
