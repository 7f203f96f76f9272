"""Page 6: how full every resource is, what an hour more is worth, and by when to decide."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.cycle import add_months
from sop_pipeline.packs.charts.timeline import Line, timeline
from sop_pipeline.packs.content.book import Book, by_month, each_row
from sop_pipeline.packs.content.parts import Cell, Column, Figure, Listing, Page, Row, cut, shade
from sop_pipeline.packs.content.wording import (
    NOTHING,
    Sentence,
    Span,
    day,
    missing,
    month,
    number,
    percent,
    plural,
    say,
    scale_for,
    short_month,
    shortened,
    strong,
)

_LIMITS = (0.70, 0.80, 0.90, 0.97, 1.005)
_MOST_RESOURCES, _MOST_PRICES, _MOST_SHORTFALLS, _DRAWN = 12, 8, 7, 3


def capacity(book: Book) -> Page:
    """Fill the page."""
    strategy, scenario = book.chosen
    return Page(
        "capacity",
        "Capacity",
        f"plan: {strategy}, scenario {scenario} · share of regular hours or of the limit",
        sentences=[_fullest(book)],
        figures={f"load{n}": figure for n, figure in enumerate(_loads(book))},
        listings={"heat": _heat(book), "worth": _worth(book), "shortfalls": _shortfalls(book)},
    )


def _fullest(book: Book) -> Sentence:
    plan = book.plan_of("resource_plan")
    plan = plan[plan["utilisation"].notna()]
    if plan.empty:
        return say("No resource has a capacity to compare with, so utilisation cannot be stated.")
    over = plan[plan["utilisation"] > 1.005]
    top = plan.sort_values(["utilisation", "resource_id", "month"], ascending=[False, True, True]).iloc[0]
    peak = f"{shortened(top['resource_id'], 40)} peaks at {percent(top['utilisation'], 0)} in {month(top['month'])}"
    if over.empty:
        return say(strong("No resource works beyond its regular hours"), f"; {peak}.")
    hours = float(over["overtime_hours"].sum())
    names = over["resource_id"].nunique()
    return say(
        Span(f"{plural(names, 'resource')} beyond regular hours in {plural(len(over), 'resource month')}", "worse"),
        f"; {peak}. Overtime there adds up to {number(hours)} hours.",
    )


def _heat(book: Book) -> Listing:
    plan = book.plan_of("resource_plan")
    plan = plan[plan["utilisation"].notna()]
    months = book.horizon
    peak = plan.groupby("resource_id")["utilisation"].max().sort_values(ascending=False, kind="stable")
    rows = []
    for name in peak.index:
        mine = plan[plan["resource_id"] == name].set_index("month")["utilisation"]
        cells = [_used(mine.get(each)) for each in months]
        rows.append(Row([Cell(shortened(str(name), 22), title=str(name)), *cells], source="resource_plan.utilisation"))
    shown, left = cut(rows, _MOST_RESOURCES)
    columns = [
        Column("Resource", "left"),
        *(Column(short_month(each, year=each.month == 1), "center") for each in months),
    ]
    note = "% of regular hours (storage, material, cash: of the limit); fullest first; red is beyond"
    empty = "No resource of the plan has a capacity: nothing limits it."
    return Listing("Utilisation", columns, shown, note, empty, left, kind="heat wide")


def _used(share: float | None) -> Cell:
    if share is None or missing(share):
        return Cell("")
    over = share > _LIMITS[-1]
    return Cell(percent(share, 0)[:-1], shade=shade(share, _LIMITS), hot=over)


def _loads(book: Book) -> list[Figure]:
    """Hours needed against hours there are, for the resources that are fullest."""
    plan = book.plan_of("resource_plan")
    plan = plan[plan["utilisation"].notna() & plan["available"].notna()]
    peak = plan.groupby("resource_id")["utilisation"].max().sort_values(ascending=False, kind="stable")
    out = []
    for n, name in enumerate(peak.index[:_DRAWN]):
        mine = plan[plan["resource_id"] == name]
        used = by_month(mine.assign(used=mine["regular_hours"] + mine["overtime_hours"]), "used", book.horizon)
        limit = by_month(mine, "available", book.horizon)
        scale = scale_for([*used, *limit], ("k", ""))
        lines = [Line("Available", "limit", limit), Line("Used", "plan", used)]
        unit = "hours" if mine.iloc[0]["kind"] in ("labour", "machine") else "used"
        title = shortened(str(name), 30)
        chart = timeline(lines, book.horizon, words=f"{title}: used against available.", scale=scale, size=(330, 120))
        out.append(Figure(f"load-{n + 1}", title, f"{scale.suffix} {unit} a month".strip(), chart))
    return out


def _worth(book: Book) -> Listing:
    """Binding limits in order of what relieving them would save."""
    prices = book.plan_of("shadow_prices")
    prices = prices[prices["price_per_unit"].abs() > 0]
    reach = (prices["valid_to"] - prices["valid_from"]).fillna(0.0).clip(lower=0.0)
    saved = prices["price_per_unit"].abs() * reach
    ranked = prices.assign(saved=saved, size=prices["price_per_unit"].abs())
    ranked = ranked.sort_values(["saved", "size", "item", "month"], ascending=[False, False, True, True], kind="stable")
    rows = [_price_row(book, row) for _, row in ranked.iterrows()]
    shown, left = cut(rows, _MOST_PRICES)
    columns = (
        Column("Limit", "left", "36%"),
        Column("Month", "left", "11%"),
        Column("One more is worth", "right", "17%"),
        Column("holds up to", "right", "18%"),
        Column("Last date to decide", "right", "18%"),
    )
    empty = "No limit binds in the chosen plan: one hour more of anything saves nothing."
    note = "shadow prices, and the range in which they hold"
    return Listing("What more is worth", columns, shown, note, empty, left)


def _price_row(book: Book, row: pd.Series) -> Row:
    unit = "unit" if missing(row["unit"]) else str(row["unit"])
    price = abs(float(row["price_per_unit"]))
    money = book.money_sign.strip() if book.has_money else ""
    limit = number(row["valid_to"]) if not missing(row["valid_to"]) else NOTHING
    by = last_date(book, str(row["item"]), row["month"])
    past = by < book.cycle.cutoff
    name = f"{book.product(str(row['item']), 26)}, {str(row['constraint']).replace('_', ' ')}"
    return Row(
        (
            Cell(shortened(name, 44), title=name),
            Cell(short_month(row["month"], year=True)),
            Cell(f"{money}{number(price, 2)} a {unit}", "strong"),
            Cell(f"{limit} {unit}s" if limit != NOTHING else NOTHING),
            Cell(f"{day(by)}, past" if past else day(by), "worse" if past else "plain"),
        ),
        source="shadow_prices.price_per_unit",
    )


def last_date(book: Book, resource: str, at: date) -> date:
    """The last day on which more of a resource can still be had for a month: its hiring lead before, else a month."""
    resources = book.frame("resources")
    found = resources[resources["resource_id"] == resource]["hire_lead_months"].dropna()
    lead = int(found.iloc[0]) if len(found) else 1
    return add_months(at, -lead)


def _shortfalls(book: Book) -> Listing:
    data = book.plan_of("plan_shortfalls").sort_values(["cost", "item", "month"], ascending=[False, True, True])
    scale = scale_for(list(data["cost"]), ("k", ""))
    money = f"{book.money_sign.strip() if book.has_money else ''}{scale.suffix}".strip()
    rows = [
        Row(
            (
                Cell(f"{str(row.rule).replace('_', ' ')}: {book.product(str(row.item), 30)}", title=str(row.item)),
                Cell(short_month(row.month, year=True)),
                Cell(f"{number(row.quantity)} {'' if missing(row.unit) else row.unit}".strip()),
                Cell(scale.write(row.cost)),
            ),
            source="plan_shortfalls",
        )
        for row in each_row(data)
    ]
    shown, left = cut(rows, _MOST_SHORTFALLS)
    columns = (Column("Rule", "left", "46%"), Column("Month", "left"), Column("By"), Column(f"Price {money}".strip()))
    empty = "Every rule is kept: no plan had to give way."
    return Listing("What could not be kept", columns, shown, "priced, so that there is always a plan", empty, left)
