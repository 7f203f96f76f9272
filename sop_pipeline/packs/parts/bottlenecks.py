"""What more of each limit brings, as plans made again with it say: each unit in its best month, and all of its months.

One measure stands beside another and none is mixed: what the plan contributes more, as in the decision about the same
limit, and what it saves of holding, backlog and shortfalls, which nobody pays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sop_pipeline.language.dates import day, short_month, span_of
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import plural, shortened, units_of
from sop_pipeline.language.numbers import NOTHING, missing, number, quantity
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 8
_PRINTED = 0.005
"""Money for one more that is printed as a cent."""
_SUPPLIED = ("max_receipt", "on_hand and on_order")
"""What a material's supplier delivers up to a month, or before new orders can arrive: one more by then, not later."""


def bottlenecks(book: Book) -> Listing:
    """Limits of resources whose relief brings something, what it brings in all its months first."""
    found = [limit for limit in _limits(book) if limit.is_worth_something]
    ranked = sorted(found, key=lambda limit: (-limit.rank, str(limit.whole.row.scenario)))
    rows, left = cut([_row(book, limit) for limit in ranked], _MOST)
    columns = (
        Column("Bottleneck", "left", "22%"),
        Column("Binds in", "left", "19%"),
        Column("In its best month", "right", "15%"),
        Column(f"each brings {book.value_unit(unpriced='value')}", "right", "10%"),
        Column("and saves", "right", "10%"),
        Column(f"Plan with it {book.value_unit(unpriced='value')}", "right", "13%"),
        Column("Decide by", "right", "11%"),
    )
    empty = "No limit that the meeting still reaches binds so that a plan with more of it brings anything."
    note = (
        "by plans made again; brings: contribution more, after pay and hiring of what is added; saves: holding, "
        "backlog and shortfalls, paid by nobody; plan with it: contribution more with relief in all months"
    )
    return Listing("What more is worth", columns, rows, note, empty, left)


@dataclass(frozen=True)
class _Planned:
    """A plan made again with a limit raised: its option, what it contributes more and saves of what nobody pays.

    ``brings`` is None where prices are not known; what its cost comes to less is then what it saves.
    """

    row: Any
    brings: float | None
    saves: float

    @property
    def leaves(self) -> float:
        """Both together, as the plan weighs them."""
        return (self.brings or 0.0) + self.saves

    def each(self, amount: float | None) -> str:
        """An amount by the unit added; as a whole where less than one is, of which nobody tried one."""
        if amount is None:
            return NOTHING
        quantity = float(self.row.quantity)
        return number(amount / quantity + 0.0, 2) if quantity >= 1 else f"{number(amount + 0.0)} in all"

    @property
    def is_worth_something(self) -> bool:
        """Whether one more brings or leaves an amount that can be printed."""
        return max(self.brings or 0.0, self.leaves) / float(self.row.quantity) >= _PRINTED


@dataclass(frozen=True)
class _Limit:
    """A limit raised in all its months, and in the best of them alone, where that has a plan."""

    whole: _Planned
    best: _Planned | None

    @property
    def is_worth_something(self) -> bool:
        """Whether either plan is worth anything."""
        return any(plan is not None and plan.is_worth_something for plan in (self.whole, self.best))

    @property
    def rank(self) -> float:
        """What the plan with relief in all months brings, or saves where nothing is earned."""
        return max(self.whole.brings or 0.0, self.whole.leaves)


def _limits(book: Book) -> Iterator[_Limit]:
    """Limits of resources, and what a material's supplier delivers, of which more was planned."""
    resources = set(book.plan_of("resource_plan")["resource_id"])
    plans = {(plan.row.item, plan.row.constraint, plan.row.scope): plan for plan in _planned(book)}
    for (item, constraint, scope), plan in plans.items():
        if scope == "all_months" and (item in resources or constraint in _SUPPLIED):
            alone = plan if plan.row.months == 1 else plans.get((item, constraint, "best_month"))
            yield _Limit(plan, alone)


def _planned(book: Book) -> Iterator[_Planned]:
    """Options that have a plan."""
    effects = book.frame("limit_option_effects")
    for row in each_row(book.frame("limit_options")):
        if row.found:
            own = effects[effects["scenario"] == row.scenario]
            if len(own) and not own["effect"].isna().any():
                yield _Planned(row, float(own["effect"].astype(float).sum()), -_sum(own["notional"]))
            else:
                yield _Planned(row, None, -_sum([row.cost_change, row.shortfall_change]))


def _sum(amounts: Any) -> float:
    return sum((float(amount) for amount in amounts if not missing(amount)), 0.0)


def _row(book: Book, limit: _Limit) -> Row:
    row, best = limit.whole.row, limit.best
    name = f"{book.resource(row.item)}, {_limit(str(row.constraint))}"
    span = span_of([row.month_from, row.month_to])
    cost = " before cost" if missing(row.relief_cost) else ""
    brings = None if best is None else best.brings
    cells = (
        Cell(shortened(name, 40), title=str(row.item)),
        Cell(span_of([row.month_from]) if row.months == 1 else f"{plural(int(row.months), 'month')}, {span}"),
        Cell(NOTHING if best is None else _more(best.row)),
        Cell(NOTHING if best is None else best.each(brings) + (cost if brings is not None else ""), "strong"),
        Cell(NOTHING if best is None else best.each(best.saves)),
        Cell(NOTHING if limit.whole.brings is None else number(limit.whole.brings) + cost),
        Cell(day(row.decide_by)),
    )
    return Row(cells, source="limit_options.quantity, months, relief_cost; limit_option_effects.effect, notional")


def _more(row: Any) -> str:
    """How much more, and when."""
    unit = "unit" if missing(row.unit) else str(row.unit)
    count = quantity(row.quantity) if row.quantity >= 1 else number(row.quantity, 2)
    sooner = " a month earlier" if row.constraint in _SUPPLIED else ""
    return f"{count} {unit if count == '1' else units_of(unit)}{sooner}, {short_month(row.month_from, year=True)}"


def _limit(constraint: str) -> str:
    """What is limited, in words; a limit of a company's own strategy by its name."""
    kind = f"limit.name.{constraint}"
    return ENGLISH.say(kind, {}) if ENGLISH.knows(kind) else constraint.replace("_", " ")
