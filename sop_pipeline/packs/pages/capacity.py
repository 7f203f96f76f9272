"""Page 6: how full every resource is, what an hour more is worth, and by when to decide."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.cycle import add_months
from sop_pipeline.language.dates import day, month, short_month, span_of
from sop_pipeline.language.names import plural, shortened, units_of
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import scale_for
from sop_pipeline.language.sentence import Sentence, Span, say, strong
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts import frozen
from sop_pipeline.packs.parts.book import Book, by_month, each_row
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, shade
from sop_pipeline.resource_kinds import HOUR_KINDS

_LIMITS = (0.70, 0.80, 0.90, 0.97, 1.005)
_MOST_RESOURCES, _MOST_PRICES, _MOST_SHORTFALLS, _DRAWN = 12, 8, 7, 3


def capacity(book: Book) -> Page:
    """Fill the page."""
    strategy, scenario = book.chosen
    loads = _loads(book)
    return Page(
        "capacity",
        "Capacity",
        f"plan: {strategy}, scenario {scenario} · share of regular hours or of the limit",
        sentences=[_fullest(book), *frozen.released(book)],
        body=[
            _heat(book),
            *([Beside(loads, "three")] if loads else []),
            Beside([_worth(book), _shortfalls(book)], "wide-narrow"),
        ],
    )


def _fullest(book: Book) -> Sentence:
    plan = book.plan_of("resource_plan")
    plan = plan[plan["utilisation"].notna()]
    if plan.empty:
        return say("No resource has a capacity to compare with, so utilisation cannot be stated.")
    over = plan[plan["utilisation"] > 1.005]
    top = plan.sort_values(["utilisation", "resource_id", "month"], ascending=[False, True, True]).iloc[0]
    fullest = book.resource(top["resource_id"], 40).capitalize()
    peak = f"{fullest} peaks at {percent(top['utilisation'], 0)} in {month(top['month'])}"
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
        rows.append(
            Row(
                [Cell(book.resource(str(name), 22).capitalize(), title=str(name)), *cells],
                source="resource_plan.utilisation",
            )
        )
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
        unit = "hours" if mine.iloc[0]["kind"] in HOUR_KINDS else "used"
        title = book.resource(str(name)).capitalize()
        chart = timeline(lines, book.horizon, words=f"{title}: used against available.", scale=scale, size=(330, 120))
        out.append(Figure(f"load-{n + 1}", title, f"{scale.suffix} {unit} a month".strip(), chart))
    return out


def _worth(book: Book) -> Listing:
    """What more of each bottleneck saves, in its best month and over all months it binds."""
    prices = _limits(book)
    priced = [_worth_row(book, group) for _, group in prices.groupby(["item", "constraint"], sort=True)]
    rows = [row for _, row in sorted(priced, key=lambda pair: (-pair[0], pair[1].cells[0].text))]
    shown, left = cut(rows, _MOST_PRICES)
    money = f"{book.money_sign.strip() if book.has_money else 'value'}"
    columns = (
        Column("Bottleneck", "left", "24%"),
        Column("Binds in", "left", "25%"),
        Column("One more is worth", "right", "20%"),
        Column("up to", "right", "11%"),
        Column(f"In all {money}", "right", "9%"),
        Column("Decide by", "right", "11%"),
    )
    empty = "No resource binds in the chosen plan: one hour more of anything saves nothing."
    note = "at its best month; how much more the price holds for; all months together"
    return Listing("What more is worth", columns, shown, note, empty, left)


def _limits(book: Book) -> pd.DataFrame:
    """Prices of limits of resources, with how much more each holds for.

    Demand and the headcount's own balance have prices too, but no limit that a meeting could lift.
    """
    prices, plan = book.plan_of("shadow_prices"), book.plan_of("resource_plan")
    names = set(plan["resource_id"])
    prices = prices[prices["item"].isin(names) & (prices["constraint"] != "workforce") & (prices["price_per_unit"] > 0)]
    held = plan.rename(columns={"resource_id": "item"})[["item", "month", "available"]]
    both = prices.merge(held, on=["item", "month"], how="left")
    limit = both["available"].where(both["unit"] == "hour", both["valid_from"])
    more = (both["valid_to"] - limit).clip(lower=0.0)
    return both.assign(more=more, saved=(both["price_per_unit"] * more).fillna(0.0))


def _worth_row(book: Book, group: pd.DataFrame) -> tuple[float, Row]:
    best = group.sort_values(["price_per_unit", "month"], ascending=[False, True]).iloc[0]
    unit = "unit" if missing(best["unit"]) else str(best["unit"])
    money = book.money_sign.strip() if book.has_money else ""
    months = sorted(group["month"])
    by = last_date(book, str(best["item"]), best["month"])
    past = by < book.cycle.cutoff
    saved = float(group["saved"].sum())
    name = f"{book.resource(best['item']).capitalize()}, {str(best['constraint']).replace('_', ' ')}"
    binds = span_of(months) if len(months) == 1 else f"{plural(len(months), 'month')}, {span_of(months)}"
    price = f"{money}{number(best['price_per_unit'], 2)} a {unit}, {short_month(best['month'], year=True)}"
    cells = (
        Cell(shortened(name, 40), title=str(best["item"])),
        Cell(binds),
        Cell(price, "strong"),
        Cell(NOTHING if missing(best["more"]) else f"{number(best['more'])} {unit}s"),
        Cell(number(saved)),
        Cell(f"{day(by)}, past" if past else day(by), "worse" if past else "plain"),
    )
    return saved, Row(cells, source="shadow_prices.price_per_unit")


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
                Cell(f"{number(row.quantity)} {'' if missing(row.unit) else units_of(str(row.unit))}".strip()),
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
