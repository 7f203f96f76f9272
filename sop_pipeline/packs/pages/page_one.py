"""Page 1: the month in one sentence, four key figures, at most three decisions, what changed.

Everything an executive needs who reads nothing else. Not here: the detail behind any of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, month_name
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import plural, shortened
from sop_pipeline.language.numbers import missing, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong
from sop_pipeline.meeting import meeting_day
from sop_pipeline.packs.charts.series import Band, Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import bridges
from sop_pipeline.packs.parts.book import Book, by_month, each_row, total
from sop_pipeline.packs.parts.compare import company_scale, gap_rows, key_figure, measured, reference_column
from sop_pipeline.packs.parts.page import Beside, Decision, Decisions, Figure, Option, Page, Tiles
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row
from sop_pipeline.packs.parts.tiles import tiles
from sop_pipeline.packs.parts.trust import trust

DECISIONS = 3
CHANGES = 5
_LONGEST = 300


def page_one(book: Book) -> Page:
    """Fill the first page."""
    shown = tiles(book)
    return Page(
        "one",
        "The month",
        headline=headline(book),
        mark=trust(book),
        body=[
            *([Tiles(shown)] if shown else []),
            Decisions(
                f"at the meeting of {_spoken(meeting_day(book.company, book.cycle))}",
                decisions(book),
                "No decision is put up this month: no option would change the plan.",
            ),
            Beside([replace(_by_month(book), wide=True), bridges.by_cause(book), _changes(book)], "bottom"),
        ],
        layout="first",
    )


# -- the sentence ------------------------------------------------------------------------------------------------------


def headline(book: Book) -> Sentence:
    """The month in one sentence: landing, comparison, largest cause, and the first date to decide by."""
    first = _money_landing(book) or _unit_landing(book)
    due = _first_date(book)
    decide: list[str | Span] = [" ", strong(f"Decide by {_spoken(due)}.")] if due else []
    return say(*first, *decide)


def _money_landing(book: Book) -> list[str | Span]:
    row = key_figure(book, "revenue")
    found = None if row is None else measured(book, row)
    if found is None:
        return []
    scale = company_scale(book)
    lands = f"{amount(found.latest, scale, book.company.currency)}"
    opening = f"Full-year {book.fiscal_year} revenue lands at "
    if found.gap is None or found.against is None:
        return [opening, strong(lands), "; there is nothing to compare it with yet."]
    side = "under" if found.gap < 0 else "over"
    finer = scale.finer([found.gap])
    gap = f"{amount(abs(found.gap), finer, book.company.currency)} {side} {found.against.name}"
    return [opening, strong(f"{lands}, {gap}"), *_largest_part(book, found.gap, found.against.column, finer), "."]


def _largest_part(book: Book, gap: float, column: str, scale: Scale) -> list[str | Span]:
    rows = gap_rows(book, book.months_of_year(book.fiscal_year))
    parts = (rows.groupby("family")["latest"].sum() - rows.groupby("family")[column].sum()).dropna()
    if len(parts) < 2 or not gap:
        return []
    family = str(parts.idxmin() if gap < 0 else parts.idxmax())
    return [f"; {shortened(family, 30)} is {amount(float(parts[family]), scale, book.company.currency)} of it"]


def _unit_landing(book: Book) -> list[str | Span]:
    plan = book.frame("demand_plan")
    ahead = book.horizon[:12]
    found = total(plan[plan["month"].isin(ahead)], "quantity")
    unit = book.unit()
    if found is None or not unit.agrees:
        return [
            f"{plural(len(book.families), 'family', 'families')} planned over {len(book.horizon)} months; "
            "their units differ and nothing is priced, so there is no total to state."
        ]
    scale = scale_for([found])
    words = f"{scale.write(found)}{scale.suffix} {unit.name}"
    opening = f"Demand for the next {len(ahead)} months is "
    rows = gap_rows(book, ahead, "units")
    column = reference_column(rows)
    paired = rows[rows[column].notna() & rows["latest"].notna()] if column else rows.iloc[:0]
    before = total(paired, column) if column else None
    if column is None or not before:
        return [opening, strong(words), "; there is nothing to compare it with yet."]
    share = float(paired["latest"].sum()) / before - 1
    names = {"business_plan": "the business plan", "last_plan": f"{book.previous_name}’s plan"}
    side = "under" if share < 0 else "over"
    same = names.get(column, "the same months a year before")
    months = paired["month"].nunique()
    only = "" if months == len(ahead) else f" in the {plural(months, 'month')} that have one"
    return [opening, strong(f"{words}, {percent(abs(share))} {side} {same}{only}"), "."]


# -- decisions ---------------------------------------------------------------------------------------------------------


def decisions(book: Book) -> list[Decision]:
    """At most three decisions, the most important first."""
    wanted = book.frame("decisions_wanted")
    ranked = wanted.sort_values(["rank", "decision_id", "option"], kind="stable")
    groups = [group for _, group in ranked.groupby(["rank", "decision_id"], sort=True)]
    return [_decision(book, group) for group in groups[:DECISIONS]]


def _decision(book: Book, group: pd.DataFrame) -> Decision:
    first = group.iloc[0]
    scale = scale_for(list(group["effect"]))
    options = [
        Option(
            letter=row.option,
            text=shortened(row.option_text, _LONGEST),
            effect="" if missing(row.effect) else amount(row.effect, scale, book.company.currency),
            recommended=bool(row.recommended),
        )
        for row in each_row(group)
    ]
    best = group[group["recommended"].fillna(False).astype(bool)]
    last = first["last_safe_date"]
    return Decision(
        question=shortened(first["question"], _LONGEST),
        context=shortened(first["context"], _LONGEST),
        options=options,
        recommended=str(best.iloc[0]["option"]) if len(best) else "",
        why=shortened(best.iloc[0]["why"], _LONGEST) if len(best) and not missing(best.iloc[0]["why"]) else "",
        last_safe=day(last),
        urgency=_urgency(book, last),
        owner="" if missing(first["owner"]) else shortened(first["owner"], 40),
    )


def _urgency(book: Book, last: date | None) -> str:
    if last is None or missing(last):
        return ""
    left = (last - meeting_day(book.company, book.cycle)).days
    if left < 0:
        return f"{plural(-left, 'day')} before the meeting"
    if left == 0:
        return "the day of the meeting"
    return f"{plural(left, 'day')} after the meeting" if left <= 14 else ""


def _first_date(book: Book) -> date | None:
    wanted = book.frame("decisions_wanted")
    ranks = sorted(wanted["rank"].unique())[:DECISIONS]
    dates = [value for value in wanted[wanted["rank"].isin(ranks)]["last_safe_date"] if not missing(value)]
    return min(dates, default=None)


def _spoken(value: date) -> str:
    return f"{value.day} {month_name(value)}"


# -- charts and changes ------------------------------------------------------------------------------------------------


def _by_month(book: Book) -> Figure:
    months = [*book.past(12), *book.horizon[:18]]
    now = 12
    if book.has_money:
        money = book.frame("financial_plan")
        actual = by_month(money[money["basis"] == "actual"], "revenue", months)
        plan = by_month(money[money["basis"] == "plan"], "revenue", months)
        what, unit = "Revenue by month", book.money_sign
    else:
        actual = by_month(book.frame("demand_history"), "quantity", months)
        plan = by_month(book.frame("demand_plan"), "quantity", months)
        what, unit = "Demand by month", book.unit().name
    if not (book.has_money or book.unit().agrees):
        return Figure("course", what, "", None, "Units differ between families and nothing is priced: see their pages.")
    business = by_month(gap_rows(book, months), "business_plan", months)
    scale = scale_for([*actual, *plan])
    lines = [Line("Business plan", "business", business), Line("Actual", "actual", actual), Line("Plan", "plan", plan)]
    lines = [Line("" if line.name == "Actual" else line.name, line.role, line.values) for line in lines]
    chart = timeline(
        [lines[0], Line("Actual", "actual", actual), lines[2]],
        months,
        words=f"{what}: {scale.write(plan[now])}{scale.suffix} {unit} planned for the cycle month.",
        band=_range(book, months, plan),
        now=now,
        scale=scale,
        size=(390, 140),
    )
    named = f"{unit.strip()}{scale.suffix}" if book.has_money else f"{scale.suffix} {unit}".strip()
    note = f"{named} · actual to {month_name(months[now - 1])}, plan with P10 to P90 of demand"
    return Figure("course", what, note, chart, "No month has a value.")


def _range(book: Book, months: list[date], plan: Sequence[float | None]) -> Band | None:
    """The range of the company's demand, carried over to what is drawn: same share above and below."""
    demand = book.frame("demand_range")
    rows = demand[demand["level"] == "company"]
    if rows.empty:
        return None
    mean, low, high = (by_month(rows, column, months) for column in ("mean", "p10", "p90"))
    return Band(_carried(plan, low, mean), _carried(plan, high, mean))


