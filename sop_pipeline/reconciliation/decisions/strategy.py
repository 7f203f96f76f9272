"""Which strategy to work to: the plans side by side, each with what it costs against the chosen one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from sop_pipeline.cycle import last_safe_day
from sop_pipeline.reconciliation.decisions.evidence import Evidence, Row, amount
from sop_pipeline.reconciliation.decisions.form import CENT, LETTERS, Carrier, Decision, Fact, Option

COMPARED = (
    ("total_cost", "currency"),
    ("contribution", "currency"),
    ("shortfall_cost", "currency"),
    ("hires", "heads"),
    ("layoffs", "heads"),
    ("service", "share"),
)
"""What is told of every strategy, by the columns of ``plan_summary``, and its contribution."""


def strategy_decision(evidence: Evidence) -> Decision | None:
    """Return the choice of strategy, or None when fewer than two were planned.

    The effect of a strategy is its contribution against the chosen one's: the difference of two plans of one model. The
    recommended one leaves most after what holding, backlog and shortfalls are priced at, among those that no other plan
    beats in contribution, service and stability at once. Where no contribution is known the configured strategy is
    put up in units.
    """
    plans = _plans(evidence)
    if len(plans) < 2 or plans[0]["strategy"] != evidence.strategy:
        return None
    in_money = all(plan["contribution"] is not None for plan in plans)
    recommended = _best(plans) if in_money else 0
    return Decision(
        key="strategy",
        kind="strategy",
        subject=plans[recommended]["strategy"],
        months=evidence.cycle.horizon(evidence.company.horizon_months),
        options=tuple(Option("work_to", _effect(plan, plans[0], in_money), plan["strategy"]) for plan in plans),
        recommended=recommended,
        reason="leaves_most" if in_money else "configured",
        facts=[*_of_plans(plans, in_money), *_of_frontier(evidence), *_of_swings(evidence)],
        last_safe_date=_last_safe_date(evidence),
        carrier=Carrier("supply_chain"),
        course=_course(plans[recommended], plans[0], evidence) if in_money else {},
    )


def _course(plan: Row, chosen: Row, evidence: Evidence) -> dict[date, Decimal]:
    """Contribution of a plan by month less that of the chosen one."""
    signs = {plan["strategy"]: Decimal(1)}
    signs[chosen["strategy"]] = signs.get(chosen["strategy"], Decimal(0)) - 1
    found: dict[date, Decimal] = {}
    for row in evidence.rows["plan_money"]:
        if row["scenario"] == evidence.scenario and signs.get(row["strategy"]):
            change = signs[row["strategy"]] * row["contribution"]
            found[row["month"]] = found.get(row["month"], Decimal(0)) + change
    return found


def _plans(evidence: Evidence) -> list[Row]:
    """The chosen strategy first, then the others by what they leave after cost; each with its contribution."""
    sums, unknown = _sums(evidence), {"contribution": None, "notional": Decimal(0)}
    same = [
        {**row, **sums.get(row["strategy"], unknown)}
        for row in evidence.rows["plan_summary"]
        if row["scenario"] == evidence.scenario
    ]
    ordered = sorted(same, key=lambda row: (row["strategy"] != evidence.strategy, -_left(row), row["strategy"]))
    return ordered[: len(LETTERS)]


def _sums(evidence: Evidence) -> dict[str, dict[str, Decimal | None]]:
    """What every strategy contributes over the horizon, where known, and what holding and backlog are priced at."""
    found: dict[str, list[Row]] = {}
    for row in evidence.rows["plan_money"]:
        if row["scenario"] == evidence.scenario:
            found.setdefault(row["strategy"], []).append(row)
    return {
        strategy: {
            "contribution": _total(row["contribution"] for row in rows),
            "notional": _total(amount(row["holding"]) + amount(row["backlog"]) for row in rows),
        }
        for strategy, rows in found.items()
    }


def _total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, unknown where a part is."""
    known = list(amounts)
    return None if None in known else sum((one for one in known if one is not None), Decimal(0))


def _best(plans: list[Row]) -> int:
    """The plan that leaves most of those that no other beats in contribution, service and stability at once."""
    unbeaten = [plan for plan in plans if not any(_beats(_merits(other), _merits(plan)) for other in plans)]
    return plans.index(max(unbeaten, key=_left))


def _beats(one: tuple[Decimal, ...], other: tuple[Decimal, ...]) -> bool:
    """Whether one is nowhere worse and somewhere better."""
    return one != other and all(mine >= theirs for mine, theirs in zip(one, other, strict=True))


def _merits(plan: Row) -> tuple[Decimal, ...]:
    """Contribution, service and stability, more being better."""
    return plan["contribution"], plan["service"] or Decimal(0), -(plan["instability"] or Decimal(0))


def _left(plan: Row) -> Decimal:
    """Contribution, or profit where it is not known, less what holding, backlog and shortfalls are priced at."""
    earned = plan["total_profit"] if plan["contribution"] is None else plan["contribution"]
    return Decimal(earned - plan["notional"] - plan["shortfall_cost"])


def _effect(plan: Row, chosen: Row, in_money: bool) -> Decimal | None:
    return Decimal(plan["contribution"] - chosen["contribution"]).quantize(CENT) if in_money else None


def _of_plans(plans: list[Row], in_money: bool) -> Iterator[Fact]:
    for plan in plans:
        for column, unit in COMPARED:
            is_told = plan[column] is not None and (plan[column] or column != "shortfall_cost")
            if is_told and (in_money or unit != "currency"):
                yield Fact(column, plan[column], unit, plan["strategy"])
        if plan["instability"] is not None:
            yield Fact("instability", plan["instability"], "hours", plan["strategy"])
        if in_money:
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
    elif point["reason"] == "negligible":
        yield Fact("frontier_negligible", point["cost_share"], "share")
    elif point["reason"] in ("limit_kept", "limit_missed"):
        yield Fact(f"frontier_{point['reason']}", point["change_limit"], "hours")


def _of_swings(evidence: Evidence) -> Iterator[Fact]:
    """What is uneven in the plan in use though demand is not: the resource that works least, products that swing."""
    found = evidence.rows["plan_swings"]
    stopped = sorted((row["share"], row["month"]) for row in found if row["swing"] == "stops")
    if stopped:
        yield Fact("stopped", stopped[0][0], "share", month=stopped[0][1])
    swinging = sum(row["swing"] == "swings" for row in found)
    if swinging:
        yield Fact("swinging", swinging, "products")


def _last_safe_date(evidence: Evidence) -> date:
    """The day before the first change of heads less its lead, or the meeting where that is earlier."""
    lead = {row["resource_id"]: row["hire_lead_months"] or 0 for row in evidence.rows["resources"]}
    days = [
        last_safe_day(row["month"], lead.get(row["resource_id"], 0) if row["hires"] else 0)
        for row in evidence.rows["resource_plan"]
        if row["hires"] or row["layoffs"]
    ]
    return max(evidence.meeting, min(days, default=evidence.meeting))
