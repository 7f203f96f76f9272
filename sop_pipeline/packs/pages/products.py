"""Page 7: launches with their ramp, products that end, stock that would be left over, demand by region and channel."""

from __future__ import annotations

from datetime import date

import pandas as pd

from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import listed, plural, shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, say, strong
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts.book import Book, by_month
from sop_pipeline.packs.parts.markets import all_markets
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut

_MOST = 7
_CHARTS = 3


def products(book: Book) -> Page:
    """Fill the page."""
    ramps, by_market = _ramps(book), all_markets(book)
    return Page(
        "products",
        "Products",
        f"launches and phase-outs over {len(book.horizon)} months",
        sentences=[_counted(book)],
        body=[
            _launches(book),
            *([Beside(ramps, "three")] if ramps else []),
            _phase_outs(book),
            _young(book),
            *([by_market] if by_market else []),
        ],
    )


def _kind(book: Book, kind: str) -> pd.DataFrame:
    plan = book.frame("new_product_plan")
    return plan[plan["kind"] == kind]


def _counted(book: Book) -> Sentence:
    """How many products in which stage of life, and what launches bring."""
    life = book.frame("product_lifecycle")["status"].value_counts()
    names = {
        "active": "active",
        "new": "new",
        "launching": "launching",
        "phase_out": "phasing out",
        "ended": "ended",
        "never_sold": "never sold",
    }
    counted = [f"{life[key]} {name}" for key, name in names.items() if key in life]
    words = say("The portfolio has ", strong(plural(int(life.sum()), "product")), f": {listed(counted)}.")
    launches = _kind(book, "launch")
    revenue = launches["revenue"].sum(min_count=1) if len(launches) else float("nan")
    if missing(revenue) or not book.has_money:
        return words
    expected = launches["expected_revenue"].sum(min_count=1)
    scale = scale_for([revenue])
    more = f" Launches bring {amount(revenue, scale, book.company.currency)} of revenue over the horizon"
    weighted = (
        "" if missing(expected) else f", {amount(expected, scale, book.company.currency)} weighted by probability"
    )
    taken = float(launches["cannibalised"].sum())
    return (*words, *say(f"{more}{weighted}, and take {number(taken)} units from other products."))


def _launches(book: Book) -> Listing:
    plan = _kind(book, "launch")
    money = scale_for([float(value) for value in plan.groupby("product_id")["revenue"].sum()] if len(plan) else [])
    rows = []
    for key, mine in plan.groupby("product_id", sort=True):
        first, sold = mine.iloc[0], mine[mine["units"] > 0]
        life = _life(book, str(key))
        rows.append(
            Row(
                (
                    Cell(book.product(str(key), 34), "strong", title=str(key)),
                    Cell(shortened(first["family"], 20), "quiet"),
                    Cell(NOTHING if missing(first["stage"]) else shortened(first["stage"], 16)),
                    Cell(percent(first["probability"], 0, NOTHING)),
                    Cell(_launch(life, sold)),
                    Cell(number(float(mine["units"].sum()))),
                    Cell(_cannibalised(book, life, float(mine["cannibalised"].sum()))),
                    Cell(money.write(mine["revenue"].sum(min_count=1), NOTHING)),
                    Cell(money.write(mine["expected_revenue"].sum(min_count=1), NOTHING)),
                ),
                source="new_product_plan",
            )
        )
    shown, left = cut(rows, _MOST)
    unit = f"{book.money_sign.strip()}{money.suffix}"
    columns = (
        Column("Launch", "left", "21%"),
        Column("Family", "left", "12%"),
        Column("Stage", "left", "10%"),
        Column("Chance"),
        Column("First month"),
        Column("Units"),
        Column("Taken from others", "right", "19%"),
        Column(f"Revenue {unit}"),
        Column("Weighted"),
    )
    return Listing(
        "Launches", columns, shown, "over the horizon", "No launch is on the way in the company’s files.", left
    )


def _life(book: Book, product_id: str) -> pd.Series | None:
    life = book.frame("product_lifecycle")
    found = life[life["product_id"] == product_id]
    return None if found.empty else found.iloc[0]


def _launch(life: pd.Series | None, sold: pd.DataFrame) -> str:
    if life is not None and not missing(life["launch_month"]):
        return short_month(life["launch_month"], year=True)
    return short_month(min(sold["month"]), year=True) if len(sold) else NOTHING


def _cannibalised(book: Book, life: pd.Series | None, units: float) -> str:
    if not units:
        return NOTHING
    taken = "" if life is None or missing(life["cannibalises"]) else f", {book.product(str(life['cannibalises']), 20)}"
    return f"{number(units)}{taken}"