def _carried(
    plan: Sequence[float | None], edge: Sequence[float | None], mean: Sequence[float | None]
) -> list[float | None]:
    return [
        value * limit / middle if value is not None and limit is not None and middle else None
        for value, limit, middle in zip(plan, edge, mean, strict=True)
    ]


def _changes(book: Book) -> Listing:
    changes = book.frame("plan_changes")
    by_money = len(changes) > 0 and changes["revenue_change"].notna().any()
    column = "revenue_change" if by_money else "demand_change"
    ranked = changes.assign(size=changes[column].abs()).sort_values(["size", "product_id"], ascending=[False, True])
    top = ranked[ranked["size"] > 0].head(CHANGES)
    scale = scale_for(list(top[column]))
    unit = f"{book.money_sign.strip()}{scale.suffix}" if by_money else f"{scale.suffix} units".strip()
    rows = [
        Row(
            (
                Cell(book.product(row["product_id"], 30), "strong", title=str(row["product_id"])),
                Cell(scale.write(row[column]), "better" if row[column] > 0 else "worse"),
                Cell(shortened(row["cause"], 74), "quiet"),
            ),
            source=f"plan_changes.{column}",
        )
        for _, row in top.iterrows()
    ]
    rest = ranked.iloc[len(top) :][column].sum() if len(ranked) > len(top) else 0.0
    note = f"{unit} over the months both cycles plan"
    if len(ranked) > len(top):
        note += f"; {plural(len(ranked) - len(top), 'other')} {scale.write(float(rest))}"
    empty = (
        "No product’s plan changed since the last cycle."
        if book.has_last_cycle
        else "This is the first cycle: there is no plan before it to compare with."
    )
    columns = (Column("Product", "left", "29%"), Column(unit, "right", "15%"), Column("Largest cause", "left"))
    return Listing("Largest changes since last cycle", columns, rows, note if rows else "", empty)
