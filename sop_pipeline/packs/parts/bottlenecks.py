"""What an hour or unit more of each bottleneck is worth, how far that holds, what a plan with it brings, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, short_month, span_of
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import plural, shortened, units_of
from sop_pipeline.language.numbers import NOTHING, missing, number
from sop_pipeline.meeting import meeting_day
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 8
_ONE_LESS = "_one_less"
_SUPPLIED = ("max_receipt", "on_hand and on_order")
"""What a material's supplier delivers up to a month, or before new orders can arrive: one more by then, not later."""


def bottlenecks(book: Book) -> Listing:
    """What more of each bottleneck saves, in its best month and planned anew in all months it binds."""
    planned = _planned_anew(book)
    found = _prices(book).groupby(["item", "constraint"], sort=True)
    groups = [(planned.get((str(item), str(constraint))), group) for (item, constraint), group in found]
    rows = [(plan.leaves if plan else 0.0, _row(book, group, plan)) for plan, group in groups]
    ranked = [row for _, row in sorted(rows, key=lambda pair: (-pair[0], pair[1].cells[0].text))]
    shown, left = cut(ranked, _MOST)
    columns = (
        Column("Bottleneck", "left", "21%"),
        Column("Binds in", "left", "22%"),
        Column("One more is worth", "right", "22%"),
        Column("up to", "right", "11%"),
        Column(f"Plan with it {book.value_unit(unpriced='value')}", "right", "13%"),
        Column("Decide by", "right", "11%"),
    )
    empty = "No resource binds in the chosen plan: one hour more of anything saves nothing."
    note = (
        "after pay, in its best month; how much more that holds for; plan with it: contribution of a plan made again "
    )
    note += "with all months' relief, less that of this plan, after pay and hiring of the relief"
    return Listing("What more is worth", columns, shown, note, empty, left)


def _prices(book: Book) -> pd.DataFrame:
    """Prices of limits, after pay, with how much more each holds for: those that relief earns money by.

    They are limits of resources, and what a material's supplier delivers. Demand and the headcount's own balance have
    prices too, but no limit that a meeting could lift. Ranges that no re-solve bore out are left to the workbook.
    """
    prices, plan = book.plan_of("shadow_prices"), book.plan_of("resource_plan")
    of_resource = prices["item"].isin(set(plan["resource_id"])) & (prices["constraint"] != "workforce")
    prices = prices[of_resource | prices["constraint"].isin(_SUPPLIED)]
    prices = prices[prices["verified"].astype(bool) & ~prices["constraint"].str.endswith(_ONE_LESS)]
    more = (prices["valid_to"] - prices["current_limit"]).clip(lower=0.0)
    priced = prices.assign(worth=prices["price_per_unit"] - prices["pay_per_unit"], more=more)
    return priced[(priced["worth"] > 0) & ~(priced["more"] <= 0)]


@dataclass(frozen=True)
class _Planned:
    """What the plan made again with a limit raised leaves more, and whether the relief's own cost is known."""

    leaves: float
    is_priced: bool

    def text(self) -> str:
        """The amount; without the relief's own cost it says so."""
        return number(self.leaves) if self.is_priced else f"{number(self.leaves)} before cost"


def _planned_anew(book: Book) -> dict[tuple[str, str], _Planned]:
    """What relief in all months in reach leaves, by limit and resource, where a plan was made with it.

    Contribution less what holding, backlog and shortfalls are priced at: what a shadow price counts, too.
    """
    effects = book.frame("limit_option_effects").dropna(subset=["effect"])
    left = effects["effect"].astype(float) - effects["notional"].fillna(0.0).astype(float)
    brought = left.groupby(effects["scenario"]).sum()
    return {
        (str(row.item), str(row.constraint)): _Planned(float(brought[row.scenario]), not missing(row.relief_cost))
        for row in each_row(book.frame("limit_options"))
        if row.scope == "all_months" and row.scenario in brought.index
    }


def _row(book: Book, group: pd.DataFrame, planned: _Planned | None) -> Row:
    best = group.sort_values(["worth", "month"], ascending=[False, True]).iloc[0]
    unit = "unit" if missing(best["unit"]) else str(best["unit"])
    months = sorted(group["month"])
    by = _last_date(book, group)
    past = by < meeting_day(book.company, book.cycle)
    name = f"{book.resource(best['item'])}, {_limit(str(best['constraint']))}"
    binds = span_of(months) if len(months) == 1 else f"{plural(len(months), 'month')}, {span_of(months)}"
    sooner = " a month earlier" if best["constraint"] in _SUPPLIED else ""
    price = f"{book.value_unit()}{number(best['worth'], 2)} per {unit}{sooner}"
    cells = (
        Cell(shortened(name, 40), title=str(best["item"])),
        Cell(binds),
        Cell(f"{price}, {short_month(best['month'], year=True)}", "strong"),
        Cell(NOTHING if missing(best["more"]) else _units(number(best["more"]), unit)),
        Cell(NOTHING if planned is None else planned.text()),
        Cell(f"{day(by)}, past" if past else day(by), "worse" if past else "plain"),
    )
    return Row(cells, source="shadow_prices.price_per_unit")


def _limit(constraint: str) -> str:
    """What is limited, in words; a limit of a company's own strategy by its name."""
    kind = f"limit.name.{constraint}"
    return ENGLISH.say(kind, {}) if ENGLISH.knows(kind) else constraint.replace("_", " ")


def _units(count: str, unit: str) -> str:
    return f"{count} {unit if count == '1' else units_of(unit)}"


def _last_date(book: Book, group: pd.DataFrame) -> date:
    """The last safe day for the first month that the meeting still reaches, the latest of all where it reaches none."""
    days = sorted(group["decide_by"])
    return next((each for each in days if each >= meeting_day(book.company, book.cycle)), days[-1])
