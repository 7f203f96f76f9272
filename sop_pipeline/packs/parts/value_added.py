"""What every step of the forecast added to it: as a table, as a bridge of errors, and the inputs that hurt most."""

from __future__ import annotations

import pandas as pd

from sop_pipeline.choice import FEWEST_JUDGED
from sop_pipeline.language.names import plural, possessive
from sop_pipeline.language.numbers import ALIKE, NOTHING, percent, points
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import tone_of
from sop_pipeline.packs.book.backtest import planning_lag
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row
from sop_pipeline.packs.charts.waterfall import Step, is_cut, waterfall
from sop_pipeline.packs.parts.page import Figure
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row

_MOST_STEPS, _MOST_INPUTS = 8, 6


def ahead(lag: int) -> str:
    """How far ahead a forecast of that lag is made, in words."""
    return "for the month itself" if lag == 0 else f"{plural(lag, 'month')} ahead"


def family_value_added(book: Book, family: str) -> str:
    """Whose input made a family's plans better or worse, by how much: a sentence of its own, with its own lag.

    Plans of earlier cycles have met fewer months than the backtest: the lag is the planning one or the nearest below.
    """
    data = book.frame("forecast_value_added")
    rows = data[(data["level"] == "family") & (data["item_id"] == family) & (data["lag"] <= planning_lag(book))]
    rows = rows[rows["lag"] == rows["lag"].max()]
    changes = rows[(rows["value_added"].abs() >= ALIKE) & ~rows["step"].isin(("naive", "consensus"))]
    parts = []
    for row in each_row(changes.sort_values("position")):
        verb = "improved them by" if row.value_added >= 0 else "cost"
        name = "the statistical forecast" if row.step == "statistical" else f"{possessive(str(row.step))} input"
        parts.append(f"{name} {verb} {points(abs(row.value_added))} points")
    if not parts:
        return ""
    met = plural(int(changes["n"].max()), "month")
    return f" Of what was planned {ahead(int(rows['lag'].max()))}, {met} can be judged: {', '.join(parts)}."


def steps(book: Book) -> Listing:
    """The company's error after every step, and what the step added in points and money."""
    data = _company_steps(book)
    scale = scale_for(list(data["value_added_money"]))
    rows = []
    for row in each_row(data):
        tone = tone_of(row.value_added)
        cells = (
            Cell(str(row.step).capitalize()),
            Cell(percent(row.wmape, 1, NOTHING)),
            Cell(percent(row.bias, 1, NOTHING)),
            Cell(points(row.value_added, 1, NOTHING), tone),
            Cell(scale.write(row.value_added_money, NOTHING), tone),
        )
        rows.append(Row(cells, source="forecast_value_added"))
    columns = (
        Column("Step", "left", "30%"),
        Column("WMAPE"),
        Column("Bias"),
        Column("Added, points"),
        Column(f"Added, {book.money_unit(scale)}"),
    )
    note = f"lag {data['lag'].min() if len(data) else 0}, what was planned in earlier cycles"
    empty = "No earlier cycle’s plan has met its actuals yet: value added is known from the second cycle on."
    return Listing("Forecast value added, step by step", columns, rows[:_MOST_STEPS], note, empty)


def steps_figure(book: Book) -> Figure:
    """The same as a bridge of errors: from the naive forecast to the consensus, down is better."""
    data = _company_steps(book)
    data = data[data["wmape"].notna()]
    title, empty = "From naive to consensus", "Known from the second cycle on."
    if len(data) < 2:
        return Figure("fva", title, "", None, empty)
    errors = [round(float(value) * 100, 1) for value in data["wmape"]]
    names = [str(step).capitalize() for step in data["step"]]
    changes = [Step(name, errors[n + 1] - errors[n]) for n, name in enumerate(names[1:])]
    changes = [step for step in changes if abs(step.amount) >= 0.05]
    bars = [Step(names[0], errors[0], True), *changes, Step("As planned", errors[-1], True)]
    words = "Error in points of WMAPE after each step."
    chart = waterfall(bars, words=words, scale=Scale(places=1), size=(500, 140), good=-1)
    note = "WMAPE in points; down is better" + ("; the two totals are cut" if is_cut(bars) else "")
    return Figure("fva", title, note, chart)


def _company_steps(book: Book) -> pd.DataFrame:
    """The steps of the whole company at the shortest lag, in order; over products where they have been judged."""
    data = book.frame("forecast_value_added")
    data = data[data["item_id"] == "all"]
    data = data[data["level"] == ("product" if (data["level"] == "product").any() else "family")]
    return data[data["lag"] == data["lag"].min()].sort_values("position")


def hurtful_inputs(book: Book) -> Listing:
    """The inputs of products and families that made forecasts worse, the worst first."""
    data = book.frame("forecast_value_added")
    inputs = data[~data["step"].isin(("naive", "statistical", "consensus")) & (data["item_id"] != "all")]
    judged = inputs[inputs["n"] >= FEWEST_JUDGED]
    worst = judged[judged["value_added"] < 0].sort_values(["value_added", "item_id", "step"]).head(_MOST_INPUTS)
    rows = [
        Row(
            (
                Cell(f"{str(row.step).capitalize()}: {book.product(str(row.item_id), 34)}", title=str(row.item_id)),
                Cell(f"lag {row.lag}", "quiet"),
                Cell(points(row.value_added), "worse"),
            ),
            source="forecast_value_added",
        )
        for row in each_row(worst)
    ]
    columns = (Column("Input", "left", "64%"), Column("Lag"), Column("Added, points"))
    empty = (
        "No input made a forecast worse."
        if len(judged)
        else f"No input can be judged yet: {FEWEST_JUDGED} of its forecasts have to have met their actuals."
    )
    note = f"points of WMAPE; with {FEWEST_JUDGED} comparisons or more"
    return Listing("Inputs that hurt most", columns, rows, note, empty)
