"""Page 9: how good the forecasts are, by lag and family, and what every step added to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sop_pipeline.language.names import plural, shortened, units_of
from sop_pipeline.language.numbers import NOTHING, missing, number, percent, points
from sop_pipeline.language.scale import Scale, scale_for
from sop_pipeline.language.sentence import Sentence, Tone, say, strong, tone_of, toned
from sop_pipeline.packs.charts.waterfall import Step, is_cut, waterfall
from sop_pipeline.packs.parts.book import Book, each_row
from sop_pipeline.packs.parts.exceptions import TRACKING, planning_lag
from sop_pipeline.packs.parts.page import Beside, Figure, Page
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, shade

_WMAPE = (0.10, 0.20, 0.30, 0.45)
_MOST_FAMILIES, _MOST_STEPS, _MOST_LAGS = 10, 8, 5


def accuracy(book: Book) -> Page:
    """Fill the page."""
    approach = book.approach.replace("_", " ")
    return Page(
        "accuracy",
        "Forecast quality",
        f"approach in use: {approach}" if approach else "",
        sentences=[_stated(book), _against_naive(book)],
        body=[
            _heat(book),
            Beside([_steps(book), _steps_drawn(book)]),
            Beside([_hurt(book), _approaches(book)]),
        ],
    )


def _rows(book: Book, approach: str | None = None) -> pd.DataFrame:
    data = book.frame("forecast_accuracy")
    return data[data["approach"] == (approach or book.approach)]


def _overall(book: Book, approach: str | None = None) -> pd.Series | None:
    """The company's error over products at the planning lag; over families where products have none."""
    data = _rows(book, approach)
    for level in ("product", "family"):
        found = data[(data["level"] == level) & (data["item_id"] == "all") & (data["lag"] == planning_lag(book))]
        if len(found) and not missing(found.iloc[0]["wmape"]):
            return found.iloc[0]
    return None


def _stated(book: Book) -> Sentence:
    row = _overall(book)
    if row is None and len(book.frame("forecast_accuracy")):
        return say(
            "Products are counted in units that cannot be added, so no overall error is stated; see the workbook."
        )
    if row is None:
        return say("Too few months of history for a backtest: forecast errors cannot be stated yet.")
    lag = planning_lag(book)
    made = "for the month itself" if lag == 0 else f"{plural(lag, 'month')} ahead"
    bias = row["bias"]
    lean = "" if missing(bias) else f", {percent(abs(bias))} too {'high' if bias > 0 else 'low'}"
    cover = row["coverage"]
    unit = row["unit_of_measure"]
    mixed = (
        "" if book.unit().agrees or missing(unit) else f" Errors of different units are added in {units_of(str(unit))}."
    )
    said = "" if missing(cover) else f" {percent(cover, 0)} of actuals fell between P10 and P90 (80% claimed)."
    said += mixed
    return say(
        f"Forecasts made {made} were ",
        strong(f"{percent(row['wmape'])} off per {row['level']}{lean}"),
        f", over {plural(int(row['n']), 'comparison')}.{said}",
    )


def _against_naive(book: Book) -> Sentence:
    row, naive = _overall(book), _overall(book, "naive")
    if row is None or naive is None or row["level"] != naive["level"]:
        return ()
    won = float(naive["wmape"]) - float(row["wmape"])
    verb = "better" if won >= 0 else "worse"
    return say(
        "The seasonal naive forecast was ",
        f"{percent(naive['wmape'])} off; the approach in use is ",
        toned(f"{points(abs(won))} points {verb}", won),
        ".",
    )


def _heat(book: Book) -> Listing:
    data = _rows(book)
    data = data[(data["level"] == "family") & (data["item_id"] != "all")]
    lags = sorted(set(book.company.forecast.lags) & set(data["lag"]))[:_MOST_LAGS]
    found = {(row.item_id, row.lag): row for row in each_row(data)}
    last = planning_lag(book)
    order = sorted(data["item_id"].unique(), key=lambda name: (-(_wmape(found.get((name, last)))), name))
    rows = [_heat_row(name, lags, found) for name in order]
    shown, left = cut(rows, _MOST_FAMILIES)
    columns = [Column("Family", "left", "26%")]
    columns += [Column(f"lag {lag}", "center", group=name) for name in ("WMAPE", "Bias") for lag in lags]
    columns.append(Column("Tracking signal", "center"))
    note = f"backtest; worst first; bias above 0 is too high; tracking beyond ±{TRACKING:.0f} is red"
    return Listing("Error by lag and family", columns, shown, note, "No family has a backtest yet.", left, kind="heat")


def _wmape(row: object) -> float:
    value = getattr(row, "wmape", None)
    return 0.0 if value is None or missing(value) else float(value)


