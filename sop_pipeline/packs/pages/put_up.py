"""What the reconciliation puts up to the executives: decisions, what closes the gap of each year, goals by plan."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import tone_of
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row, records
from sop_pipeline.packs.book.strategies import in_order
from sop_pipeline.packs.parts import told
from sop_pipeline.packs.parts.decisions import decisions
from sop_pipeline.packs.parts.goals import SHARES, goals
from sop_pipeline.packs.parts.landing import to_close
from sop_pipeline.packs.parts.levers import levers, levers_sentence
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST_CHANCES = 6


def put_up(book: Book) -> Page:
    """Fill the page."""
    return Page(
        "decisions",
        "What is put up",
        "to the executives: decisions, the gap, goals",
        sentences=[goals(book), to_close(book), levers_sentence(book)],
        body=[decisions(book), Beside([_gap(book), _goals(book)]), levers(book)],
    )


# -- the gap -----------------------------------------------------------------------------------------------------------


def _gap(book: Book) -> Listing:
    """Each year's gap of margin to the business plan, what would close it, and what stays open; every column foots."""
    title, note = "What closes the gap", "margin against the business plan; chances weighted by probability"
    gaps, closing = _margin_gaps(book), book.frame("gap_closing")
    if not gaps:
        return Listing(title, (), (), note, "No year's margin has a business plan to fall short of.")
    data = closing[closing["fiscal_year"].isin(list(gaps))]
    amounts = data.pivot_table(index="subject", columns="fiscal_year", values="amount", aggfunc="sum").astype(float)
    amounts = amounts.reindex(columns=list(gaps)).fillna(0.0)
    left = {year: gap + float(amounts[year].sum()) for year, gap in gaps.items()}
    scale = scale_for([*gaps.values(), *left.values()])
    ranked = amounts.assign(size=amounts.abs().sum(axis=1)).sort_values("size", ascending=False, kind="stable")
    names = {**_descriptions(book), **_questions(book)}
    lines = [
        _line(shortened(names.get(str(subject), str(subject)), 120), [float(row[year]) for year in gaps], scale)
        for subject, row in ranked.iterrows()
    ]
    shown, unseen = cut(lines, _MOST_CHANCES)
    rows = [
        _line("Gap", list(gaps.values()), scale, source="key_figures.latest less business_plan"),
        *shown,
        _line(
            "Stays open",
            list(left.values()),
            scale,
            "key_figures.latest less business_plan, gap_closing.amount",
            total=True,
        ),
    ]
    columns = (Column("", "left"), *(Column(f"{year} {book.money_unit(scale)}", "right", "18%") for year in gaps))
    return Listing(title, columns, rows, note, "", unseen)


def _margin_gaps(book: Book) -> dict[int, float]:
    """Fiscal year to latest margin less the business plan's."""
    rows = book.frame("key_figures")
    rows = rows[(rows["measure"] == "margin") & rows["latest"].notna() & rows["business_plan"].notna()]
    return {int(row.fiscal_year): float(row.latest) - float(row.business_plan) for row in each_row(rows)}


def _line(
    name: str, values: list[float], scale: Scale, source: str = "gap_closing.amount", *, total: bool = False
) -> Row:
    cells = [Cell(name), *(Cell(scale.write(value), tone_of(value)) for value in values)]
    return Row(cells, "total" if total else "plain", source=source)


def _questions(book: Book) -> dict[str, str]:
    wanted = book.frame("decisions_wanted")
    grouped = wanted.groupby("decision_id", sort=True)
    return {str(name): told.decision(book, records(rows)).question for name, rows in grouped}


def _descriptions(book: Book) -> dict[str, str]:
    return {row.item_id: row.description for row in each_row(book.frame("risks_opportunities"))}


# -- goals -------------------------------------------------------------------------------------------------------------


def _goals(book: Book) -> Listing:
    """Every goal of the company against every plan of the chosen scenario."""
    rows = book.frame("goal_results")
    rows = rows[rows["scenario"] == book.chosen.scenario]
    names = in_order(rows["strategy"])
    columns = (
        Column("Goal", "left", "34%"),
        Column("Wanted", "right"),
        *(Column(str(name).capitalize(), "right") for name in names),
    )
    lines = [_goal(book, group, names) for _, group in rows.groupby("goal", sort=True)]
    empty = "The company states no goals: they are `goals` in sop.yaml."
    return Listing("Goals by plan", columns, lines, "what each plan reaches; red where it misses", empty)


def _goal(book: Book, group: pd.DataFrame, names: list[str]) -> Row:
    first = next(each_row(group))
    by_plan = {row.strategy: row for row in each_row(group)}
    name = f"{ENGLISH.say(f'goal.{first.measure}', {})}, {first.months} months"
    bounds = (("at least ", first.at_least), ("at most ", first.at_most))
    wanted = ", ".join(f"{word}{_written(first.measure, value)}" for word, value in bounds if not missing(value))
    return Row(
        (Cell(name, "strong"), Cell(wanted), *(_reached(by_plan.get(each)) for each in names)),
        source="goal_results.value, at_least, at_most",
    )


def _reached(row: Any) -> Cell:
    if row is None or missing(row.value):
        return Cell(NOTHING)
    return Cell(_written(row.measure, row.value), "plain" if missing(row.met) or row.met else "worse")


def _written(measure: str, value: Any) -> str:
    if measure in SHARES:
        return percent(value)
    scale = scale_for([float(value)])
    return f"{scale.write(value)}{scale.suffix}" if abs(value) >= 1000 else number(value)
