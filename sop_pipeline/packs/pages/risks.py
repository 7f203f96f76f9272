"""What could move the numbers, what they take for granted, what is decided but not yet in them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.decisions import owner_words, taken_words
from sop_pipeline.language.english import ENGLISH
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.reconciliation import default_words
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong, tone_of, toned
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row, flagged, records
from sop_pipeline.packs.parts.carried import ENDED, carried, gone_assumption, gone_item, since
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.room import HALF, PAGE, fill, taken
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, words_of

_MOST_DECISIONS, _ITEMS_ROOM = 5, 60.0
_OF_THE_PLAN = (
    *("business_plan_families", "planned_by_family", "family_units", "schedule_overload", "features_unlimited"),
    *("resources_from_production", "resources_from_demand", "resources_without_history"),
)
"""Defaults that say what is planned, and within which limits: however few they fill, they are told first."""


def risks(book: Book) -> Page:
    """Fill the page."""
    decided, held = _open_decisions(book), (_assumptions(book), _defaults(book))
    rest = PAGE - taken(decided)
    items = fill(_items(book), max(_ITEMS_ROOM, rest - max(taken(part, HALF) for part in held)))
    return Page(
        "risks",
        "Risks, opportunities, assumptions",
        "effects over their months; weighted: probability × effect",
        sentences=[_net(book)],
        body=[items, Beside([fill(part, rest - taken(items), HALF) for part in held]), decided],
    )


# -- risks and opportunities -------------------------------------------------------------------------------------------


def _effect(book: Book) -> str:
    """The measure effects are told in: the first of margin, revenue and units that any item has."""
    data = book.frame("risks_opportunities")
    return next((column for column in ("margin", "revenue") if data[column].notna().any()), "units")


def _net(book: Book) -> Sentence:
    """What stands outside the numbers, weighted by probability; what is closed or over stands nowhere."""
    data, column = book.frame("risks_opportunities"), _effect(book)
    data = data.drop(flagged(data, "included").index)
    data = data[~data["item_id"].isin([key for key, row in carried(book).items() if row["status"] in ENDED])]
    if data.empty:
        return say("No risk or opportunity stands outside the numbers.")
    weighted = data[column].fillna(0.0) * data["probability"].fillna(1.0)
    down, up = float(weighted[weighted < 0].sum()), float(weighted[weighted > 0].sum())
    scale, currency = scale_for([down, up]), book.company.currency if column != "units" else ""
    risk, opportunity, net = (amount(value, scale, currency) for value in (down, up, down + up))
    return say(
        strong(f"{plural(len(data), 'item')} outside the numbers"),
        f": risks {risk} and opportunities {opportunity} of {column}, weighted; ",
        toned(f"net {net}", down + up),
        ".",
    )


def _items(book: Book) -> Listing:
    """Every risk and opportunity, the largest weighted effect first."""
    data, column = book.frame("risks_opportunities"), _effect(book)
    scale = scale_for(list(data[column]))
    data = data.assign(effect=data[column], weighted=data[column] * data["probability"].fillna(1.0))
    data = data.assign(size=data["weighted"].abs())
    data = data.sort_values(["size", "item_id"], ascending=[False, True], na_position="last")
    known, listed = carried(book), set(data["item_id"])
    rows = [_item_row(row, scale, since(book, known.get(row.item_id), scale)) for row in each_row(data)]
    rows += [gone_item(book, row, column, scale) for key, row in known.items() if key not in listed]
    unit = book.money_unit(scale) if column != "units" else scale.suffix or "units"
    columns = (
        Column("Risk or opportunity", "left", "31%"),
        Column("Family", "left", "10%"),
        Column("Chance", "right", "5%"),
        Column(f"{column.capitalize()} {unit}", "right", "7%"),
        Column("Weighted", "right", "6%"),
        Column("Months", "left", "11%"),
        Column("Trigger", "right", "8%"),
        Column("Counted", "left", "5%"),
        Column("Owner", "left", "17%"),
    )
    note = "largest weighted effect first; counted: in or out of the numbers"
    empty = "The company’s files name no risk and no opportunity."
    return Listing("Risks and opportunities", columns, rows, note, empty)


def _item_row(row: Any, scale: Scale, carried_on: str) -> Row:
    kind = "" if missing(row.kind) else f"{str(row.kind).capitalize()}: "
    tone = tone_of(row.effect)
    cells = (
        Cell(shortened(f"{kind}{row.description}", 120) + carried_on, title=str(row.item_id)),
        Cell(shortened(words_of(row.family), 40), "quiet"),
        Cell(percent(row.probability, 0, NOTHING)),
        Cell(scale.write(row.effect, NOTHING), tone),
        Cell(scale.write(row.weighted, NOTHING), tone),
        Cell(_span(row.month_from, row.month_to)),
        Cell(day(row.trigger_on)),
        Cell("out" if missing(row.included) or not row.included else "in"),
        Cell(shortened(words_of(row.owner), 60), "quiet"),
    )
    return Row(cells, source="risks_opportunities")


def _span(first: date | None, last: date | None) -> str:
    months = [short_month(each, year=True) for each in (first, last) if each is not None and not missing(each)]
    return " to ".join(dict.fromkeys(months)) or NOTHING


# -- assumptions and defaults ------------------------------------------------------------------------------------------


def _assumptions(book: Book) -> Listing:
    """What the company takes for granted, what changed since the last cycle first."""
    data, last = book.frame("assumptions"), book.last_cycle.month
    data = data.assign(fresh=[not missing(value) and value >= last for value in data["changed_on"]])
    data = data.sort_values(["fresh", "assumption_id"], ascending=[False, True])
    held = {row["assumption_id"]: row for row in records(book.frame("assumption_effects"))}
    known, scale, listed = carried(book, assumptions=True), scale_for([]), set(data["assumption_id"])
    rows = [
        _assumption_row(book, row, held.get(row.assumption_id), since(book, known.get(row.assumption_id), scale))
        for row in each_row(data)
    ]
    rows += [gone_assumption(book, row, scale) for key, row in known.items() if key not in listed]
    columns = (
        Column("Assumption", "left", "34%"),
        Column("Value", "left", "13%"),
        Column("In the numbers", "left", "15%"),
        Column("Owner", "left", "24%"),
        Column("Changed", "right", "14%"),
    )
    note = f"bold: changed since {short_month(last, year=True)}; would be: effect on the result over the horizon"
    return Listing("Assumptions", columns, rows, note, "The company’s files state no assumption.")


def _assumption_row(book: Book, row: Any, held: dict[str, Any] | None, carried_on: str) -> Row:
    cells = (
        Cell(shortened(row.text, 120) + carried_on, "strong" if row.fresh else "plain", title=str(row.assumption_id)),
        Cell(shortened(words_of(row.value), 40)),
        Cell("" if held is None else ENGLISH.say(f"assumption.{held['status']}", held, currency=book.company.currency)),
        Cell(shortened(words_of(row.owner), 60), "quiet"),
        Cell(day(row.changed_on)),
    )
    return Row(cells, source="assumptions")


def _defaults(book: Book) -> Listing:
    """What the pipeline took where the company's files say nothing; what the whole plan rests on first."""
    data = book.frame("defaults_used")
    data = data.assign(after=~data["default_id"].isin(_OF_THE_PLAN))
    data = data.sort_values(["after", "items", "default_id"], ascending=[True, False, True])
    rows = [_default_row(book, row) for row in records(data)]
    columns = (Column("Not given", "left", "34%"), Column("Taken instead", "left"), Column("Items", "right", "9%"))
    empty = "No default was needed: the company’s files give everything."
    return Listing("Defaults in use", columns, rows, "assumptions the pipeline made", empty)