def _heat_row(name: str, lags: list[int], found: Mapping[tuple[str, int], Any]) -> Row:
    cells = [Cell(shortened(name, 26), title=name)]
    for lag in lags:
        value = getattr(found.get((name, lag)), "wmape", None)
        known = value is not None and not missing(value)
        cells.append(Cell(percent(value, 1), shade=shade(value, _WMAPE), hot=True) if known else Cell(NOTHING, "quiet"))
    cells += [Cell(percent(getattr(found.get((name, lag)), "bias", None), 1, NOTHING)) for lag in lags]
    signal = getattr(found.get((name, lags[-1])), "tracking_signal", None)
    off = signal is not None and not missing(signal) and abs(signal) > TRACKING
    cells.append(Cell(number(signal, 1, NOTHING), "worse" if off else "plain"))
    return Row(cells, source="forecast_accuracy")


def _approaches(book: Book) -> Listing:
    data = book.frame("forecast_approach").sort_values(["wmape", "approach"], na_position="last")
    rows = []
    for row in each_row(data):
        tone: Tone = "strong" if bool(row.chosen) else "plain"
        cells = (
            Cell(f"{str(row.approach).replace('_', ' ')}{' ●' if bool(row.chosen) else ''}", tone),
            Cell(percent(row.wmape, 1, NOTHING), tone),
            Cell(percent(row.bias, 1, NOTHING)),
            Cell(shortened(row.reason, 90), "quiet"),
        )
        rows.append(Row(cells, source="forecast_approach"))
    columns = (Column("Approach", "left", "36%"), Column("WMAPE"), Column("Bias"), Column("Why", "left", "36%"))
    return Listing(
        "Approaches compared",
        columns,
        rows[:6],
        "over products at the planning lags; ● in use",
        "No approach was scored.",
    )


def _overall_steps(book: Book) -> pd.DataFrame:
    """The steps of the whole company at the shortest lag, in order."""
    data = book.frame("forecast_value_added")
    mine = data[data["item_id"] == "all"]
    mine = mine[mine["level"] == ("product" if (mine["level"] == "product").any() else "family")]
    return mine[mine["lag"] == (mine["lag"].min() if len(mine) else 0)].sort_values("position")


def _steps_drawn(book: Book) -> Figure:
    """The same as a bridge of errors: from the naive forecast to the consensus, down is better."""
    mine = _overall_steps(book)
    mine = mine[mine["wmape"].notna()]
    title, empty = "From naive to consensus", "Known from the second cycle on."
    if len(mine) < 2:
        return Figure("fva", title, "", None, empty)
    errors = [round(float(value) * 100, 1) for value in mine["wmape"]]
    names = [str(step).capitalize() for step in mine["step"]]
    changes = [Step(name, errors[n + 1] - errors[n]) for n, name in enumerate(names[1:])]
    changes = [step for step in changes if abs(step.amount) >= 0.05]
    bars = [Step(names[0], errors[0], True), *changes, Step("As planned", errors[-1], True)]
    words = "Error in points of WMAPE after each step."
    chart = waterfall(bars, words=words, scale=Scale(places=1), size=(500, 140), good=-1)
    return Figure(
        "fva", title, "WMAPE in points; down is better" + ("; the two totals are cut" if is_cut(bars) else ""), chart
    )


def _steps(book: Book) -> Listing:
    mine = _overall_steps(book)
    lag = mine["lag"].min() if len(mine) else 0
    scale = scale_for(list(mine["value_added_money"]), ("m", "k", ""))
    rows = []
    for row in each_row(mine):
        won = row.value_added
        tone = tone_of(won)
        cells = (
            Cell(str(row.step).capitalize()),
            Cell(percent(row.wmape, 1, NOTHING)),
            Cell(percent(row.bias, 1, NOTHING)),
            Cell(points(won, 1, NOTHING), tone),
            Cell(scale.write(row.value_added_money, NOTHING), tone),
        )
        rows.append(Row(cells, source="forecast_value_added"))
    money = f"{book.money_sign.strip()}{scale.suffix}"
    columns = (
        Column("Step", "left", "30%"),
        Column("WMAPE"),
        Column("Bias"),
        Column("Added, points"),
        Column(f"Added, {money}"),
    )
    note = f"lag {lag}, what was planned in earlier cycles"
    empty = "No earlier cycle’s plan has met its actuals yet: value added is known from the second cycle on."
    return Listing("Forecast value added, step by step", columns, rows[:_MOST_STEPS], note, empty)


def _hurt(book: Book) -> Listing:
    data = book.frame("forecast_value_added")
    steps = data[
        ~data["step"].isin(("naive", "statistical", "consensus"))
        & (data["item_id"] != "all")
        & (data["value_added"] < 0)
    ]
    worst = steps.sort_values(["value_added", "item_id", "step"]).head(6)
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
        if len(data)
        else "No input has been judged yet: its forecasts have not met their actuals."
    )
    return Listing("Inputs that hurt most", columns, rows, "points of WMAPE", empty)
