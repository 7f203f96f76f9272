"""The cheapest set of levers for a gap, planned again by family, so that what it brings is a plan's and no model's.

The model looks for a set, the set is planned as a scenario is, and where that brings less than the model said, the
model is asked for so much more. All that is told of a set is the difference of two plans. Not here: the tables
(``steps``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import cached_property

import numpy as np

from sop_pipeline import sql, tables
from sop_pipeline.errors import BadInput, Infeasible
from sop_pipeline.plan_change import BASE, PlanChange
from sop_pipeline.reconciliation.financial_plan import run_statement
from sop_pipeline.scenarios.measures import SHARES, Figures, Gap, target_of
from sop_pipeline.scenarios.offers import Offers
from sop_pipeline.scenarios.stages import Stages
from sop_pipeline.supply.arrays import Floats
from sop_pipeline.supply.levers.cheapest import Binding, CheapestSet, cheapest_set
from sop_pipeline.supply.levers.columns import Offer
from sop_pipeline.supply.levers.ledger import Worth
from sop_pipeline.supply.levers.lever import Lever
from sop_pipeline.supply.levers.probes import Valued, column_of
from sop_pipeline.supply.levers.pulled import PLACES, Pull, changes, raises
from sop_pipeline.supply.model.solver import SolverError
from sop_pipeline.supply.problem.common_units import unit_weights
from sop_pipeline.supply.scenarios.plans import scenario_data, scenario_results
from sop_pipeline.supply.scenarios.problem import ScenarioProblem
from sop_pipeline.supply.strategies.plan import PlanResult
from sop_pipeline.supply.strategies.rules import parse_strategy

MOST_TRIES = 5
NO_PLAN = (SolverError, Infeasible, BadInput)
FIRST = ("overtime", "capacity", "hiring", "subcontract", "price", "promotion", "stock")
"""Order in which levers are pulled one on top of the other: what makes room before what fills it."""
WRITTEN = Decimal("0.000001")
WHOLE = Decimal(10)
"""From this limit on a lever is pulled by whole units."""


@dataclass(frozen=True)
class Closed:
    """A set that was planned: its pulls in order, the figures after none, one, two, ... of them, what binds."""

    pulls: tuple[Pull, ...]
    stages: tuple[Figures, ...]
    binding: tuple[Binding, ...]
    states: Mapping[str, str]

    def brings(self, gap: Gap, place: int | None = None) -> Decimal:
        """What the set, or the lever at a place, brings of a gap: positive where it helps."""
        before, after = (0, -1) if place is None else (place, place + 1)
        reached = (self.stages[each].reached(gap) or Decimal(0) for each in (before, after))
        first, last = (value.quantize(WRITTEN) for value in reached)
        return first - last if gap.must_fall else last - first


@dataclass
class Closing:
    """Closes gaps of one cycle and strategy."""

    stages: Stages
    levers: Sequence[Lever]

    @property
    def strategy(self) -> str:
        """The strategy that everything is planned by."""
        return self.stages.strategies[0]

    @cached_property
    def base(self) -> PlanResult:
        """The plan without levers; Infeasible or SolverError where there is none."""
        results, _ = scenario_results(self._problem, [self.strategy], company=self.stages.company)
        if self.strategy not in results:
            raise SolverError(f"no {self.strategy} plan by family")
        return results[self.strategy]

    @cached_property
    def base_figures(self) -> Figures:
        """Its money."""
        return Figures.of(self.stages.plan((), BASE), {})

    def close(self, gap: Gap) -> Closed | None:
        """Return the cheapest set for a gap, or the nearest to it; None where the gap's measure is not known."""
        if self.base_figures.reached(gap) is None:
            return None
        states = {lever.name: self._offers.state(lever, gap) for lever in self.levers}
        offers = [self._offers.offer(lever, gap) for lever in self.levers if not states[lever.name]]
        best: Closed | None = None
        asked = float(gap.missing)
        tolerance = 5e-7 if gap.measure in SHARES else 0.005
        for _ in range(MOST_TRIES if offers else 0):
            found = self._set(offers, gap, asked)
            pulls = self._pulls(offers, found)
            if not pulls:
                break
            closed = Closed(tuple(pulls), (self.base_figures, self.figures(pulls)), found.binding, states)
            best = closed if best is None or closed.brings(gap) > best.brings(gap) else best
            short = float(gap.missing - closed.brings(gap))
            if short <= tolerance or found.missed > 0:
                break
            asked += short
        if best is None:
            return Closed((), (self.base_figures,), self._set(offers, gap, asked).binding if offers else (), states)
        return replace(best, stages=self._one_by_one(best))

    def figures(self, pulls: Sequence[Pull]) -> Figures:
        """Plan again with levers pulled, and put it into money."""
        stage = self.stages.plan(changes(list(pulls)), "levers", raises(list(pulls)))
        if not stage.figures.num_rows:
            raise SolverError("no plan with these levers")
        return Figures.of(stage, outlay(pulls))

    def _one_by_one(self, closed: Closed) -> tuple[Figures, ...]:
        between = [self.figures(closed.pulls[:count]) for count in range(1, len(closed.pulls))]
        return (closed.stages[0], *between, closed.stages[-1])

    # -- the model -----------------------------------------------------------------------------------------------------

    @cached_property
    def _problem(self) -> ScenarioProblem:
        return self.stages.problem(())

    @cached_property
    def _offers(self) -> Offers:
        return Offers(self._base_valued, self._problem.demand_plan, self._valued)

    @cached_property
    def _base_valued(self) -> Valued:
        return Valued.of(self._problem.planning, self.base.solved.draft.data)

    def _valued(self, stated: Sequence[PlanChange]) -> Valued:
        problem = self.stages.problem(stated)
        return Valued.of(problem.planning, scenario_data(problem, self.stages.company))

    @cached_property
    def _worth(self) -> Worth:
        planning, data = vars(self._problem.planning), self.base.solved.draft.data
        with sql.reading(planning) as connection:
            variable = tables.frame(run_statement(connection, "variable_costs", {}))
        products = tables.frame(self._problem.planning.planning_products)
        weights = unit_weights(products)
        finance = self.stages.company.finance
        return Worth(
            standard=self._base_valued.standard,
            variable=column_of(variable.rename(columns={"item_id": "product_id"}), "variable_cost", data),
            weight=np.array([weights[name] for name in data.products.names], float),
            receipt_lag=finance.receipt_lag_months,
            payment_lag=finance.payment_lag_months,
        )

    @cached_property
    def _cash(self) -> Floats | None:
        """Cash of the plan without levers by month; None where nobody said where it starts."""
        rows = self.base_figures.by_month
        balance = [rows[month]["cash"] for month in sorted(rows)]
        return None if any(value is None for value in balance) else np.array(balance, float)

    def _set(self, offers: Sequence[Offer], gap: Gap, missing: float) -> CheapestSet:
        data = self.base.solved.draft.data
        demand = float((data.products.demand * self._worth.weight[:, None]).sum())
        target = target_of(gap, self.base_figures, demand, missing)
        parts = parse_strategy(self.strategy, data.month_count)
        return cheapest_set(self.base.solved, parts, offers, target, worth=self._worth, cash=self._cash)

    def _pulls(self, offers: Sequence[Offer], found: CheapestSet) -> list[Pull]:
        pulls = [Pull(offer.lever, _written(offer.lever, found.use[offer.lever.name]), offer.items) for offer in offers]
        used = [pull for pull in pulls if pull.most]
        return sorted(used, key=lambda pull: (FIRST.index(pull.lever.kind), pull.lever.name))


def _written(lever: Lever, use: Mapping[str, float]) -> dict[str, Decimal]:
    """A use by month as it is written: what is more than nothing rounded up, whole from ``WHOLE`` on, to the limit."""
    limit = Decimal(str(lever.limit)).quantize(PLACES)
    step = Decimal(1) if limit >= WHOLE and lever.kind != "price" else PLACES
    found = {}
    for month, amount in use.items():
        exact = Decimal(str(round(amount, 6)))
        if exact > PLACES:
            found[month] = min(exact.quantize(step, ROUND_CEILING), limit)
    return found


def outlay(pulls: Sequence[Pull]) -> dict[str, Decimal]:
    """What is paid for levers by month."""
    found: dict[str, Decimal] = {}
    for pull in pulls:
        price = Decimal(str(pull.lever.unit_cost))
        for month, amount in pull.use.items():
            found[month] = found.get(month, Decimal(0)) + (price * amount).quantize(Decimal("0.01"))
    return found
