"""Which hard rules contradict each other: every set that no plan can keep together, none with a rule too many.

Here: the sets, each reduced until lifting any one of its rules resolves it, one after the other until the rest can be
kept; and what to lift, tried before it is advised. HiGHS finds where to look (an irreducible infeasible subset of rows
and bounds); what counts are the planner's rules (``rules_of_plan``). Not here: contradictions that show before a solve
(``problem.checks``).

Junker: QuickXplain, preferred explanations and relaxations for over-constrained problems (AAAI 2004).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sop_pipeline.errors import Infeasible
from sop_pipeline.supply.model.blocks import LinearModel
from sop_pipeline.supply.model.draft import Draft
from sop_pipeline.supply.model.rules_of_plan import Rule, in_words, rules, whole_numbers
from sop_pipeline.supply.model.solver import WHOLE_NUMBERS_EXACT, Solver, SolverError
from sop_pipeline.supply.problem.data.plan_data import PlanData

NAMED_AT_MOST = 12
CONFLICTS_AT_MOST = 12


def explain(data: PlanData, draft: Draft, model: LinearModel) -> Infeasible:
    """Return the error that names each set of rules no plan can keep together, and what to lift."""
    conflicts = Conflicts(draft, model)
    found = conflicts.found()
    return Infeasible(
        found="rules that cannot be kept together: " + "; and, apart from these, ".join(map(_shown, found)),
        needed="hard rules that leave a plan",
        where=f"plan {data.months[0]} to {data.months[-1]}",
        mend=conflicts.advice(found),
    )


def _shown(conflict: Sequence[Rule]) -> str:
    words = in_words(conflict)
    more = len(words) - NAMED_AT_MOST
    return "; ".join(words[:NAMED_AT_MOST] + ([f"and {more} more"] if more > 0 else []))


class Conflicts:
    """A model that has no solution, whose rules are lifted and put back until it is known why."""

    def __init__(self, draft: Draft, model: LinearModel) -> None:
        self.solver = Solver(model, gap=0.0)
        self.solver.set_cost(np.zeros(len(model.cost)))
        self.rules = rules(draft, model)
        self.whole = whole_numbers(draft, model)
        self._lifted: set[int] = set()
        if self.whole and self._can_be_kept_in_fractions():
            # Only the whole numbers conflict with the rest: they are rules among the others.
            few = int(model.integer.sum()) <= WHOLE_NUMBERS_EXACT
            self.rules = self.whole + (self.rules if few else [])
        self.everything = range(len(self.rules))

    def found(self) -> list[list[Rule]]:
        """Every conflict that is left once those before it are resolved.

        Raises SolverError when no rule is at fault: the model contradicts itself, or has a solution that was not found,
        which is no planner's doing.
        """
        if not self._leaves_a_plan(self.everything):
            raise SolverError("the model has no solution, and no rule of the plan is the cause")
        if self._leaves_a_plan([]):
            raise SolverError("the solver found no plan, though its rules can be kept together")
        conflicts: list[list[Rule]] = []
        resolved: list[int] = []
        while len(conflicts) < CONFLICTS_AT_MOST and not self._leaves_a_plan(resolved):
            names = self._smallest(resolved)
            conflicts.append([self.rules[name] for name in names])
            resolved += names
        return conflicts

    def advice(self, conflicts: Sequence[Sequence[Rule]]) -> str:
        """What frees a plan, tried: any rule of a single conflict, the one that does, or the fewest together."""
        place = {id(rule): name for name, rule in enumerate(self.rules)}
        named = [place[id(rule)] for conflict in conflicts for rule in conflict]
        alone = [name for name in named if self._leaves_a_plan([name])]
        if len(alone) == len(named):
            return "Lift any one of these: each alone leaves a plan."
        if alone:
            return f"Lift {' or '.join(in_words([self.rules[name]])[0] for name in alone)}: that alone leaves a plan."
        if not self._leaves_a_plan(named):
            return "Lift one of each; further rules conflict then."
        needed = list(named)
        for name in named:
            rest = [other for other in needed if other != name]
            if self._leaves_a_plan(rest):
                needed = rest
        together = "; ".join(in_words([self.rules[name] for name in needed]))
        return f"Lift one of each: for example, without {together} there is a plan."

    def _can_be_kept_in_fractions(self) -> bool:
        for rule in self.whole:
            rule.lift(self.solver)
        kept = self.solver.minimise().optimal
        if kept:
            for rule in self.whole:
                rule.keep(self.solver)
        return kept

    def _smallest(self, resolved: Sequence[int]) -> list[int]:
        """A conflict among the rules that are not lifted, in their order, none of them dispensable."""
        candidates = self._suspects(resolved)
        rest = [name for name in self.everything if name not in set(resolved)]
        if self._leaves_a_plan([name for name in self.everything if name not in set(candidates)]):
            candidates = rest
        outside = [name for name in self.everything if name not in set(candidates)]
        return sorted(self._reduced(outside, [], candidates, tried=False))

    def _suspects(self, resolved: Sequence[int]) -> list[int]:
        """Rules that HiGHS's own infeasible subset touches; all of them when whole numbers are the cause."""
        rest = [name for name in self.everything if name not in set(resolved)]
        if any(self.rules[name].whole is not None for name in rest):
            return rest
        self._lift(resolved)
        rows, columns = self.solver.conflict()
        return [
            name for name in rest if rows & self.rules[name].rows.keys() or columns & self.rules[name].columns.keys()
        ]

    def _reduced(self, outside: list[int], kept: list[int], candidates: list[int], *, tried: bool) -> list[int]:
        """QuickXplain: the candidates that a smallest conflict with ``kept`` needs; ``outside`` stay lifted."""
        if tried and not self._leaves_a_plan([*outside, *candidates]):
            return []
        if len(candidates) == 1:
            return candidates
        half = len(candidates) // 2
        first, second = candidates[:half], candidates[half:]
        of_second = self._reduced(outside, [*kept, *first], second, tried=bool(first))
        dropped = [name for name in second if name not in set(of_second)]
        of_first = self._reduced([*outside, *dropped], [*kept, *of_second], first, tried=bool(of_second))
        return of_first + of_second

    def _leaves_a_plan(self, lifted: Sequence[int]) -> bool:
        """Whether the other rules can be kept together."""
        self._lift(lifted)
        return self.solver.minimise().optimal

    def _lift(self, lifted: Sequence[int]) -> None:
        """Lift these rules and no other."""
        wanted = set(lifted)
        for name in sorted(self._lifted - wanted):
            self.rules[name].keep(self.solver)
        for name in sorted(wanted - self._lifted):
            self.rules[name].lift(self.solver)
        self._lifted = wanted
