"""``sop backtest``: cycles in a row replayed for every policy, and the result as tables.

What a cycle knew is read once; every loop then runs over the same problems. Nothing is published, and the company's
lake is only read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from sop_pipeline import steps, tables
from sop_pipeline.company_folder import CompanyFolder
from sop_pipeline.config import Company
from sop_pipeline.cycle import Cycle, add_months
from sop_pipeline.errors import BadInput
from sop_pipeline.lake import Lake
from sop_pipeline.replay import foresight
from sop_pipeline.replay.happened import Happened, by_item, happened
from sop_pipeline.replay.known import Known, dated, known_at
from sop_pipeline.replay.loop import Loop, run_loop
from sop_pipeline.replay.made import made_loop
from sop_pipeline.replay.policy import NAIVE, Course, Knowledge, Policy, courses, policies
from sop_pipeline.replay.problems import Key, Problem, problems
from sop_pipeline.replay.regret import Replayed, Spent, money, total
from sop_pipeline.replay.results import Worth, result_tables, worths
from sop_pipeline.replay.standing import start
from sop_pipeline.steps import Planned
from sop_pipeline.supply.strategies.comparison.compare import STOCHASTIC


@dataclass(frozen=True)
class Wanted:
    """What is replayed: forecast approaches and strategies; blank ones are those the company compares."""

    approaches: Sequence[str] = ()
    strategies: Sequence[str] = ()
    by: str | None = None


@dataclass(frozen=True)
class Backtest:
    """The result: tables by name (``tables.REPLAY``), the policy in use, the settings it was replayed with."""

    tables: Mapping[str, pa.Table]
    in_use: Policy
    company: Company


@dataclass(frozen=True)
class _Cycles:
    """The problems of every cycle, and where what it knew came from."""

    problems: list[dict[Key, Problem]]
    sources: dict[Cycle, str]


def backtest(folder: CompanyFolder, cycles: Sequence[Cycle], wanted: Wanted | None = None) -> Backtest:
    """Replay ``cycles``, which follow on each other; BadInput where none of their months is over."""
    wanted = wanted or Wanted()
    company = _settled(folder.settings, wanted)
    newest = known_at(folder, company, Cycle(add_months(cycles[-1].month, 1)))
    came = _came(newest, company)
    if not came.is_over(cycles[0].month):
        raise _nothing_over(cycles[0], came)
    asked = policies(_approaches(company, wanted), _strategies(company, wanted))
    loops = list(courses(asked))
    planned = _problems(folder, cycles, came, loops, company)
    replayed = _replay(planned, came, loops, company)
    in_use = Policy(asked[0].approach, company.supply.strategy)
    in_use = in_use if in_use in asked else asked[0]
    found = result_tables(replayed, asked, in_use, _values(planned))
    found |= {"replay_inputs": dated(newest.tables), "replay_cycles": _cycles(planned, came)}
    return Backtest(found, in_use, company)


def _settled(company: Company, wanted: Wanted) -> Company:
    """The company planning by families or by products throughout, so that stock passes from month to month."""
    by = {"family": "top_down", "product": "bottom_up", None: company.plans_by}[wanted.by]
    return company.model_copy(update={"planning_approach": "bottom_up" if by == "auto" else by, "scenarios": []})


def _came(newest: Known, company: Company) -> Happened:
    with TemporaryDirectory() as place:
        base, until = Planned(newest.tables, company), "demand_history"
        month = steps.run(Lake(Path(place)), company, newest.cycle, until=until, base=base, checks=False)
    return happened(month["demand_history"], newest.tables["production"])


def _approaches(company: Company, wanted: Wanted) -> list[str]:
    """The approach in use first."""
    own = "bottom_up" if company.forecasts_by == "auto" else company.forecasts_by
    asked = wanted.approaches or (own, "top_down", "bottom_up")
    named = [f"top_down_{company.forecast.proportions}" if name == "top_down" else name for name in asked]
    return [name for name in dict.fromkeys(named) if name != NAIVE]


def _strategies(company: Company, wanted: Wanted) -> list[str]:
    own = [*company.supply.strategies, *([STOCHASTIC] if company.supply.stochastic else []), company.supply.strategy]
    return list(dict.fromkeys(wanted.strategies or own))


def _problems(
    folder: CompanyFolder, cycles: Sequence[Cycle], came: Happened, loops: Sequence[Course], company: Company
) -> _Cycles:
    found, sources = [], {}
    for cycle in cycles:
        known = known_at(folder, company, cycle)
        sources[cycle] = known.source
        found.append(problems(known, came, loops, company=company))
    return _Cycles(found, sources)


def _replay(planned: _Cycles, came: Happened, wanted: Sequence[Course], company: Company) -> Replayed:
    loops: dict[Course, Loop] = {}
    spent: dict[Course, Spent] = {}
    for course in wanted:
        own = [each[course.policy.approach, course.knowledge] for each in planned.problems]
        alike = _alike(course, planned, loops)
        if alike is not None:
            loops[course], spent[course] = _renamed(loops[alike], course), spent[alike]
            continue
        loop = run_loop(course, own, came, company=company)
        loops[course] = loop
        spent[course] = Spent(total(loop.costs), _least(own, came, loop, company))
    over = _over(planned, came, wanted[0])
    whole = foresight.whole_of(over, came, start(over[0].planning), company=company)
    made = made_loop(foresight.as_made(whole, over, came), over)
    if made is None:
        return Replayed(loops, spent, None, None)
    return Replayed(loops, spent, made, Spent(total(made.costs), _least(over, came, made, company)))


def _alike(course: Course, planned: _Cycles, done: Mapping[Course, Loop]) -> Course | None:
    """A loop that was run on the same problems: the consensus, where nobody changed the forecast."""
    other = Course(course.policy, Knowledge.CONSENSUS)
    if course.knowledge is not Knowledge.STATISTICAL or other not in done:
        return None
    kinds = (course.knowledge, other.knowledge)
    demand = [
        [each[course.policy.approach, kind].planning.planning_demand for kind in kinds] for each in planned.problems
    ]
    return other if all(one.equals(two) for one, two in demand) else None


def _renamed(loop: Loop, course: Course) -> Loop:
    items, costs, exceeded = (
        [{**row, **course.key} for row in rows] for rows in (loop.items, loop.costs, loop.exceeded)
    )
    return replace(loop, course=course, items=items, costs=costs, exceeded=exceeded)


def _over(planned: _Cycles, came: Happened, course: Course) -> list[Problem]:
    own = (each[course.policy.approach, course.knowledge] for each in planned.problems)
    return [problem for problem in own if came.is_over(problem.cycle.month)]


def _least(own: Sequence[Problem], came: Happened, loop: Loop, company: Company) -> Decimal:
    over = [problem for problem in own if came.is_over(problem.cycle.month)]
    whole = foresight.whole_of(over, came, start(over[0].planning), company=company)
    return money(foresight.least(whole, loop.end).summary["total_cost"])


def _values(planned: _Cycles) -> dict[str, Worth]:
    return {
        name: worth for each in planned.problems for problem in each.values() for name, worth in worths(problem).items()
    }


def _cycles(planned: _Cycles, came: Happened) -> pa.Table:
    rows = []
    for each in planned.problems:
        problem = next(iter(each.values()))
        month, over = problem.cycle.month, came.is_over(problem.cycle.month)
        _, unplanned = by_item(came.demand_in(month), problem.members)
        amount = round(unplanned, 4) if over else 0.0
        source = planned.sources[problem.cycle]
        rows.append({"month": month, "source": source, "carried_out": over, "unplanned_demand": amount})
    return tables.conform(tables.REPLAY["replay_cycles"], rows)


def _nothing_over(first: Cycle, came: Happened) -> BadInput:
    last = max(came.months, default=None)
    return BadInput(
        found=f"a first cycle {first} whose month is not over in the files",
        needed="months whose demand has come" + (f": up to {last:%Y-%m}" if last is not None else ""),
        where="sop backtest, --from",
        mend="Begin with an earlier cycle.",
    )
