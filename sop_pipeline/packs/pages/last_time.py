"""Page 2: what was decided and came of it, how well plans were kept, the gap and what closes it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong, tone_of, toned
from sop_pipeline.packs.charts.bars import month_bars
from sop_pipeline.packs.parts import bridges
from sop_pipeline.packs.parts.book import Book, by_month, each_row
from sop_pipeline.packs.parts.compare import Yardstick, gap_rows, measure, reference_column, yardsticks
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, RowKind, cut, shade

_WORSE_THAN = (0.05, 0.10, 0.20, 0.35)
_MEASURES = ("sales", "production", "inventory")
_MOST_DECISIONS, _MOST_FAMILIES = 5, 8


def last_time(book: Book) -> Page:
    """Fill the page."""
    return Page(
        "gap",
        "Last time, and the gap",
        _meta(book),
        sentences=[_attained(book), _to_close(book)],
        body=[
            _earlier(book),
            Beside([_attainment(book), _landing(book)]),
            Beside([_months(book), bridges.by_family(book, size=(500, 172))]),
        ],
    )


def _meta(book: Book) -> str:
    column = reference_column(gap_rows(book, book.months_of_year(book.fiscal_year)))
    against = next((each.name for each in yardsticks(book) if each.column == column), "")
    return f"fiscal year {book.fiscal_year}" + (f" against {against}" if against else "")


# -- earlier decisions -------------------------------------------------------------------------------------------------


def _earlier(book: Book) -> Listing:
    data = book.frame("decisions")
    known = data.assign(order=data["cycle"].fillna("")).sort_values(["order", "decision_id"], ascending=[False, True])
    scale = scale_for([*data["promised_value"], *data["realised_value"]], ("k", ""))
    rows = [_earlier_row(book, row, scale) for _, row in known.iterrows()]
    shown, left = cut(rows, _MOST_DECISIONS)
    unit = f"{book.money_sign.strip()}{scale.suffix}"
    columns = (
        Column("Decision", "left", "36%"),
        Column("Owner, due", "left", "23%"),
        Column("Status", "left", "10%"),
        Column(f"Promised {unit}"),
        Column(f"Realised {unit}"),
        Column("Difference"),
    )
    return Listing("Earlier decisions", columns, shown, "margin promised against realised", _none(book), left)


def _none(book: Book) -> str:
    return "The company’s files name no earlier decision, so there is nothing to follow up."


def _earlier_row(book: Book, row: pd.Series, scale: Scale) -> Row:
    promised, realised = row["promised_value"], row["realised_value"]
    difference = None if missing(promised) or missing(realised) else float(realised) - float(promised)
    write = scale.write
    due = "" if missing(row["due"]) else day(row["due"])
    owner = ", ".join(part for part in (shortened(_words(row["owner"]), 26), due) if part)
    status = _words(row["status"])
    late = status != "done" and not missing(row["due"]) and row["due"] < book.cycle.cutoff
    return Row(
        (
            Cell(shortened(f"{_words(row['question'])} {_words(row['chosen'])}", 90), title=str(row["decision_id"])),
            Cell(owner, "quiet"),
            Cell(f"{status}, overdue" if late else status, "worse" if late else "plain"),
            Cell(write(promised, NOTHING)),
            Cell(write(realised, NOTHING)),
            Cell(write(difference, NOTHING), tone_of(difference)),
        ),
        source="decisions",
    )


def _words(value: object) -> str:
    return "" if missing(value) else str(value)


# -- attainment --------------------------------------------------------------------------------------------------------


def _attained(book: Book) -> Sentence:
    data = book.frame("plan_attainment")
    if data.empty:
        return say("Plan attainment starts with the second cycle: no earlier plan has met its actuals yet.")
    last = max(data["month"])
    parts = []
    for measure_name in _MEASURES:
        rows = data[(data["measure"] == measure_name) & (data["month"] == last)]
        plan = float(rows["plan"].sum())
        if plan > 0:
            off = float((rows["actual"] - rows["plan"]).abs().sum()) / plan
            parts.append(f"{measure_name} {percent(max(0.0, 1 - off))}")
    worst = data[(data["month"] == last) & data["attainment"].notna()].sort_values(["attainment", "family", "measure"])
    words = say(
        f"In {short_month(last, year=True)} plans were kept to ", strong(", ".join(parts)), " (weighted by plan)"
    )
    if worst.empty:
        return (*words, *say("."))
    low = worst.iloc[0]
    return (
        *words,
        *say(
            f"; furthest off was {low['measure']} of {shortened(low['family'], 30)} at {percent(low['attainment'])}: "
            f"{number(low['actual'])} against {number(low['plan'])} planned."
        ),
    )


def _attainment(book: Book) -> Listing:
    data = book.frame("plan_attainment")
    months = sorted(data["month"].unique())[-6:] if len(data) else []
    title, note = "Plan attainment", "1 − |actual − plan| / plan of the cycle before; darker is further off"
    if not months:
        why = (
            "No actuals have met an earlier plan yet: attainment appears from the second cycle on."
            if not book.has_last_cycle
            else "The cycle before planned no month that has ended."
        )
        return Listing(title, (), (), note, why)
    columns = [Column("Family", "left", "24%")]
    columns += [Column(short_month(each), "center", group=name.capitalize()) for name in _MEASURES for each in months]
    cells = {(row.family, row.measure, row.month): row.attainment for row in each_row(data)}
    rows = []
    for family in sorted(data["family"].unique()):
        line = [Cell(shortened(family, 24), title=str(family))]
        line += [_kept(cells.get((family, name, each))) for name in _MEASURES for each in months]
        rows.append(Row(line, source="plan_attainment.attainment"))
    shown, left = cut(rows, _MOST_FAMILIES)
    return Listing(title, columns, shown, note, "", left, kind="heat")


def _kept(share: float | None) -> Cell:
    if share is None or missing(share):
        return Cell(NOTHING, "quiet")
    return Cell(percent(share, 0), shade=shade(1 - share, _WORSE_THAN), hot=True)


# -- the gap -----------------------------------------------------------------------------------------------------------


def _months(book: Book) -> Figure:
    months = book.months_of_year(book.fiscal_year)
    rows = gap_rows(book, months)
    column = reference_column(rows)
    title = "Gap by month"
    if column is None:
        return Figure(
            "gap-months", title, "", None, "Nothing to compare with: no business plan, no last cycle, no year before."
        )
    if not (book.has_money or book.unit().agrees):
        return Figure("gap-months", title, "", None, "Units differ between families and nothing is priced.")
    paired = rows[rows[column].notna() & rows["latest"].notna()]
    change = paired.assign(change=paired["latest"] - paired[column])
    amounts = by_month(change, "change", months)
    scale = scale_for(amounts)
    now = sum(1 for each in months if each < book.cycle.month)
    name = next(each.name for each in yardsticks(book) if each.column == column)
    unit = (
        f"{book.money_sign.strip()}{scale.suffix}" if book.has_money else f"{scale.suffix} {book.unit().name}".strip()
    )
    chart = month_bars(amounts, months, words=f"{title} against {name}, {unit}.", now=now, scale=scale, size=(500, 172))
    what = measure(book)
    return Figure("gap-months", title, f"{what} against {name}, {unit}; planned months lighter", chart)


def _landing(book: Book) -> Listing:
    months = book.months_of_year(book.fiscal_year)
    rows = gap_rows(book, months)
    kept = [each for each in yardsticks(book) if len(rows) and rows[each.column].notna().any()]
    columns_of = ["latest", *(each.column for each in kept)]
    total = rows.groupby("family")[columns_of].sum(min_count=1) if len(rows) else pd.DataFrame(columns=columns_of)
    gaps = [value for each in kept for value in total["latest"] - total[each.column]]
    scale = scale_for(list(total["latest"]) if len(total) else [])
    scale = Scale(scale.divisor, scale.suffix, min(2, scale.finer(gaps).places))
    unit = f"{book.money_sign.strip()}{scale.suffix}" if book.has_money else f"{scale.suffix} units".strip()
    columns = [Column("Family", "left", "20%"), Column("Latest view")]
    for each in kept:
        title = {"business_plan": "Business plan", "last_year": "Last year"}.get(each.column, each.name)
        columns += [Column(name, group=title) for name in ("Value", "Gap", "%")]
    ordered = total.assign(size=(total["latest"] - total[kept[0].column]).abs()) if kept and len(total) else total
    ordered = ordered.sort_values("size" if "size" in ordered else "latest", ascending=False, kind="stable")
    listed = [_landing_row(str(name), row, kept, scale) for name, row in ordered.iterrows()]
    shown, left = cut(listed, _MOST_FAMILIES)
    if len(total) and (book.has_money or book.unit().agrees):
        whole = total[columns_of].sum(min_count=1)
        shown = [*shown, _landing_row("Company", whole, kept, scale, "total")]
    note = f"{measure(book)}, {unit}, {book.fiscal_year}"
    empty = "No family has a figure for this fiscal year."
    return Listing("Full-year landing", columns, shown, note, empty, left)


def _landing_row(name: str, row: pd.Series, kept: Sequence[Yardstick], scale: Scale, kind: RowKind = "plain") -> Row:
    write = scale.write
    cells = [Cell(shortened(name, 28), title=name), Cell(write(row["latest"], NOTHING))]
    for each in kept:
        before = row[each.column]
        change = None if missing(before) or missing(row["latest"]) else float(row["latest"]) - float(before)
        share = None if change is None or not before else change / float(before)
        tone = tone_of(change)
        cells += [
            Cell(write(before, NOTHING)),
            Cell(write(change, NOTHING), tone),
            Cell(percent(share, 1, NOTHING), tone),
        ]
    return Row(cells, kind=kind, source=f"plan_gap.{name}")


def _to_close(book: Book) -> Sentence:
    """What would close the gap: recommended decisions and opportunities not yet in the numbers, in margin."""
    if not book.has_money:
        return ()
    gap = gap_rows(book, book.months_of_year(book.fiscal_year), "margin")
    paired = gap[gap["business_plan"].notna() & gap["latest"].notna()]
    if paired.empty:
        return ()
    short = float(paired["latest"].sum() - paired["business_plan"].sum())
    wanted = book.frame("decisions_wanted")
    best = wanted[wanted["recommended"].fillna(False).astype(bool)]["effect"].sum()
    items = book.frame("risks_opportunities")
    outside = items[~items["included"].fillna(False).astype(bool)]
    weighted = float((outside["margin"] * outside["probability"]).sum())
    scale = scale_for([short, float(best), weighted])
    write = lambda value: amount(value, scale, book.company.currency)  # noqa: E731
    return say(
        "The full-year margin is ",
        toned(f"{write(short)} against the business plan", short),
        f". To close it: recommended decisions {write(float(best))} over the horizon; risks and opportunities outside "
        f"the numbers, weighted by probability, {write(weighted)}.",
    )
