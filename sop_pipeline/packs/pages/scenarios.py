"""Scenarios: each beside base, by cause and by month; on the screen the reader picks scenario and strategy."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sop_pipeline.language.dates import month_of_year, short_month, span_of
from sop_pipeline.language.money import amount
from sop_pipeline.language.numbers import NOTHING, missing, number, percent, points
from sop_pipeline.language.reconciliation import scenario_unsolved_words
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, records
from sop_pipeline.packs.book.strategies import in_order
from sop_pipeline.packs.parts.page import Choice, Choices, Page, Panel
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut
from sop_pipeline.plan_change import BASE, Measure

Figures = dict[str, Any]
MONEY = {
    "revenue": "Revenue",
    "contribution": "Contribution",
    "cash_flow": "Cash flow",
    "lowest_cash": "Lowest cash since the start",
    "total_cost": "Cost of the plan",
    "shortfall_cost": "Shortfalls, priced",
    "inventory_value": "Stock at the end",
}
COUNTS = {"lost_units": "Units lost", "hires": "Hires", "layoffs": "Layoffs", "overtime_hours": "Overtime hours"}
SHARES = {"service": "Service", "worst_utilisation": "Peak utilisation"}
BY_MONTH = {
    "revenue": "Revenue",
    "contribution": "Contribution",
    "cash_change": "Cash since the start",
    "inventory_value": "Stock",
}
MONTHS_SHOWN = 12
_MONTHS = re.compile(r"\s+(\d{4}-\d\d)?(\.\.)?(\d{4}-\d\d)?$")
MOST_ROWS, MOST_CAUSES = 14, 8


def scenarios(book: Book) -> Sequence[Page]:
    """Fill the page; none where the company states no scenario."""
    if not len(book.frame("scenario_comparison")) and not len(book.frame("scenario_unsolved")):
        return []
    names = _names(book)
    title = f"{len(names)} beside the consensus, planned by family; the operational plan stays on the consensus"
    return [
        Page(
            "scenarios",
            "Scenarios",
            title,
            sentences=[*_best(book), *_unsolved(book)],
            body=[replace(_all(book), only="paper"), replace(_causes(book), only="paper"), *_choices(book)],
        )
    ]


def scenarios_if_room(book: Book) -> Sequence[Page]:
    """The same page for the executive pack, in its PDF where the families leave room within fifteen pages."""
    families = min(len(book.families), book.company.packs.families_in_pdf)
    return [replace(page, in_pdf=families <= ROOM) for page in scenarios(book)]


ROOM = 5
"""Families in the PDF up to which the page fits: nine other pages, this one, fifteen in all."""


def _names(book: Book) -> list[str]:
    """Scenarios in the order of ``sop.yaml`` as far as it is known, base left out."""
    stated = [each.name for each in book.company.scenarios]
    found = [str(name) for name in book.frame("scenario_comparison")["scenario"].unique() if name != BASE]
    return [*(name for name in stated if name in found), *sorted(set(found) - set(stated))]


def _figures(book: Book) -> dict[tuple[str, str], Figures]:
    return {(row["scenario"], row["strategy"]): row for row in records(book.frame("scenario_comparison"))}


def _strategies(book: Book) -> list[str]:
    return in_order(book.frame("scenario_comparison")["strategy"])


def _shown_first(book: Book) -> str:
    strategies = _strategies(book)
    return book.chosen.strategy if book.chosen.strategy in strategies else strategies[0]


def _best(book: Book) -> list[Sentence]:
    """What each scenario brings by the strategy of the plan, in money where there is any."""
    if not len(book.frame("scenario_comparison")):
        return []
    figures, strategy = _figures(book), _shown_first(book)
    measure = "contribution" if book.has_money else "total_cost"
    told: list[Sentence] = []
    for name in _names(book):
        before, after = figures.get((BASE, strategy)), figures.get((name, strategy))
        if before is None or after is None or _gap(before, after, measure) is None:
            continue
        gap = float(_gap(before, after, measure))
        size = amount(abs(gap), scale_for([gap]), book.currency)
        told.append(
            say(
                strong(name),
                f": {MONEY[measure].lower()} {size} {'above' if gap >= 0 else 'below'} base; service "
                f"{percent(after['service'], 1, NOTHING)}, hires {number(after['hires'])}.",
            )
        )
    return told


def _unsolved(book: Book) -> list[Sentence]:
    return [say(Span(scenario_unsolved_words(row), "worse")) for row in records(book.frame("scenario_unsolved"))]


def _gap(before: Figures, after: Figures, column: str) -> Any:
    first, second = before[column], after[column]
    return None if first is None or second is None or first != first or second != second else second - first


def _scale(book: Book) -> Scale:
    rows = _figures(book).values()
    return scale_for([float(row["revenue"] or row["total_cost"]) for row in rows] or [0.0])


# -- all of them -------------------------------------------------------------------------------------------------------


def _all(book: Book) -> Listing:
    """A row a scenario and strategy, base first."""
    figures, scale = _figures(book), _scale(book)
    rows = [
        Row(
            [Cell(name.capitalize() if name == BASE else name), Cell(strategy.capitalize()), *_cells(row, scale)],
            kind="head" if name == BASE else "plain",
            source="scenario_comparison",
        )
        for name in (BASE, *_names(book))
        for strategy in _strategies(book)
        if (row := figures.get((name, strategy))) is not None
    ]
    shown, more = cut(rows, MOST_ROWS)
    heads = [*MONEY.values(), *SHARES.values(), *COUNTS.values()]
    columns = [Column("Scenario", "left", "12%"), Column("Strategy", "left", "6%"), *(Column(name) for name in heads)]
    note = f"money in {book.value_unit(scale)}, whole horizon"
    return Listing("Side by side", columns, shown, note, "No scenario was planned.", more)


def _cells(row: Figures, scale: Scale) -> list[Cell]:
    money = [Cell(scale.write(row[name], NOTHING)) for name in MONEY]
    shares = [Cell(percent(row[name], 1, NOTHING)) for name in SHARES]
    return [*money, *shares, *(Cell(number(row[name], 0, NOTHING)) for name in COUNTS)]


def _causes(book: Book, scenario: str = "", strategy: str = "") -> Listing:
    """What each change brings, of one scenario or of all, by one strategy."""
    strategy = strategy or _shown_first(book)
    changes = records(book.frame("scenario_changes"))
    stated = {(row["scenario"], row["place"]): _change(book, row) for row in changes}
    effects = book.frame("scenario_effects")
    amounts = {
        (row["scenario"], row["place"], row["measure"]): row["amount"]
        for row in records(effects[effects["strategy"] == strategy])
    }
    shown = ("revenue", "contribution", "cash_flow", "total_cost", "hires", "overtime_hours")
    wanted = [scenario] if scenario else _names(book)
    places = [key for name in wanted for key in stated if key[0] == name]
    scale = scale_for([float(value) for key, value in amounts.items() if key[2] == "contribution"] or [0.0])
    rows = [
        Row(
            [
                *([] if scenario else [Cell(name)]),
                Cell(stated[name, place]),
                *(_effect(amounts.get((name, place, measure)), measure, scale) for measure in shown),
            ],
            source="scenario_effects.amount, scenario_changes",
        )
        for name, place in places
        if any((name, place, measure) in amounts for measure in shown)
    ]
    cut_rows, more = cut(rows, MOST_CAUSES)
    named = [{**MONEY, **COUNTS}[measure] for measure in shown]
    first = [] if scenario else [Column("Scenario", "left", "14%")]
    columns = [*first, Column("Change", "left", "34%"), *(Column(name) for name in named)]
    note = f"{strategy}, against base, one after another; money in {book.value_unit(scale)}"
    return Listing("What each change brings", columns, cut_rows, note, "Nothing to explain: this is base.", more)


def _change(book: Book, row: dict[str, Any]) -> str:
    """A change as people say it: ``capacity Tube lines -1, Jun ’27``; what is changed by how much is as written."""
    words = _MONTHS.sub("", str(row["change"]))
    subject, is_capacity = str(row["subject"]), row["measure"] == Measure.CAPACITY
    called = book.resource(subject, 40) if is_capacity else book.product(subject, 40)
    first, last = (None if missing(row[name]) else row[name] for name in ("month_from", "month_to"))
    if first and last:
        return f"{words.replace(subject, called, 1)}, {span_of(sorted({first, last}))}"
    since = [f"from {short_month(first, year=True)}"] if first else []
    until = [f"to {short_month(last, year=True)}"] if last else []
    return ", ".join([words.replace(subject, called, 1), *since, *until])


def _effect(value: Any, measure: str, scale: Scale) -> Cell:
    if value is None:
        return Cell(NOTHING)
    return Cell(scale.write(float(value)) if measure in MONEY else number(value))


# -- one at a time, on the screen --------------------------------------------------------------------------------------


def _choices(book: Book) -> list[Choices]:
    """The picker: a panel for each scenario and strategy that was planned."""
    figures = _figures(book)
    if not figures:
        return []
    names, strategies = [BASE, *_names(book)], _strategies(book)
    first = (names[1] if len(names) > 1 else BASE, _shown_first(book))
    panels = [
        Panel((scenario, strategy), _parts(book, scenario, strategy))
        for scenario in names
        for strategy in strategies
        if (scenario, strategy) in figures
    ]
    picked = first if first in figures else panels[0].values
    return [Choices((Choice("Scenario", names), Choice("Strategy", strategies)), panels, picked)]


def _parts(book: Book, scenario: str, strategy: str) -> list[Listing]:
    causes = [] if scenario == BASE else [_causes(book, scenario, strategy)]
    return [_against_base(book, scenario, strategy), *causes, _months(book, scenario, strategy)]


def _against_base(book: Book, scenario: str, strategy: str) -> Listing:
    figures, scale = _figures(book), _scale(book)
    before, after = figures.get((BASE, strategy)), figures[scenario, strategy]
    rows = [
        Row(
            [Cell(title), Cell(write(before, name)), Cell(write(after, name)), Cell(difference(name))],
            source="scenario_comparison",
        )
        for titles, write, difference in (
            (
                MONEY,
                lambda row, name: scale.write(row[name], NOTHING) if row else NOTHING,
                _money_gap(before, after, scale),
            ),
            (SHARES, lambda row, name: percent(row[name], 1, NOTHING) if row else NOTHING, _share_gap(before, after)),
            (COUNTS, lambda row, name: number(row[name], 0, NOTHING) if row else NOTHING, _count_gap(before, after)),
        )
        for name, title in titles.items()
    ]
    columns = [Column("", "left"), Column("Base"), Column(scenario), Column("Difference")]
    return Listing(f"{scenario}, {strategy}", columns, rows, f"money in {book.value_unit(scale)}, whole horizon")


def _money_gap(before: Figures | None, after: Figures, scale: Scale) -> Any:
    return lambda name: scale.write(_gap(before, after, name), NOTHING) if before else NOTHING


def _share_gap(before: Figures | None, after: Figures) -> Any:
    def told(name: str) -> str:
        gap = _gap(before, after, name) if before else None
        return NOTHING if gap is None else f"{points(gap, 1)} points"

    return told


def _count_gap(before: Figures | None, after: Figures) -> Any:
    return lambda name: number(_gap(before, after, name), 0, NOTHING) if before else NOTHING


def _months(book: Book, scenario: str, strategy: str) -> Listing:
    money = book.frame("scenario_money")
    own = money[(money["scenario"] == scenario) & (money["strategy"] == strategy)]
    months = sorted(own["month"].unique())[:MONTHS_SHOWN]
    lines = {name: by_month(own, name, months) for name in BY_MONTH}
    scale = scale_for([value for line in lines.values() for value in line] or [0.0])
    rows = [
        Row(
            [Cell(BY_MONTH[name]), *(Cell(scale.write(value, NOTHING)) for value in line)],
            source=f"scenario_money.{name}",
        )
        for name, line in lines.items()
    ]
    columns = [Column("", "left"), *(Column(month_of_year(month)) for month in months)]
    return Listing("By month", columns, rows, f"{book.value_unit(scale)}, first {len(months)} months")
