"""The operational plan of the company on one page: people, hours, output, storage, money and cash by month."""

from __future__ import annotations

from dataclasses import replace

from sop_pipeline.language.dates import month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural
from sop_pipeline.language.numbers import number
from sop_pipeline.language.scale import scale_for
from sop_pipeline.language.sentence import Sentence, say, strong, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.commitments import lines_of, monthly, sites
from sop_pipeline.packs.parts import plan_blocks as blocks
from sop_pipeline.packs.parts.page import Page
from sop_pipeline.packs.parts.plan_grid import Block, PlanLine, counted, line, most, plan_grid

_MOST_ROWS = 38
_CASH = ("revenue", "receive", "pay", "cash_flow", "cash_balance")


def operations(book: Book) -> Page:
    """Fill the page."""
    grid = [
        Block("People", _people(book)),
        Block("Machines and capacity", _capacity(book)),
        blocks.output(book),
        Block("Bought and kept", _bought(book)),
        blocks.spending(book),
        _cash(book),
    ]
    return Page(
        "operations",
        "Operational plan",
        f"plan: {book.chosen.strategy} · people, money and time by month, for {book.company.company}",
        sentences=[_who(book), _money(book)],
        body=plan_grid(book, "Month by month", grid, blocks.note(book), "Nothing is planned.", _MOST_ROWS),
    )


def operations_if_room(book: Book) -> Page:
    """The same page for the executive pack, in its PDF where the families leave room within fifteen pages."""
    families = min(len(book.families), book.company.packs.families_in_pdf)
    taken = 1 if len(book.frame("scenario_comparison")) else 0
    return replace(operations(book), in_pdf=families <= _ROOM - taken)


_ROOM = 5
"""Families in the PDF up to which the page fits: nine other pages, this one, fifteen in all; scenarios go before."""


# -- lines -------------------------------------------------------------------------------------------------------------


def _people(book: Book) -> list[PlanLine]:
    """Heads of each plant, and who comes and goes over all of them."""
    heads = lines_of(book, "employ")
    named = [site for site in sites(book) if site in set(heads["site_id"])]
    by_site = [line(book, f"Heads, {site}", heads[heads["site_id"] == site]) for site in named]
    rest = heads[heads["site_id"].isna()]
    return [
        *by_site,
        line(book, "Heads" if not by_site else "Heads without a site", rest),
        line(book, "Temporary heads", lines_of(book, "employ_temporary")),
        line(book, "Hires", lines_of(book, "hire")),
        line(book, "Layoffs", lines_of(book, "lay_off")),
    ]


def _capacity(book: Book) -> list[PlanLine]:
    """Hours of people and of machines against what there is; a company without resources has its capacity."""
    crews = set(lines_of(book, "employ")["item"])
    hours = lines_of(book, "regular_hours")
    staff, lines = hours[hours["item"].isin(crews)], hours[~hours["item"].isin(crews)]
    used = lines_of(book, "use_capacity")
    return [
        line(book, "Regular hours of people", staff),
        *most(book, "there are", staff),
        line(book, "Regular hours of machines", lines),
        *most(book, "there are", lines),
        line(book, "Overtime hours", lines_of(book, "overtime_hours")),
        line(book, counted("Capacity used", used), used),
        *most(book, "there is, overtime with it", used),
    ]


def _bought(book: Book) -> list[PlanLine]:
    store = lines_of(book, "store")
    bought = lines_of(book, "subcontract")
    return [
        line(book, counted("Subcontracted", bought), bought) if counted("", bought) else PlanLine("", []),
        line(book, counted("Storage used", store), store),
        *most(book, "there is", store),
    ]


def _cash(book: Book) -> Block:
    values = [monthly(lines_of(book, each), book.horizon) for each in _CASH]
    scale = blocks.money_scale(values)
    lines = [line(book, blocks.words(each), lines_of(book, each), scale=scale) for each in _CASH]
    paid = lines_of(book, "pay")
    return Block(
        f"Cash, {book.company.currency}", [*lines, *most(book, "there is to pay with: cash and receipts", paid, scale)]
    )


# -- sentences ---------------------------------------------------------------------------------------------------------


def _who(book: Book) -> Sentence:
    heads = lines_of(book, "employ")
    if heads.empty:
        return say("The company names no people as a resource, so the plan allots output and capacity, no heads.")
    values = [value for value in monthly(heads, book.horizon) if value is not None]
    hires, layoffs = (round(float(lines_of(book, commitment)["quantity"].sum())) for commitment in ("hire", "lay_off"))
    moves = " and ".join(
        plural(count, one) if count else f"no {one}s" for count, one in ((hires, "hire"), (layoffs, "layoff"))
    )
    return say(
        strong(f"{plural(round(values[0]), 'head')} in {month(book.horizon[0])}, {number(values[-1])} at the end"),
        f": {moves} over {plural(len(book.horizon), 'month')}.",
    )


def _money(book: Book) -> Sentence:
    """What is paid and what comes in over the next year, and the lowest month."""
    ahead = book.horizon[:12]
    flow = monthly(lines_of(book, "cash_flow"), ahead)
    known = [(value, each) for value, each in zip(flow, ahead, strict=True) if value is not None]
    if not known:
        return say("Nothing is priced, so the plan allots no money.") if not book.has_money else ()
    total, (low, when) = sum(value for value, _ in known), min(known)
    scale, currency = scale_for([total, low]), book.company.currency
    return say(
        f"Cash over the next {plural(len(known), 'month')} changes by ",
        toned(amount(total, scale, currency), total),
        f"; the weakest month is {month(when)} with {amount(low, scale, currency)}.",
    )
