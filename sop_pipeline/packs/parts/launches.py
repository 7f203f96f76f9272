"""Products on their way in: launches with their ramp, and how those of the last months have sold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop_pipeline.language.dates import day, short_month
from sop_pipeline.language.money import amount
from sop_pipeline.language.names import shortened
from sop_pipeline.language.numbers import NOTHING, missing, number, percent
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import tone_of
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import by_month, each_row, records, total
from sop_pipeline.packs.book.lifecycle import life_of, new_product_plan
from sop_pipeline.packs.charts.series import Line
from sop_pipeline.packs.charts.timeline import timeline
from sop_pipeline.packs.parts.page import Figure
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, words_of

_MOST, _MOST_RAMPS = 7, 3
_NOTE = "units sold, and planned; since launch against the last plan before it"
_WIDTH, _HEIGHT = 330, 105


def launches_bring(book: Book) -> str:
    """What launches bring and take, in a sentence; nothing where they have no revenue."""
    plan = new_product_plan(book, "launch")
    revenue, expected = total(plan, "revenue"), total(plan, "expected_revenue")
    if revenue is None or not book.has_money:
        return ""
    scale, currency = scale_for([revenue]), book.company.currency
    weighted = "" if expected is None else f", {amount(expected, scale, currency)} weighted by probability"
    return (
        f" Launches bring {amount(revenue, scale, currency)} of revenue over the horizon{weighted}, and take "
        f"{number(float(plan['cannibalised'].sum()))} units from other products."
    )


def launches(book: Book) -> Listing:
    """A row a launch."""
    plan = new_product_plan(book, "launch")
    scale = scale_for([float(value) for value in plan.groupby("product_id")["revenue"].sum()])
    rows = [_launch_row(book, str(key), data, scale) for key, data in plan.groupby("product_id", sort=True)]
    shown, left = cut(rows, _MOST)
    columns = (
        Column("Launch", "left", "21%"),
        Column("Family", "left", "12%"),
        Column("Stage", "left", "13%"),
        Column("Chance"),
        Column("First month"),
        Column("Units"),
        Column("Taken from others", "right", "19%"),
        Column(f"Revenue {book.money_unit(scale)}"),
        Column("Weighted"),
    )
    empty = "No launch is on the way in the company’s files."
    return Listing("Launches", columns, shown, "over the horizon", empty, left)


def _launch_row(book: Book, product_id: str, plan: pd.DataFrame, scale: Scale) -> Row:
    first, life = plan.iloc[0], life_of(book, product_id)
    cells = (
        Cell(book.product(product_id, 34), "strong", title=product_id),
        Cell(shortened(first["family"], 20), "quiet"),
        Cell(NOTHING if missing(first["stage"]) else shortened(first["stage"], 30)),
        Cell(percent(first["probability"], 0, NOTHING)),
        Cell(_first_month(life, plan)),
        Cell(number(float(plan["units"].sum()))),
        Cell(_cannibalised(book, life, float(plan["cannibalised"].sum()))),
        Cell(scale.write(total(plan, "revenue"), NOTHING)),
        Cell(scale.write(total(plan, "expected_revenue"), NOTHING)),
    )
    return Row(cells, source="new_product_plan")


def _first_month(life: pd.Series | None, plan: pd.DataFrame) -> str:
    """The month of launch, else the first in which units are planned."""
    if life is not None and not missing(life["launch_month"]):
        return short_month(life["launch_month"], year=True)
    sold = plan[plan["units"] > 0]
    return short_month(min(sold["month"]), year=True) if len(sold) else NOTHING


def _cannibalised(book: Book, life: pd.Series | None, units: float) -> str:
    if not units:
        return NOTHING
    product = None if life is None else life["cannibalises"]
    return number(units) if missing(product) else f"{number(units)}, {book.product(str(product), 20)}"


def ramps(book: Book, height: int = _HEIGHT) -> list[Figure]:
    """The units of the largest launches month by month, and those they take from others."""
    plan = new_product_plan(book, "launch")
    units = plan.groupby("product_id")["units"].sum().sort_values(ascending=False, kind="stable")
    return [
        _ramp(book, str(key), plan[plan["product_id"] == key], f"ramp-{number}", height)
        for number, key in enumerate(units.index[:_MOST_RAMPS], start=1)
    ]


def _ramp(book: Book, product_id: str, plan: pd.DataFrame, key: str, height: int) -> Figure:
    name, units = book.product(product_id, 34), by_month(plan, "units", book.horizon)
    scale = scale_for(units, ("k", ""))
    lines = [Line("Plan", "plan", units), Line("Taken", "other", by_month(plan, "cannibalised", book.horizon))]
    lines = [line for line in lines if any(line.values)]
    words = f"Ramp of {name} by month."
    chart = timeline(lines, book.horizon, words=words, scale=scale, size=(_WIDTH, height), zero=True)
    note = f"{scale.suffix} units a month, and taken from others".strip()
    return Figure(key, f"Ramp: {name}", note, chart, "No units are planned.")


def recent_launches(book: Book) -> Listing:
    """Products in their first months: what was sold, and what is planned next."""
    life = book.frame("product_lifecycle")
    young = life[life["status"] == "new"].sort_values(["history_months", "product_id"])
    past, ahead = book.past(6), book.horizon[:3]
    reviewed = {row["product_id"]: row for row in records(book.frame("launch_review"))}
    rows = []
    for each in each_row(young):
        sales, plan = (
            data[data["product_id"] == each.product_id] for data in (book.frame("actuals"), book.frame("demand_plan"))
        )
        values = [*by_month(sales, "sales", past), *by_month(plan, "quantity", ahead)]
        name = Cell(book.product(str(each.product_id), 30), "strong")
        told = [*(Cell(number(value)) for value in values), *_against_plan(reviewed.get(each.product_id, {}))]
        rows.append(Row([name, *told], source="actuals.sales, demand_plan.quantity, launch_review"))
    shown, left = cut(rows, _MOST)
    columns = [
        Column("Product", "left", "24%"),
        *(Column(short_month(month)) for month in past),
        *(Column(f"{short_month(month)} plan") for month in ahead),
        Column("Since launch"),
        Column("Planned"),
    ]
    empty = "No product was launched in the last six months."
    return Listing("Launched in the last six months", columns, shown, _NOTE, empty, left)


def _against_plan(review: Mapping[str, Any]) -> tuple[Cell, Cell]:
    """Sold since the launch, and what the last plan before it had for these months."""
    actual, planned = review.get("actual_to_date"), review.get("planned_to_date")
    actual, planned = (None if missing(one) else one for one in (actual, planned))
    difference = None if actual is None or planned is None else float(actual) - float(planned)
    return Cell(number(actual, nothing=NOTHING), tone_of(difference)), Cell(number(planned, nothing=NOTHING))


def gates(book: Book) -> Listing | None:
    """Gates passed and due of launches, with their owner and cost; None where the files state neither."""
    data = book.frame("launch_review")
    data = data[(data["gates"] > 0) | data["development_cost"].notna() | data["launch_cost"].notna()]
    if data.empty:
        return None
    scale = scale_for([*data["development_cost"], *data["launch_cost"]])
    rows = [_gates_row(book, row, scale) for row in records(data.sort_values(["launch_month", "product_id"]))]
    shown, left = cut(rows, _MOST)
    unit = book.money_unit(scale)
    columns = (
        Column("Launch", "left", "21%"),
        Column("Gates passed"),
        Column("Last passed", "left", "17%"),
        Column("Next gate, due", "left", "20%"),
        Column("Who", "left", "14%"),
        Column(f"Development {unit}"),
        Column(f"Launch {unit}"),
    )
    return Listing("Gates and cost of launches", columns, shown, "what each has to pass, by when", "", left)


def _gates_row(book: Book, row: Mapping[str, Any], scale: Scale) -> Row:
    due = _gate(row["next_gate"], row["next_due"])
    who = row["owner"] if missing(row["next_owner"]) else row["next_owner"]
    cells = (
        Cell(book.product(str(row["product_id"]), 34), "strong", title=str(row["product_id"])),
        Cell(f"{row['gates_passed']} of {row['gates']}"),
        Cell(_gate(row["last_gate"], row["last_passed_on"])),
        Cell(f"{due}, overdue", "worse") if row["overdue"] else Cell(due),
        Cell(shortened(words_of(who), 40), "quiet"),
        Cell(scale.write(row["development_cost"], NOTHING)),
        Cell(scale.write(row["launch_cost"], NOTHING)),
    )
    return Row(cells, source="launch_review")


def _gate(name: Any, on: Any) -> str:
    return NOTHING if missing(name) else f"{shortened(str(name), 40)}, {day(on)}"