def _default_row(book: Book, row: dict[str, Any]) -> Row:
    not_given, assumed = default_words(row, currency=book.company.currency)
    cells = (
        Cell(shortened(not_given, 90), title=str(row["default_id"])),
        Cell(shortened(assumed, 240), "quiet"),
        Cell(number(row["items"])),
    )
    return Row(cells, source="defaults_used")


# -- decisions not yet carried out ----------------------------------------------------------------------------------


def _open_decisions(book: Book) -> Listing:
    """Decisions of earlier cycles that are neither done nor dropped."""
    data = book.frame("decision_results")
    status = data["status"].fillna("open").astype(str).str.lower()
    data = data[~status.isin(("done", "dropped", "deferred"))]
    scale = scale_for(list(data["promised_value"]), ("k", ""))
    rows, left = cut([_decision_row(book, row, scale) for row in records(data)], _MOST_DECISIONS)
    columns = (
        Column("Decision", "left", "54%"),
        Column("Owner", "left", "20%"),
        Column("Due"),
        Column(f"Promised {book.money_unit(scale)}", "right", "16%"),
    )
    empty = "No earlier decision waits to be carried out."
    return Listing("Decided, still to be carried out", columns, rows, "margin promised", empty, left)


def _decision_row(book: Book, row: dict[str, Any], scale: Scale) -> Row:
    late = not missing(row["due"]) and row["due"] < book.cycle.cutoff
    cells = (
        Cell(shortened(taken_words(row), 90), title=str(row["decision_id"])),
        Cell(shortened(owner_words(row), 60), "quiet"),
        Cell(f"{day(row['due'])}, overdue", "worse") if late else Cell(day(row["due"])),
        Cell(scale.write(row["promised_value"], NOTHING)),
    )
    return Row(cells, source="decision_results")
