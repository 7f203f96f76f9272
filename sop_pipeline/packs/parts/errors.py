"""How far forecasts were off: the company's and a family's in a sentence, families by lag, approaches compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sop_pipeline.language.demand import approach_words
from sop_pipeline.language.names import name, plural, shortened, units_of
from sop_pipeline.language.numbers import NOTHING, missing, number, percent, points
from sop_pipeline.language.sentence import Sentence, Tone, say, strong, toned
from sop_pipeline.packs.book.backtest import TRACKING, accuracy_row, accuracy_rows, planning_lag
from sop_pipeline.packs.book.book import Book
from sop_pipeline.packs.book.frames import each_row, records
from sop_pipeline.packs.parts.table import Cell, Column, Listing, Row, cut, shade
from sop_pipeline.packs.parts.value_added import ahead, family_value_added

_WMAPE = (0.10, 0.20, 0.30, 0.45)
_MOST_FAMILIES, _MOST_LAGS, _MOST_APPROACHES = 10, 5, 6


# -- sentences ---------------------------------------------------------------------------------------------------------


def company_error(book: Book) -> Sentence:
    """The company's error at the planning lag, its bias, and how honest its ranges were."""
    row = _company_row(book)
    if row is None and len(book.frame("forecast_accuracy")):
        return say(
            "Products are counted in units that cannot be added, so no overall error is stated; see the workbook."
        )
    if row is None:
        return say("Too few months of history for a backtest: forecast errors cannot be stated yet.")
    coverage, unit = row["coverage"], row["unit_of_measure"]
    rest = "" if missing(coverage) else f" {percent(coverage, 0)} of actuals fell between P10 and P90 (80% claimed)."
    if not (book.unit().agrees or missing(unit)):
        rest += f" Errors of different units are added in {units_of(str(unit))}."
    return say(
        f"Forecasts made {ahead(planning_lag(book))} were ",
        strong(f"{percent(row['wmape'])} off per {row['level']}{_bias(row['bias'], 'too ')}"),
        f", over {plural(int(row['n']), 'comparison')}.{rest}",
    )


def against_naive(book: Book) -> Sentence:
    """The company's error beside that of the seasonal naive forecast."""
    row, naive = _company_row(book), _company_row(book, "naive")
    if row is None or naive is None or row["level"] != naive["level"]:
        return ()
    won = float(naive["wmape"]) - float(row["wmape"])
    return say(
        "The seasonal naive forecast was ",
        f"{percent(naive['wmape'])} off; the approach in use is ",
        toned(f"{points(abs(won))} points {'better' if won >= 0 else 'worse'}", won),
        ".",
    )


def family_error(book: Book, family: str) -> Sentence:
    """How far a family's forecasts were off, and whose input made them better or worse."""
    row = accuracy_row(book, "family", family)
    if row is None or missing(row["wmape"]):
        return say("Too few forecasts have met their actuals to state an error for this family.")
    error = strong(f"{percent(row['wmape'])} off (WMAPE){_bias(row['bias'])}")
    return say(f"Forecasts made {ahead(planning_lag(book))} were ", error, f".{family_value_added(book, family)}")


def _company_row(book: Book, approach: str | None = None) -> pd.Series | None:
    """The company's error over products at the planning lag; over families where products have none."""
    rows = [accuracy_row(book, level, "all", approach) for level in ("product", "family")]
    return next((row for row in rows if row is not None and not missing(row["wmape"])), None)


def _bias(bias: float, too: str = "") -> str:
    return "" if missing(bias) else f", {percent(abs(bias))} {too}{'high' if bias > 0 else 'low'}"


# -- tables ------------------------------------------------------------------------------------------------------------


def errors_by_lag(book: Book) -> Listing:
    """WMAPE and bias of families by lag, the worst family first."""
    data = accuracy_rows(book)
    data = data[(data["level"] == "family") & (data["item_id"] != "all")]
    lags = sorted(set(book.company.forecast.lags) & set(data["lag"]))[:_MOST_LAGS]
    by_item = {(row.item_id, row.lag): row for row in each_row(data)}
    last = planning_lag(book)
    order = sorted(data["item_id"].unique(), key=lambda name: (-(_value(by_item, name, last, "wmape") or 0.0), name))
    rows, left = cut([_lag_row(str(name), lags, by_item) for name in order], _MOST_FAMILIES)
    columns = [
        Column("Family", "left", "26%"),
        *(Column(f"lag {lag}", "center", group=name) for name in ("WMAPE", "Bias", "Tracking signal") for lag in lags),
    ]
    note = f"backtest, equal months at every lag; worst first; bias above 0 is too high; beyond ±{TRACKING:.0f} is red"
    return Listing("Error by lag and family", columns, rows, note, "No family has a backtest yet.", left, kind="heat")


def _value(by_item: Mapping[tuple[str, int], Any], name: str, lag: int, column: str) -> float | None:
    value = getattr(by_item.get((name, lag)), column, None)
    return None if missing(value) else value


def _lag_row(name: str, lags: Sequence[int], by_item: Mapping[tuple[str, int], Any]) -> Row:
    errors = [_value(by_item, name, lag, "wmape") for lag in lags]
    biases = [_value(by_item, name, lag, "bias") for lag in lags]
    signals = [_value(by_item, name, lag, "tracking_signal") for lag in lags]
    cells = [
        Cell(shortened(name, 26), title=name),
        *(_error_cell(error) for error in errors),
        *(Cell(percent(bias, 1, NOTHING)) for bias in biases),
        *(_signal_cell(signal) for signal in signals),
    ]
    return Row(cells, source="forecast_accuracy")


def _signal_cell(signal: float | None) -> Cell:
    return Cell(number(signal, 1, NOTHING), "worse" if signal is not None and abs(signal) > TRACKING else "plain")


def _error_cell(error: float | None) -> Cell:
    return Cell(NOTHING, "quiet") if error is None else Cell(percent(error), shade=shade(error, _WMAPE), hot=True)


def approaches(book: Book) -> Listing:
    """Approaches by their backtest error, the one in use marked."""
    data = book.frame("forecast_approach").sort_values(["wmape", "approach"], na_position="last")
    every = records(data)
    best = [row for row in every if not row["chosen"]][: _MOST_APPROACHES - sum(bool(row["chosen"]) for row in every)]
    shown = [row for row in every if row["chosen"] or row in best]
    rows = [_approach_row(row, approach_words(row, every, book.company.forecast.lags)) for row in shown]
    columns = (Column("Approach", "left", "36%"), Column("WMAPE"), Column("Bias"), Column("Why", "left", "36%"))
    note = "over products at the planning lags; ● in use"
    return Listing("Approaches compared", columns, rows, note, "No approach was scored.")


def _approach_row(row: Mapping[str, Any], why: str) -> Row:
    tone: Tone = "strong" if bool(row["chosen"]) else "plain"
    cells = (
        Cell(f"{name(row['approach'])}{' ●' if bool(row['chosen']) else ''}", tone),
        Cell(percent(row["wmape"], 1, NOTHING), tone),
        Cell(percent(row["bias"], 1, NOTHING)),
        Cell(shortened(why, 200), "quiet"),
    )
    return Row(cells, source="forecast_approach")
