"""A page a plant: its working days, people, machines, output, materials and money by month, and who answers.

A company that names no site has one page, for all that it makes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, month, short_month
from sop_pipeline.language.names import listed, plural
from sop_pipeline.language.numbers import missing, number, percent
from sop_pipeline.language.sentence import Sentence, Span, say, strong
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.commitments import ANYWHERE, items_of, lines_of, monthly, sites
from sop_pipeline.packs.book.resources import FULL
from sop_pipeline.packs.parts import plan_blocks as blocks
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.plan_grid import plan_grid, rows_on_paper

_MOST_ROWS, _FEWEST_ORDERS, _MOST_ORDERS = 32, 4, 10
"""Rows that a page of paper holds; orders that stand on it however many lines there are, and however few."""
_EMPTY = "The plan has no line for this plant."


def plants(book: Book) -> list[Page]:
    """A page for every site, in order of the alphabet; one for all where the company names none, or a single one."""
    named = sites(book)
    if len(named) < 2:
        return [_page(book, ANYWHERE, named[0] if named else book.company.company, 1)]
    pages: list[tuple[str | None, str]] = [(site, site) for site in named]
    pages += [(None, "Without a site")] if _has_lines_without_site(book) else []
    return [_page(book, site, title, number) for number, (site, title) in enumerate(pages, start=1)]


def _has_lines_without_site(book: Book) -> bool:
    return not lines_of(book, "employ", "run", "use_capacity", "make", site=None).empty


def _page(book: Book, site: str | None, title: str, number: int) -> Page:
    grid = [
        blocks.days(book, site),
        *blocks.people(book, site),
        *blocks.machines(book, site),
        blocks.output(book, site),
        blocks.material_use(book, site),
        blocks.spending(book, site),
    ]
    free = _MOST_ROWS - rows_on_paper(grid)
    orders = [blocks.orders(book, site, min(max(_FEWEST_ORDERS, free), _MOST_ORDERS))] if _takes(book, site) else []
    room = _MOST_ROWS - sum(len(each.rows) for each in orders)
    return Page(
        f"plant-{number}",
        title,
        f"plan: {book.chosen.strategy} · people, hours, output, materials and money by month",
        sentences=[_people(book, site), _capacity(book, site), _calendar(book, site), _materials(book, site)],
        body=[
            *plan_grid(book, "Month by month", grid, blocks.note(book), _EMPTY, room),
            *orders,
        ],
    )


def _takes(book: Book, site: str | None) -> bool:
    return not lines_of(book, "take", site=site).empty


# -- sentences ---------------------------------------------------------------------------------------------------------


def _people(book: Book, site: str | None) -> Sentence:
    """Heads in the first and the largest month, who comes and goes, overtime."""
    heads = lines_of(book, "employ", "employ_temporary", site=site)
    if heads.empty:
        return say("The company names no people as a resource, so the plan allots output and capacity, no heads.")
    known = _known(heads, book.horizon)
    (first, start), (when, top) = known[0], max(known, key=lambda each: each[1])
    moves = [
        plural(round(float(rows["quantity"].sum())), one)
        for rows, one in (
            (lines_of(book, "hire", site=site), "hire"),
            (lines_of(book, "lay_off", site=site), "layoff"),
        )
        if not rows.empty
    ]
    hours = float(lines_of(book, "overtime_hours", site=site)["quantity"].sum())
    peak = f", {number(top)} with temporary heads in {month(when)}" if top > start else ""
    return say(
        strong(f"{plural(round(start), 'head')} in {month(first)}"),
        f"{peak}; over {plural(len(book.horizon), 'month')} {listed(moves) if moves else 'no hires or layoffs'}",
        f" and {plural(round(hours), 'hour')} of overtime." if hours >= 1 else " and no overtime.",
    )


def _known(rows: pd.DataFrame, months: Sequence[date]) -> list[tuple[date, float]]:
    values = zip(months, monthly(rows, months), strict=True)
    return [(each, value) for each, value in values if value is not None]


def _capacity(book: Book, site: str | None) -> Sentence:
    """The fullest resource of the plant in its fullest month, and how many months are beyond regular hours."""
    plan = book.frame("capacity_plan")
    here = items_of(lines_of(book, "regular_hours", "use_capacity", site=site))
    plan = plan[plan["resource_id"].isin(here) & plan["utilisation"].notna()]
    if plan.empty:
        return ()
    top = plan.sort_values(["utilisation", "month"], ascending=[False, True], kind="stable").iloc[0]
    over = plan[plan["utilisation"] > FULL]
    share = percent(top["utilisation"], 0)
    words = f"Fullest is {book.resource(top['resource_id'], 40)}, {share} of regular hours in {month(top['month'])}"
    if over.empty:
        return say(f"{words}; nothing works beyond its regular hours.")
    return say(f"{words}; ", Span(f"{plural(len(over), 'resource month')} beyond regular hours", "worse"), ".")


def _calendar(book: Book, site: str | None) -> Sentence:
    """Shutdowns, and machines that stand still."""
    days = lines_of(book, "work", site=site)
    shut = days[days["note"].notna()]
    told = [
        f"{note} in {listed([short_month(each, year=True) for each in sorted(rows['month'])])}"
        for note, rows in shut.groupby("note", sort=True)
    ]
    still = lines_of(book, "stand_still", site=site)
    told += [
        f"{book.resource(str(item), 30)} down in {listed([short_month(e, year=True) for e in sorted(rows['month'])])}"
        for item, rows in still.groupby("item", sort=True)
    ]
    return say(f"{'; '.join(told)}.") if told else ()


def _materials(book: Book, site: str | None) -> Sentence:
    """How many orders have to be placed in the first three months, the first day, and which are late."""
    plan, taken = book.frame("material_plan"), items_of(lines_of(book, "take", site=site))
    due = plan[(plan["order_quantity"] > 0) & plan["material_id"].isin(taken)]
    dated = due[[not missing(when) for when in due["order_by"]]]
    if dated.empty:
        return ()
    end = book.horizon[min(3, len(book.horizon) - 1)]
    soon = dated[[when < end for when in dated["order_by"]]]
    late = int(soon["late"].astype(bool).sum())
    told: list[str | Span] = [", ", Span(f"{late} of them late", "worse")] if late else []
    return say(
        f"{plural(len(soon), 'order')} of materials to place before {month(end)}, the first by "
        f"{day(min(dated['order_by']))}",
        *told,
        ".",
    )
