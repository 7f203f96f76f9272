"""Gap closing: for every gap the cheapest levers that bring what is missing, or how near one gets and what binds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sop_pipeline import tables
from sop_pipeline.choice import chosen_plan
from sop_pipeline.cycle import Cycle, month_text, parse_month
from sop_pipeline.errors import BadInput, Infeasible
from sop_pipeline.meeting import meeting_day
from sop_pipeline.reconciliation.scenarios.money import PastInputs
from sop_pipeline.room_settings import GapSettings
from sop_pipeline.scenarios.closing import Closed, Closing
from sop_pipeline.scenarios.gaps import gaps
from sop_pipeline.scenarios.measures import Gap
from sop_pipeline.scenarios.stages import Stages
from sop_pipeline.steps.step import Check, step
from sop_pipeline.supply.levers.lever import Lever, levers_of
from sop_pipeline.supply.levers.pulled import Pull, changes_of
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.scenarios.plans import strategies_of
from sop_pipeline.supply.scenarios.problem import ScenarioInputs
from sop_pipeline.validation import identities

Row = dict[str, Any]
PAID = ("regular_pay", "overtime", "temporary", "hiring", "layoff", "subcontracting", "setup", "rate_change")
"""What a plan pays beside material, as ``plan_money`` names it."""


@dataclass(frozen=True)
class GapInputs:
    """What levers there are, and what there is to close."""

    levers: pa.Table
    key_figures: pa.Table
    goal_results: pa.Table
    plan_summary: pa.Table


@dataclass(frozen=True)
class GapTables:
    """Every gap with its set, levers, their months, and limits that bind; all empty without levers or without a gap."""

    gap_sets: pa.Table
    gap_levers: pa.Table
    gap_lever_months: pa.Table
    gap_limits: pa.Table


def gap_levers(
    inputs: ScenarioInputs, past: PastInputs, asked: GapInputs, *, company: GapSettings, cycle: Cycle
) -> GapTables:
    """Close every gap by levers, on the strategy in use, planned by family; BadInput for a lever nobody can read."""
    made: dict[str, list[Row]] = {"gap_sets": [], "gap_levers": [], "gap_lever_months": [], "gap_limits": []}
    horizon = sorted({month_text(month) for month in tables.days(inputs.demand_plan, "month")})
    found = gaps(asked.key_figures, asked.goal_results, past.actuals, horizon, fiscal=company.fiscal_year)
    levers = levers_of(asked.levers, horizon, meeting=meeting_day(company, cycle))
    if levers and found:
        closing = Closing(Stages(inputs, past, company, cycle, [_strategy(asked, company)]), levers)
        for gap in found:
            for name, rows in _rows(gap, closing).items():
                made[name] += rows
    return GapTables(
        **{name: tables.conform(name, rows) if rows else tables.empty(name) for name, rows in made.items()}
    )


def _strategy(asked: GapInputs, company: GapSettings) -> str:
    """The strategy in use, or the first that needs no sampled demand."""
    in_use = chosen_plan(asked.plan_summary, company).strategy
    possible = strategies_of(company)
    return in_use if in_use in possible else possible[0]


def _rows(gap: Gap, closing: Closing) -> dict[str, list[Row]]:
    try:
        closed = closing.close(gap)
    except (SolverError, Infeasible, BadInput):
        closed = None
    if closed is None:
        return {"gap_sets": [_of_gap(gap, closing) | {"status": "no_plan"}]}
    return {
        "gap_sets": [_of_gap(gap, closing) | _set(gap, closed)],
        "gap_levers": [_lever(gap, closed, lever) for lever in closing.levers],
        "gap_lever_months": [
            {"target": gap.name, "lever_id": pull.lever.name, "month": parse_month(month), "amount": amount}
            for pull in closed.pulls
            for month, amount in pull.use.items()
        ],
        "gap_limits": [{"target": gap.name} | vars(each) | {"worth": round(each.worth, 6)} for each in closed.binding],
    }


def _of_gap(gap: Gap, closing: Closing) -> Row:
    return {
        "target": gap.name,
        "measure": gap.measure,
        "fiscal_year": gap.fiscal_year,
        "goal": gap.goal,
        "month_from": parse_month(gap.months[0]),
        "month_to": parse_month(gap.months[-1]),
        "strategy": closing.strategy,
        "gap": gap.missing,
    }


def _set(gap: Gap, closed: Closed) -> Row:
    base, after = closed.stages[0], closed.stages[-1]
    brings = closed.brings(gap)
    left = max(gap.missing - brings, Decimal(0))

    def change(column: str) -> Decimal | None:
        before, then = base.total(column, gap.months), after.total(column, gap.months)
        return None if before is None or then is None else then - before

    margin, contribution, paid = change("gross_margin"), change("contribution"), after.paid(gap.months)
    result = None if contribution is None else contribution - paid
    paid_more = [change(column) for column in PAID]
    cash = [figures.cash_changes() for figures in (base, after)]
    services = (base.service, after.service)
    return {
        "status": "nothing_helps" if not closed.pulls else "nearest" if round(left, 4) > 0 else "closed",
        "brings": brings,
        "open": left,
        "outlay": paid,
        "margin_change": margin,
        "contribution_change": contribution,
        "result_change": result,
        "cost": None if None in paid_more else sum((each for each in paid_more if each is not None), paid),
        "lowest_cash_change": None if cash[0] is None or cash[1] is None else min(cash[1]) - min(cash[0]),
        "service_change": None if None in services else services[1] - services[0],  # type: ignore[operator]
    }


def _lever(gap: Gap, closed: Closed, lever: Lever) -> Row:
    row: Row = {"target": gap.name, "lever_id": lever.name, "kind": lever.kind, "subject": lever.subject}
    place = next((place for place, pull in enumerate(closed.pulls) if pull.lever == lever), None)
    if place is None:
        return row | {"state": closed.states[lever.name] or "not_needed"}
    pull = closed.pulls[place]
    return row | {
        "pull_order": place + 1,
        "state": "used",
        **_extent(pull),
        "month_from": parse_month(min(pull.use)),
        "month_to": parse_month(max(pull.use)),
        "brings": closed.brings(gap, place),
        "outlay": closed.stages[place + 1].paid(gap.months) - closed.stages[place].paid(gap.months),
        "decide_by": lever.decide_by(min(pull.use)),
        "changes": "; ".join(map(str, changes_of(pull))) or None,
    }


def _extent(pull: Pull) -> Row:
    """How far it is pulled, and how far it might be: added up where its months add up."""
    of_months = pull.lever.kind not in ("price", "stock")
    limit = Decimal(str(pull.lever.limit))
    return {
        "used": pull.units if of_months else pull.most,
        "limit": limit * len(pull.use) if of_months else limit,
    }


STEPS = (
    step(
        gap_levers,
        name="gap_levers",
        does="Find the cheapest levers for every gap to the business plan and every goal missed, and plan them again.",
        kinds=("python", "highs", "duckdb"),
        checks=[Check("gap_sets", "add_up", identities.gap_levers_add_up)],
    ),
)
