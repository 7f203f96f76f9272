"""What the company really made, in the form of a loop: its output, and what the demand that came left of it.

Output is the company's; heads, hours and what customers were made to wait for are the least-cost ones for that output,
since no file says them. So what is told of it costs no more than it really did.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sop_pipeline.cycle import month_text, parse_month
from sop_pipeline.replay.loop import Loop
from sop_pipeline.replay.month import exceeded, people
from sop_pipeline.replay.policy import Course, Knowledge
from sop_pipeline.replay.problems import Problem
from sop_pipeline.replay.regret import MADE_POLICY
from sop_pipeline.replay.standing import Standing, by_name
from sop_pipeline.supply.strategies.plan import PlanResult

COURSE = Course(MADE_POLICY, Knowledge.CONSENSUS)


def made_loop(result: PlanResult, months: Sequence[Problem]) -> Loop | None:
    """Return the loop; None where nothing was made, as of a company that only sells."""
    plan = result.aggregate_plan
    if not (plan["output"] > 0).any():
        return None
    planned = {month_text(problem.cycle.month): set(problem.members.values()) for problem in months}
    rows: list[dict[str, Any]] = plan.to_dict("records")  # type: ignore[assignment]
    items = [_row(row) for row in rows if row["product_id"] in planned[row["month"]]]
    spent = result.costs[result.costs["kind"] != "revenue"].groupby(["month", "kind"])["amount"].sum().round(2)
    costs: list[dict[str, Any]] = [
        {**COURSE.key, "month": parse_month(row["month"]), "kind": row["kind"], "amount": row["amount"]}
        for row in spent.reset_index().to_dict("records")
    ]
    names = list(planned)
    beyond = [{**row, **COURSE.key, "month": parse_month(row["month"])} for row in exceeded(result, names)]
    last = plan[plan["month"] == names[-1]].set_index("product_id")
    end = Standing(stock=by_name(last["inventory"]), owed=by_name(last["backlog"]))
    return Loop(COURSE, items, costs, beyond, people(result, names), [], end)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    served = row["demand"] - row["lost_sales"]
    flows = {name: row[name] for name in ("demand", "output", "subcontract", "inventory", "backlog", "lost_sales")}
    on_time = round(served - min(row["backlog"], served), 4)
    key = {**COURSE.key, "month": parse_month(row["month"]), "item_id": row["product_id"]}
    return {**key, **flows, "planned_demand": row["demand"], "on_time": on_time}