def _phase_outs(book: Book) -> Listing:
    plan = _kind(book, "phase_out")
    rows = []
    for key, mine in plan.groupby("product_id", sort=True):
        life = _life(book, str(key))
        ordered = mine.sort_values("month")
        last = life["discontinued_on"] if life is not None else None
        left_over = _left_over(ordered, last)
        value = _stock_value(book, str(key), left_over)
        rows.append(
            Row(
                (
                    Cell(book.product(str(key), 34), "strong", title=str(key)),
                    Cell(shortened(ordered.iloc[0]["family"], 20), "quiet"),
                    Cell(day(last)),
                    Cell(_successor(book, life)),
                    Cell(number(float(ordered["units"].sum()))),
                    Cell(number(left_over, nothing=NOTHING), "worse" if left_over else "plain"),
                    Cell(value, "worse" if value not in (NOTHING, "0") else "plain"),
                ),
                source="new_product_plan, inventory_plan",
            )
        )
    shown, left = cut(rows, _MOST)
    columns = (
        Column("Phase-out", "left", "25%"),
        Column("Family", "left", "14%"),
        Column("Last sale", "right", "12%"),
        Column("Successor", "left", "20%"),
        Column("Still to sell"),
        Column("Stock at risk"),
        Column(f"Value {book.money_sign.strip()}"),
    )
    note = "stock at risk: what is left after the last month of sale"
    return Listing("Phase-outs", columns, shown, note, "No product is being phased out.", left)


def _left_over(ordered: pd.DataFrame, last: date | None) -> float | None:
    known = ordered[ordered["inventory"].notna()]
    if known.empty:
        return None
    after = known.iloc[-1:] if last is None or missing(last) else known[known["month"] >= last.replace(day=1)]
    return float((after if len(after) else known.iloc[-1:]).iloc[0]["inventory"])


def _stock_value(book: Book, product_id: str, units: float | None) -> str:
    products = book.frame("products")
    cost = products[products["product_id"] == product_id]["standard_cost"].dropna()
    return NOTHING if units is None or cost.empty else number(units * float(cost.iloc[0]))


def _successor(book: Book, life: pd.Series | None) -> str:
    return NOTHING if life is None or missing(life["successor_id"]) else book.product(str(life["successor_id"]), 24)


def _young(book: Book) -> Listing:
    """Products in their first months: planned against sold, where an earlier plan exists, else what was sold."""
    life = book.frame("product_lifecycle")
    young = life[life["status"] == "new"].sort_values(["history_months", "product_id"])
    months = book.past(6)
    actuals = book.frame("actuals")
    rows = []
    for _, each in young.iterrows():
        sold = by_month(actuals[actuals["product_id"] == each["product_id"]], "sales", months)
        ahead = book.frame("demand_plan")
        plan = by_month(ahead[ahead["product_id"] == each["product_id"]], "quantity", book.horizon[:3])
        cells = [Cell(number(value, nothing="")) for value in sold] + [
            Cell(number(value, nothing="")) for value in plan
        ]
        rows.append(Row([Cell(book.product(str(each["product_id"]), 30), "strong"), *cells], source="actuals.sales"))
    shown, left = cut(rows, _MOST)
    heads = [Column(short_month(value)) for value in months] + [
        Column(f"{short_month(m)} plan") for m in book.horizon[:3]
    ]
    return Listing(
        "Launched in the last six months",
        [Column("Product", "left", "30%"), *heads],
        shown,
        "units sold, and planned",
        "No product was launched in the last six months.",
        left,
    )


def _ramps(book: Book) -> list[Figure]:
    plan = _kind(book, "launch")
    keys = plan.groupby("product_id")["units"].sum().sort_values(ascending=False, kind="stable").index[:_CHARTS]
    out = []
    for n, key in enumerate(keys):
        mine = plan[plan["product_id"] == key]
        units = by_month(mine, "units", book.horizon)
        scale = scale_for(units, ("k", "")) or Scale()
        lines = [Line("Plan", "plan", units), Line("Taken", "other", by_month(mine, "cannibalised", book.horizon))]
        lines = [line for line in lines if any(line.values)]
        name = book.product(str(key), 34)
        chart = timeline(
            lines, book.horizon, words=f"Ramp of {name} by month.", scale=scale, size=(330, 105), zero=True
        )
        note = f"{scale.suffix} units a month, and taken from others".strip()
        out.append(Figure(f"ramp-{n + 1}", f"Ramp: {name}", note, chart, "No units are planned."))
    return out
