"""Page 8: what could move the numbers, what they take for granted, what is decided but not yet in them."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Tone, say, strong, tone_of, toned
from sop_pipeline.packs.parts.book import Book, each_row
from sop_pipeline.packs.parts.page import Beside, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 9


def risks(book: Book) -> Page:
    """Fill the page."""
    return Page(
        "risks",
        "Risks, opportunities, assumptions",
        "effects over their months; weighted: probability × effect",
        sentences=[_weighed(book)],
        body=[
            _items(book),
            Beside([_assumptions(book), _defaults(book)]),
            _open(book),
        ],
    )


def _effect(book: Book) -> str:
    data = book.frame("risks_opportunities")
    for column in ("margin", "revenue", "units"):
        if len(data) and data[column].notna().any():
            return column
    return "units"


def _outside(data: pd.DataFrame) -> pd.DataFrame:
    return data[~data["included"].fillna(False).astype(bool)]


def _weighed(book: Book) -> Sentence:
    data, column = _outside(book.frame("risks_opportunities")), _effect(book)
    if data.empty:
        return say("No risk or opportunity stands outside the numbers.")
    weighted = data[column].fillna(0.0) * data["probability"].fillna(0.0)
    down, up = float(weighted[weighted < 0].sum()), float(weighted[weighted > 0].sum())
    scale = scale_for([down, up])
    sign = book.company.currency if column != "units" else ""
    net = down + up
    return say(
        strong(f"{plural(len(data), 'item')} outside the numbers"),
        f": risks {amount(down, scale, sign)} and opportunities {amount(up, scale, sign)} of {column}, weighted; ",
        toned(f"net {amount(net, scale, sign)}", net),
        ".",
    )


def _items(book: Book) -> Listing:
    data, column = book.frame("risks_opportunities"), _effect(book)
    scale = scale_for(list(data[column]) if len(data) else [])
    weighted = data[column] * data["probability"].fillna(1.0)
    ordered = data.assign(weighted=weighted, size=weighted.abs())
    ordered = ordered.sort_values(["size", "item_id"], ascending=[False, True], na_position="last")
    rows = [_item(row, column, scale) for _, row in ordered.iterrows()]
    shown, left = cut(rows, _MOST)
    sign = book.money_sign.strip() if column != "units" else ""
    unit = f"{sign}{scale.suffix}" or "units"
    columns = (
        Column("Risk or opportunity", "left", "29%"),
        Column("Family", "left", "11%"),
        Column("Chance", "right", "6%"),
        Column(f"{column.capitalize()} {unit}", "right", "9%"),
        Column("Weighted", "right", "7%"),
        Column("Months", "left", "12%"),
        Column("Trigger", "right", "8%"),
        Column("Counted", "left", "6%"),
        Column("Owner", "left", "12%"),
    )
    return Listing(
        "Risks and opportunities",
        columns,
        shown,
        "largest weighted effect first; counted: in or out of the numbers",
        _NO_ITEMS,
        left,
    )


_NO_ITEMS = "The company’s files name no risk and no opportunity."


def _item(row: pd.Series, column: str, scale: Scale) -> Row:
    write = scale.write
    value = row[column]
    kind = "" if missing(row["kind"]) else f"{str(row['kind']).capitalize()}: "
    tone = tone_of(value)
    return Row(
        (
            Cell(shortened(f"{kind}{row['description']}", 74), title=str(row["item_id"])),
            Cell(shortened(_text(row["family"]), 18), "quiet"),
            Cell(percent(row["probability"], 0, NOTHING)),
            Cell(write(value, NOTHING), tone),
            Cell(write(row["weighted"], NOTHING), tone),
            Cell(_span(row)),
            Cell(NOTHING if missing(row["trigger_on"]) else day(row["trigger_on"])),
            Cell("in" if bool(row["included"]) and not missing(row["included"]) else "out"),
            Cell(shortened(_text(row["owner"]), 26), "quiet"),
        ),
        source="risks_opportunities",
    )


def _span(row: pd.Series) -> str:
    parts = [short_month(row[name], year=True) for name in ("month_from", "month_to") if not missing(row[name])]
    return NOTHING if not parts else parts[0] if len(set(parts)) == 1 else f"{parts[0]} to {parts[-1]}"


def _text(value: object) -> str:
    return "" if missing(value) else str(value)


def _assumptions(book: Book) -> Listing:
    data = book.frame("assumptions")
    since = book.last_cycle.month
    fresh = data["changed_on"].map(lambda value: not missing(value) and value >= since)
    ordered = data.assign(fresh=fresh.astype(bool) if len(data) else False)
    ordered = ordered.sort_values(["fresh", "assumption_id"], ascending=[False, True])
    rows = [
        Row(
            (
                Cell(
                    shortened(row["text"], 70), "strong" if row["fresh"] else "plain", title=str(row["assumption_id"])
                ),
                Cell(shortened(_text(row["value"]), 22)),
                Cell(shortened(_text(row["owner"]), 26), "quiet"),
                Cell(NOTHING if missing(row["changed_on"]) else day(row["changed_on"])),
            ),
            source="assumptions",
        )
        for _, row in ordered.iterrows()
    ]
    shown, left = cut(rows, _MOST - 2)
    columns = (
        Column("Assumption", "left", "43%"),
        Column("Value", "left", "18%"),
        Column("Owner", "left", "23%"),
        Column("Changed"),
    )
    note = f"bold: changed since {short_month(since, year=True)}"
    return Listing("Assumptions", columns, shown, note, "The company’s files state no assumption.", left)


def _defaults(book: Book) -> Listing:
    data = book.frame("defaults_used").sort_values(["items", "default_id"], ascending=[False, True])
    rows = [
        Row(
            (
                Cell(shortened(row.missing, 60), title=str(row.default_id)),
                Cell(shortened(row.assumed, 110), "quiet"),
                Cell(number(row._asdict()["items"])),
            ),
            source="defaults_used",
        )
        for row in each_row(data)
    ]
    shown, left = cut(rows, _MOST - 2)
    columns = (Column("Not given", "left", "34%"), Column("Taken instead", "left"), Column("Items", "right", "9%"))
    note = "assumptions the pipeline made"
    return Listing(
        "Defaults in use", columns, shown, note, "No default was needed: the company’s files give everything.", left
    )


def _open(book: Book) -> Listing:
    data = book.frame("decisions")
    status = data["status"].fillna("open").astype(str).str.lower() if len(data) else data["status"]
    waiting = data[~status.isin(("done", "dropped"))] if len(data) else data
    scale = scale_for(list(waiting["promised_value"]), ("k", ""))
    rows = [
        Row(
            (
                Cell(shortened(f"{row.question} {_text(row.chosen)}", 90), title=str(row.decision_id)),
                Cell(shortened(_text(row.owner), 18), "quiet"),
                Cell(*_due(book, row.due)),
                Cell(scale.write(row.promised_value, NOTHING)),
            ),
            source="decisions",
        )
        for row in each_row(waiting)
    ]
    shown, left = cut(rows, 5)
    columns = (
        Column("Decision", "left", "54%"),
        Column("Owner", "left"),
        Column("Due"),
        Column(f"Promised {book.money_sign.strip()}{scale.suffix}", "right", "16%"),
    )
    empty = "No earlier decision waits to be carried out."
    return Listing("Decided, not yet in the numbers", columns, shown, "margin promised", empty, left)


def _due(book: Book, due: date | None) -> tuple[str, Tone]:
    if due is None or missing(due):
        return NOTHING, "plain"
    late = due < book.cycle.cutoff
    return (f"{day(due)}, overdue" if late else day(due)), "worse" if late else "plain"
